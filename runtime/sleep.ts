import { requireTime } from "./checks.ts";
import { Line, Parked } from "./parked.ts";
import { requireScope, type Scope } from "./scope.ts";
import type { Timed } from "./timer_heap.ts";
import { offer } from "./native.ts";
import { type Awaitable, Wait } from "./wait_base.ts";

/**
 * Waits (asyncio: `sleep`). `sleep(0)` lets everything that is ready run first. Cancelling loses
 * nothing.
 *
 * @param ms How long, in milliseconds; never shorter.
 * @param result What the await gives.
 * @throws `RangeError` where `ms` is no number; `RuntimeError` outside a task.
 *
 * @example
 * ```ts
 * import { run, sleep } from "awaitio";
 *
 * await run(async () => {
 *   await sleep(500);
 * });
 * ```
 */
export function sleep<T>(ms: number, result: T): Awaitable<T>;
// Last, since `createTask(sleep, 10)` is checked against the last one.
/** The same without a result. */
export function sleep(ms: number): Awaitable<void>;
export function sleep(ms: number, result?: unknown): Awaitable<unknown> {
  const scope = requireScope("sleep()");
  requireTime("sleep", "a time of", ms);
  if (ms <= 0) return offer(turnOf(scope, result));
  return offer(sleepUntil(scope, scope.loop.time() + ms, result, ms));
}

/** @internal Waits until the loop's clock shows `deadline`. */
export function sleepUntil(
  scope: Scope,
  deadline: number,
  result?: unknown,
  ms: number = deadline - scope.loop.time(),
): Wait {
  return new Sleep(scope, deadline, result, ms);
}

/**
 * Waits for a turn of the loop. A scope keeps the wait for the next time, unless it gave a value: who still holds
 * it then, and awaits it once more, waits for that turn too.
 */
function turnOf(scope: Scope, result: unknown): Wait {
  let turn = scope.turn;
  if (turn === null || !turn.done || turn.scope !== scope || result !== undefined) {
    turn = new Parked(scope, TURN);
    if (result === undefined) scope.turn = turn as Wait;
  } else turn.renew();
  turn.park();
  turn.settleWith(result);
  return turn;
}

class Sleep extends Wait implements Timed {
  declare order: number;
  declare place: number;
  declare readonly deadline: number;
  declare private readonly result: unknown;
  declare private readonly ms: number;

  constructor(scope: Scope, deadline: number, result: unknown, ms: number) {
    super(scope);
    this.order = 0;
    this.place = -1;
    this.deadline = deadline;
    this.result = result;
    this.ms = ms;
    scope.loop.addTimer(this);
    this.park();
  }

  due(): void {
    this.settle(this.result);
  }

  protected override unpark(): void {
    this.loop.removeTimer(this);
  }

  override describe(): string {
    return `sleep(${Math.round(this.ms * 1000) / 1000})`;
  }
}

const TURN: Line<never, null> = new Line({ what: "sleep(0)" }, null);
