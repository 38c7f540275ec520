/**
 * The virtual clock for artefacts: it takes the place of the simulator's, without promises and without an engine's
 * timers but for one.
 *
 * @module
 */

import { RuntimeError } from "../../../runtime/errors.ts";
import { ps } from "../../../runtime/introspect.ts";
import { EventLoop } from "../../../runtime/loop.ts";
import type { Platform } from "../../../runtime/platform.ts";
import { getRunningLoop } from "../../../runtime/create_task.ts";
import { runWith } from "../../../runtime/run.ts";
import { Random } from "../../../targets/simulator/random.ts";

/** How long to wait for a foreign promise before calling it a deadlock, in milliseconds. */
const PATIENCE = 50;

/** A clock that jumps to the next deadline when everything is idle. */
export class VirtualClock implements Platform {
  private time = 0;
  private deadline = Infinity;
  private woken = false;
  private pending = false;
  private closed = false;
  private waiting: ReturnType<typeof setTimeout> | undefined;
  private readonly step = (): void => this.go();
  private readonly despair = (): void => {
    this.waiting = undefined;
    if (!this.woken && this.deadline === Infinity && !this.closed) this.nothingScheduled();
  };

  constructor(private readonly loop: EventLoop) {
    clocks.push(this);
  }

  now(): number {
    return this.time;
  }

  wakeAt(time: number): void {
    this.deadline = time;
    if (time !== Infinity) this.later();
  }

  wakeSoon(): void {
    this.woken = true;
    this.later();
  }

  /** Lets time pass while the program is busy. */
  advance(ms: number): void {
    this.time += ms;
  }

  close(): void {
    this.closed = true;
    clocks.splice(clocks.indexOf(this), 1);
    if (this.waiting !== undefined) clearTimeout(this.waiting);
  }

  /** Whether this is the clock of a loop. */
  isOf(loop: EventLoop): boolean {
    return this.loop === loop;
  }

  private later(): void {
    if (this.pending || this.closed) return;
    this.pending = true;
    setTimeout(this.step, 0);
  }

  private go(): void {
    this.pending = false;
    if (this.closed) return;
    if (this.woken || this.deadline <= this.time) {
      this.woken = false;
      if (this.loop.turn()) this.woken = true;
      return this.later();
    }
    if (!this.loop.isRunning()) return;
    if (this.deadline !== Infinity) {
      this.time = this.deadline;
      return this.later();
    }
    if (this.waiting === undefined) this.waiting = setTimeout(this.despair, PATIENCE);
  }

  private nothingScheduled(): void {
    const stuck = ps(this.loop).map((task) =>
      `task "${task.name}"${task.awaits[0] === undefined ? "" : ` waits for ${task.awaits[0]}`}`
    );
    this.loop.abort(
      new RuntimeError(`The program cannot go on: nothing is due any more; ${stuck.join(", ")}`),
    );
  }
}

const clocks: VirtualClock[] = [];

/** How to run on a virtual clock. */
export interface VirtualOptions {
  /** Shuffles the order within a turn; 0 (the default) leaves it as it is. */
  readonly seed?: number;
}

/** A loop on a virtual clock that starts at 0. */
export function virtualLoop(options: VirtualOptions = {}): EventLoop {
  const { seed = 0 } = options;
  const random = new Random(seed);
  return new EventLoop({
    newPlatform: (loop) => new VirtualClock(loop),
    ...(seed === 0 ? {} : { order: (count: number) => random.below(count) }),
  });
}

/** Runs `main` on a virtual clock. */
export async function virtual<T>(
  main: () => T | PromiseLike<T>,
  options: VirtualOptions = {},
): Promise<T> {
  return await runWith({ loopFactory: () => virtualLoop(options) }, main) as T;
}

/** Lets `ms` of virtual time pass without a turn of the loop, as a program does that computes. */
export function busy(ms: number): void {
  const loop = getRunningLoop();
  const clock = clocks.find((each) => each.isOf(loop));
  if (clock === undefined) throw new RuntimeError("Cannot be busy: this loop has no virtual clock");
  clock.advance(ms);
}
