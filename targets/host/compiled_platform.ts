/**
 * The host for compiled coroutines: takes the place of `platform.ts` in such a build. No scope has to be carried, and
 * a turn of the loop leaves nothing to microtasks.
 *
 * @module
 */

import type { EventLoop } from "../../runtime/loop.ts";
import { type Host, type Platform, runInScope } from "../../runtime/platform.ts";
import { engine } from "./engine.ts";
import { Deadline } from "./deadline.ts";
import { guardRejections, processHost } from "./process.ts";

/** How many turns follow each other before promises that are not ours go on. */
const TURNS_BETWEEN_MICROTASKS = 256;
/** How long turns may follow each other before the engine deals with its own events, in milliseconds. */
const LONGEST_BURST = 20;

/** Calls `fn` after the engine's own events; a timer would sleep a millisecond besides. */
const { setImmediate = (fn: () => void): unknown => setTimeout(fn, 0) } = globalThis as {
  setImmediate?: (fn: () => void) => unknown;
};

/** Runs `job` with no scope at all. */
export function withoutScope(job: () => void): void {
  runInScope(null, job);
}

/** A loop of an ordinary process: turns in a row, deadlines one `setTimeout`. */
class CompiledHostPlatform implements Platform {
  private woken = false;
  private closed = false;
  /** When the engine last had the chance to deal with its own events. */
  private since = 0;
  private readonly deadline = new Deadline(() => {
    this.since = performance.now();
    this.wakeSoon();
  });

  private readonly goOn = (): void => {
    for (let turns = 0; turns < TURNS_BETWEEN_MICROTASKS; turns++) {
      this.woken = false;
      if (this.closed || !this.loop.turn()) return;
    }
    this.woken = true;
    if (performance.now() - this.since < LONGEST_BURST) this.goOnSoon();
    else setImmediate(this.goOnLater);
  };

  private readonly goOnLater = (): void => {
    this.since = performance.now();
    this.goOn();
  };

  constructor(private readonly loop: EventLoop) {}

  now(): number {
    return performance.now();
  }

  wakeAt(time: number): void {
    this.deadline.set(time);
  }

  wakeSoon(): void {
    if (this.woken) return;
    this.woken = true;
    this.goOnSoon();
  }

  /** Node takes 10 times as long for `queueMicrotask`. */
  private goOnSoon(): void {
    Promise.resolve().then(this.goOn);
  }

  close(): void {
    this.closed = true;
    this.wakeAt(Infinity);
  }
}

/** What an ordinary process gives the runtime. */
export const host: Host = {
  ...processHost,
  ...engine,
  newPlatform(loop) {
    guardRejections();
    return new CompiledHostPlatform(loop);
  },
};
