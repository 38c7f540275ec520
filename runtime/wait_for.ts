import type { ResultOf, Source } from "./create_task.ts";
import { CancelledError, TimeoutError } from "./errors.ts";
import { CANCELLED, EXCEPTION, Future, RESULT } from "./future.ts";
import type { TimerHandle } from "./handle.ts";
import { describeValue, requireTime } from "./checks.ts";
import { afterAwaits } from "./native.ts";
import { requireLoop, runInScope } from "./platform.ts";
import {
  bequeath,
  deliver,
  endBody,
  InnerScope,
  justResumed,
  leaveOwing,
  requireScope,
  type Scope,
} from "./scope.ts";
import { isAwaitable } from "./task.ts";
import { follow, type Wait, waitBehind, type Waiter } from "./wait_base.ts";

/**
 * Waits for one thing, but no longer than `ms` (asyncio: `wait_for`). When the time is over, the thing is
 * cancelled and waited for, then {@linkcode TimeoutError} is thrown; what it gives in spite of that is
 * the result, so nothing is lost.
 *
 * @param source A function, called at once in the caller's task unless `ms` is 0 or less; or an awaitable.
 * @param ms The limit in milliseconds; `null` for none.
 * @returns A future of the result.
 * @throws `TimeoutError` where the time ran out.
 *
 * @example
 * ```ts
 * import { Queue, run, waitFor } from "awaitio";
 *
 * await run(async () => {
 *   const queue = new Queue<number>();
 *   queue.putNowait(1);
 *   console.log(await waitFor(() => queue.get(), 100));
 * });
 * ```
 */
export function waitFor<S extends Source<unknown>>(
  source: S,
  ms: number | null,
): Future<ResultOf<S>> {
  const scope = requireScope("waitFor()");
  if (ms !== null) requireTime("waitFor", "a limit of", ms);
  if (typeof source !== "function" && !isAwaitable(source)) {
    throw new TypeError(
      `Cannot wait for ${describeValue(source)}: pass a function or an awaitable`,
    );
  }
  return new TimedCall(scope, source, ms) as Future<ResultOf<S>>;
}

/** A call with a time limit, in a scope of its own inside the caller's. */
class TimedCall extends Future<unknown> implements Waiter {
  nextWaiter: Waiter | null = null;
  private readonly scope: InnerScope;
  private readonly timer: TimerHandle | null;
  private readonly cancelsBefore: number;
  private what: string;
  private expired = false;
  private cancelAsked = false;
  private counted = false;

  constructor(outer: Scope, source: Source<unknown>, ms: number | null) {
    const { loop, task } = outer;
    super(loop);
    this.scope = new InnerScope(outer);
    this.cancelsBefore = task.cancelling();
    this.what = typeof source === "function" ? source.name || "a function" : "an awaitable";
    this.timer = ms === null || ms <= 0 ? null : loop.callAt(loop.time() + ms, () => this.expire());
    if (ms !== null && ms <= 0 && typeof source === "function") {
      this.expired = true;
      this.throw(new CancelledError());
      return;
    }
    this.scope.resumedIn = loop.epoch;
    try {
      runInScope(this.scope, start, this, source);
    } catch (error) {
      this.throw(error);
    }
    if (ms === null || ms > 0 || this.done()) return;
    const own = waitBehind(source);
    if (own?.failed === true) return;
    // A promise that is settled already shows that within microtasks.
    if (own === null && !(source instanceof Future)) {
      afterAwaits(() => this.done() || this.expire());
    } else this.expire();
  }

  /** Goes on when `result` is there. */
  follow(result: unknown): void {
    if (!isAwaitable(result)) return this.resume(result);
    if (result instanceof Future) {
      this.what = result.describe();
      result.wait(this.scope).awaitBy(this);
      return;
    }
    const own = waitBehind(result);
    if (own !== null) {
      this.what = own.describe();
      own.moveTo(this.scope).awaitBy(this);
    } else follow(result, this);
  }

  resume(value: unknown): void {
    if (this.done()) return;
    this.timer?.cancel();
    if (this.cancelAsked) bequeath(this.scope);
    endBody(this.scope);
    this.takeBack();
    this.finish(RESULT, value);
  }

  throw(error: unknown): void {
    if (this.done()) {
      if (error instanceof CancelledError) return;
      return this.loop.callExceptionHandler({
        message: `${this.what} failed after its time limit`,
        exception: error,
      });
    }
    this.timer?.cancel();
    const cancelled = error instanceof CancelledError;
    if (this.cancelAsked && !cancelled) bequeath(this.scope);
    endBody(this.scope);
    if (cancelled) return this.giveUp(error);
    this.takeBack();
    this.finish(EXCEPTION, error);
  }

  private giveUp(error: CancelledError): void {
    if (this.expired && this.takeBack() <= this.cancelsBefore) {
      this.finish(EXCEPTION, new TimeoutError(`${this.what} took longer than its limit`));
    } else this.finish(CANCELLED, error);
  }

  override cancel(message?: string): boolean {
    if (this.done()) return false;
    this.cancelAsked = true;
    this.reach(message);
    return true;
  }

  private expire(): void {
    this.expired = true;
    this.counted = true;
    this.scope.task.countCancel();
    this.reach(undefined);
  }

  /** Takes back the cancel that running out of time counts as; gives how many are left. */
  private takeBack(): number {
    const { task } = this.scope;
    if (!this.counted) return task.cancelling();
    this.counted = false;
    return task.uncancel();
  }

  /**
   * Cancels what waits inside. Where nothing of ours does, the call awaits a foreign promise, which
   * cannot be unwound: it is left, and cancelled at its next await. But not where it has just gone on:
   * then its result is on the way.
   */
  private reach(message: string | undefined): void {
    if (deliver(this.scope, message) || justResumed(this.scope)) return;
    this.timer?.cancel();
    const error = new CancelledError(message);
    this.giveUp(error);
    leaveOwing(this.scope, error);
  }

  /** The caller goes on within this turn: nothing can take its result from it. */
  protected override deliverTo(wait: Wait<unknown>): void {
    wait.settleNow(this.settledWell() ? this.result() : this.error(), !this.settledWell());
  }

  override describe(): string {
    return `waitFor(${this.what})`;
  }
}

function start(call: TimedCall, source: Source<unknown>): void {
  call.follow(typeof source === "function" ? source() : source);
}

/**
 * Keeps what is awaited from being cancelled with its awaiter (asyncio: `shield`): cancelling the
 * future that it gives ends that future only.
 *
 * @param source A function, called in a new task; or an awaitable.
 * @returns A future of the result.
 *
 * @example
 * ```ts
 * import { createTask, run, shield, sleep } from "awaitio";
 *
 * await run(async () => {
 *   const saving = createTask(() => sleep(100));
 *   await shield(saving);
 * });
 * ```
 */
export function shield<S extends Source<unknown>>(source: S): Future<ResultOf<S>> {
  const inner = requireLoop("shield()").ensureFuture(source, []);
  return (inner.done() ? inner : new Shield(inner)) as Future<ResultOf<S>>;
}

class Shield extends Future<unknown> {
  constructor(private readonly inner: Future<unknown>) {
    super(inner.loop);
    inner.observed = true;
    inner.addDoneCallback(() => {
      const well = inner.settledWell();
      if (!this.done()) {
        this.finish(
          well ? RESULT : inner.cancelled() ? CANCELLED : EXCEPTION,
          well ? inner.result() : inner.error(),
        );
      } else if (!well && !inner.cancelled()) {
        this.loop.callExceptionHandler({
          message: `${inner.describe()} failed after the shield around it was cancelled`,
          exception: inner.error(),
        });
      }
    });
  }

  override awaits(): readonly Future<unknown>[] {
    return [this.inner];
  }

  override describe(): string {
    return `shield(${this.inner.describe()})`;
  }
}
