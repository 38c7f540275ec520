import { RuntimeError } from "./errors.ts";
import { WaitList } from "./ready_queue.ts";
import { Parked, type ParkedKind } from "./parked.ts";
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
  readonly waiters: WaitList<Parked<true, Event>> = new WaitList();
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
    const wait = new Parked<true, Event>(requireScope("event.wait()"), EVENT, this);
    this.waiters.push(wait);
    return offer(wait.park());
  }
}

const EVENT: ParkedKind<Event> = {
  what: "event.wait()",
  unpark: (wait) => wait.owner.waiters.remove(wait as Parked<true, Event>),
};

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
  waiter: Parked<void, Flag> | null = null;
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
    this.waiter = new Parked<void, Flag>(requireScope("flag.wait()"), FLAG, this);
    return offer(this.waiter.park());
  }

  /** @internal The waiter has gone on (it takes the set with it) or was cancelled. */
  leave(taken: boolean): void {
    this.waiter = null;
    if (taken) this.raised = false;
  }
}

const FLAG: ParkedKind<Flag> = {
  what: "flag.wait()",
  unpark: (wait) => wait.owner.leave(false),
  giveBack: (wait) => wait.owner.leave(false),
  claim(wait) {
    wait.owner.leave(true);
    return true;
  },
};
