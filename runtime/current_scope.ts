import type { Scope } from "./scope.ts";

let current: Scope | null = null;

/** The scope of the code that is running, or `null` outside tasks. */
export function currentScope(): Scope | null {
  return current;
}

/** Makes `scope` that of the code that is running, and gives the one before. */
export function enter(scope: Scope | null): Scope | null {
  const outer = current;
  current = scope;
  return outer;
}

/** Runs `fn` in `inner`; the coroutines that it starts stay there. */
export function runInScope<A, B, R>(
  inner: Scope | null,
  fn: (a: A, b: B) => R,
  a?: A,
  b?: B,
): R {
  const outer = enter(inner);
  try {
    return fn(a as A, b as B);
  } finally {
    current = outer;
  }
}
