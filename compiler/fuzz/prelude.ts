/** What a generated program finds in its scope: how it logs, and things to iterate over and to await. */

import { format, sameWords } from "./format.ts";

/** Turns of loops and calls of methods that a program has. */
const FUEL = 150;
/** Lines that a program may log. */
const LENGTH = 1500;

sameWords();

/** An error that a program made itself: these are told apart by what they carry. */
class Oops extends Error {
  constructor(readonly carried: unknown) {
    super();
  }

  override toString(): string {
    return `Oops(${format(this.carried)})`;
  }
}

/** What one run of one program uses; the names of its methods are in {@linkcode names}. */
export type Prelude = ReturnType<typeof prelude>;

/** The names that a program gets from its prelude. */
export const names: readonly string[] = Object.keys(prelude([]));

/**
 * Makes a prelude that logs into `lines`.
 *
 * @param where What each line begins with.
 */
// deno-lint-ignore explicit-function-return-type
export function prelude(lines: string[], where = () => "") {
  let fuel = FUEL;
  const turns = new Map<number, number>();

  const log = (label: string, value?: unknown): void => {
    if (lines.length >= LENGTH) throw new Oops("too long");
    lines.push(`${where()}${label}: ${format(value)}`);
  };
  const v = (value: unknown): unknown => {
    log("v", value);
    return value;
  };
  /** Ends what would not end otherwise. */
  const ok = (): void => {
    if (--fuel < 0) throw new Oops("fuel");
  };
  /** True `count` times in a row for the loop of that number. */
  const again = (loop: number, count: number): boolean => {
    ok();
    const turn = turns.get(loop) ?? 0;
    turns.set(loop, turn < count ? turn + 1 : 0);
    return turn < count;
  };
  const oops = (carried: unknown): Oops => new Oops(carried);
  const tag = (texts: TemplateStringsArray, ...values: unknown[]): string => {
    log("tag", [[...texts], texts.raw.length, values]);
    return texts.join("?");
  };
  /** A right operand of `instanceof`. */
  const kind = (value: unknown) => {
    log("kind", value);
    return { [Symbol.hasInstance]: (left: unknown) => (log("hasInstance", left), left === value) };
  };
  const tools = { log, v, ok, again, oops, tag, kind };
  return { ...tools, ...objects(log), ...iterators(log), ...promises(log) };
}

type Log = (label: string, value?: unknown) => void;

function objects(log: Log): { box: (name: string) => object } {
  const box = (name: string): object => {
    const values: Record<string, unknown> = { p: 5, q: "q" };
    const get = (key: string): unknown => (log(`${name}.${key}`), values[key]);
    const set = (key: string, value: unknown): void => {
      log(`${name}.${key} =`, value);
      values[key] = value;
    };
    return {
      get p() {
        return get("p");
      },
      set p(value) {
        set("p", value);
      },
      get q() {
        return get("q");
      },
      set q(value) {
        set("q", value);
      },
      r: 3,
      n: null,
      get k() {
        log(`${name}.k`);
        return name.length > 9 ? null : box(`${name}.k`);
      },
      get l() {
        log(`${name}.l`);
        return [1, 2, undefined];
      },
      m(...args: unknown[]) {
        log(`${name}.m`, [this === undefined ? "no this" : "this", ...args]);
        return args.length;
      },
      toString: () => `box ${name}`,
    };
  };
  return { box };
}

// deno-lint-ignore explicit-function-return-type
function iterators(log: Log) {
  /** How an iterator goes on, whether it is synchronous or not. */
  const steps = (how: string, name: number, values: readonly unknown[]) => {
    let place = 0;
    const next = (sent?: unknown): object => {
      log(`${name}.next`, sent);
      if (how === "bad next" && place === 1) throw new Oops(`${name}.next`);
      const done = place >= values.length;
      return { done, value: done ? `end ${name}` : values[place++] };
    };
    const end = (given?: unknown): unknown => {
      log(`${name}.return`, given);
      if (how === "bad return") throw new Oops(`${name}.return`);
      return how === "odd return" ? 7 : { done: true, value: given };
    };
    return { next, end };
  };
  const iter = (how: string, name: number, values: readonly unknown[]): object => {
    const { next, end } = steps(how, name, values);
    return {
      next,
      ...(how === "no return" ? {} : { return: end }),
      [Symbol.iterator]() {
        return this;
      },
      toString: () => `iterator ${name}`,
    };
  };
  const source = (how: string, name: number, values: readonly unknown[]): object => {
    const { next, end } = steps(how, name, values);
    const later = (step: (sent?: unknown) => unknown) => (sent?: unknown) =>
      how === "plain" ? step(sent) : Promise.resolve().then(() => step(sent));
    return {
      next: later(next),
      ...(how === "no return" ? {} : { return: later(end) }),
      [Symbol.asyncIterator]() {
        return this;
      },
      toString: () => `source ${name}`,
    };
  };
  return { iter, source };
}

// deno-lint-ignore explicit-function-return-type
function promises(log: Log) {
  /** A native promise that settles after some microtasks. */
  const promised = (after: number, value: unknown): Promise<unknown> => {
    if (after === 0) return Promise.resolve(value);
    return Promise.resolve().then(() => promised(after - 1, value));
  };
  const refused = (after: number, value: unknown): Promise<unknown> =>
    after === 0
      ? Promise.reject(new Oops(value))
      : Promise.resolve().then(() => refused(after - 1, value));
  const thenable = (how: string, value: unknown): object => {
    type Settle = (value: unknown) => void;
    const ways: Record<string, (resolve: Settle, reject: Settle) => void> = {
      now: (resolve) => resolve(value),
      later: (resolve) => queueMicrotask(() => resolve(value)),
      reject: (_, reject) => reject(new Oops(value)),
      "reject later": (_, reject) => queueMicrotask(() => reject(new Oops(value))),
      throw: () => {
        throw new Oops(value);
      },
      "throw late": (resolve) => {
        resolve(value);
        throw new Oops("too late");
      },
      twice: (resolve, reject) => {
        resolve(value);
        resolve("again");
        reject(new Oops("too late"));
      },
      nested: (resolve) => resolve(thenable("later", value)),
      getter: (resolve) => resolve(value),
    };
    const then = (resolve: Settle, reject: Settle): void => {
      log("then", typeof resolve + typeof reject);
      ways[how]!(resolve, reject);
    };
    const toString = () => `thenable ${how}`;
    if (how === "no function") return { then: value, toString };
    if (how === "bad getter" || how === "getter") {
      return {
        get then() {
          log("get then");
          if (how === "bad getter") throw new Oops(value);
          return then;
        },
        toString,
      };
    }
    return { then, toString };
  };
  return { promised, refused, thenable };
}
