/**
 * Compiled coroutines and what drives them: the compiler turns the body of an async function into a `step` that runs
 * from one await to the next, and everything that has to live across an await into a {@linkcode Coroutine}.
 *
 * @module
 */

import { tellChain } from "./await_chain.ts";
import { awaitFor, isOwn, listen, type Own, promiseOf, type Then } from "./await_for.ts";
import { reaches, reachesTwice } from "./reaches.ts";
import { SMALL } from "./small.ts";
import { Ready } from "./ready.ts";
import type { Scope } from "./scope.ts";
import { Settled, type Waiter } from "./wait_base.ts";
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
const RUNNING = -9;
/** An awaited thing has failed, and no handler is there. */
const FAILING = -5;

let current: Scope | null = null;
/** What goes on before the loop takes the next node: the microtasks of compiled code, through `nextWaiter`. */
let first: Coroutine | null = null;
let last: Coroutine | null = null;
/** The same on boards. */
const waiting: Coroutine[] = [];
let driving = false;
let asked = false;

/**
 * How many coroutines go on before the loop has a turn. Two tasks that never find a queue empty or full would else
 * keep every timer waiting for ever.
 */
const LONGEST_STREAK = 1000;

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
  const outer = current;
  current = inner;
  try {
    return fn(a as A, b as B);
  } finally {
    current = outer;
  }
}

/** A handler of a foreign promise: it runs in the scope in which it was made, and what it resumes goes on. */
export function inScope<A extends unknown[]>(fn: (...args: A) => void): (...args: A) => void {
  const scope = current;
  return (...args) => {
    const outer = current;
    const within = driving;
    driving = true;
    current = scope;
    try {
      fn(...args);
    } finally {
      if (!within) drain();
      driving = within;
      current = outer;
    }
  };
}

/** Steps a node of the ready queue and everything that it resumes. */
export function stepNode(node: Ready): void {
  if (SMALL) return stepInTurn(node);
  const outer = current;
  const within = driving;
  driving = true;
  current = null;
  try {
    node.step();
    const only = first;
    if (only !== null && only === last) {
      // What a turn resumes is one coroutine nearly always: nobody has to queue for it.
      first = last = null;
      current = only.scope;
      runOrConclude(only);
    }
  } finally {
    if (first !== null) drain();
    // A platform's own coroutine may be what calls.
    driving = within;
    current = outer;
  }
}

/** The same where only the platform's timer calls, and nodes catch what they throw. */
function stepInTurn(node: Ready): void {
  driving = true;
  node.step();
  drain();
}

/** Lets go on what can, first in, first out. */
function drain(): void {
  driving = true;
  // What coroutines throw is theirs: only a mistake of ours gets here.
  if (SMALL) {
    goOn();
    driving = false;
    current = null;
    return;
  }
  try {
    goOn();
  } finally {
    driving = false;
    current = null;
  }
}

function goOn(): void {
  if (SMALL) return goOnSmall();
  for (let left = LONGEST_STREAK; first !== null; left--) {
    if (left <= 0 && rest(first)) break;
    const coroutine: Coroutine = first;
    first = coroutine.nextWaiter as Coroutine | null;
    if (first === null) last = null;
    coroutine.nextWaiter = null;
    current = coroutine.scope;
    runOrConclude(coroutine);
  }
}

/** The same with the interpreter's own array, which takes less room than code of ours. */
function goOnSmall(): void {
  for (let left = LONGEST_STREAK; waiting.length > 0; left--) {
    if (reaches(Settled) && left <= 0 && rest(waiting[0]!)) break;
    const coroutine = waiting.shift()!;
    current = coroutine.scope;
    runOrConclude(coroutine);
  }
}

function runOrConclude(coroutine: Coroutine): void {
  if (coroutine.at >= 0) run(coroutine);
  else coroutine.conclude();
}

/** Leaves what is left to the next turn of the loop, where there is one. */
function rest({ scope }: Coroutine): boolean {
  if (scope === null || !scope.loop.isRunning()) return false;
  scope.loop.schedule(new Pause());
  return true;
}

/** Only the turn of the loop counts. */
class Pause extends Ready {
  override step(): void {}

  override describe(): string {
    return "a pause";
  }
}

/** Does nothing, as a callback. */
export function nothing(): void {}

/**
 * Queues what goes on. Outside a turn of the loop nobody drains, so a microtask of the engine's has to; where there is
 * none, what was begun outside the loop goes on with its next turn.
 */
function enqueue(coroutine: Coroutine): void {
  if (SMALL) {
    waiting.push(coroutine);
    return;
  }
  if (last === null) first = coroutine;
  else last.nextWaiter = coroutine;
  last = coroutine;
  if (driving || asked || soon === null) return;
  asked = true;
  soon(drainAsked);
}

function drainAsked(): void {
  asked = false;
  if (first !== null) drain();
}

/** Calls `fn` when what can go on by now has. */
export function callInTurn(fn: () => void): void {
  enqueue(
    new Coroutine(() => {
      fn();
    }),
  );
}

/** Runs a coroutine to its next await or its end. */
function run(coroutine: Coroutine): void {
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
function handle(coroutine: Coroutine, error: unknown): boolean {
  tellChain(error, coroutine.waiter);
  if (coroutine.h === 0) {
    coroutine.break(error);
    return false;
  }
  coroutine.at = coroutine.h;
  coroutine.v = error;
  return true;
}

/** Runs what has got a place to go on at. */
export function runNow(coroutine: Coroutine): void {
  if (coroutine.at < 0) return coroutine.conclude();
  const outer = current;
  current = coroutine.scope;
  run(coroutine);
  current = outer;
}

/** Runs a new coroutine to its first await. */
export function begin<C extends Coroutine>(coroutine: C): C {
  run(coroutine);
  return coroutine;
}

/**
 * What a compiled async function does when it is called, where nothing has to live across its awaits: what it was given
 * is good until the first of them.
 */
export function start(step: Step, x?: unknown, y?: unknown, z?: unknown): Coroutine {
  const coroutine = new Coroutine(step);
  // Boards keep what lives across awaits around the step; nothing is given to it then.
  if (SMALL) return begin(coroutine);
  let given: unknown;
  coroutine.at = RUNNING;
  try {
    given = step(coroutine, 0, x, y, z);
  } catch (error) {
    if (handle(coroutine, error)) run(coroutine);
    return coroutine;
  }
  if (coroutine.at >= 0) awaitFor(coroutine, given);
  else coroutine.give(given);
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

/** What a compiled async function gives whose parameters throw. */
export function reject(error: unknown): Coroutine {
  const coroutine = new Coroutine(nothing);
  coroutine.break(error);
  return coroutine;
}

/** Tells of failures that nobody awaits. */
export interface Rejections {
  /** Something has failed and nobody awaits it yet. */
  lost(failed: object, error: unknown): void;
  /** Somebody awaits it after all. */
  found(failed: object): void;
}

let rejections: Rejections | null = null;
let soon: ((fn: () => void) => void) | null = null;
let later: ((fn: () => void) => void) | null = null;

/** Hands over what the target has: who tells of failures that nobody awaits, and the engine's microtasks. */
export function equip(host: Equipment): void {
  rejections = host.rejections ?? null;
  soon = host.soon ?? null;
  later = host.afterAwaits ?? null;
}

/** What compiled coroutines can use of a target. */
export interface Equipment {
  /** Tells of compiled calls that fail and that nobody awaits. */
  readonly rejections?: Rejections;
  /** Calls `fn` as soon as the code that runs has ended: what was begun outside the loop goes on then. */
  readonly soon?: (fn: () => void) => void;
  /** Calls `fn` when foreign code has gone on after what it awaits; without it there is no such code. */
  readonly afterAwaits?: (fn: () => void) => void;
}

/** Calls `fn` when the awaits that have been reached by now are known, those of foreign code included. */
export function afterAwaits(fn: () => void): void {
  if (later === null) fn();
  else later(fn);
}

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
    if (at === FAILED && reachesTwice(start, start3, start8)) rejections?.found(this);
    addWaiter(this, waiter);
    if (at === DONE || at === FAILED) tellWaiters(this, this.v, at === FAILED);
  }

  /** Ends it. */
  end(at: typeof DONE | typeof FAILED, outcome: unknown): void {
    this.at = at;
    this.v = outcome;
    // Where there is but one call, a task awaits it.
    if (at === FAILED && this.waiter === null && reachesTwice(start, start3, start8)) {
      rejections?.lost(this, outcome);
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
    this.scope = current;
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
function chainFinally(source: unknown, onFinally?: (() => unknown) | null): Coroutine {
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
