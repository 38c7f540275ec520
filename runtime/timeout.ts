import { CancelledError, RuntimeError, TimeoutError } from "./errors.ts";
import { describeValue, requireTime } from "./checks.ts";
import type { Handle } from "./handle.ts";
import { runInScope } from "./platform.ts";
import { deliver, endBody, InnerScope, requireScope, type Scope } from "./scope.ts";

/** The limit of a {@linkcode timeout}'s body, good inside the body and after it. */
export class Timeout {
  private readonly outer: Scope;
  private readonly scope: InnerScope;
  private readonly cancelsBefore: number;
  private timer: Handle | null = null;
  private state: "active" | "expiring" | "expired" | "exited" = "active";

  /** @internal */
  constructor(outer: Scope, private deadline: number | null) {
    this.outer = outer;
    this.scope = new InnerScope(outer);
    this.cancelsBefore = outer.task.cancelling();
    this.arm();
  }

  /** The deadline in milliseconds of the loop's clock, or `null` where there is none. */
  when(): number | null {
    return this.deadline;
  }

  /**
   * Moves the deadline.
   *
   * @param when The new one, in milliseconds of the loop's clock, or `null` for none.
   * @throws `RuntimeError` where the limit has expired or its body has ended.
   */
  reschedule(when: number | null): void {
    if (this.state !== "active") {
      throw new RuntimeError(`Cannot reschedule a timeout that has ${this.ending()}`);
    }
    if (when !== null) requireTime("reschedule", "a deadline of", when);
    this.deadline = when;
    this.timer?.cancel();
    this.arm();
  }

  /** Whether the limit ran out while the body ran. */
  expired(): boolean {
    return this.state === "expiring" || this.state === "expired";
  }

  /** @internal Runs the body. */
  async run<T>(body: (limit: Timeout) => T | PromiseLike<T>): Promise<T> {
    try {
      // Awaited inside: a future that the body gives is the body's to wait for.
      const result = await runInScope(this.scope, async () => await body(this));
      this.exit();
      return result;
    } catch (error) {
      if (this.exit() && error instanceof CancelledError) {
        throw new TimeoutError("The time limit ran out");
      }
      throw error;
    }
  }

  /** @internal Cancels the body as its caller would. */
  cancelBody(message: string | undefined): void {
    this.scope.task.countCancel();
    deliver(this.scope, message);
  }

  /** Whether a `CancelledError` that comes out of the body is ours to turn into a `TimeoutError`. */
  private exit(): boolean {
    this.timer?.cancel();
    endBody(this.scope);
    if (this.state !== "expiring") {
      this.state = "exited";
      return false;
    }
    this.state = "expired";
    return this.outer.task.uncancel() <= this.cancelsBefore;
  }

  /** Sets the timer for the deadline, if there is one. */
  private arm(): void {
    if (this.deadline === null) return;
    const { loop } = this.outer;
    const expire = (): void => {
      this.state = "expiring";
      this.cancelBody(undefined);
    };
    this.timer = this.deadline <= loop.time()
      ? loop.callSoon(expire)
      : loop.callAt(this.deadline, expire);
  }

  /** How it ended, for messages. */
  private ending(): string {
    return this.state === "exited" ? "ended" : "expired";
  }
}

/**
 * Gives `body` a time limit (asyncio: `timeout`). When it runs out, what the body awaits throws
 * `CancelledError`, and `timeout` throws {@linkcode TimeoutError}. Calls started before the body are not
 * touched.
 *
 * @param ms The limit in milliseconds from now, or `null` for none yet.
 * @param body Called at once in the caller's task.
 * @returns What `body` gives.
 * @throws `TimeoutError` where the limit ran out.
 *
 * @example
 * ```ts
 * import { run, sleep, timeout, TimeoutError } from "awaitio";
 *
 * await run(async () => {
 *   try {
 *     await timeout(100, async (limit) => {
 *       limit.reschedule(limit.when()! + 50);
 *       await sleep(1000);
 *     });
 *   } catch (error) {
 *     if (error instanceof TimeoutError) console.log("too slow");
 *   }
 * });
 * ```
 */
export function timeout<T>(
  ms: number | null,
  body: (limit: Timeout) => T | PromiseLike<T>,
): Promise<T> {
  const scope = requireScope("timeout()");
  if (ms !== null) requireTime("timeout", "a limit of", ms);
  requireBody("timeout", body);
  return new Timeout(scope, ms === null ? null : scope.loop.time() + Math.max(ms, 0)).run(body);
}

/**
 * The same with a point in time (asyncio: `timeout_at`).
 *
 * @param when The deadline in milliseconds of the loop's clock, or `null` for none yet.
 * @param body Called at once in the caller's task.
 */
export function timeoutAt<T>(
  when: number | null,
  body: (limit: Timeout) => T | PromiseLike<T>,
): Promise<T> {
  const scope = requireScope("timeoutAt()");
  if (when !== null) requireTime("timeoutAt", "a deadline of", when);
  requireBody("timeoutAt", body);
  return new Timeout(scope, when).run(body);
}

/** @internal Refuses a body that was called instead of handed over. */
export function requireBody(action: string, body: unknown): void {
  if (typeof body === "function") return;
  throw new TypeError(
    `Cannot call ${action} with ${describeValue(body)} as its body: pass the function itself`,
  );
}
