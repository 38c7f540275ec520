/**
 * The awaits that led to an error, written into its stack: where code was compiled for debugging.
 *
 * @module
 */

import { Coroutine } from "./coroutine.ts";

let latest = "";

/** Notes that the running code awaits at `where`: only in code that was compiled for debugging. */
export function place(where: string): string {
  return latest = where;
}

/** Where an await was reached last. */
export function lastPlace(): string {
  return latest;
}

/** Whose awaits an error's stack tells already. */
let told: WeakMap<object, Set<unknown>> | null = null;

/** How many awaits a stack tells: one error may be thrown at many, again and again. */
const LONGEST_CHAIN = 50;

/**
 * Writes into an error's stack which awaits led to it, where the code knows: those of `waiter` and of who awaits it.
 * Whoever awaits only later gets the error then, and is told of then.
 */
export function tellChain(error: unknown, waiter: unknown): void {
  if (latest === "" || !(error instanceof Error)) return;
  told ??= new WeakMap();
  const known = told.get(error) ?? new Set();
  told.set(error, known);
  for (let each = waiter; each instanceof Coroutine && !known.has(each); each = each.waiter) {
    if (known.size === LONGEST_CHAIN) return;
    known.add(each);
    if (each.w !== undefined) error.stack += `\n    at async ${each.w}`;
  }
}
