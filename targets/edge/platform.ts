/**
 * The loop of a request where coroutines are the engine's own async functions. Nothing here outlives a request or is
 * shared by two of them: workerd ties what goes on to the request that began it. Where coroutines are compiled, the
 * host's platform, of which that is true as well, takes the place of this one.
 *
 * @module
 */

import type { EventLoop } from "../../runtime/loop.ts";
import type { Host, Platform } from "../../runtime/platform.ts";
import { carrier } from "../host/carrier.ts";
import { Deadline } from "../host/deadline.ts";
import { guardRejections, processHost } from "../host/process.ts";

/** How many turns may pass before the clock is looked at. */
const TURNS_BETWEEN_LOOKS = 16;
/** How long turns may follow each other before the engine deals with its own events, in milliseconds. */
const LONGEST_BURST = 20;

/** Turns are microtasks, the next deadline is a `setTimeout`. */
class RequestPlatform implements Platform {
  private woken = false;
  private closed = false;
  private turns = 0;
  private since = 0;
  private deadline: Deadline | null = null;

  constructor(private readonly loop: EventLoop) {}

  now(): number {
    return performance.now();
  }

  wakeAt(time: number): void {
    if (this.deadline === null) {
      if (time === Infinity) return;
      this.deadline = new Deadline(() => {
        this.since = performance.now();
        this.wakeSoon();
      });
    }
    this.deadline.set(time);
  }

  wakeSoon(): void {
    if (this.woken) return;
    this.woken = true;
    // Whoever wakes the loop may be in a task; the loop itself is in none.
    carrier.run(null, soon, this.goOn);
  }

  close(): void {
    this.closed = true;
    this.deadline?.set(Infinity);
  }

  /** One turn a microtask: what a turn resumes runs before the next. */
  private readonly goOn = (): void => {
    this.woken = false;
    if (this.closed || !this.loop.turn()) return;
    this.woken = true;
    if (
      ++this.turns % TURNS_BETWEEN_LOOKS === 0 && performance.now() - this.since > LONGEST_BURST
    ) {
      setTimeout(this.goOnLater, 0);
    } else soon(this.goOn);
  };

  private readonly goOnLater = (): void => {
    this.since = performance.now();
    this.goOn();
  };
}

function soon(fn: () => void): void {
  Promise.resolve().then(fn);
}

/** What a platform at the edge gives the runtime. */
export const host: Host = {
  ...processHost,
  carrier,
  newPlatform(loop) {
    guardRejections();
    return new RequestPlatform(loop);
  },
};

/** Runs `job` with no scope at all. */
export function withoutScope(job: () => void): void {
  carrier.run(null, job);
}
