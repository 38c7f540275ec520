import { CancelledError } from "./errors.ts";
import { currentScope } from "./platform.ts";

import type { EventLoop } from "./loop.ts";
import {
  abandon,
  inScope,
  isFace,
  offerSettled,
  placeOfCall,
  streakIsOver,
  thenable,
} from "./native.ts";
import { Ready } from "./ready_queue.ts";
import type { Scope } from "./scope.ts";

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
export const DONE = 2;

/**
 * One call that waits: `sleep`, `event.wait()`, `queue.get()`. It belongs to the scope it was called
 * in, is parked where the thing will happen, and when that happens goes on the loop's ready queue.
 *
 * A cancel that comes while it is parked takes it out (`unpark`). One that comes after it was woken and
 * before it ran makes it end cancelled all the same, and what it was given is handed on (`giveBack`).
 */
export abstract class Wait<out T = unknown> extends Ready implements PromiseLike<T> {
  scopeNext: Wait | null = null;
  scopePrev: Wait | null = null;
  state: typeof PENDING | typeof WOKEN | typeof DONE = PENDING;
  failed = false;
  mustCancel = false;
  /** The result, or the error where `failed`. */
  value: unknown = undefined;
  private waiter: Waiter | null = null;

  constructor(public scope: Scope | null, readonly loop: EventLoop) {
    super();
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
    const { scope, loop } = this;
    if (scope !== null) {
      scope.add(this as Wait);
      if (scope.task.debts !== 0) {
        const owed = scope.takeOwed();
        if (owed !== null) {
          this.cancel(owed.message || undefined);
        }
      }
      if (loop.observer !== null) loop.observer.waits(scope.task, this as Wait);
      if (loop.getDebug()) (origins ??= new WeakMap()).set(this, placeOfCall());
    }
    return this;
  }

  /** Another task takes over a call that waits already. */
  moveTo(scope: Scope): this {
    for (let each = this.waiter; each !== null; each = each.nextWaiter) abandon(each);
    if (this.state === DONE) return this;
    this.scope?.remove(this as Wait);
    this.scope = scope;
    scope.add(this as Wait);
    return this;
  }

  /** Whether `promise` is its native face. */
  isBehind(promise: unknown): boolean {
    for (let each = this.waiter; each !== null; each = each.nextWaiter) {
      if (isFace(each, promise)) return true;
    }
    return false;
  }

  /** The same for callers that know the value by its wait. */
  settleWith(value: unknown): void {
    this.settle(value as T);
  }

  /** What it waits for is there. */
  settle(value?: T): void {
    if (this.state !== PENDING) return;
    this.state = WOKEN;
    this.value = value;
    this.wake();
  }

  /** Goes on within this turn, so that nothing can come between. */
  settleNow(value: unknown, failed: boolean): void {
    if (this.state !== PENDING) return;
    this.state = WOKEN;
    this.failed = failed;
    this.value = value;
    this.step();
  }

  /** What it waits for will not come. */
  fail(error: unknown): void {
    if (this.state !== PENDING) return;
    this.state = WOKEN;
    this.failed = true;
    this.value = error;
    this.wake();
  }

  private wake(): void {
    const { loop } = this;
    if (loop.observer !== null) loop.observer.woken(this as Wait);
    loop.schedule(this);
  }

  /** Makes the await throw; `false` where it is over already. */
  cancel(message: string | undefined): boolean {
    if (this.state === DONE) return false;
    if (this.state === WOKEN) {
      this.mustCancel = true;
      if (this.scope !== null) this.scope.task.cancelMessage = message;
    } else {
      this.unpark();
      this.fail(new CancelledError(message));
    }
    return true;
  }

  override step(): void {
    const { scope } = this;
    if (this.mustCancel) {
      if (!this.failed) this.giveBack();
      this.failed = true;
      this.value = new CancelledError(scope?.task.cancelMessage);
    } else if (!this.failed && !this.claim()) return;
    this.state = DONE;
    if (scope !== null) {
      scope.remove(this as Wait);
      for (let each: Scope | null = scope; each !== null; each = each.parent) {
        each.resumedIn = this.loop.epoch;
      }
      if (this.loop.observer !== null) this.loop.observer.resumes(scope.task, this as Wait);
    }
    let waiter = this.waiter;
    this.waiter = null;
    while (waiter !== null) {
      const next: Waiter | null = waiter.nextWaiter;
      waiter.nextWaiter = null;
      if (this.failed) waiter.throw(this.value);
      else waiter.resume(this.value);
      waiter = next;
    }
  }

  override describeStep(): string {
    return this.scope === null ? this.describe() : this.scope.task.describe();
  }

  /** The loop is closed under it. */
  drop(): void {
    if (this.state === PENDING) this.unpark();
    else if (this.state === WOKEN && !this.failed) this.giveBack();
    this.state = DONE;
    this.failed = true;
    this.value = new CancelledError("the loop was closed");
    this.scope?.remove(this as Wait);
  }

  /** Goes on with `waiter` when the outcome is there; at once where it is. */
  awaitBy(waiter: Waiter): void {
    if (this.state === DONE) {
      if (this.failed) waiter.throw(this.value);
      else waiter.resume(this.value);
    } else if (this.waiter === null) this.waiter = waiter;
    else {
      let last = this.waiter;
      while (last.nextWaiter !== null) last = last.nextWaiter;
      last.nextWaiter = waiter;
    }
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
  const { awaitBy } = awaitable as { awaitBy?: (waiter: Waiter) => void };
  if (typeof awaitBy === "function") awaitBy.call(awaitable, waiter);
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
  const parked = currentScope()?.task.scope.parked() ?? [];
  return parked.find((wait) => wait.isBehind(awaitable)) ?? null;
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
    super(scope, scope.loop);
    scope.add(this as Wait);
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
  readonly state = DONE;

  constructor(readonly value: T, readonly failed: boolean = false) {}

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
