import { RuntimeError } from "./errors.ts";
import type { Held } from "./lock.ts";
import { Line, type LineKind, Parked } from "./parked.ts";
import { requireScope } from "./scope.ts";
import type { Awaitable } from "./wait_base.ts";
import { settled } from "./wait_base.ts";
import { offer } from "./native.ts";

/**
 * A number of permits, first come, first served (asyncio: `Semaphore`). A released permit goes straight
 * to who has waited longest.
 *
 * @example
 * ```ts
 * import { Semaphore } from "awaitio";
 *
 * const atMostThree = new Semaphore(3);
 *
 * async function load(url: string) {
 *   using _permit = await atMostThree.acquire();
 *   return await fetch(url);
 * }
 * ```
 */
export class Semaphore {
  /** @internal */
  readonly waiters: Line<Parked<Held>, Semaphore> = new Line(PERMIT, this);
  private permits: number;
  /** Permits given to waiters that have not run yet. */
  private arriving = 0;

  /**
   * Makes a semaphore with every permit free.
   *
   * @param n How many permits there are to begin with.
   * @throws `RangeError` where `n` is no whole number of at least 0.
   */
  constructor(n = 1) {
    if (!(n >= 0) || (n !== Infinity && n % 1 !== 0)) {
      throw new RangeError(`Cannot make a semaphore of ${n} permits: pass a whole number from 0`);
    }
    this.permits = n;
  }

  /** Whether `acquire()` would wait. */
  locked(): boolean {
    return this.permits === 0 || this.arriving > 0;
  }

  /** Waits for a permit. Cancelling loses none: one that was on its way goes to the next. */
  acquire(): Awaitable<Held> {
    if (!this.locked()) {
      this.permits--;
      return settled(new Permit(this));
    }
    const wait = new Parked<Held>(requireScope("semaphore.acquire()"), this.waiters);
    this.waiters.push(wait);
    wait.park();
    this.handOut();
    return offer(wait);
  }

  /** Gives a permit back, or one more. */
  release(): void {
    this.permits++;
    this.handOut();
  }

  /** @internal A waiter that was given a permit runs. */
  arrived(): void {
    this.arriving--;
  }

  /** Gives the free permits to who has waited longest. */
  private handOut(): void {
    while (this.permits > 0 && this.waiters.first !== null) {
      this.permits--;
      this.arriving++;
      this.waiters.shift()!.settle(new Permit(this));
    }
  }

  /** @internal How many permits are free. */
  protected get free(): number {
    return this.permits;
  }
}

const PERMIT: LineKind<Semaphore> = {
  what: "semaphore.acquire()",
  giveBack(semaphore) {
    semaphore.arrived();
    Semaphore.prototype.release.call(semaphore);
  },
  claim(semaphore) {
    semaphore.arrived();
    return true;
  },
};

class Permit implements Held {
  private held = true;

  constructor(private readonly semaphore: Semaphore) {}

  release(): void {
    if (!this.held) return;
    this.held = false;
    this.semaphore.release();
  }

  [Symbol.dispose](): void {
    this.release();
  }
}

/** A semaphore that refuses to be released more often than acquired (asyncio: `BoundedSemaphore`). */
export class BoundedSemaphore extends Semaphore {
  private readonly bound: number;

  /**
   * Makes a semaphore with every permit free.
   *
   * @param n How many permits there are.
   * @throws `RangeError` where `n` is no whole number of at least 0.
   */
  constructor(n = 1) {
    super(n);
    this.bound = n;
  }

  /**
   * Gives a permit back.
   *
   * @throws `RuntimeError` where every permit is free already.
   */
  override release(): void {
    if (this.free >= this.bound) {
      throw new RuntimeError("Cannot release the semaphore: it was released more than acquired");
    }
    super.release();
  }
}
