/**
 * Compiled async generators: a coroutine that is resumed by requests, one after the other.
 *
 * @module
 */

import { awaitFor } from "./await_for.ts";
import { Coroutine8, Deferred, DONE, FAILED, reject, run, type Step } from "./coroutine.ts";
import { currentScope, enter } from "./current_scope.ts";

/** How a generator is resumed: with a value, with an error, or to return. */
export const NEXT = 0;
/** See {@linkcode NEXT}. */
export const THROW = 1;
/** See {@linkcode NEXT}. */
export const RETURN = 2;

/** Its step has yielded; `k` says where it goes on. */
const YIELDED = -6;
/** It was asked to return something, and awaits that. */
const UNWRAPPING = -7;
/** What it was asked to return after its end has failed. */
const REFUSED = -8;

/** One call of `next`, `throw` or `return`, and its outcome. */
class Request extends Deferred {
  nextRequest: Request | null = null;

  constructor(readonly mode: number, readonly value: unknown) {
    super();
  }
}

/** The body of a compiled async generator. */
export class GeneratorBody extends Coroutine8 {
  /** Where it goes on after a yield: 0 at first, below 0 when it is over. */
  k = 0;
  /** Whether it was resumed to return: 0 or {@linkcode RETURN}. */
  m = NEXT;
  private request: Request | null = null;
  private busy = false;

  /** Queues a request and sees to it where nothing else is going on. */
  ask(mode: number, value: unknown): PromiseLike<IteratorResult<unknown>> {
    const request = new Request(mode, value);
    if (this.request === null) this.request = request;
    else {
      let each = this.request;
      while (each.nextRequest !== null) each = each.nextRequest;
      each.nextRequest = request;
    }
    this.proceed();
    return request as PromiseLike<unknown> as PromiseLike<IteratorResult<unknown>>;
  }

  /** Sees to the requests until one of them has to wait. */
  private proceed(): void {
    while (!this.busy && this.request !== null) {
      const { mode, value } = this.request;
      this.busy = true;
      // As in native code, what it awaits belongs to who asks.
      this.scope = currentScope();
      if (this.k === 0 && mode !== NEXT) this.k = -1;
      if (mode === RETURN) {
        this.at = UNWRAPPING;
        awaitFor(this, value);
      } else if (this.k < 0) {
        if (mode === THROW) this.answer(FAILED, value);
        else this.answer(DONE, { value: undefined, done: true });
      } else if (mode === THROW) this.goOnWith(value);
      else this.goOnAt(this.k, value, NEXT);
    }
  }

  private goOnAt(at: number, value: unknown, mode: number): void {
    this.at = at;
    this.v = value;
    this.m = mode;
    const outer = enter(this.scope);
    run(this);
    enter(outer);
  }

  /** Goes on where an error at its place is handled. */
  private goOnWith(error: unknown): void {
    if (this.h === 0) this.break(error);
    else this.goOnAt(this.h, error, NEXT);
  }

  private answer(how: typeof DONE | typeof FAILED, outcome: unknown): void {
    const request = this.request!;
    this.request = request.nextRequest;
    this.busy = false;
    request.end(how, outcome);
  }

  override give(value: unknown): void {
    const done = this.at !== YIELDED;
    if (done) this.k = -1;
    this.answer(DONE, { value, done });
    this.proceed();
  }

  override break(error: unknown): void {
    this.k = -1;
    this.answer(FAILED, error);
    this.proceed();
  }

  override throw(error: unknown): void {
    if (this.at !== UNWRAPPING) return super.throw(error);
    this.at = REFUSED;
    this.resume(error);
  }

  override conclude(): void {
    const { at, v } = this;
    if (at === UNWRAPPING && this.k >= 0) this.goOnAt(this.k, v, RETURN);
    else if (at === REFUSED && this.k >= 0) this.goOnWith(v);
    else if (at === UNWRAPPING) {
      this.answer(DONE, { value: v, done: true });
      this.proceed();
    } else this.break(v);
  }
}

/** What a compiled async generator function gives. */
export class CompiledGenerator implements AsyncGenerator<unknown> {
  /** @internal */
  readonly body: GeneratorBody;

  constructor(body: GeneratorBody) {
    this.body = body;
  }

  next(value?: unknown): Promise<IteratorResult<unknown>> {
    return bodyOf(this).ask(NEXT, value) as Promise<IteratorResult<unknown>>;
  }

  throw(error?: unknown): Promise<IteratorResult<unknown>> {
    return bodyOf(this).ask(THROW, error) as Promise<IteratorResult<unknown>>;
  }

  return(value?: unknown): Promise<IteratorResult<unknown>> {
    return bodyOf(this).ask(RETURN, value) as Promise<IteratorResult<unknown>>;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.return();
  }
}

/** The body of a generator; asking anything else gives a failure, as in JavaScript. */
function bodyOf(generator: unknown): { ask(mode: number, value: unknown): unknown } {
  if (generator instanceof CompiledGenerator) return generator.body;
  return { ask: () => reject(new TypeError("This is no async generator")) };
}

/** What a compiled async generator function does when it is called: nothing yet. */
export function generate(step: Step, ...slots: unknown[]): CompiledGenerator {
  return new CompiledGenerator(new GeneratorBody(step, ...slots));
}
