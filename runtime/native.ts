/**
 * The native driver: what the engine's own async functions need to run on the loop. The loop and the waits know
 * only {@linkcode Waiter}; a compiled coroutine is one itself and needs nothing of this file.
 *
 * @module
 */

import type { Waiter } from "./wait_base.ts";

/**
 * Calls `fn` when the awaits that have been reached by now are known: the engine calls `then` one
 * microtask after an `await`.
 */
export function afterAwaits(fn: () => void): void {
  Promise.resolve().then(nothing).then(fn);
}

/** Does nothing, as a handler. */
export function nothing(): void {}

/** Makes `then` out of `await`. The engine passes both functions and drops what comes back. */
export function thenable<T, A = T, B = never>(
  source: { await(waiter: Waiter): void },
  onFulfilled?: ((value: T) => A | PromiseLike<A>) | null,
  onRejected?: ((reason: unknown) => B | PromiseLike<B>) | null,
): PromiseLike<A | B> {
  if (typeof onFulfilled !== "function" || typeof onRejected !== "function") {
    return new Promise<T>((resolve, reject) => {
      source.await(new Reaction(resolve as (value: unknown) => void, reject));
    }).then(onFulfilled, onRejected);
  }
  const reaction = new Reaction<A, B>(onFulfilled as (value: unknown) => A, onRejected);
  source.await(reaction);
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
