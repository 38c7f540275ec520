/**
 * Loops that a device runs for ever, one in a process of its own, measured over many awaits: what the heap holds on
 * the way, and what an await allocates. Prints {@linkcode Steady} as JSON; `compiler/heap_test.ts` runs it compiled.
 *
 *     deno run -A --v8-flags=--expose-gc,--single-threaded bench/steady_loops.ts blink 100000
 *
 * @module
 */

import { type Board, Event, sleep, waitFor } from "awaitio";
import process from "node:process";
import { getHeapStatistics } from "node:v8";
import blink from "../examples/blink.ts";
import { inSteadyWorld } from "./steady_world.ts";

/** What was found out about a loop. */
export interface Steady {
  /** Bytes that the heap held after a tenth, a half and all of the awaits, once garbage was collected. */
  readonly held: readonly number[];
  /** Bytes allocated an await, over half as many awaits after that. */
  readonly bytesPerAwait: number;
}

/** A loop, and what it is called. */
export type LoopName = keyof typeof loops;

interface Loop {
  readonly main: (board: Board) => Promise<void>;
  /** How many awaits there are for each time that the LED changes; 1 unless given. */
  readonly awaits?: number;
}

const loops = {
  blink: { main: blink },
  button: { main: followButton, awaits: 2 },
  edges: { main: countPresses },
  timeout: { main: waitForPress },
  settled: { main: awaitWhatHasEnded },
  event: { main: awaitWhatHappened },
  leak: { main: blinkAndKeep },
} satisfies Record<string, Loop>;

/** Switches an LED while a button is held. */
async function followButton(board: Board): Promise<void> {
  const button = board.button("BTN1");
  const led = board.output("LED1");
  for (;;) {
    await button.pressed();
    led.toggle();
    await button.released();
  }
}

/** Switches an LED with each press. */
async function countPresses(board: Board): Promise<void> {
  const led = board.output("LED1");
  for await (const _ of board.button("BTN1").edges("rising")) led.toggle();
}

/** Switches an LED with each press, and looks after each what there is to be told. */
async function waitForPress(board: Board): Promise<void> {
  const button = board.button("BTN1");
  const led = board.output("LED1");
  for (;;) {
    await waitFor(() => button.change(), 1000);
    led.toggle();
  }
}

/** Awaits the same call again and again; it has ended. */
async function awaitWhatHasEnded(board: Board): Promise<void> {
  const led = board.output("LED1");
  // deno-lint-ignore require-await
  const ended = (async () => 1)();
  for (;;) {
    await ended;
    led.toggle();
  }
}

/** Awaits an event that is set. */
async function awaitWhatHappened(board: Board): Promise<void> {
  const led = board.output("LED1");
  const event = new Event();
  event.set();
  for (;;) {
    await event.wait();
    led.toggle();
  }
}

/** Blinks as the example does, and keeps every wait: what the tests have to find. */
async function blinkAndKeep(board: Board): Promise<void> {
  const led = board.output("LED1");
  const kept: PromiseLike<void>[] = [];
  for (;;) {
    led.toggle();
    const wait = sleep(500);
    kept.push(wait);
    await wait;
  }
}

/** All bytes that were ever allocated, by buffers of up to 256 KB. */
function allocated(): number {
  // Newer than the type declarations.
  const statistics: unknown = getHeapStatistics();
  return (statistics as { total_allocated_bytes: number }).total_allocated_bytes;
}

/** Bytes on the heap that are no garbage. */
function heldNow(): number {
  const { gc } = globalThis as { gc?: () => void };
  // The first may only find out that something is garbage.
  gc?.();
  gc?.();
  return process.memoryUsage().heapUsed;
}

/**
 * The heap is looked at during the first `awaits`. Collecting garbage makes V8 forget code that it has to make again,
 * which counts as allocated: the bytes are those of half as many more, once it has.
 */
async function measure({ main, awaits: each = 1 }: Loop, awaits: number): Promise<Steady> {
  const point = (part: number): number => awaits * part / each;
  const looks = [point(0.1), point(0.5), point(1)];
  const held: number[] = [];
  let bytes = 0;
  await inSteadyWorld(main, (count) => {
    if (count === looks[held.length]) held.push(heldNow());
    else if (count === point(1.25)) bytes -= allocated();
    return count === point(1.75);
  });
  bytes += allocated();
  return { held, bytesPerAwait: bytes / (awaits / 2) };
}

const [name, awaits] = process.argv.slice(2);
console.log(JSON.stringify(await measure(loops[name as LoopName], Number(awaits))));
