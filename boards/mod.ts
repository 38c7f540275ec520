/**
 * The boards a program can run on, one data-only file each.
 *
 * Every board with pins to spare has the roles `LED1`, `LED2`, `LED3`, `BTN1`, `SENSOR1` (an analog input)
 * and `HEATER1` (a PWM output) and the serial line `Serial1`, so a program that keeps to these names runs
 * on all of them. A role marked `external` is a part to be wired to the pin it names.
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
import { banglejs2 } from "./banglejs2.ts";
import { esp32 } from "./esp32.ts";
import { esp32c3 } from "./esp32c3.ts";
import { esp32s3 } from "./esp32s3.ts";
import { esp8266 } from "./esp8266.ts";
import { esp8266_4mb } from "./esp8266_4mb.ts";
import { espruinowifi } from "./espruinowifi.ts";
import { f4discovery } from "./f4discovery.ts";
import { joltjs } from "./joltjs.ts";
import { mdbt42q } from "./mdbt42q.ts";
import { mega } from "./mega.ts";
import { microbit1 } from "./microbit1.ts";
import { microbit2 } from "./microbit2.ts";
import { nano } from "./nano.ts";
import { nrf52832dk } from "./nrf52832dk.ts";
import { nrf52840dk } from "./nrf52840dk.ts";
import { nucleof401re } from "./nucleof401re.ts";
import { nucleof411re } from "./nucleof411re.ts";
import { original } from "./original.ts";
import { pico } from "./pico.ts";
import { pixljs } from "./pixljs.ts";
import { puckjs } from "./puckjs.ts";
import { rp2040 } from "./rp2040.ts";
import { rp2350 } from "./rp2350.ts";
import { ruuvitag } from "./ruuvitag.ts";
import { smartibot } from "./smartibot.ts";
import { thingy52 } from "./thingy52.ts";
import { uno } from "./uno.ts";
import { xiaoble } from "./xiaoble.ts";

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
export {
  banglejs2,
  esp32,
  esp32c3,
  esp32s3,
  esp8266,
  esp8266_4mb,
  espruinowifi,
  f4discovery,
  joltjs,
  mdbt42q,
  mega,
  microbit1,
  microbit2,
  nano,
  nrf52832dk,
  nrf52840dk,
  nucleof401re,
  nucleof411re,
  original,
  pico,
  pixljs,
  puckjs,
  rp2040,
  rp2350,
  ruuvitag,
  smartibot,
  thingy52,
  uno,
  xiaoble,
};

/** Every board by its id, in the order of the ids. */
export const boards: {
  readonly banglejs2: typeof banglejs2;
  readonly esp32: typeof esp32;
  readonly esp32c3: typeof esp32c3;
  readonly esp32s3: typeof esp32s3;
  readonly esp8266: typeof esp8266;
  readonly esp8266_4mb: typeof esp8266_4mb;
  readonly espruinowifi: typeof espruinowifi;
  readonly f4discovery: typeof f4discovery;
  readonly joltjs: typeof joltjs;
  readonly mdbt42q: typeof mdbt42q;
  readonly mega: typeof mega;
  readonly microbit1: typeof microbit1;
  readonly microbit2: typeof microbit2;
  readonly nano: typeof nano;
  readonly nrf52832dk: typeof nrf52832dk;
  readonly nrf52840dk: typeof nrf52840dk;
  readonly nucleof401re: typeof nucleof401re;
  readonly nucleof411re: typeof nucleof411re;
  readonly original: typeof original;
  readonly pico: typeof pico;
  readonly pixljs: typeof pixljs;
  readonly puckjs: typeof puckjs;
  readonly rp2040: typeof rp2040;
  readonly rp2350: typeof rp2350;
  readonly ruuvitag: typeof ruuvitag;
  readonly smartibot: typeof smartibot;
  readonly thingy52: typeof thingy52;
  readonly uno: typeof uno;
  readonly xiaoble: typeof xiaoble;
} = {
  banglejs2,
  esp32,
  esp32c3,
  esp32s3,
  esp8266,
  esp8266_4mb,
  espruinowifi,
  f4discovery,
  joltjs,
  mdbt42q,
  mega,
  microbit1,
  microbit2,
  nano,
  nrf52832dk,
  nrf52840dk,
  nucleof401re,
  nucleof411re,
  original,
  pico,
  pixljs,
  puckjs,
  rp2040,
  rp2350,
  ruuvitag,
  smartibot,
  thingy52,
  uno,
  xiaoble,
};

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
