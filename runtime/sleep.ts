import type { EventLoop } from "./loop.ts";
import { requireTime } from "./checks.ts";
import { Parked, type ParkedKind } from "./parked.ts";
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
  if (ms <= 0) {
    const turn = new Parked<unknown, null>(scope, YIELD, null).park();
    turn.settle(result);
    return offer(turn);
  }
  return offer(sleepUntil(scope, scope.loop.time() + ms, result, ms));
}

/** @internal Waits until the loop's clock shows `deadline`. */
export function sleepUntil(
  scope: Scope,
  deadline: number,
  result?: unknown,
  ms: number = deadline - scope.loop.time(),
): Wait {
  return new Sleep(scope, scope.loop, deadline, result, ms);
}

class Sleep extends Wait implements Timed {
  order = 0;
  place = -1;

  constructor(
    scope: Scope,
    loop: EventLoop,
    readonly deadline: number,
    private readonly result: unknown,
    private readonly ms: number,
  ) {
    super(scope, loop);
    loop.addTimer(this);
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

const YIELD: ParkedKind<null> = { what: "sleep(0)", unpark() {} };
