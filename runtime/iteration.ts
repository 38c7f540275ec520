/**
 * What loops and destructuring need of iterators where an await may come between two steps.
 *
 * @module
 */

import { RETURN, THROW } from "./async_generator.ts";
import { start } from "./calls.ts";
import { isObject } from "./coroutine.ts";

const NO_THROW = "The iterator has no throw method";

type Method = (this: unknown, ...args: unknown[]) => unknown;
type Iterated = { readonly [key: string | symbol]: unknown };

function requireResult(result: unknown): { readonly done?: unknown; readonly value?: unknown } {
  if (isObject(result)) return result;
  throw new TypeError(`Iterator result ${String(result)} is not an object`);
}

function requireIterator(iterator: unknown): Iterated {
  if (isObject(iterator)) return iterator as Iterated;
  throw new TypeError(`Iterator ${String(iterator)} is not an object`);
}

/** A method that need not be there. */
function method(found: unknown, name: string): Method | null {
  if (found === undefined || found === null) return null;
  if (typeof found === "function") return found as Method;
  throw new TypeError(`${name} is not a function`);
}

function iteratorOf(iterable: Iterated): Iterated {
  const make = iterable[Symbol.iterator];
  if (typeof make !== "function") throw new TypeError(`${typeof iterable} is not iterable`);
  return requireIterator((make as Method).call(iterable));
}

/** The iterator of a `for (... of ...)` whose body awaits, or of an array pattern that does. */
export class ForOf {
  value: unknown = undefined;
  private readonly iterator: Iterated;
  private readonly next: unknown;
  /** Whether it has to be closed when the loop is left. */
  private live = true;
  private over = false;

  constructor(iterable: unknown) {
    this.iterator = iteratorOf(iterable as Iterated);
    this.next = this.iterator.next;
  }

  /** Takes the next value; `false` where there is none. */
  step(): boolean {
    this.live = false;
    const result = requireResult((this.next as Method).call(this.iterator));
    if (result.done) {
      this.over = true;
      return false;
    }
    try {
      this.value = result.value;
    } catch (error) {
      this.over = true;
      throw error;
    }
    return this.live = true;
  }

  /** The next value for a pattern: `undefined` where there is none. */
  take(): unknown {
    if (this.over) return undefined;
    return this.step() ? this.value : undefined;
  }

  /** The remaining values for a pattern. */
  rest(): unknown[] {
    const values: unknown[] = [];
    while (!this.over && this.step()) values.push(this.value);
    return values;
  }

  /** The loop is left. */
  close(): void {
    if (!this.live) return;
    this.live = false;
    const close = method(this.iterator.return, "return");
    if (close !== null) requireResult(close.call(this.iterator));
  }

  /** The loop is left by an error, which counts more than one of closing. */
  drop(): void {
    try {
      this.close();
    } catch {
      // the loop's own error is thrown
    }
  }
}

/** The iterator of a `for await`. */
export class ForAwait {
  value: unknown = undefined;
  /** What the iterator's `return` gave. */
  closing: unknown = undefined;
  private readonly iterator: Iterated;
  private readonly method: unknown;
  private live = true;

  constructor(iterable: unknown) {
    this.iterator = asyncIteratorOf(iterable as Iterated);
    this.method = this.iterator.next;
  }

  /** Asks for the next value: to be awaited, and then handed to {@linkcode ForAwait.take}. */
  next(): unknown {
    this.live = false;
    return (this.method as Method).call(this.iterator);
  }

  /** Takes what was awaited; `false` where there is nothing more. */
  take(awaited: unknown): boolean {
    const result = requireResult(awaited);
    if (result.done) return false;
    this.value = result.value;
    return this.live = true;
  }

  /** The loop is left; whether `closing` has to be awaited, and then checked. */
  close(): boolean {
    if (!this.live) return false;
    this.live = false;
    const close = method(this.iterator.return, "return");
    if (close === null) return false;
    this.closing = close.call(this.iterator);
    return true;
  }

  /** Refuses a `return` that gives no result. */
  check(awaited: unknown): void {
    requireResult(awaited);
  }

  /** The loop is left by an error: the same, but nothing that goes wrong is told. */
  drop(): boolean {
    try {
      return this.close();
    } catch {
      return false;
    }
  }
}

function asyncIteratorOf(iterable: Iterated): Iterated {
  const make = method(iterable[Symbol.asyncIterator], "Symbol(Symbol.asyncIterator)");
  if (make !== null) return requireIterator(make.call(iterable));
  return new AwaitedValues(iteratorOf(iterable)) as unknown as Iterated;
}

/** A synchronous iterator whose values are awaited. */
class AwaitedValues {
  private readonly advance: unknown;

  constructor(private readonly iterator: Iterated) {
    this.advance = iterator.next;
  }

  next(...args: unknown[]): unknown {
    return this.give(() => (this.advance as Method).call(this.iterator, ...args), true);
  }

  return(...args: unknown[]): unknown {
    const close = method(this.iterator.return, "return");
    if (close === null) return { value: args[0], done: true };
    return this.give(() => close.call(this.iterator, ...args), false);
  }

  throw(...args: unknown[]): unknown {
    return this.give(() => {
      const fail = method(this.iterator.throw, "throw");
      if (fail !== null) return fail.call(this.iterator, ...args);
      const close = method(this.iterator.return, "return");
      if (close !== null) requireResult(close.call(this.iterator));
      throw new TypeError(NO_THROW);
    }, true);
  }

  /** Awaits the value of the result that `ask` gets; one that fails closes the iterator. */
  private give(ask: () => unknown, closes: boolean): unknown {
    let done: unknown = false;
    return start((self, at): unknown => {
      if (at === 0) {
        const result = requireResult(ask());
        done = Boolean(result.done);
        const { value } = result;
        self.at = 1;
        if (!done && closes) self.h = 2;
        return value;
      }
      self.h = 0;
      if (at === 1) return { value: self.v, done };
      try {
        method(this.iterator.return, "return")?.call(this.iterator);
      } catch {
        // the value's own error is thrown
      }
      throw self.v;
    });
  }
}

/** What a `yield*` hands on to. */
export class Delegate {
  value: unknown = undefined;
  private readonly iterator: Iterated;
  private readonly next: unknown;
  private mode = 0;
  /** Whether it is closed because it cannot be thrown into. */
  private failing = false;
  private sent: unknown = undefined;

  constructor(iterable: unknown) {
    this.iterator = asyncIteratorOf(iterable as Iterated);
    this.next = this.iterator.next;
  }

  /** How the generator was resumed, to be handed on. */
  receive(mode: number, value: unknown): void {
    this.mode = mode;
    this.sent = value;
  }

  /** Hands it on: to be awaited, and then handed to {@linkcode Delegate.take}. */
  ask(): unknown {
    const { iterator, sent } = this;
    if (this.mode === THROW) {
      const fail = method(iterator.throw, "throw");
      if (fail !== null) return fail.call(iterator, sent);
      const close = method(iterator.return, "return");
      if (close === null) throw new TypeError(NO_THROW);
      this.failing = true;
      return close.call(iterator);
    }
    if (this.mode === RETURN) {
      const close = method(iterator.return, "return");
      return close === null ? { value: sent, done: true } : close.call(iterator, sent);
    }
    return (this.next as Method).call(iterator, sent);
  }

  /** Takes what was awaited; `false` where the iterator is done. */
  take(awaited: unknown): boolean {
    const result = requireResult(awaited);
    if (this.failing) throw new TypeError(NO_THROW);
    const done = result.done;
    this.value = result.value;
    return !done;
  }

  /** Whether the generator itself has to return. */
  returns(): boolean {
    return this.mode === RETURN;
  }
}

/** The keys of a `for (... in ...)` whose body awaits. */
export class ForIn {
  value = "";
  private readonly keys: string[] = [];
  private place = 0;

  constructor(private readonly object: object) {
    for (const key in object) this.keys.push(key);
  }

  /** Takes the next key; `false` where there is none. What was deleted meanwhile is left out. */
  step(): boolean {
    while (this.place < this.keys.length) {
      const key = this.keys[this.place++]!;
      if (!(key in Object(this.object))) continue;
      this.value = key;
      return true;
    }
    return false;
  }
}

/** What a computed key is as a name, so that it is asked for only once. */
export function propertyKey(key: unknown): string | symbol {
  if (typeof key === "symbol") return key;
  if (!isObject(key)) return String(key);
  // As the language does it: an object says once what it is as a key.
  return Reflect.ownKeys({ [key as unknown as string]: 0 })[0]!;
}

/** Refuses to take apart what has no properties. */
export function requireObject(value: unknown): void {
  if (value !== undefined && value !== null) return;
  throw new TypeError(`Cannot destructure ${String(value)}`);
}

/** What is left of an object after `taken`. */
export function restOf(value: object, taken: readonly unknown[]): object {
  const rest: { [key: string | symbol]: unknown } = {};
  for (const key of Reflect.ownKeys(Object(value))) {
    if (taken.includes(key) || !Object.prototype.propertyIsEnumerable.call(value, key)) continue;
    rest[key] = (value as typeof rest)[key];
  }
  return rest;
}
