import { CancelledError } from "./errors.ts";
import { currentScope } from "./platform.ts";

import type { EventLoop } from "./loop.ts";
import {
  abandon,
  COMPILED,
  inScope,
  isFace,
  offerSettled,
  placeOfCall,
  streakIsOver,
  thenable,
} from "./native.ts";
import { Ready } from "./ready.ts";
import { addWaiter, tellWaiters, waitersOf } from "./waiters.ts";
import { addWait, noteResumed, parked, rarely, removeWait, type Scope, takeOwed } from "./scope.ts";

/** What can be awaited; every call of the runtime that waits gives one. */
export type Awaitable<T> = PromiseLike<T>;

/** What goes on when an awaited thing is there: a native continuation or a compiled coroutine. */
export interface Waiter {
  resume(value: unknown): void;
  throw(error: unknown): void;
  /** The next one that awaits the same thing. */
  nextWaiter: Waiter | null;
}

/** Still waiting. */
export const PENDING = 0;
/** What it waits for has come; it is on the ready queue. */
export const WOKEN = 1;
/** Its outcome is final. */
const DONE = 2;
/** What came is an error. */
const FAILED = 4;
/** It was cancelled after it was woken. */
const CANCELLED = 8;

/**
 * One call that waits: `sleep`, `event.wait()`, `queue.get()`. It belongs to the scope it was called
 * in, is parked where the thing will happen, and when that happens goes on the loop's ready queue.
 *
 * A cancel that comes while it is parked takes it out (`unpark`). One that comes after it was woken and
 * before it ran makes it end cancelled all the same, and what it was given is handed on (`giveBack`).
 */
export abstract class Wait<out T = unknown> extends Ready implements PromiseLike<T> {
  /** The wait that came to its scope after it; see {@linkcode addWait}. */
  declare scopeNext: Wait | null;
  declare scope: Scope | null;
  /** {@linkcode PENDING}, or what became of it. */
  declare state: number;
  /** The result, or the error where it failed. */
  declare value: unknown;
  declare waiter: Waiter | null;

  constructor(scope: Scope | null) {
    super();
    this.scopeNext = null;
    this.scope = scope;
    this.state = PENDING;
    this.value = undefined;
    this.waiter = null;
  }

  /** The loop it is stepped on. */
  get loop(): EventLoop {
    return this.scope!.loop;
  }

  /** Whether its outcome is final. */
  get done(): boolean {
    return (this.state & DONE) !== 0;
  }

  /** Whether `value` is what it throws. */
  get failed(): boolean {
    return (this.state & FAILED) !== 0;
  }

  /** @internal The futures whose end it waits for. */
  awaits(): readonly unknown[] {
    return [];
  }

  /** Takes the wait out of what it waits for. */
  protected abstract unpark(): void;

  /** It was woken, but is cancelled before it ran: hand on what it was given. */
  protected giveBack(): void {}

  /** Takes what it was woken for; `false` where somebody else has, and it is parked again. */
  protected claim(): boolean {
    return true;
  }

  /** Registers with the scope, once it is parked where it waits. */
  park(): this {
    const { scope } = this;
    if (scope === null) return this;
    addWait(scope, this as Wait);
    const { rare } = scope.task;
    if (rare !== null && rare.debts !== 0) this.payDebt(scope);
    if (scope.loop.watched) this.tellParked(scope);
    return this;
  }

  private payDebt(scope: Scope): void {
    const owed = takeOwed(scope);
    if (owed !== null) this.cancel(owed.message || undefined);
  }

  private tellParked({ loop, task }: Scope): void {
    loop.observer?.waits(task, this as Wait);
    if (loop.getDebug()) (origins ??= new WeakMap()).set(this, placeOfCall());
  }

  /** It is over and waits anew. */
  renew(): void {
    this.state = PENDING;
  }

  /** Another task takes over a call that waits already. */
  moveTo(scope: Scope): this {
    for (const each of waitersOf(this)) abandon(each);
    if (this.done) return this;
    if (this.scope !== null) removeWait(this.scope, this as Wait);
    this.scope = scope;
    addWait(scope, this as Wait);
    return this;
  }

  /** Whether `promise` is its native face. */
  isBehind(promise: unknown): boolean {
    return waitersOf(this).some((each) => isFace(each, promise));
  }

  /** What it waits for is there. */
  settle(value?: T): void {
    this.settleWith(value);
  }

  /** The same for callers that know the value by its wait. */
  settleWith(value: unknown): void {
    if (this.state !== PENDING) return;
    this.state = WOKEN;
    this.value = value;
    this.wake();
  }

  /** Goes on within this turn, so that nothing can come between. */
  settleNow(value: unknown, failed: boolean): void {
    if (this.state !== PENDING) return;
    this.state = failed ? WOKEN | FAILED : WOKEN;
    this.value = value;
    this.step();
  }

  /** What it waits for will not come. */
  fail(error: unknown): void {
    if (this.state !== PENDING) return;
    this.state = WOKEN | FAILED;
    this.value = error;
    this.wake();
  }

  private wake(): void {
    const loop = this.loop;
    if (loop.watched) loop.observer?.woken(this as Wait);
    loop.schedule(this);
  }

  /** Takes back that it was cancelled, where it was so after it was woken. */
  forgive(): void {
    this.state &= ~CANCELLED;
  }

  /** Makes it throw `error` where it has been woken, in place of what it was woken with. */
  protected failWith(error: unknown): void {
    this.state |= FAILED;
    this.value = error;
  }

  /** Makes it give `value` where it has been woken, in place of what it was woken with. */
  protected succeedWith(value: unknown): void {
    this.state &= ~FAILED;
    this.value = value;
  }

  /** Makes the await throw; `false` where it is over already. */
  cancel(message: string | undefined): boolean {
    if (this.done) return false;
    if (this.state === PENDING) {
      this.unpark();
      this.fail(new CancelledError(message));
    } else {
      this.state |= CANCELLED;
      if (this.scope !== null) rarely(this.scope.task).cancelMessage = message;
    }
    return true;
  }

  override step(): void {
    if (this.state !== WOKEN) this.stepLate();
    else if (!this.claim()) return;
    this.state = DONE | (this.state & FAILED);
    const { scope } = this;
    if (scope !== null) {
      removeWait(scope, this as Wait);
      if (!COMPILED) noteResumed(scope);
      if (scope.loop.watched) scope.loop.observer?.resumes(scope.task, this as Wait);
    }
    tellWaiters(this, this.value, this.failed);
  }

  /** It fails, or was cancelled after it was woken. */
  private stepLate(): void {
    if ((this.state & CANCELLED) === 0) return;
    if (!this.failed) this.giveBack();
    this.failWith(new CancelledError(this.scope?.task.cancelMessage));
  }

  override describeStep(): string {
    return this.scope === null ? this.describe() : this.scope.task.describe();
  }

  /** The loop is closed under it. */
  drop(): void {
    if (this.state === PENDING) this.unpark();
    else if (!this.done && !this.failed) this.giveBack();
    this.state = DONE | FAILED;
    this.value = new CancelledError("the loop was closed");
    if (this.scope !== null) removeWait(this.scope, this as Wait);
  }

  /** Goes on with `waiter` when the outcome is there; at once where it is. */
  awaitBy(waiter: Waiter): void {
    addWaiter(this, waiter);
    if (this.done) tellWaiters(this, this.value, this.failed);
  }

  /** The native driver's way in: the engine's `await` calls it. */
  then<A = T, B = never>(
    onFulfilled?: ((value: T) => A | PromiseLike<A>) | null,
    onRejected?: ((reason: unknown) => B | PromiseLike<B>) | null,
  ): PromiseLike<A | B> {
    return thenable(this, onFulfilled, onRejected);
  }
}

/** Tells `waiter` the outcome of `awaitable`, at once where it is ours and there. */
export function follow(awaitable: PromiseLike<unknown>, waiter: Waiter): void {
  const own = awaitable as { awaitBy?: (waiter: Waiter) => void };
  if (typeof own.awaitBy === "function") own.awaitBy(waiter);
  else {
    awaitable.then(
      inScope((value: unknown) => waiter.resume(value)),
      inScope((error: unknown) => waiter.throw(error)),
    );
  }
}

/** The wait of the running task, if it is one, that `awaitable` is or is the native face of. */
export function waitBehind(awaitable: unknown): Wait | null {
  if (awaitable instanceof Wait) return awaitable as Wait;
  const scope = currentScope();
  if (scope === null) return null;
  return parked(scope.task).find((wait) => wait.isBehind(awaitable)) ?? null;
}

/** Where waits began, in debug mode. */
let origins: WeakMap<object, string | undefined> | null = null;

/** What a wait waits for and, in debug mode, where it began. */
export function describeWait(wait: Wait): string {
  const origin = origins?.get(wait);
  return origin === undefined ? wait.describe() : `${wait.describe()} ${origin}`;
}

/** Something settled that waits for a turn all the same. It holds what was given, so it is not cancelled. */
export class Postponed extends Wait {
  constructor(scope: Scope, settled: Settled<unknown>) {
    super(scope);
    addWait(scope, this as Wait);
    if (settled.failed) this.fail(settled.value);
    else this.settle(settled.value);
  }

  override cancel(): boolean {
    return false;
  }

  protected override unpark(): void {}

  override describe(): string {
    return "a turn of the loop";
  }
}

/** What was there already when it was asked for: awaiting it goes on at once. */
export class Settled<T> implements PromiseLike<T> {
  declare readonly value: T;
  declare readonly failed: boolean;

  constructor(value: T, failed = false) {
    this.value = value;
    this.failed = failed;
  }

  awaitBy(waiter: Waiter): void {
    if (streakIsOver()) {
      const scope = currentScope();
      if (scope !== null) return new Postponed(scope, this as Settled<unknown>).awaitBy(waiter);
    }
    if (this.failed) waiter.throw(this.value);
    else waiter.resume(this.value);
  }

  then<A = T, B = never>(
    onFulfilled?: ((value: T) => A | PromiseLike<A>) | null,
    onRejected?: ((reason: unknown) => B | PromiseLike<B>) | null,
  ): PromiseLike<A | B> {
    return thenable(this, onFulfilled, onRejected);
  }
}

/** What a call gives whose thing is there already: awaiting it goes on at once. */
export function settled<T>(value: T): Awaitable<T> {
  if (streakIsOver()) {
    const scope = currentScope();
    if (scope !== null) return new Postponed(scope, new Settled<unknown>(value)) as Wait<T>;
  }
  return offerSettled(value);
}
