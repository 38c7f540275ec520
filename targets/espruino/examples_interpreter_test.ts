/**
 * Every example on the real interpreter, with the trace that the simulator predicts.
 *
 * Real are the interpreter, built for this machine (`ESPRUINO_BIN` names it), its flash, from which the
 * artefact boots, its clock and timers, its console, on which the test types what happens to the pins
 * while the program runs, and its serial class: the program has one end of the interpreter's loopback,
 * the world the other. A Linux build has no pins: what the program does to them is written down by a few
 * lines of the interpreter's own language, and what it reads and watches they act out, since the
 * interpreter's watches see nothing there. Where `ESPRUINO_GPIO` names the folder of an interpreter whose
 * pins are files, the examples with a button run once more, with the interpreter's own watches.
 *
 * Each pin and each line has to show the same in the same order, and what is well apart has to come in
 * the same order everywhere. Times, also those that the program says, are compared to the second only.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { endBundlerAtTheEnd } from "../../compiler/world_test.ts";
import { type Example, EXAMPLES } from "../../examples/world_test.ts";
import { simulate } from "../simulator/simulate.ts";
import type { TraceEvent } from "../simulator/trace.ts";
import { artefactOf, assertNear, withoutNumbers } from "./example_world_test.ts";
import { type Input, type Observed, runOnBoard, type Seen } from "./real_board_test.ts";
import { ESPRUINO_BIN, ESPRUINO_GPIO } from "./real_world_test.ts";

endBundlerAtTheEnd();

const BOARD = "puckjs";
/** When the world begins: until then the test types what will happen. In milliseconds, as all that follow. */
const LEAD = 400.37;
/** How long to look on where there is no scenario. */
const SHORT = 3000;
/** How long to look on at most: a scenario that is longer is cut. */
const LONG = 17_000;
/** How much earlier than an input the simulator shows what certainly comes before it. */
const BEFORE = 30;
/** How late the interpreter may be: what is this far apart comes in the same order. */
const LATE = 250;
/** How much later something may be predicted that comes first. */
const CLOSE = 50;
/** How much further the simulator goes, since the interpreter may be a little ahead. */
const AFTER = 1000;

/** Something that will be seen, and when. */
type Expected = Seen & { readonly time: number };

/** What the simulator says will happen. */
interface Predicted {
  readonly seen: readonly Expected[];
  readonly inputs: readonly Input[];
  readonly readings: { readonly [pin: string]: readonly number[] };
  readonly length: number;
}

/** Simulates an example with its scenario: what comes from outside, and what is seen there. */
async function predict({ default: program, scenario }: Example): Promise<Predicted> {
  const events: TraceEvent[] = [];
  let length = LONG;
  const limit = LONG + AFTER + 1;
  await simulate(program, async (sim) => {
    await sim.sleep(LEAD);
    await (scenario ?? ((sim) => sim.sleep(SHORT)))(sim);
    length = Math.min(sim.time, LONG);
    await sim.sleep(limit); // the program cleans up when this ends
  }, { board: BOARD, capture: true, for: limit, onEvent: (event) => events.push(event) });
  const seen: Expected[] = [];
  const inputs: Input[] = [];
  const changes: number[] = [];
  const after = (at: number) => changes.filter((time) => time < at - BEFORE).length;
  const readings: { [pin: string]: number[] } = {};
  for (const event of events.filter(({ t }) => t < length + AFTER)) {
    const { t: time, by } = event;
    switch (event.kind) {
      case "pin":
        if (event.dir === "out") {
          seen.push({ time, channel: `pin ${event.pin}`, text: `${event.level}` });
          changes.push(time);
        } else if (by === "scenario") {
          inputs.push({ at: time, after: after(time), pin: event.pin, level: event.level });
        }
        break;
      case "pwm": {
        const text = `${event.duty} at ${event.frequency} Hz`;
        seen.push({ time, channel: `pwm ${event.pin}`, text });
        changes.push(time);
        break;
      }
      case "analog":
        (readings[event.pin] ??= []).push(event.value);
        break;
      case "serial":
        if (event.dir === "tx") seen.push({ time, channel: event.port, text: event.text });
        else inputs.push({ at: time, after: after(time), text: event.text });
        break;
      case "print":
        seen.push({ time, channel: "console", text: event.text });
        break;
    }
  }
  const end: Input = { at: length, after: after(length), end: true };
  return { seen, inputs: [...inputs.filter(({ at }) => at < length), end], readings, length };
}

/** An example that is ready to run. */
interface Prepared extends Predicted {
  readonly name: string;
  readonly code: string;
}

async function prepare(name: string): Promise<Prepared> {
  return { name, code: await artefactOf(name, BOARD), ...await predict(EXAMPLES[name]!) };
}

/** Runs an example on the interpreter and compares. */
async function check(prepared: Prepared, pinsAreFiles: boolean): Promise<void> {
  const { name, code } = prepared;
  const observed = await runOnBoard(code, { ...prepared, pinsAreFiles });
  const [first, ...seen] = observed.seen;
  assert(first?.text.startsWith(`${name} (awaitio `), first?.text);
  assertPredicted({ ...observed, seen }, prepared);
  assertEquals(observed.answer, "=42");
}

function assertPredicted({ seen, began }: Observed, predicted: Predicted): void {
  const actual = inLines(seen.map((each, place) => ({ ...each, place })));
  const expected = inLines(predicted.seen);
  const soon = (time: number, wanted: number) => Math.abs(time - wanted) < AFTER;
  /** What was predicted and came: when it should, and as which of all. */
  const pairs: { readonly what: string; readonly time: number; readonly place: number }[] = [];
  for (const channel of new Set([...actual, ...expected].map(({ channel }) => channel))) {
    const should = expected.filter((each) => each.channel === channel);
    const came = swapped(actual.filter((each) => each.channel === channel), should);
    const must = should.filter(({ time }) => time < predicted.length - LATE).length;
    const due = should.slice(0, Math.max(came.length, must));
    const words = (lines: readonly Seen[]) => lines.map(({ text }) => withoutNumbers(text));
    assertEquals(words(came), words(due), channel);
    for (const [i, { text, time }] of due.entries()) {
      const what = `${channel}: ${text}`;
      const { text: shown, time: when, place } = came[i]!;
      assertNear(shown, text, (number, wanted) => {
        // Where a fade is depends on the time, but not where it begins and ends.
        if (channel.startsWith("pwm") && !Number.isInteger(wanted)) {
          return Math.abs(number - wanted) < 0.25;
        }
        if (channel !== "console") return number === wanted;
        // A time of the interpreter's clock, or what was measured.
        return number > 1e12 ? soon(number - began, wanted) : Math.abs(number - wanted) < 0.2;
      });
      assert(when === null || soon(when, time), `${what} at ${when} ms instead of ${time} ms`);
      pairs.push({ what, time, place });
    }
  }
  pairs.sort((a, b) => a.time - b.time);
  for (const [i, later] of pairs.entries()) {
    for (const earlier of pairs.slice(0, i)) {
      if (later.time - earlier.time < LATE) break;
      assert(earlier.place < later.place, `${earlier.what} came after ${later.what}`);
    }
  }
}

/**
 * What came, but in the predicted order where two sleeps that began one after the other may have ended in
 * either order, since the machine did something else in between.
 */
function swapped<T extends Seen>(came: readonly T[], should: readonly Expected[]): T[] {
  const left = [...came];
  return should.flatMap(({ text, time }) => {
    const [first] = left;
    if (first === undefined) return [];
    const same = (a: string, b: string) => withoutNumbers(a) === withoutNumbers(b);
    const early = should.some((each) =>
      each.time > time && each.time - time < CLOSE && same(each.text, first.text)
    );
    const place = early ? left.findIndex((each) => same(each.text, text)) : 0;
    return left.splice(Math.max(place, 0), 1);
  }).concat(left);
}

/** The same with what a serial line carries cut at its line ends, each line where it was complete. */
function inLines<T extends Seen>(seen: readonly T[]): T[] {
  const open = new Map<string, string>();
  return seen.flatMap((each) => {
    if (!each.channel.startsWith("Serial")) return [each];
    const lines = ((open.get(each.channel) ?? "") + each.text).split(/(?<=\n)/);
    open.set(each.channel, lines.at(-1)!.endsWith("\n") ? "" : lines.pop()!);
    return lines.map((text) => ({ ...each, text }));
  });
}

Deno.test({
  name: "every example does on the real interpreter what the simulator predicts",
  ignore: ESPRUINO_BIN === undefined,
  async fn(t) {
    // First all of this, which would keep the test from typing in time.
    const all: Prepared[] = [];
    for (const name of Object.keys(EXAMPLES)) all.push(await prepare(name));
    const beside = { sanitizeOps: false, sanitizeResources: false, sanitizeExit: false };
    await Promise.all(
      all.map((each) => t.step({ name: each.name, fn: () => check(each, false), ...beside })),
    );
  },
});

for (const name of ["button", "demo", "traffic_light"]) {
  Deno.test({
    name: `${name} does on the real interpreter what the simulator predicts, with its own watches`,
    ignore: ESPRUINO_BIN === undefined || ESPRUINO_GPIO === undefined,
    fn: async () => check(await prepare(name), true),
  });
}
