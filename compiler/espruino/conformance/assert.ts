/**
 * What tests assert with, small enough for the interpreter: it takes the place of Deno's own in artefacts.
 *
 * @module
 */

/** What a failed assertion throws. */
export class AssertionError extends Error {}

function fail(message: string): never {
  throw new AssertionError(message);
}

/** What a value looks like, in a message. */
function text(value: unknown): string {
  if (typeof value === "string") return `"${value}"`;
  if (value instanceof Error) return String(value);
  if (Array.isArray(value)) return `[${value.map(text).join(",")}]`;
  if (typeof value === "object" && value !== null) {
    return `{${
      Object.keys(value).map((key) => `${key}:${(value as Record<string, unknown>)[key]}`).join()
    }}`;
  }
  return String(value);
}

/** Whether two values are the same all the way down. */
function equal(a: unknown, b: unknown): boolean {
  if (a === b || (a !== a && b !== b)) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) {
    // Numbers that were computed have fewer digits on the interpreter than elsewhere when they are written.
    return typeof a === "number" && typeof b === "number" && Math.abs(a - b) < 1e-9 * Math.abs(a);
  }
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  if (a instanceof Error && b instanceof Error) return a.message === b.message;
  const left = Object.keys(a).filter((key) => (a as Record<string, unknown>)[key] !== undefined);
  const right = Object.keys(b).filter((key) => (b as Record<string, unknown>)[key] !== undefined);
  return left.length === right.length &&
    left.every((key) =>
      equal((a as Record<string, unknown>)[key], (b as Record<string, unknown>)[key])
    );
}

/** Asserts that something holds. */
export function assert(value: unknown, message = "it does not hold"): asserts value {
  if (!value) fail(message);
}

/** Asserts that two values are equal. */
export function assertEquals(actual: unknown, expected: unknown, message = ""): void {
  if (!equal(actual, expected)) fail(`${message} ${text(actual)} is not ${text(expected)}`);
}

/** Asserts that two values are not equal. */
export function assertNotEquals(actual: unknown, expected: unknown): void {
  if (equal(actual, expected)) fail(`${text(actual)} is ${text(expected)}`);
}

/** Asserts that two values are one. */
export function assertStrictEquals(actual: unknown, expected: unknown): void {
  if (actual !== expected) fail(`${text(actual)} is not the same as ${text(expected)}`);
}

/** Asserts that two values are not one. */
export function assertNotStrictEquals(actual: unknown, expected: unknown): void {
  if (actual === expected) fail(`${text(actual)} is the same`);
}

/** Asserts that a text has something in it. */
export function assertStringIncludes(actual: string, expected: string): void {
  if (!actual.includes(expected)) fail(`"${actual}" has no "${expected}"`);
}

/** Asserts that a text matches. */
export function assertMatch(actual: string, expected: RegExp): void {
  if (!expected.test(actual)) fail(`"${actual}" does not match ${expected.source}`);
}

/** Asserts what class an object is of. */
export function assertInstanceOf(actual: unknown, Class: new (...args: never[]) => unknown): void {
  if (!(actual instanceof Class)) fail(`${text(actual)} is of another class`);
}

type ErrorClass = abstract new (...args: never[]) => Error;

function expectError(error: unknown, Class?: ErrorClass | string, message?: string): Error {
  const { message: told } = error as Error;
  if (typeof Class === "function" && !(error instanceof Class)) {
    fail(`it threw an error of another class: ${text(error)}`);
  }
  const expected = typeof Class === "string" ? Class : message;
  if (expected !== undefined && !String(told).includes(expected)) {
    fail(`it threw "${told}" and not "${expected}"`);
  }
  return error as Error;
}

/** Asserts that a call throws, and gives what. */
export function assertThrows(fn: () => unknown, Class?: ErrorClass, message?: string): Error {
  let thrown: unknown;
  let threw = false;
  try {
    fn();
  } catch (error) {
    thrown = error;
    threw = true;
  }
  if (!threw) fail("it did not throw");
  return expectError(thrown, Class, message);
}

/** Asserts that what a call gives is rejected, and gives with what. */
export async function assertRejects(
  fn: () => PromiseLike<unknown>,
  Class?: ErrorClass,
  message?: string,
): Promise<Error> {
  let thrown: unknown;
  let threw = false;
  try {
    await fn();
  } catch (error) {
    thrown = error;
    threw = true;
  }
  if (!threw) fail("it was not rejected");
  return expectError(thrown, Class, message);
}
