import { setImmediate } from "node:timers";
import type { EventLoop } from "../../runtime/loop.ts";
import type { Platform } from "../../runtime/platform.ts";
import { withoutScope } from "../host/platform.ts";
import { guardRejections } from "../host/process.ts";
import { deadlock } from "./deadlock.ts";

/** How long to wait, in real milliseconds, for a foreign promise before calling it a deadlock. */
const PATIENCE = 1000;

/** How long hardware runs at once, in milliseconds of the virtual clock. */
const SLICE = 10;
/** How long a program may wait for hardware with no deadline of its own, before that is a deadlock. */
const STANDSTILL = 60_000;

/** How a virtual clock runs. */
export interface ClockOptions {
  /**
   * Seconds of the virtual clock a real second; `Infinity` (the default) jumps from deadline to deadline.
   */
  readonly speed?: number;
}

/**
 * A clock that jumps to the next deadline when everything is idle: microtasks are drained between
 * waiters, so that native promises count as work.
 */
export class VirtualClock implements Platform {
  private time = 0;
  private deadline = Infinity;
  private idle: (() => void) | null = null;
  private woken = false;
  private closed = false;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private readonly speed: number;
  /** Lets hardware run up to a time, or until something happens there; it sets the clock. */
  private hardware: ((until: number) => void) | null = null;
  /** When the program was last woken by something. */
  private lastWoken = 0;
  /** Real milliseconds at which the virtual clock showed 0. */
  private start = performance.now();

  constructor(private readonly loop: EventLoop, options: ClockOptions = {}) {
    this.speed = options.speed ?? Infinity;
    clocks.set(loop, this);
    guardRejections();
    withoutScope(() => this.pump());
  }

  now(): number {
    return this.time;
  }

  wakeAt(time: number): void {
    this.deadline = time;
  }

  wakeSoon(): void {
    this.woken = true;
    this.lastWoken = this.time;
    const idle = this.idle;
    this.idle = null;
    idle?.();
  }

  /** Lets time pass while the program is busy. */
  advance(ms: number): void {
    this.time += ms;
  }

  /** Ties the clock to hardware that has a time of its own: it never runs ahead of it. */
  couple(hardware: (until: number) => void): void {
    this.hardware = hardware;
  }

  /** Hardware has come so far. */
  set(time: number): void {
    this.time = Math.max(this.time, time);
  }

  close(): void {
    this.closed = true;
    this.wakeSoon();
  }

  private async pump(): Promise<void> {
    while (!this.closed) {
      if (this.woken || this.deadline <= this.time) {
        this.woken = false;
        while (this.loop.turn()) await drain();
        continue;
      }
      if (!this.loop.isRunning()) await this.event(null);
      else if (this.hardware !== null) await this.runHardware(this.hardware);
      else if (this.deadline === Infinity) await this.nothingScheduled();
      else if (this.speed === Infinity) this.time = this.deadline;
      else this.time = await this.realTime(this.deadline);
    }
  }

  /** Hardware may always have something to tell, so it runs on in slices. */
  private async runHardware(run: (until: number) => void): Promise<void> {
    const { speed, deadline, time } = this;
    if (speed === Infinity && deadline === Infinity && time - this.lastWoken > STANDSTILL) {
      return this.loop.abort(deadlock(this.loop));
    }
    const end = Math.min(deadline, time + SLICE);
    run(speed === Infinity ? end : await this.realTime(end));
    // Microtasks of what was woken, and the engine's own events.
    await drain();
  }

  /** Sleeps until the deadline has come on the real clock, or something happens before, and gives the time then. */
  private async realTime(deadline: number): Promise<number> {
    const due = this.start + deadline / this.speed;
    const left = due - performance.now();
    if (left > 0) await this.event(Math.ceil(left));
    return this.woken
      ? Math.min(Math.max(this.time, (performance.now() - this.start) * this.speed), deadline)
      : deadline;
  }

  private async nothingScheduled(): Promise<void> {
    await this.event(PATIENCE);
    if (this.woken || this.deadline !== Infinity) return;
    this.loop.abort(deadlock(this.loop));
  }

  /** Waits to be woken, at most `limit` real milliseconds. */
  private async event(limit: number | null): Promise<void> {
    await new Promise<void>((resolve) => {
      this.idle = resolve;
      if (limit !== null) this.timer = setTimeout(resolve, limit);
    });
    clearTimeout(this.timer);
    this.idle = null;
  }
}

/** Lets every microtask run. */
function drain(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

const clocks = new WeakMap<EventLoop, VirtualClock>();

/** The virtual clock of a loop; `undefined` where it has another. */
export function clockOf(loop: EventLoop): VirtualClock | undefined {
  return clocks.get(loop);
}
