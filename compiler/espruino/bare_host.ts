/**
 * A host of timers and nothing else, for artefacts that need no board: it takes the place of the host's own platform.
 *
 * @module
 */

import type { EventLoop } from "../../runtime/loop.ts";
import { type Host, type Platform, runInScope } from "../../runtime/platform.ts";

/** Runs `job` with no scope at all. */
export function withoutScope(job: () => void): void {
  runInScope(null, job);
}

/** There are no rejections to guard against: nobody makes promises. */
export function guardRejections(): void {}

/** Turns are timers that are due at once. */
class BarePlatform implements Platform {
  private timer: ReturnType<typeof setTimeout> | undefined;
  private woken = false;
  private readonly turn = (): void => {
    this.woken = false;
    if (this.loop.turn()) this.wakeSoon();
  };

  constructor(private readonly loop: EventLoop) {}

  now(): number {
    return Date.now();
  }

  wakeAt(time: number): void {
    if (this.timer !== undefined) clearTimeout(this.timer);
    this.timer = undefined;
    if (time === Infinity) return;
    this.timer = setTimeout(() => {
      this.timer = undefined;
      this.turn();
    }, Math.max(0, time - this.now()));
  }

  wakeSoon(): void {
    if (this.woken) return;
    this.woken = true;
    setTimeout(this.turn, 0);
  }

  close(): void {
    this.wakeAt(Infinity);
  }
}

/** The host without a board. */
export const host: Host = {
  newPlatform: (loop) => new BarePlatform(loop),
  report: (text, exception) => console.log(text, exception),
  soon: (fn) => void setTimeout(fn, 0),
};

/** The same for who asks for a process. */
export const processHost: Omit<Host, "newPlatform"> = { report: host.report };
