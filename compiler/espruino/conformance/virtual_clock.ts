/**
 * The virtual clock for artefacts: it takes the place of the simulator's, without promises and without an engine's
 * timers but for one.
 *
 * @module
 */

import type { EventLoop } from "../../../runtime/loop.ts";
import type { Platform } from "../../../runtime/platform.ts";
import { deadlock } from "../../../targets/simulator/deadlock.ts";

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
    this.soon(this.step);
  }

  /** Calls back when what can go on has. */
  protected soon(step: () => void): void {
    setTimeout(step, 0);
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
    this.loop.abort(deadlock(this.loop));
  }
}

const clocks: VirtualClock[] = [];

/** The virtual clock of a loop; `undefined` where it has another. */
export function clockOf(loop: EventLoop): VirtualClock | undefined {
  return clocks.find((each) => each.isOf(loop));
}
