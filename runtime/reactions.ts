import { start } from "./calls.ts";
import type { Coroutine } from "./coroutine.ts";

/** What `then` gives: another coroutine, which calls the handler in the scope of who asked. */
export function chain(
  source: unknown,
  onFulfilled?: ((value: never) => unknown) | null,
  onRejected?: ((reason: unknown) => unknown) | null,
): Coroutine {
  return start((self, at) => {
    const { v } = self;
    if (at === 0) {
      self.at = 1;
      self.h = 2;
      return source;
    }
    self.h = 0;
    if (at === 1) return typeof onFulfilled === "function" ? onFulfilled(v as never) : v;
    if (typeof onRejected === "function") return onRejected(v);
    throw v;
  });
}

/** What `finally` gives. */
export function chainFinally(source: unknown, onFinally?: (() => unknown) | null): Coroutine {
  let outcome: unknown;
  let failed = false;
  return start((self, at) => {
    if (at === 0) {
      self.at = 1;
      self.h = 2;
      return source;
    }
    self.h = 0;
    if (at === 3) {
      if (failed) throw outcome;
      return outcome;
    }
    outcome = self.v;
    failed = at === 2;
    self.at = 3;
    return typeof onFinally === "function" ? onFinally() : undefined;
  });
}
