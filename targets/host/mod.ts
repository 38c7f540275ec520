/**
 * awaitio for ordinary processes: Deno and Node. What programs import as `"awaitio"`.
 *
 * @module
 */

import { install } from "../../runtime/platform.ts";
import { host } from "./platform.ts";

install(host);

export * from "../../runtime/mod.ts";
