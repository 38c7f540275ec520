/**
 * The compiled driver: what stands in the place of `native.ts` where coroutines are compiled. Nothing here makes a
 * promise, except for code that is not ours.
 *
 * @module
 */

import { Settled } from "./wait_base.ts";
import type { Awaitable, Wait, Waiter } from "./wait_base.ts";

export { currentScope, nothing, runInScope, stepNode } from "./coroutine.ts";
export { Coroutine, Coroutine3, Coroutine8, reject, start } from "./coroutine.ts";
export { generate, GeneratorBody } from "./async_generator.ts";
export {
  Delegate,
  ForAwait,
  ForIn,
  ForOf,
  propertyKey,
  requireObject,
  restOf,
} from "./iteration.ts";

/** A coroutine knows its scope: nothing else has to carry it. */
export function carryBy(): void {}

/** The driver itself ends streaks. */
export function endStreak(): void {}

/** See {@linkcode endStreak}. */
export function streakIsOver(): boolean {
  return false;
}

/** What the caller awaits: the wait. */
export function offer<T>(wait: Wait<T>): Awaitable<T> {
  return wait;
}

/** Something settled as what the caller awaits. */
export function offerSettled<T>(value: T): Awaitable<T> {
  return new Settled(value);
}

/** There are no native faces. */
export function isFace(): boolean {
  return false;
}

/** See {@linkcode isFace}. */
export function abandon(): void {}

/** Calls `fn` when the awaits that have been reached by now are known, those of foreign code included. */
export function afterAwaits(fn: () => void): void {
  Promise.resolve().then(() => {}).then(fn);
}

/** Makes `then` out of `awaitBy`, for foreign code. */
export function thenable<T, A = T, B = never>(
  source: { awaitBy(waiter: Waiter): void },
  onFulfilled?: ((value: T) => A | PromiseLike<A>) | null,
  onRejected?: ((reason: unknown) => B | PromiseLike<B>) | null,
): PromiseLike<A | B> {
  return new Promise<T>((resolve, reject) => {
    source.awaitBy({
      nextWaiter: null,
      resume: resolve as (value: unknown) => void,
      throw: reject,
    });
  }).then(onFulfilled, onRejected);
}
