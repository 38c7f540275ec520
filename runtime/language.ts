/**
 * What compiled code needs of the language where its own words would mean something else.
 *
 * @module
 */

/** Calls a method that was looked up before its arguments were there. */
export function apply(fn: unknown, self: unknown, ...args: unknown[]): unknown {
  return Reflect.apply(fn as () => unknown, self, args);
}

/** A method as a function, for a template that it tags. */
export function bind(fn: unknown, self: unknown): (...args: unknown[]) => unknown {
  return (...args) => Reflect.apply(fn as () => unknown, self, args);
}

/** What stands for a variable before its declaration. */
export const UNSET: object = {};

/** Reads a variable that may not have been declared yet. */
export function initialized(value: unknown, name: string): unknown {
  if (value === UNSET) throw new ReferenceError(`Cannot access '${name}' before initialization`);
  return value;
}

/** What assignments to constants are turned to: it refuses them. */
export const constants: object = Object.freeze({});
