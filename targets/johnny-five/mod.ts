/**
 * awaitio for boards that Johnny-Five drives from Deno or Node. Programs import what is the same everywhere from
 * `"awaitio"`, and from here what only such a board has.
 *
 * @module
 */

import "../host/mod.ts";

export { JohnnyFiveBoard, type SysexOptions } from "./board.ts";
export { on, once, type OnOptions } from "./emitter.ts";
export { fromSevenBits, toSevenBits } from "./firmata.ts";
export type { Emitter, FiveBoard, Listener } from "./io.ts";
export type { Link, LinkState } from "./link.ts";
export { LinkError, type LinkFault } from "./link_error.ts";
