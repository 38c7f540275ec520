import { RuntimeError } from "./errors.ts";
import type { Held } from "./lock.ts";
import { WaitList } from "./ready_queue.ts";
import { requireScope, type Scope } from "./scope.ts";
import type { Awaitable } from "./wait_base.ts";
import { settled, Wait } from "./wait_base.ts";

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
  private readonly waiters: WaitList<PermitWait> = new WaitList();
  private permits: number;
  /** Permits given to waiters that have not run yet. */
  private arriving = 0;

  /**
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
    const wait = new PermitWait(requireScope("semaphore.acquire()"), this, this.waiters).park();
    this.handOut();
    return wait.asPromise();
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

class PermitWait extends Wait<Held> {
  constructor(
    scope: Scope,
    private readonly semaphore: Semaphore,
    private readonly waiters: WaitList<PermitWait>,
  ) {
    super(scope, scope.loop);
    waiters.push(this);
  }

  protected override unpark(): void {
    this.waiters.remove(this);
  }

  protected override claim(): boolean {
    this.semaphore.arrived();
    return true;
  }

  protected override giveBack(): void {
    this.semaphore.arrived();
    Semaphore.prototype.release.call(this.semaphore);
  }

  override describe(): string {
    return "semaphore.acquire()";
  }
}

/** A semaphore that refuses to be released more often than acquired (asyncio: `BoundedSemaphore`). */
export class BoundedSemaphore extends Semaphore {
  private readonly bound: number;

  /** @param n How many permits there are. */
  constructor(n = 1) {
    super(n);
    this.bound = n;
  }

  /** @throws `RuntimeError` where every permit is free already. */
  override release(): void {
    if (this.free >= this.bound) {
      throw new RuntimeError("Cannot release the semaphore: it was released more than acquired");
    }
    super.release();
  }
}
