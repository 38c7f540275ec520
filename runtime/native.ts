/**
 * The native driver: what the engine's own async functions need to run on the loop. The loop and the waits know
 * only {@linkcode Waiter}. A build that compiles coroutines puts `compiled.ts` in the place of this module.
 *
 * @module
 */

import type { Carrier } from "./platform.ts";
import type { Ready } from "./ready.ts";
import type { Scope } from "./scope.ts";
import { LONGEST_STREAK } from "./streak.ts";
import type { Awaitable, Settled, Wait, Waiter } from "./wait_base.ts";

/** Until a target is installed. */
let carrier: Carrier = { get: () => null, run: (_scope, fn, ...args) => fn(...args) };

/** Takes what carries the current scope through the engine's awaits. */
export function equip(host: { readonly carrier?: Carrier }): void {
  if (host.carrier !== undefined) carrier = host.carrier;
}

/** What native calls give is a promise of the engine's. */
export function isCall(_value: unknown): boolean {
  return false;
}

/** Only compiled code can change its scope like this. */
export function enter(_scope: Scope | null): Scope | null {
  return null;
}

/** The scope of the code that is running, or `null` outside tasks. */
export function currentScope(): Scope | null {
  return carrier.get() ?? null;
}

/** Runs `fn` in `inner`. */
export function runInScope<A, B, R>(
  inner: Scope | null,
  fn: (a: A, b: B) => R,
  a?: A,
  b?: B,
): R {
  return carrier.run(inner, fn, a as A, b as B);
}

/** Whether coroutines are compiled. */
export const COMPILED: boolean = false;

/** A handler for promises as one that runs in the scope in which it was made: the engine sees to that. */
export function inScope<F>(fn: F): F {
  return fn;
}

/** Where the program called the runtime: the first line of the stack that is not the runtime's own. */
export function placeOfCall(): string | undefined {
  const lines = (new Error().stack ?? "").split("\n").slice(1);
  const own = /[/\\]runtime[/\\](?!.*_test\.)/;
  return lines.find((line) => !own.test(line))?.trim();
}

/** The engine awaits what is not ours. */
export function awaitForeignBy(
  _await: (scope: Scope, promise: PromiseLike<unknown>, waiter: Waiter) => void,
): void {}

/** Steps a node of the ready queue; what it resumes runs in the engine's microtasks. */
export function stepNode(node: Ready): void {
  node.step();
}

/** How many awaits in a row have gone on at once, in the engine's microtasks. */
let streak = 0;

/** A turn of a loop begins: everything has had its chance. */
export function endStreak(): void {
  streak = 0;
}

/** Whether something settled has to wait for a turn of the loop all the same. */
export function streakIsOver(): boolean {
  return ++streak > LONGEST_STREAK;
}

/**
 * What the caller awaits: a promise, which the engine awaits two microtasks sooner than another thenable, for
 * a quarter less time.
 */
export function offer<T>(wait: Wait<T>): Awaitable<T> {
  const face = new Face<T>();
  wait.awaitBy(face);
  return face.promise;
}

/** Something settled as what the caller awaits. */
export function offerSettled<T>(value: T): Awaitable<T> {
  return Promise.resolve(value);
}

/** A wait's native face: the promise that the engine awaits. */
class Face<T> implements Waiter {
  nextWaiter: Waiter | null = null;
  readonly promise: Promise<T>;
  private settle!: (value: T | PromiseLike<T>) => void;

  constructor() {
    this.promise = new Promise<T>((resolve) => this.settle = resolve);
  }

  resume(value: unknown): void {
    this.settle(value as T);
  }

  throw(error: unknown): void {
    this.settle(Promise.reject(error));
  }
}

/** Whether `promise` is the native face that `waiter` settles. */
export function isFace(waiter: Waiter, promise: unknown): boolean {
  return waiter instanceof Face && waiter.promise === promise;
}

/** Nobody will await the native face that `waiter` settles. */
export function abandon(waiter: Waiter): void {
  if (waiter instanceof Face) waiter.promise.catch(nothing);
}

/**
 * Calls `fn` when the awaits that have been reached by now are known: the engine calls `then` one
 * microtask after an `await`.
 */
export function afterAwaits(fn: () => void): void {
  Promise.resolve().then(nothing).then(fn);
}

/** What a call has given already, where that can be told: the engine's promises do not tell. */
export function outcomeOf(_awaitable: unknown): Settled<unknown> | null {
  return null;
}

/** Does nothing, as a handler. */
function nothing(): void {}

/** Makes `then` out of `awaitBy`. The engine passes both functions and drops what comes back. */
export function thenable<T, A = T, B = never>(
  source: { awaitBy(waiter: Waiter): void },
  onFulfilled?: ((value: T) => A | PromiseLike<A>) | null,
  onRejected?: ((reason: unknown) => B | PromiseLike<B>) | null,
): PromiseLike<A | B> {
  if (typeof onFulfilled !== "function" || typeof onRejected !== "function") {
    return new Promise<T>((resolve, reject) => {
      source.awaitBy(new Reaction(resolve as (value: unknown) => void, reject));
    }).then(onFulfilled, onRejected);
  }
  const reaction = new Reaction<A, B>(onFulfilled as (value: unknown) => A, onRejected);
  source.awaitBy(reaction);
  return reaction;
}

/**
 * A native continuation. It is also what `then` gives back: a promise for what the handlers return,
 * made only when somebody asks for it, since the engine never does.
 */
class Reaction<A, B> implements Waiter, PromiseLike<A | B> {
  nextWaiter: Waiter | null = null;
  private result: PromiseLike<A | B> | null = null;
  private resolve: ((value: A | B | PromiseLike<A | B>) => void) | null = null;

  constructor(
    private readonly onFulfilled: (value: unknown) => A | PromiseLike<A>,
    private readonly onRejected: (reason: unknown) => B | PromiseLike<B>,
  ) {}

  resume(value: unknown): void {
    this.finish(this.onFulfilled, value);
  }

  throw(error: unknown): void {
    this.finish(this.onRejected, error);
  }

  private finish(handler: (value: unknown) => A | B | PromiseLike<A | B>, value: unknown): void {
    let result: A | B | PromiseLike<A | B>;
    try {
      result = handler(value);
    } catch (error) {
      result = Promise.reject(error);
    }
    if (this.resolve !== null) this.resolve(result);
    else if (result !== undefined) this.result = Promise.resolve(result) as PromiseLike<A | B>;
    else this.result = NOTHING as PromiseLike<A | B>;
  }

  then<C = A | B, D = never>(
    onFulfilled?: ((value: A | B) => C | PromiseLike<C>) | null,
    onRejected?: ((reason: unknown) => D | PromiseLike<D>) | null,
  ): PromiseLike<C | D> {
    this.result ??= new Promise<A | B>((resolve) => this.resolve = resolve);
    return this.result.then(onFulfilled, onRejected);
  }
}

/** What the engine's own handlers give back. */
const NOTHING: PromiseLike<unknown> = { then: (f, r) => Promise.resolve().then(f, r) };
