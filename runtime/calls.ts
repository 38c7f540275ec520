/**
 * What compiled async functions do when they are called. A target can have a module of its own in the place of this one.
 *
 * @module
 */

import { awaitFor } from "./await_for.ts";
import { Coroutine, Coroutine3, Coroutine8, handle, run, RUNNING, type Step } from "./coroutine.ts";
import { reachesTwice } from "./reaches.ts";

/**
 * What a compiled async function does when it is called, where nothing has to live across its awaits: what it was given
 * is good until the first of them.
 */
export function start(step: Step, x?: unknown, y?: unknown, z?: unknown): Coroutine {
  const coroutine = new Coroutine(step);
  let given: unknown;
  coroutine.at = RUNNING;
  try {
    given = step(coroutine, 0, x, y, z);
  } catch (error) {
    if (handle(coroutine, error)) run(coroutine);
    return coroutine;
  }
  if (coroutine.at < 0) coroutine.give(given);
  else awaitFor(coroutine, given);
  return coroutine;
}

/** The same with up to three slots. */
export function start3(step: Step, a?: unknown, b?: unknown, c?: unknown): Coroutine {
  return begin(new Coroutine3(step, a, b, c));
}

/** The same with eight slots or more. */
export function start8(
  step: Step,
  a?: unknown,
  b?: unknown,
  c?: unknown,
  d?: unknown,
  e?: unknown,
  f?: unknown,
  g?: unknown,
  i?: unknown,
): Coroutine {
  return begin(new Coroutine8(step, a, b, c, d, e, f, g, i));
}

/** Runs a new coroutine to its first await. */
function begin<C extends Coroutine>(coroutine: C): C {
  run(coroutine);
  return coroutine;
}

/** Whether the program may make more than one such call in all; see {@linkcode reachesTwice}. */
export function mayCallTwice(): boolean {
  return reachesTwice(start, start3, start8);
}
