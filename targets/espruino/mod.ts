/**
 * awaitio for boards with Espruino. What programs import as `"awaitio"` when they are built for one.
 *
 * @module
 */

import { install } from "../../runtime/platform.ts";
import type { Espruino } from "./api.ts";
import { EspruinoPlatform } from "./platform.ts";

declare const print: Espruino["print"];

install({
  newPlatform: (loop) => new EspruinoPlatform(loop),
  report(text, exception) {
    print(text, exception);
  },
});

export * from "../../runtime/mod.ts";
