/**
 * What a compiled `await` does with what it is given: something of ours, a promise of the engine, another thenable, or a
 * plain value.
 *
 * @module
 */

import { Coroutine, Deferred, isObject } from "./coroutine.ts";
import { Future } from "./future.ts";
import { enqueue, inScope } from "./microtasks.ts";
import { Ready } from "./ready.ts";
import type { Scope } from "./scope.ts";
import { SMALL } from "./small.ts";
import { Settled, Wait, type Waiter } from "./wait_base.ts";

/** What is ours to await: it tells a waiter itself. */
export type Own = Deferred | Wait | Future<unknown> | Settled<unknown>;

/** By class: a proxy would answer to any name. Asking it for its class can throw, and asking it again will. */
export function isOwn(value: object): value is Own {
  // Boards have no proxies, and their compiler has to see what is left.
  if (SMALL) {
    return value instanceof Wait || value instanceof Deferred || value instanceof Future ||
      value instanceof Settled;
  }
  try {
    return value instanceof Ready
      ? (value as Partial<Wait>).awaitBy !== undefined
      : value instanceof Deferred || value instanceof Settled;
  } catch {
    return false;
  }
}

/** Awaits a promise that is not ours in a scope, so that it can be cancelled. Installed by `foreign_wait.ts`. */
let awaitInScope: ((scope: Scope, promise: PromiseLike<unknown>, waiter: Waiter) => void) | null =
  null;

/** Hands over what awaits foreign promises in a scope. */
export function awaitForeignBy(given: typeof awaitInScope): void {
  awaitInScope = given;
}

/** Makes `coroutine` go on when `value` is there. */
export function awaitFor(coroutine: Coroutine, value: unknown): void {
  if (!isObject(value)) return coroutine.resume(value);
  if (isOwn(value)) return value.awaitBy(coroutine);
  awaitForeign(coroutine, value);
}

/** Awaits what is not ours. Asking a proxy for its `then` can throw. */
function awaitForeign(coroutine: Coroutine, value: object): void {
  let then: unknown;
  try {
    if (value instanceof Promise && value.constructor === Promise && heard(coroutine, value)) {
      return;
    }
    then = (value as { then?: unknown }).then;
  } catch (error) {
    return coroutine.throw(error);
  }
  if (typeof then === "function") listen(coroutine, promiseOf(value, then as Then));
  else coroutine.resume(value);
}

/** Listens to a promise itself, whatever its `then` is; `false` where it only looks like one. */
function heard(coroutine: Coroutine, promise: Promise<unknown>): boolean {
  try {
    listen(coroutine, promise);
    return true;
  } catch {
    return false;
  }
}

/** The method that makes a thenable one. */
export type Then = (resolve: (value: unknown) => void, reject: (error: unknown) => void) => unknown;

/** A promise for a thenable that is not one: it is asked in a job of its own, and may say what it likes. */
export function promiseOf(thenable: object, then: Then): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const ask = () => {
      try {
        then.call(thenable, resolve, reject);
      } catch (error) {
        reject(error);
      }
    };
    enqueue(new Coroutine(ask));
  });
}

/** Makes `coroutine` go on with what a promise of the engine tells. */
export function listen(coroutine: Coroutine, promise: Promise<unknown>): void {
  const { scope } = coroutine;
  const then = (resolve: (value: unknown) => void, reject: (error: unknown) => void) =>
    Promise.prototype.then.call(promise, resolve, reject);
  if (awaitInScope !== null && scope !== null) {
    awaitInScope(scope, { then } as PromiseLike<unknown>, coroutine);
  } else {
    then(
      inScope((value: unknown) => coroutine.resume(value)),
      inScope((error: unknown) => coroutine.throw(error)),
    );
  }
}
