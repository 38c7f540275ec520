import { CancelledError, RuntimeError } from "./errors.ts";
import { Line, type LineKind, Parked } from "./parked.ts";
import { requireScope } from "./scope.ts";
import type { Awaitable } from "./wait_base.ts";
import { settled } from "./wait_base.ts";
import { offer } from "./native.ts";

/** What `acquire()` gives: `using held = await lock.acquire()` releases at the end of the block. */
export interface Held extends Disposable {
  /** Releases, where that has not happened yet. */
  release(): void;
}

/**
 * Mutual exclusion between tasks, first come, first served (asyncio: `Lock`). A released lock goes
 * straight to who has waited longest.
 *
 * @example
 * ```ts
 * import { Lock, run } from "awaitio";
 *
 * const lock = new Lock();
 * await run(async () => {
 *   using _held = await lock.acquire();
 *   // alone here
 * });
 * ```
 */
export class Lock {
  /** @internal */
  readonly waiters: Line<Parked<Held>, Lock> = new Line(LOCK, this);
  private holder: LockHold | null = null;

  /** Whether somebody holds it. */
  locked(): boolean {
    return this.holder !== null;
  }

  /**
   * Waits until it is free and takes it. Cancelling loses nothing: a lock that was on its way goes to
   * the next.
   *
   * @returns The hold, for `using`; it may be ignored in favour of {@linkcode Lock.release}.
   */
  acquire(): Awaitable<Held> {
    if (this.holder === null) return settled(this.take());
    const wait = new Parked<Held>(requireScope("lock.acquire()"), this.waiters);
    this.waiters.push(wait);
    return offer(wait.park());
  }

  /**
   * Releases it.
   *
   * @throws `RuntimeError` where nobody holds it.
   */
  release(): void {
    if (this.holder === null) {
      throw new RuntimeError("Cannot release the lock: nobody holds it");
    }
    this.pass();
  }

  /** @internal The hold that `hold`'s owner gave up for a while goes on. */
  resume(hold: Held): void {
    this.holder = hold as LockHold;
  }

  /** @internal Who holds it. */
  current(): Held {
    return this.holder!;
  }

  /** @internal Releases for one hold. */
  releaseFor(hold: LockHold): void {
    if (this.holder === hold) this.pass();
  }

  /** @internal Gives the lock to who has waited longest. */
  pass(): void {
    const next = this.waiters.shift();
    this.holder = null;
    if (next !== null) next.settle(this.take());
  }

  /** Makes the hold of whoever gets the lock next. */
  private take(): LockHold {
    return this.holder = new LockHold(this);
  }
}

const LOCK: LineKind<Lock> = { what: "lock.acquire()", giveBack: (lock) => lock.pass() };

class LockHold implements Held {
  constructor(private readonly lock: Lock) {}

  release(): void {
    this.lock.releaseFor(this);
  }

  [Symbol.dispose](): void {
    this.release();
  }
}

/**
 * Lets tasks wait until something they share has changed (asyncio: `Condition`).
 *
 * @example
 * ```ts
 * import { Condition } from "awaitio";
 *
 * const condition = new Condition();
 * let level = 0;
 *
 * async function untilFull() {
 *   using _held = await condition.acquire();
 *   await condition.waitFor(() => level === 10);
 * }
 * ```
 */
export class Condition {
  /** @internal */
  readonly waiters: Line<Parked<void>, Condition> = new Line(CONDITION, this);

  /**
   * Makes a condition for which nobody waits yet.
   *
   * @param lock The lock it goes with; one of its own unless given.
   */
  constructor(private readonly lock: Lock = new Lock()) {}

  /** Whether its lock is held. */
  locked(): boolean {
    return this.lock.locked();
  }

  /** Takes its lock. */
  acquire(): Awaitable<Held> {
    return this.lock.acquire();
  }

  /** Releases its lock. */
  release(): void {
    this.lock.release();
  }

  /**
   * Releases the lock, waits to be notified, and takes the lock again, also when it is cancelled. A
   * notification that meets a cancelled waiter goes to the next.
   *
   * @returns `true`.
   * @throws `RuntimeError` where the lock is not held.
   */
  async wait(): Promise<true> {
    this.requireLocked("wait on");
    const scope = requireScope("condition.wait()");
    const hold = this.lock.current();
    this.lock.release();
    const notification = new Parked<void>(scope, this.waiters);
    this.waiters.push(notification);
    let failure: { readonly error: unknown } | null = null;
    try {
      await notification.park();
    } catch (error) {
      failure = { error };
    }
    for (;;) {
      try {
        await this.lock.acquire();
        break;
      } catch (error) {
        if (!(error instanceof CancelledError)) throw error;
        // Cancelled on its way back to the lock: the notification is somebody else's.
        if (failure === null) this.wake(1);
        failure = { error };
      }
    }
    this.lock.resume(hold);
    if (failure !== null) throw failure.error;
    return true;
  }

  /**
   * Waits until `predicate` holds; it is looked at after every notification.
   *
   * @returns What `predicate` gave.
   */
  async waitFor<T>(predicate: () => T): Promise<T> {
    let value = predicate();
    while (!value) {
      await this.wait();
      value = predicate();
    }
    return value;
  }

  /**
   * Wakes up to `n` waiters.
   *
   * @throws `RuntimeError` where the lock is not held.
   */
  notify(n = 1): void {
    this.requireLocked("notify");
    this.wake(n);
  }

  /** Wakes every waiter. */
  notifyAll(): void {
    this.notify(Infinity);
  }

  /** @internal */
  wake(n: number): void {
    for (; n > 0; n--) {
      const next = this.waiters.shift();
      if (next === null) return;
      next.settle();
    }
  }

  /** Refuses what only the lock's holder may do. */
  private requireLocked(action: string): void {
    if (!this.locked()) {
      throw new RuntimeError(`Cannot ${action} the condition: acquire it first`);
    }
  }
}

const CONDITION: LineKind<Condition> = {
  what: "condition.wait()",
  giveBack: (condition) => condition.wake(1),
};
