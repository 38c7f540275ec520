import { RuntimeError } from "./errors.ts";
import { Line, type LineKind, Parked } from "./parked.ts";
import { requireScope } from "./scope.ts";
import type { Awaitable } from "./wait_base.ts";
import { settled } from "./wait_base.ts";
import { offer } from "./native.ts";

/**
 * Tells any number of tasks that something has happened (asyncio: `Event`).
 *
 * @example
 * ```ts
 * import { createTask, Event, run } from "awaitio";
 *
 * const ready = new Event();
 * await run(async () => {
 *   const waiting = createTask(() => ready.wait());
 *   ready.set();
 *   await waiting;
 * });
 * ```
 */
export class Event {
  /** @internal */
  readonly waiters: Line<Parked<true>, Event> = new Line(EVENT, this);
  private happened = false;

  /** Whether it is set. */
  isSet(): boolean {
    return this.happened;
  }

  /** Sets it and wakes everybody who waits; who was woken goes on even if it is cleared again. */
  set(): void {
    if (this.happened) return;
    this.happened = true;
    for (let wait = this.waiters.shift(); wait !== null; wait = this.waiters.shift()) {
      wait.settle(true);
    }
  }

  /** Unsets it. */
  clear(): void {
    this.happened = false;
  }

  /** Waits until it is set; goes on at once where it is. Cancelling loses nothing. */
  wait(): Awaitable<true> {
    if (this.happened) return settled<true>(true);
    const wait = new Parked<true>(requireScope("event.wait()"), this.waiters);
    this.waiters.push(wait);
    return offer(wait.park());
  }
}

const EVENT: LineKind<Event> = { what: "event.wait()" };

/**
 * An event for one waiter that clears itself when it was waited for: set it from an interrupt or a
 * foreign callback. Setting it while nobody waits is kept for the next wait (MicroPython:
 * `ThreadSafeFlag`).
 *
 * @example
 * ```ts
 * import { Flag } from "awaitio";
 *
 * const arrived = new Flag();
 * addEventListener("message", () => arrived.set());
 *
 * async function handle() {
 *   for (;;) {
 *     await arrived.wait();
 *     console.log("there is something");
 *   }
 * }
 * ```
 */
export class Flag {
  /** @internal */
  waiter: Parked<void> | null = null;
  private readonly line: Line<never, Flag> = new Line(FLAG, this);
  private raised = false;

  /** Whether it is set. */
  isSet(): boolean {
    return this.raised;
  }

  /** Sets it: the waiter goes on, or the next one will at once. */
  set(): void {
    this.raised = true;
    this.waiter?.settle();
  }

  /** Unsets it. */
  clear(): void {
    this.raised = false;
  }

  /**
   * Waits until it is set and clears it. A set that meets a cancelled waiter is kept.
   *
   * @throws `RuntimeError` where another task waits already.
   */
  wait(): Awaitable<void> {
    if (this.raised && this.waiter === null) {
      this.raised = false;
      return settled(undefined);
    }
    if (this.waiter !== null) {
      throw new RuntimeError(
        "Cannot wait for the flag: a task waits already; use an Event for many",
      );
    }
    this.waiter = new Parked<void>(requireScope("flag.wait()"), this.line);
    return offer(this.waiter.park());
  }

  /** @internal The waiter has gone on (it takes the set with it) or was cancelled. */
  leave(taken: boolean): void {
    this.waiter = null;
    if (taken) this.raised = false;
  }
}

const FLAG: LineKind<Flag> = {
  what: "flag.wait()",
  left: (flag) => flag.leave(false),
  giveBack: (flag) => flag.leave(false),
  claim(flag) {
    flag.leave(true);
    return true;
  },
};
