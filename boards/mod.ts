/**
 * The boards a program can run on, one data-only file each.
 *
 * Every board has the roles `LED1`, `LED2`, `LED3`, `BTN1`, `SENSOR1` (an analog input) and `HEATER1`
 * (a PWM output) and the serial line `Serial1`, so a program that keeps to these names runs on all of
 * them. A role marked `external` is a part to be wired to the pin it names.
 *
 * @example Looking up a pin
 * ```ts
 * import { findBoard } from "awaitio/boards";
 *
 * console.log(findBoard("puckjs").roles["LED1"]?.pin); // D5
 * ```
 *
 * @module
 */

import { levenshteinDistance } from "@std/text/levenshtein-distance";
import type { BoardSpec } from "../runtime/io/spec.ts";
import { esp32 } from "./esp32.ts";
import { mega } from "./mega.ts";
import { microbit2 } from "./microbit2.ts";
import { nano } from "./nano.ts";
import { pico } from "./pico.ts";
import { puckjs } from "./puckjs.ts";
import { rp2040 } from "./rp2040.ts";
import { uno } from "./uno.ts";

export type {
  BoardSpec,
  Capability,
  I2cSpec,
  MemorySpec,
  PinSpec,
  RoleSpec,
  SerialSpec,
  SpiSpec,
} from "../runtime/io/spec.ts";
export { esp32, mega, microbit2, nano, pico, puckjs, rp2040, uno };

/** Every board by its id, in the order of the ids. */
export const boards: {
  readonly esp32: typeof esp32;
  readonly mega: typeof mega;
  readonly microbit2: typeof microbit2;
  readonly nano: typeof nano;
  readonly pico: typeof pico;
  readonly puckjs: typeof puckjs;
  readonly rp2040: typeof rp2040;
  readonly uno: typeof uno;
} = { esp32, mega, microbit2, nano, pico, puckjs, rp2040, uno };

/**
 * Looks a board up by its id.
 *
 * @param id The id as the command line takes it, for example `"puckjs"`.
 * @returns The board.
 * @throws {RangeError} If there is no such board; the message names the nearest id and all there are.
 *
 * @example
 * ```ts
 * import { findBoard } from "awaitio/boards";
 *
 * console.log(findBoard("uno").chip); // ATmega328P
 * ```
 */
export function findBoard(id: string): BoardSpec {
  const byId: { readonly [id: string]: BoardSpec } = boards;
  const board = Object.hasOwn(byId, id) ? byId[id] : undefined;
  if (board !== undefined) return board;
  const ids = Object.keys(byId);
  const nearest = nearestId(id.toLowerCase(), ids);
  const hint = nearest === undefined ? "" : `did you mean "${nearest}"? `;
  throw new RangeError(`Cannot find board "${id}": ${hint}Boards: ${ids.join(", ")}`);
}

/** The id that `wanted` begins, else the one with the fewest edits unless more than half differs. */
function nearestId(wanted: string, ids: readonly string[]): string | undefined {
  let nearest = wanted === "" ? undefined : ids.find((id) => id.startsWith(wanted));
  if (nearest !== undefined) return nearest;
  let fewest = Infinity;
  for (const id of ids) {
    const edits: number = levenshteinDistance(wanted, id);
    if (edits < fewest && edits <= Math.max(wanted.length, id.length) / 2) {
      nearest = id;
      fewest = edits;
    }
  }
  return nearest;
}
