import { CancelledError, InvalidStateError, RuntimeError } from "./errors.ts";
import { DoneCallback } from "./handle.ts";
import type { EventLoop } from "./loop.ts";
import { currentScope, requireLoop } from "./platform.ts";
import { Ready } from "./ready.ts";
import { thenable } from "./native.ts";
import { PENDING, Settled, Wait, type Waiter } from "./wait_base.ts";
import type { Scope } from "./scope.ts";

/** It has a result. */
export const RESULT = 1;
/** It has failed. */
export const EXCEPTION = 2;
/** It was cancelled. */
export const CANCELLED = 3;
/** How a future ends. */
export type Ending = typeof RESULT | typeof EXCEPTION | typeof CANCELLED;

/** The bits that tell how it ended. */
const ENDED = 3;
const OBSERVED = 4;
/** What the kinds of future may use for themselves begins here. */
export const MARK = 8;

/**
 * A result that will be there later; any number of tasks can await it. Cancelling a task that awaits
 * a future cancels the future, as in asyncio; {@linkcode shield} stops that. It is a thenable, so
 * `Promise.all` and native code can await it.
 *
 * @example
 * ```ts
 * import { getRunningLoop, run } from "awaitio";
 *
 * await run(async () => {
 *   const loop = getRunningLoop();
 *   const answer = loop.createFuture<number>();
 *   loop.callLater(100, () => answer.setResult(42));
 *   console.log(await answer);
 * });
 * ```
 *
 * @typeParam T What it results in.
 */
export class Future<out T> extends Ready implements PromiseLike<T> {
  /** @internal */
  declare readonly loop: EventLoop;
  /** The latest who waits for its end; behind it comes the first. */
  declare private observers: Ready | null;
  /** @internal How it ended, and what else there is to know with a bit: one field for all. */
  declare protected marks: number;
  /** @internal */
  declare protected outcome: unknown;

  /**
   * Makes one that is pending.
   *
   * @param loop The loop it belongs to; the running one unless given.
   * @throws `RuntimeError` where none is given and none runs.
   */
  constructor(loop: EventLoop = requireLoop("new Future()")) {
    super();
    this.loop = loop;
    this.observers = null;
    this.marks = 0;
    this.outcome = undefined;
  }

  /** @internal Somebody has asked for the outcome. */
  get observed(): boolean {
    return (this.marks & OBSERVED) !== 0;
  }

  /** @internal */
  set observed(observed: boolean) {
    this.marks = observed ? this.marks | OBSERVED : this.marks & ~OBSERVED;
  }

  /** Whether it has a result or an exception or was cancelled. */
  done(): boolean {
    return (this.marks & ENDED) !== 0;
  }

  /** Whether it was cancelled. */
  cancelled(): boolean {
    return (this.marks & ENDED) === CANCELLED;
  }

  /**
   * The result.
   *
   * @throws The exception where there is one; `CancelledError` where it was cancelled;
   * `InvalidStateError` where it is not done.
   */
  result(): T {
    const error = this.exceptionOrCancel("result");
    if (error !== null) throw error.value;
    return this.outcome as T;
  }

  /**
   * The exception, or `null` where there is a result.
   *
   * @throws `CancelledError` where it was cancelled; `InvalidStateError` where it is not done.
   */
  exception(): unknown {
    const error = this.exceptionOrCancel("exception");
    if (this.cancelled()) throw this.outcome;
    return error === null ? null : error.value;
  }

  /**
   * Ends it with a result; who awaits it goes on with `value`.
   *
   * @throws `InvalidStateError` where it is done already.
   */
  setResult(value: T): void {
    this.requirePending("result");
    this.finish(RESULT, value);
  }

  /**
   * Ends it with an exception; who awaits it gets `error` thrown.
   *
   * @throws `InvalidStateError` where it is done already.
   */
  setException(error: unknown): void {
    this.requirePending("exception");
    this.finish(EXCEPTION, error);
  }

  /**
   * Cancels it.
   *
   * @param message Arrives as the message of the `CancelledError`.
   * @returns `false` where it was done already.
   */
  cancel(message?: string): boolean {
    if (this.done()) return false;
    this.finish(CANCELLED, new CancelledError(message));
    return true;
  }

  /** Calls `callback` with this future, on the loop, when it is done. Order is that of adding. */
  addDoneCallback(callback: (future: this) => void): void {
    const handle = new DoneCallback(this.loop, callback as (future: unknown) => void, this);
    if (this.done()) this.loop.schedule(handle);
    else this.addObserver(handle);
  }

  /** Takes every registration of `callback` back and tells how many there were. */
  removeDoneCallback(callback: (future: this) => void): number {
    let removed = 0;
    const kept: Ready[] = [];
    for (let node = this.takeObserver(); node !== null; node = this.takeObserver()) {
      if (node instanceof DoneCallback && node.is(callback as (future: unknown) => void)) removed++;
      else kept.push(node);
    }
    for (const node of kept) this.addObserver(node);
    return removed;
  }

  /** The loop it belongs to. */
  getLoop(): EventLoop {
    return this.loop;
  }

  /** @internal The futures whose end makes this one's. */
  awaits(): readonly Future<unknown>[] {
    return [];
  }

  /** @internal */
  override step(): void {}

  /** @internal */
  override describe(): string {
    return "a future";
  }

  /** @internal Whether it is done and has a result. */
  settledWell(): boolean {
    return (this.marks & ENDED) === RESULT;
  }

  /** @internal What it failed with, its `CancelledError` included. */
  error(): unknown {
    this.observed = true;
    return this.outcome;
  }

  /** @internal Ends it. */
  protected finish(state: Ending, outcome: unknown): void {
    this.marks |= state;
    this.outcome = outcome;
    for (let node = this.takeObserver(); node !== null; node = this.takeObserver()) {
      if (node instanceof FutureWait) this.deliverTo(node);
      else this.loop.schedule(node);
    }
  }

  /** @internal The exception's box, so that `undefined` can be thrown too. */
  private exceptionOrCancel(what: string): { value: unknown } | null {
    if (!this.done()) {
      throw new InvalidStateError(`Cannot read the ${what} of ${this.describe()}: it is not done`);
    }
    this.observed = true;
    return this.settledWell() ? null : { value: this.outcome };
  }

  /** Refuses to end what has ended. */
  private requirePending(what: string): void {
    if (this.done()) {
      throw new InvalidStateError(`Cannot set the ${what} of ${this.describe()}: it is done`);
    }
  }

  /** @internal Somebody waits for its end. */
  addObserver(node: Ready): void {
    const last = this.observers;
    node.next = last === null ? node : last.next;
    if (last !== null) last.next = node;
    this.observers = node;
  }

  /** Who has waited longest does so no more. */
  private takeObserver(): Ready | null {
    const last = this.observers;
    if (last === null) return null;
    const first = last.next!;
    if (first === last) this.observers = null;
    else last.next = first.next;
    first.next = null;
    return first;
  }

  /** @internal Somebody waits no more. */
  removeObserver(node: Ready): void {
    const last = this.observers;
    if (last === null || node.next === null) return;
    let before = last;
    while (before.next !== node) {
      before = before.next!;
      if (before === last) return;
    }
    before.next = node.next;
    if (node === last) this.observers = before === node ? null : before;
    node.next = null;
  }

  /** @internal What `await` on this future in `scope` waits on. */
  wait(scope: Scope | null): Wait<T> | Settled<T> {
    this.observed = true;
    if (this.done()) return new Settled(this.outcome as T, !this.settledWell());
    if (scope !== null && (scope.task === this as unknown || scope.loop !== this.loop)) {
      const why = scope.loop === this.loop ? "cannot await itself" : "belongs to another loop";
      return new Settled(new RuntimeError(`${this.describe()} ${why}`) as T, true);
    }
    return new FutureWait<T>(scope, this).park();
  }

  /** @internal Hands the outcome to a wait. */
  protected deliverTo(wait: Wait<T>): void {
    if (this.settledWell()) wait.settleWith(this.outcome);
    else wait.fail(this.outcome);
  }

  /** The engine's `await` calls it. */
  then<A = T, B = never>(
    onFulfilled?: ((value: T) => A | PromiseLike<A>) | null,
    onRejected?: ((reason: unknown) => B | PromiseLike<B>) | null,
  ): PromiseLike<A | B> {
    return thenable(this.wait(currentScope()), onFulfilled, onRejected);
  }

  /** As a promise's `catch`. */
  catch<B = never>(
    onRejected?: ((reason: unknown) => B | PromiseLike<B>) | null,
  ): PromiseLike<T | B> {
    return this.then(undefined, onRejected);
  }

  /** As a promise's `finally`. */
  finally(onFinally: () => unknown): PromiseLike<T> {
    return this.then(
      async (value) => {
        await onFinally();
        return value;
      },
      async (error) => {
        await onFinally();
        throw error;
      },
    );
  }

  /** @internal The compiled driver's way in. */
  awaitBy(waiter: Waiter): void {
    this.wait(currentScope()).awaitBy(waiter);
  }
}

/** One await on a future. */
class FutureWait<T> extends Wait<T> {
  declare private readonly future: Future<T>;

  constructor(scope: Scope | null, future: Future<T>) {
    super(scope);
    this.future = future;
    future.addObserver(this);
  }

  override get loop(): EventLoop {
    return this.future.loop;
  }

  /** The future is what gets cancelled; its end then ends this await. */
  override cancel(message: string | undefined): boolean {
    if (this.state === PENDING && this.future.cancel(message)) return true;
    return super.cancel(message);
  }

  override awaits(): readonly unknown[] {
    return [this.future];
  }

  protected override unpark(): void {
    this.future.removeObserver(this);
  }

  override describe(): string {
    return this.future.describe();
  }
}
