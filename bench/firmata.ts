/**
 * What the Johnny-Five target costs: `deno run -A bench/firmata.ts [--json]`.
 *
 * Latency is measured on the real firmware in an emulated Arduino: from an edge at the pin to the await that goes on,
 * in the board's own time. Throughput is what a processor can do with events that are there already, beside a plain
 * callback of Johnny-Five's, in turns of one run.
 *
 * @module
 */

import { getRunningLoop, run, sleep } from "awaitio";
import { uno } from "awaitio/boards";
import { JohnnyFiveBoard } from "../targets/johnny-five/board.ts";
import { JohnnyFiveDriver } from "../targets/johnny-five/driver.ts";
import { Remote } from "../targets/johnny-five/remote.ts";
import { onFirmware } from "../targets/johnny-five/world_test.ts";
import { StartedBoard } from "../targets/simulator/firmware/boot.ts";
import { kit } from "../targets/simulator/firmware/kit.ts";
import { median } from "./measure.ts";
import { whole } from "./report.ts";

/** How many edges a latency is measured over, and how far apart they are, in milliseconds. */
const EDGES = 2000;
const PERIOD = 3.7;
/** How often all ways are measured, and how many chunks of events a time. */
const ROUNDS = 7;
const CHUNKS = 3000;
/** Two edges of D2, as the firmware reports them, and how often in a chunk. */
const PAIR = [0x90, 4, 0, 0x90, 0, 0];
const PAIRS = 4;
const CHUNK = Uint8Array.from({ length: PAIR.length * PAIRS }, (_, i) => PAIR[i % PAIR.length]!);
const EVENTS = 2 * PAIRS * CHUNKS;

/** Milliseconds from the edges to the awaits, sorted. */
async function latencies(): Promise<number[]> {
  const delays: number[] = [];
  await onFirmware(async ({ board, arduino }) => {
    const input = board.input("D2", { pull: "up" });
    await input.read();
    const loop = getRunningLoop();
    for (let i = 0; i < EDGES; i++) {
      let at = 0;
      loop.callLater(PERIOD, () => {
        at = loop.time();
        arduino.setLevel("D2", i % 2 as 0 | 1);
      });
      await input.change();
      delays.push(loop.time() - at);
      await sleep(PERIOD * Math.random());
    }
  });
  return delays.sort((a, b) => a - b);
}

/** What the rest is compared with. */
const CALLBACK = "Johnny-Five, a callback";

type Way = (started: StartedBoard) => Promise<number>;

/** Feeds events in, and gives how many a second were counted. */
async function measure(
  started: StartedBoard,
  count: () => number,
  afterChunk: () => PromiseLike<unknown> | void = () => {},
): Promise<number> {
  const before = count();
  const began = performance.now();
  for (let i = 0; i < CHUNKS; i++) {
    started.cable.deliver(CHUNK);
    const pending = afterChunk();
    if (pending !== undefined) await pending;
  }
  const seconds = (performance.now() - began) / 1000;
  const counted = count() - before;
  if (counted < EVENTS - 1) throw new Error(`Only ${counted} of ${EVENTS} events came`);
  return counted / seconds;
}

async function withBoard(
  started: StartedBoard,
  use: (board: JohnnyFiveBoard<typeof uno>) => Promise<number>,
): Promise<number> {
  const { io, five, link } = started;
  return await run(async () => {
    const remote = new Remote(io, getRunningLoop(), link);
    const driver = new JohnnyFiveDriver(remote, uno);
    return await use(new JohnnyFiveBoard(uno, five, driver));
  });
}

const WAYS: { readonly [name: string]: Way } = {
  [CALLBACK]: (started) => {
    let count = 0;
    const { five } = started;
    five.pinMode(2, started.io.MODES.PULLUP!);
    five.digitalRead(2, () => count++);
    return measure(started, () => count);
  },
  "awaitio, edges into the ring": (started) =>
    withBoard(started, async (board) => {
      let count = 0;
      const edges = board.input("D2", { pull: "up" }).edges("both", { size: 2 * PAIRS });
      const rate = await measure(started, () => count, () => void (count += 2 * PAIRS));
      edges.close();
      return rate;
    }),
  "awaitio, each edge awaited": (started) =>
    withBoard(started, async (board) => {
      let count = 0;
      const edges = board.input("D2", { pull: "up" }).edges("both", { size: 2 * PAIRS });
      // The first report tells the level, which is no edge.
      let first = 1;
      const rate = await measure(started, () => count, async () => {
        for (let left = 2 * PAIRS - first; left > 0; left--) {
          await edges.next();
          count++;
        }
        first = 0;
      });
      edges.close();
      return rate;
    }),
};

if (import.meta.main) {
  const json = Deno.args.includes("--json");
  const delays = await latencies();
  const rates = new Map<string, number[]>(Object.keys(WAYS).map((name) => [name, []]));
  for (let round = 0; round < ROUNDS; round++) {
    for (const [name, way] of Object.entries(WAYS)) {
      rates.get(name)!.push(await way(await StartedBoard.boot(kit, uno)));
    }
  }
  const latency = { median: median(delays), worst: delays.at(-1)! };
  const perSecond = Object.fromEntries([...rates].map(([name, all]) => [name, median(all)]));
  if (json) console.log(JSON.stringify({ latency, perSecond }));
  else {
    console.log(
      `From an edge to its await: median ${latency.median.toFixed(2)} ms, ` +
        `worst ${latency.worst.toFixed(2)} ms (${EDGES} edges; a report takes 0.52 ms on the line)`,
    );
    console.log("Events a second, median, and microseconds an event:");
    for (const [name, rate] of Object.entries(perSecond)) {
      const ratio = rate / perSecond[CALLBACK]!;
      console.log(
        `  ${name.padEnd(32)} ${whole(rate).padStart(10)}  ` +
          `${(1e6 / rate).toFixed(2)} µs  ${ratio.toFixed(2)} of a callback's`,
      );
    }
  }
  Deno.exit();
}
