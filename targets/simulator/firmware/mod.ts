/**
 * Real firmware for the simulator: boards whose chip is emulated, with Firmata in its flash.
 *
 * @module
 */

import { libraries } from "../../johnny-five/libraries.ts";
import { EmulatedArduino } from "../arduino/board.ts";
import type { Firmware } from "../simulation.ts";
import { firmwareOf } from "./boot.ts";
import type { FirmwareKit } from "./emulated.ts";

/** @internal What {@linkcode firmata} is made of, for programs that are compiled. */
export const kit: FirmwareKit = {
  libraries,
  newBoard: (board) => new EmulatedArduino({ board }),
};

/**
 * Firmata on an emulated Arduino Uno or Nano. A program reaches it as it reaches a real one: through Johnny-Five and the
 * serial line, at its speed.
 *
 * @example
 * ```ts
 * import { firmata } from "awaitio/firmware";
 * import { simulate } from "awaitio/simulator";
 * import blink from "./examples/blink.ts";
 *
 * await simulate(blink, (sim) => sim.until({ LED1: 1 }), { board: "uno", firmware: firmata });
 * ```
 */
export const firmata: Firmware = firmwareOf(kit);
