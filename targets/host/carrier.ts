import { AsyncLocalStorage } from "node:async_hooks";
import type { Carrier } from "../../runtime/platform.ts";
import type { Scope } from "../../runtime/scope.ts";

const storage = new AsyncLocalStorage<Scope | null>();

/** Carries the scope through the engine's own async functions. */
export const carrier: Carrier = {
  get: () => storage.getStore(),
  run: (scope, fn, ...args) => storage.run(scope, fn, ...args),
};
