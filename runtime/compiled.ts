/**
 * The compiled driver: what stands in the place of `native.ts` where coroutines are compiled. Nothing here makes a
 * promise, except for code that is not ours.
 *
 * @module
 */

import { lastPlace } from "./await_chain.ts";
import { Deferred, DONE, FAILED } from "./coroutine.ts";
import { chain } from "./reactions.ts";
import { Settled } from "./wait_base.ts";
import type { Awaitable, Wait, Waiter } from "./wait_base.ts";

export { currentScope, enter, runInScope } from "./current_scope.ts";
export { afterAwaits, equip } from "./equipment.ts";
export { inScope, stepNode } from "./microtasks.ts";
export { awaitForeignBy } from "./await_for.ts";
export { start, start3, start8 } from "./calls.ts";
export { reject } from "./coroutine.ts";
export { apply, bind, constants, initialized, UNSET } from "./language.ts";
export { place } from "./await_chain.ts";
export { all, allSettled, any, race } from "./combine.ts";
export { generate } from "./async_generator.ts";
export {
  Delegate,
  ForAwait,
  ForIn,
  ForOf,
  propertyKey,
  requireObject,
  restOf,
} from "./iteration.ts";

/** Whether coroutines are compiled. */
export const COMPILED = true;

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

/** Something settled as what the caller awaits; what is asked for most often is shared. */
export function offerSettled<T>(value: T): Awaitable<T> {
  if (value === undefined) return NOTHING as Settled<T>;
  if (value === true) return YES as Settled<T>;
  return new Settled(value);
}

const NOTHING: Settled<unknown> = new Settled<unknown>(undefined);
const YES: Settled<unknown> = new Settled<unknown>(true);

/** Where the program awaited last: known in code that was compiled for debugging. */
export function placeOfCall(): string | undefined {
  const known = lastPlace();
  return known === "" ? undefined : `at ${known}`;
}

/** There are no native faces. */
export function isFace(): boolean {
  return false;
}

/** See {@linkcode isFace}. */
export function abandon(): void {}

/** Whether a value is what a compiled call gives. */
export function isCall(value: unknown): boolean {
  return value instanceof Deferred;
}

/** What a call has given already. */
export function outcomeOf(awaitable: unknown): Settled<unknown> | null {
  if (awaitable instanceof Settled) return awaitable;
  if (!(awaitable instanceof Deferred) || (awaitable.at !== DONE && awaitable.at !== FAILED)) {
    return null;
  }
  return new Settled(awaitable.v, awaitable.at === FAILED);
}

/** Makes `then` out of `awaitBy`. */
export function thenable<T, A = T, B = never>(
  source: { awaitBy(waiter: Waiter): void },
  onFulfilled?: ((value: T) => A | PromiseLike<A>) | null,
  onRejected?: ((reason: unknown) => B | PromiseLike<B>) | null,
): PromiseLike<A | B> {
  return chain(source, onFulfilled, onRejected) as PromiseLike<A | B>;
}
