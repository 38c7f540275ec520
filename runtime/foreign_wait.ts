import { CancelledError } from "./errors.ts";
import { afterAwaits, awaitForeignBy, inScope } from "./native.ts";
import type { Scope } from "./scope.ts";
import { Wait } from "./wait_base.ts";

/**
 * An await on a promise that is not ours. Cancelling ends the await; the promise itself cannot be
 * unwound and goes on, and if it fails after that, the loop's exception handler hears of it.
 */
export class ForeignWait extends Wait {
  private left = false;
  /** Whether the promise may have been settled when it was adopted: that shows within microtasks. */
  private young = true;
  private early = false;

  /** @param inTurn Whether who awaits goes on at once, as after an await of native code. */
  constructor(scope: Scope, awaitable: PromiseLike<unknown>, private readonly inTurn: boolean) {
    super(scope);
    awaitable.then(
      inScope((value: unknown) => this.arrive(value)),
      inScope((error: unknown) => this.refuse(error)),
    );
    if (!inTurn) afterAwaits(() => this.young = false);
  }

  /** What was there when it was adopted is never lost to a cancel; nobody else could have it. */
  private arrive(value: unknown): void {
    if (this.young && !this.inTurn) this.early = true;
    if (this.early && this.left && !this.done) this.succeedWith(value);
    else if (this.inTurn) this.settleNow(value, false);
    else this.settle(value);
  }

  private refuse(error: unknown): void {
    const { task } = this.scope!;
    if (this.left && !(error instanceof CancelledError)) {
      this.loop.callExceptionHandler({
        message: `A call failed after ${task.describe()} that awaited it was cancelled`,
        exception: error,
        task,
      });
    } else if (this.inTurn) this.settleNow(error, true);
    else this.fail(error);
  }

  override cancel(message: string | undefined): boolean {
    return this.early ? false : super.cancel(message);
  }

  protected override unpark(): void {
    this.left = true;
  }

  override describe(): string {
    return "a promise";
  }
}

awaitForeignBy((scope, promise, waiter) => {
  new ForeignWait(scope, promise, true).park().awaitBy(waiter);
});
