/**
 * `Promise.all` and its like for compiled code: what they await is awaited in the caller's scope, so that it is
 * cancelled with the caller. The engine's own would ask for it in a job that belongs to nobody.
 *
 * @module
 */

import { start } from "./calls.ts";
import { Deferred, DONE, FAILED } from "./coroutine.ts";

/** Awaits each of `values` and tells how it ended. */
function each(
  values: Iterable<unknown>,
  result: Deferred,
  onValue: (value: unknown, place: number) => void,
  onError: (error: unknown, place: number) => void,
): number {
  let count = 0;
  try {
    for (const value of values) {
      const place = count++;
      start((self, at) => {
        if (at === 0) {
          self.at = 1;
          self.h = 2;
          return value;
        }
        self.h = 0;
        if (result.at < 0) return undefined;
        if (at === 1) onValue(self.v, place);
        else onError(self.v, place);
        return undefined;
      });
    }
  } catch (error) {
    result.end(FAILED, error);
  }
  return count;
}

/** Collects one outcome for each value and ends with all of them. */
function collect(
  values: Iterable<unknown>,
  result: Deferred,
  take: (
    keep: (outcome: unknown, place: number) => void,
  ) => [
    onValue: (value: unknown, place: number) => void,
    onError: (error: unknown, place: number) => void,
  ],
  end: (outcomes: unknown[]) => void,
): Deferred {
  const outcomes: unknown[] = [];
  let left = 0;
  const keep = (outcome: unknown, place: number): void => {
    outcomes[place] = outcome;
    if (--left === 0) end(outcomes);
  };
  left = each(values, result, ...take(keep));
  if (left === 0 && result.at >= 0) end(outcomes);
  return result;
}

/** `Promise.all` */
export function all(values: Iterable<unknown>): Deferred {
  const result = new Deferred();
  return collect(
    values,
    result,
    (keep) => [keep, (error) => result.end(FAILED, error)],
    (outcomes) => result.end(DONE, outcomes),
  );
}

/** `Promise.allSettled` */
export function allSettled(values: Iterable<unknown>): Deferred {
  const result = new Deferred();
  return collect(
    values,
    result,
    (keep) => [
      (value, place) => keep({ status: "fulfilled", value }, place),
      (reason, place) => keep({ status: "rejected", reason }, place),
    ],
    (outcomes) => result.end(DONE, outcomes),
  );
}

/** `Promise.any` */
export function any(values: Iterable<unknown>): Deferred {
  const result = new Deferred();
  return collect(
    values,
    result,
    (keep) => [(value) => result.end(DONE, value), keep],
    (errors) => result.end(FAILED, new AggregateError(errors, "All promises were rejected")),
  );
}

/** `Promise.race` */
export function race(values: Iterable<unknown>): Deferred {
  const result = new Deferred();
  each(
    values,
    result,
    (value) => result.end(DONE, value),
    (error) => result.end(FAILED, error),
  );
  return result;
}
