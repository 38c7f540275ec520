import { BrokenBarrierError } from "./errors.ts";
import { Line, type LineKind, Parked } from "./parked.ts";
import { requireScope } from "./scope.ts";
import { offer } from "./native.ts";
import type { Awaitable } from "./wait_base.ts";
import { Settled, settled } from "./wait_base.ts";

/**
 * Lets tasks wait for each other: when as many as it has parties have come, all go on (asyncio:
 * `Barrier`). It can be used again.
 *
 * @example
 * ```ts
 * import { Barrier } from "awaitio";
 *
 * const start = new Barrier(2);
 *
 * async function runner() {
 *   if (await start.wait() === 0) console.log("I was the first to come");
 * }
 * ```
 */
export class Barrier {
  /** @internal */
  readonly waiters: Line<Parked<number>, Barrier> = new Line(BARRIER, this);
  private waiting = 0;
  private aborted = false;

  /**
   * Makes a barrier at which nobody waits yet.
   *
   * @param parties How many have to come.
   * @throws `RangeError` where that is no whole number of at least 1.
   */
  constructor(
    /** How many have to come. */
    readonly parties: number,
  ) {
    if (!(parties >= 1) || parties % 1 !== 0) {
      throw new RangeError(`Cannot make a barrier for ${parties}: pass a whole number from 1`);
    }
  }

  /** How many wait. */
  get nWaiting(): number {
    return this.waiting;
  }

  /** Whether it was aborted. */
  get broken(): boolean {
    return this.aborted;
  }

  /**
   * Waits for the others. A cancelled waiter leaves its place; the others go on waiting.
   *
   * @returns The order of coming, from 0.
   * @throws `BrokenBarrierError` where the barrier is or gets broken, or is reset meanwhile.
   */
  wait(): Awaitable<number> {
    if (this.aborted) return new Settled(broken("it was aborted") as never, true);
    const index = this.waiting;
    if (index + 1 < this.parties) {
      this.waiting++;
      const wait = new Parked<number>(requireScope("barrier.wait()"), this.waiters, index);
      this.waiters.push(wait);
      return offer(wait.park());
    }
    this.waiting = 0;
    for (let wait = this.waiters.shift(); wait !== null; wait = this.waiters.shift()) {
      wait.settleWith(wait.value);
    }
    return settled(index);
  }

  /** Makes it as new; who waits gets `BrokenBarrierError`. */
  reset(): void {
    this.aborted = false;
    this.breakAll("it was reset");
  }

  /** Breaks it: who waits, and who comes, gets `BrokenBarrierError`. */
  abort(): void {
    this.aborted = true;
    this.breakAll("it was aborted");
  }

  /** @internal A waiter was cancelled. */
  leave(): void {
    this.waiting--;
    let index = 0;
    for (let wait = this.waiters.first; wait !== null;) {
      wait.value = index++;
      wait = wait.next as Parked<number> | null;
    }
  }

  /** Sends everybody who waits on with `BrokenBarrierError`. */
  private breakAll(why: string): void {
    this.waiting = 0;
    for (let wait = this.waiters.shift(); wait !== null; wait = this.waiters.shift()) {
      wait.fail(broken(why));
    }
  }
}

const BARRIER: LineKind<Barrier> = { what: "barrier.wait()", left: (barrier) => barrier.leave() };

function broken(why: string): BrokenBarrierError {
  return new BrokenBarrierError(`Cannot wait at the barrier: ${why}`);
}
