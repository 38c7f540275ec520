import type { EventLoop } from "../../runtime/loop.ts";
import type { Host, Platform } from "../../runtime/platform.ts";
import { carrier } from "./carrier.ts";
import { Deadline } from "./deadline.ts";
import { guardRejections, processHost } from "./process.ts";

/** How many turns may pass before the clock is looked at. */
const TURNS_BETWEEN_LOOKS = 16;
/**
 * How long turns may follow each other without such a look, in milliseconds. A look is a `setTimeout(0)`,
 * which costs up to 2 ms in Deno but lets sockets go on; after a `setImmediate` (2.6 µs) only timers do.
 */
const LONGEST_BURST = 20;
/** How many microtasks to look for work again before going idle. */
const LOOKS_BEFORE_IDLE = 4;

/**
 * Runs `job` with no scope at all, not even an empty one: an async function that began with this module keeps
 * the context of that moment. Besides being right it is fast: Deno's `AsyncLocalStorage.run` costs four
 * times as much inside another `run`.
 */
export function withoutScope(job: () => void): void {
  jobs.push(job);
  newJob?.();
}

const jobs: (() => void)[] = [];
let newJob: (() => void) | null = null;

async function runJobs(): Promise<never> {
  for (;;) {
    await new Promise<void>((resolve) => newJob = resolve);
    for (const job of jobs.splice(0)) job();
  }
}

runJobs();

/** A loop of an ordinary process: turns are microtasks, deadlines one `setTimeout`. */
class HostPlatform implements Platform {
  private idle: (() => void) | null = null;
  private woken = false;
  private closed = false;
  /** When the engine last had the chance to deal with its own events. */
  private since = performance.now();
  private readonly deadline = new Deadline(() => {
    this.since = performance.now();
    this.wakeSoon();
  });

  constructor(private readonly loop: EventLoop) {
    withoutScope(() => this.pump());
  }

  now(): number {
    return performance.now();
  }

  wakeAt(time: number): void {
    this.deadline.set(time);
  }

  wakeSoon(): void {
    this.woken = true;
    const idle = this.idle;
    this.idle = null;
    idle?.();
  }

  close(): void {
    this.closed = true;
    this.wakeAt(Infinity);
    this.wakeSoon();
  }

  /** One turn a microtask: what a turn resumes runs before the next. */
  private async pump(): Promise<void> {
    const { loop } = this;
    let turns = 0;
    while (!this.closed) {
      // What was resumed through several calls may need a few microtasks to come to its next await;
      // going idle costs three times as much as looking again.
      for (let look = 0; look < LOOKS_BEFORE_IDLE && !this.woken; look++) await undefined;
      if (!this.woken) await new Promise<void>((resolve) => this.idle = resolve);
      this.woken = false;
      while (loop.turn()) {
        await undefined;
        if (++turns % TURNS_BETWEEN_LOOKS === 0 && performance.now() - this.since > LONGEST_BURST) {
          await new Promise<void>((resolve) => setTimeout(resolve, 0));
          this.since = performance.now();
        }
      }
    }
  }
}

/** What an ordinary process gives the runtime. */
export const host: Host = {
  ...processHost,
  carrier,
  newPlatform(loop) {
    guardRejections();
    return new HostPlatform(loop);
  },
};
