/**
 * Compiled coroutines and what drives them: the compiler turns the body of an async function into a `step` that runs
 * from one await to the next, and everything that has to live across an await into a {@linkcode Coroutine}.
 *
 * @module
 */

import { tellChain } from "./await_chain.ts";
import { awaitFor, isOwn, listen, type Own, promiseOf, type Then } from "./await_for.ts";
import { mayCallTwice } from "./calls.ts";
import { currentScope } from "./current_scope.ts";
import { equipment } from "./equipment.ts";
import { enqueue } from "./microtasks.ts";
import { chain, chainFinally } from "./reactions.ts";
import type { Scope } from "./scope.ts";
import type { Waiter } from "./wait_base.ts";
import { addWaiter, tellWaiters } from "./waiters.ts";

/** States of {@linkcode Coroutine.at} that are no place in the code. */
export const DONE = -1;
/** It has thrown. */
export const FAILED = -2;
/** It has returned something that is awaited first. */
const RETURNING = -3;
/** The same, one step earlier: engines ask what is returned for its `then` in a job of its own. */
const ADOPTING = -4;
/** Its code runs. */
export const RUNNING = -9;
/** An awaited thing has failed, and no handler is there. */
const FAILING = -5;

/** An outcome that can be awaited: what a compiled async function gives. Foreign code takes it for a promise. */
export class Deferred implements PromiseLike<unknown> {
  /** Where it goes on; below 0 it is over or on its way there. */
  declare at: number;
  /** What it was resumed with; the outcome when it is over. */
  declare v: unknown;
  /** Who awaits it. */
  declare waiter: Waiter | null;

  constructor() {
    this.at = 0;
    this.v = undefined;
    this.waiter = null;
  }

  awaitBy(waiter: Waiter): void {
    const { at } = this;
    if (at === FAILED && mayCallTwice()) equipment.rejections?.found(this);
    addWaiter(this, waiter);
    if (at === DONE || at === FAILED) tellWaiters(this, this.v, at === FAILED);
  }

  /** Ends it. */
  end(at: typeof DONE | typeof FAILED, outcome: unknown): void {
    this.at = at;
    this.v = outcome;
    // Where there is but one call, a task awaits it.
    if (at === FAILED && this.waiter === null && mayCallTwice()) {
      equipment.rejections?.lost(this, outcome);
    }
    tellWaiters(this, outcome, at === FAILED);
  }

  then<A = unknown, B = never>(
    onFulfilled?: ((value: unknown) => A | PromiseLike<A>) | null,
    onRejected?: ((reason: unknown) => B | PromiseLike<B>) | null,
  ): PromiseLike<A | B> {
    return chain(this, onFulfilled, onRejected) as PromiseLike<A | B>;
  }

  catch(onRejected?: ((reason: unknown) => unknown) | null): PromiseLike<unknown> {
    return chain(this, null, onRejected);
  }

  finally(onFinally?: (() => unknown) | null): PromiseLike<unknown> {
    return chainFinally(this, onFinally);
  }

  /** As of a promise there is nothing to tell. */
  toJSON(): object {
    return {};
  }
}

/**
 * Runs from the place `at` to the next await: gives what is awaited and says in `self.at` where to go on, or gives what
 * is returned and leaves `self.at` alone.
 */
export type Step = (
  self: Coroutine,
  at: number,
  x?: unknown,
  y?: unknown,
  z?: unknown,
) => unknown;

/** One call of a compiled async function. */
export class Coroutine extends Deferred implements Waiter {
  declare nextWaiter: Waiter | null;
  /** Where its code awaits: only in code that was compiled for debugging. */
  declare w?: string;
  /** The label of the handler of the `try` around the place it is at, or 0. */
  declare h: number;
  declare scope: Scope | null;
  declare step: Step;

  constructor(step: Step) {
    super();
    this.nextWaiter = null;
    this.h = 0;
    this.scope = currentScope();
    this.step = step;
  }

  resume(value: unknown): void {
    this.v = value;
    enqueue(this);
  }

  throw(error: unknown): void {
    tellChain(error, this);
    this.at = this.at < 0 || this.h === 0 ? FAILING : this.h;
    this.v = error;
    enqueue(this);
  }

  /** Goes on from where it is. */
  goOn(): void {
    if (this.at >= 0) run(this);
    else this.conclude();
  }

  /** Its body has returned `value`. */
  give(value: unknown): void {
    if (!isObject(value)) return this.end(DONE, value);
    if (value === this) {
      return this.end(FAILED, new TypeError("An async function cannot return its own promise"));
    }
    if (isOwn(value)) {
      this.at = ADOPTING;
      return this.resume(value);
    }
    this.giveForeign(value);
  }

  private giveForeign(value: object): void {
    let then: unknown;
    try {
      then = (value as { then?: unknown }).then;
    } catch (error) {
      return this.end(FAILED, error);
    }
    if (typeof then !== "function") return this.end(DONE, value);
    this.at = RETURNING;
    listen(this, promiseOf(value, then as Then));
  }

  /** Its body has thrown. */
  break(error: unknown): void {
    this.end(FAILED, error);
  }

  /** Goes on where no code of its own is left to run. */
  conclude(): void {
    if (this.at === ADOPTING) {
      this.at = RETURNING;
      (this.v as Own).awaitBy(this);
    } else if (this.at === RETURNING) this.end(DONE, this.v);
    else this.break(this.v);
  }
}

/** Whether `value` can have properties. */
export function isObject(value: unknown): value is object {
  return (typeof value === "object" && value !== null) || typeof value === "function";
}

/** With room for what lives across awaits: V8 keeps objects of few shapes apart cheaply. */
export class Coroutine3 extends Coroutine {
  declare a: unknown;
  declare b: unknown;
  declare c: unknown;

  constructor(step: Step, a?: unknown, b?: unknown, c?: unknown) {
    super(step);
    this.a = a;
    this.b = b;
    this.c = c;
  }
}

/** With more room; what needs still more gets it as it goes. */
export class Coroutine8 extends Coroutine3 {
  declare d: unknown;
  declare e: unknown;
  declare f: unknown;
  declare g: unknown;
  declare i: unknown;

  constructor(
    step: Step,
    a?: unknown,
    b?: unknown,
    c?: unknown,
    d?: unknown,
    e?: unknown,
    f?: unknown,
    g?: unknown,
    i?: unknown,
  ) {
    super(step, a, b, c);
    this.d = d;
    this.e = e;
    this.f = f;
    this.g = g;
    this.i = i;
  }
}

/** Runs a coroutine to its next await or its end. */
export function run(coroutine: Coroutine): void {
  for (;;) {
    const { at } = coroutine;
    let given: unknown;
    coroutine.at = RUNNING;
    try {
      given = coroutine.step(coroutine, at);
    } catch (error) {
      if (handle(coroutine, error)) continue;
      return;
    }
    if (coroutine.at < 0) coroutine.give(given);
    else awaitFor(coroutine, given);
    return;
  }
}

/** Whether the code that has thrown goes on, at the handler around that place. */
export function handle(coroutine: Coroutine, error: unknown): boolean {
  tellChain(error, coroutine.waiter);
  if (coroutine.h === 0) {
    coroutine.break(error);
    return false;
  }
  coroutine.at = coroutine.h;
  coroutine.v = error;
  return true;
}

/** What a compiled async function gives whose parameters throw. */
export function reject(error: unknown): Coroutine {
  const coroutine = new Coroutine(() => {});
  coroutine.break(error);
  return coroutine;
}
