/**
 * awaitio for boards with Espruino. What programs import as `"awaitio"` when they are built for one.
 *
 * @module
 */

import { CancelledError } from "../../runtime/errors.ts";
import { install } from "../../runtime/platform.ts";
import type { Espruino } from "./api.ts";
import { EspruinoPlatform } from "./platform.ts";

declare const print: Espruino["print"];
declare const setTimeout: Espruino["setTimeout"];
declare const clearTimeout: Espruino["clearTimeout"];

/** What has failed, with the timer that tells so unless somebody awaits it first. */
interface Failed {
  timer?: number;
}

install({
  newPlatform: (loop) => new EspruinoPlatform(loop),
  report(text, exception) {
    // Where it was thrown is not in the text of an error.
    print(text, exception, exception && (exception as Error).stack);
  },
  rejections: {
    lost(failed: Failed, error) {
      // What was cancelled with its program is no mistake.
      if (error instanceof CancelledError) return;
      failed.timer = setTimeout(() => print("A call failed and nobody awaited it", error), 0);
    },
    found({ timer }: Failed) {
      if (timer) clearTimeout(timer);
    },
  },
});

export * from "../../runtime/mod.ts";
