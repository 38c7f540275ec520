/**
 * What compiled coroutines use of an engine that has promises.
 *
 * @module
 */

import { Deferred } from "../../runtime/coroutine.ts";
import type { Equipment } from "../../runtime/equipment.ts";

// Libraries tell a promise by `instanceof`.
Object.setPrototypeOf(Deferred.prototype, Promise.prototype);

/** A promise for each failure that nobody awaits: the engine then tells of them as of its own. */
const lost = new WeakMap<object, Promise<never>>();

/** Microtasks, and what the engine does about failures that nobody awaits. */
export const engine: Equipment = {
  rejections: {
    lost(failed, error) {
      lost.set(failed, Promise.reject(error));
    },
    found(failed) {
      lost.get(failed)?.catch(() => {});
      lost.delete(failed);
    },
  },
  soon(fn) {
    Promise.resolve().then(fn);
  },
  afterAwaits(fn) {
    Promise.resolve().then(() => {}).then(fn);
  },
};
