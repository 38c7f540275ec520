import { describeValue } from "./checks.ts";
import { requireScope } from "./scope.ts";
import { sleepUntil } from "./sleep.ts";
import type { Awaitable } from "./wait_base.ts";
import { Settled } from "./wait_base.ts";
import { requireLoop } from "./platform.ts";

/** What a {@linkcode Ticker} does with ticks that came while the program was busy. */
export type Missed = "burst" | "skip" | "delay";

/**
 * Ticks at a fixed period without drift: each deadline is counted from the one before, not from when
 * the program went on.
 *
 * @example
 * ```ts
 * import { Ticker } from "awaitio";
 *
 * async function sample() {
 *   for await (const tick of new Ticker(100)) console.log(`tick ${tick}`);
 * }
 * ```
 */
export class Ticker {
  private readonly missed: Missed;
  private deadline: number;
  private count = 0;

  /**
   * Starts ticking; the first tick comes after one period.
   *
   * @param period Milliseconds between ticks.
   * @param options `missed`: `"burst"` (the default) makes up for ticks that were missed, one after the
   * other at once; `"skip"` leaves them out and keeps to the grid; `"delay"` moves the grid so that a full
   * period follows.
   * @throws `RangeError` where the period is not above 0; `RuntimeError` where no loop runs.
   */
  constructor(
    /** Milliseconds between ticks. */
    readonly period: number,
    options: { readonly missed?: Missed } = {},
  ) {
    const { missed = "burst" } = options;
    if (!(period > 0) || period === Infinity) {
      throw new RangeError(`Cannot tick every ${describeValue(period)} ms: pass a period above 0`);
    }
    if (!["burst", "skip", "delay"].includes(missed)) {
      throw new RangeError(
        `Cannot treat missed ticks as ${describeValue(missed)}: pass "burst", "skip" or "delay"`,
      );
    }
    this.missed = missed;
    this.deadline = requireLoop("new Ticker()").time() + period;
  }

  /** When the next tick is due, in milliseconds of the loop's clock. */
  when(): number {
    return this.deadline;
  }

  /** Starts anew: the next tick comes after one period. */
  reset(): void {
    this.deadline = requireLoop("ticker.reset()").time() + this.period;
  }

  /**
   * Waits for the next tick. Cancelling loses none: the tick is still due.
   *
   * @returns The number of the tick, from 1; with `"skip"`, missed ticks are counted.
   */
  async next(): Promise<number> {
    const scope = requireScope("ticker.next()");
    const now = scope.loop.time();
    if (now - this.deadline >= this.period) this.catchUp(now);
    const { deadline } = this;
    await (deadline > now ? sleepUntil(scope, deadline) : DUE);
    if (this.deadline !== deadline) return await this.next(); // reset, or another task's tick
    this.deadline += this.period;
    return ++this.count;
  }

  /** The numbers of the ticks, for ever. */
  async *[Symbol.asyncIterator](): AsyncGenerator<number, never, void> {
    for (;;) yield await this.next();
  }

  /** Moves the deadline past the ticks that were missed before `now`, as `missed` says. */
  private catchUp(now: number): void {
    if (this.missed === "skip") {
      const behind = Math.floor((now - this.deadline) / this.period);
      this.deadline += behind * this.period;
      this.count += behind;
    } else if (this.missed === "delay") this.deadline = now;
  }
}

const DUE: Awaitable<void> = new Settled<void>(undefined);
