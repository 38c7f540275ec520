import { RuntimeError } from "./errors.ts";
import { WaitList } from "./ready_queue.ts";
import { requireScope, type Scope } from "./scope.ts";
import type { Awaitable } from "./wait_base.ts";
import { settled, Wait } from "./wait_base.ts";

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
  private readonly waiters: WaitList<EventWait> = new WaitList();
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
    return new EventWait(requireScope("event.wait()"), this.waiters).park().asPromise();
  }
}

class EventWait extends Wait<true> {
  constructor(scope: Scope, private readonly waiters: WaitList<EventWait>) {
    super(scope, scope.loop);
    waiters.push(this);
  }

  protected override unpark(): void {
    this.waiters.remove(this);
  }

  override describe(): string {
    return "event.wait()";
  }
}

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
  waiter: FlagWait | null = null;
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
    return new FlagWait(requireScope("flag.wait()"), this).park().asPromise();
  }

  /** @internal The waiter has gone on (it takes the set with it) or was cancelled. */
  leave(taken: boolean): void {
    this.waiter = null;
    if (taken) this.raised = false;
  }
}

class FlagWait extends Wait<void> {
  constructor(scope: Scope, private readonly flag: Flag) {
    super(scope, scope.loop);
    flag.waiter = this;
  }

  protected override unpark(): void {
    this.flag.leave(false);
  }

  protected override giveBack(): void {
    this.flag.leave(false);
  }

  protected override claim(): boolean {
    this.flag.leave(true);
    return true;
  }

  override describe(): string {
    return "flag.wait()";
  }
}
