/**
 * Real firmware for the simulator: boards whose chip is emulated, with Firmata in its flash.
 *
 * @module
 */

import type { Firmware } from "../hardware.ts";
import { firmwareOf } from "./boot.ts";
import { kit } from "./kit.ts";

/**
 * Firmata on an emulated Arduino Uno or Nano. A program reaches it as it reaches a real one: through Johnny-Five and the
 * serial line, at its speed.
 *
 * @example
 * ```ts
 * import type { Board } from "awaitio";
 * import { firmata } from "awaitio/firmware";
 * import { simulate } from "awaitio/simulator";
 *
 * const program = (board: Board) => board.output("LED1").on();
 * await simulate(program, (sim) => sim.until({ LED1: 1 }), { board: "uno", firmware: firmata });
 * ```
 */
export const firmata: Firmware = firmwareOf(kit);
