import { AsyncLocalStorage } from "node:async_hooks";
import { setImmediate } from "node:timers";
import { CancelledError } from "../../runtime/errors.ts";
import type { EventLoop } from "../../runtime/loop.ts";
import type { Host, Platform } from "../../runtime/platform.ts";
import type { Scope } from "../../runtime/scope.ts";

const storage = new AsyncLocalStorage<Scope | null>();

/** How many turns may pass before the engine's own events are looked at. */
const TURNS_BETWEEN_LOOKS = 16;
/** How long turns may follow each other without such a look, in milliseconds. */
const LONGEST_BURST = 5;
/** The longest that `setTimeout` takes; longer sleeps are cut. */
const LONGEST_TIMEOUT = 2 ** 31 - 1;

/** A loop of an ordinary process: turns are microtasks, deadlines one `setTimeout`. */
class HostPlatform implements Platform {
  private deadline = Infinity;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private idle: (() => void) | null = null;
  private woken = false;
  private closed = false;
  private readonly fire = (): void => {
    this.timer = undefined;
    // Engines fire up to a millisecond early.
    if (performance.now() < this.deadline) this.arm();
    else this.wakeSoon();
  };

  constructor(private readonly loop: EventLoop) {
    // Turns must not run in the scope of whoever made the loop or woke it; a function that never
    // returns keeps the context in which it began.
    storage.run(null, () => this.pump());
  }

  now(): number {
    return performance.now();
  }

  wakeAt(time: number): void {
    this.deadline = time;
    clearTimeout(this.timer);
    this.timer = undefined;
    if (time !== Infinity) storage.run(null, () => this.arm());
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

  private arm(): void {
    const delay = Math.ceil(this.deadline - performance.now());
    this.timer = setTimeout(this.fire, Math.min(Math.max(delay, 0), LONGEST_TIMEOUT));
  }

  /** One turn a microtask: what a turn resumes runs before the next. */
  private async pump(): Promise<void> {
    const { loop } = this;
    let turns = 0;
    let since = 0;
    while (!this.closed) {
      if (!this.woken) {
        await new Promise<void>((resolve) => this.idle = resolve);
        since = performance.now();
      }
      this.woken = false;
      while (loop.turn()) {
        await undefined;
        if (++turns % TURNS_BETWEEN_LOOKS === 0 && performance.now() - since > LONGEST_BURST) {
          await new Promise<void>((resolve) => void setImmediate(resolve));
          since = performance.now();
        }
      }
    }
  }
}

let guarded = false;

/**
 * A call that was never awaited and ends cancelled is no mistake; without this it would end the
 * process. Other unhandled rejections keep doing that.
 */
export function guardRejections(): void {
  if (guarded) return;
  guarded = true;
  const { addEventListener } = globalThis;
  if (typeof addEventListener === "function") {
    addEventListener("unhandledrejection", (event) => {
      if (event.reason instanceof CancelledError) event.preventDefault();
    });
  } else {
    nodeProcess()?.on("unhandledRejection", (reason: unknown) => {
      if (!(reason instanceof CancelledError)) throw reason;
    });
  }
}

interface NodeProcess {
  on(event: string, listener: (reason: unknown) => void): void;
  off(event: string, listener: (reason: unknown) => void): void;
}

function nodeProcess(): NodeProcess | undefined {
  return (globalThis as { process?: NodeProcess }).process;
}

/** What an ordinary process gives the runtime. */
export const host: Host = {
  carrier: {
    get: () => storage.getStore(),
    run: (scope, fn, ...args) => storage.run(scope, fn, ...args),
  },
  newPlatform(loop) {
    guardRejections();
    return new HostPlatform(loop);
  },
  report(text) {
    console.error(text);
  },
  newAborter: () => new AbortController(),
  onInterrupt(interrupt) {
    const process = nodeProcess();
    process?.on("SIGINT", interrupt);
    return () => process?.off("SIGINT", interrupt);
  },
};
