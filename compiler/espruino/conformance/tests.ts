/**
 * Runs tests one after the other and prints how each ended: what an artefact of tests does.
 *
 * @module
 */

type Body = () => unknown;

interface Test {
  readonly name: string;
  readonly body: Body;
}

/** Tests may replace the console's, and the interpreter does not let them put it back with `Object.assign`. */
const { log: tell } = console;
const tests: Test[] = [];
let begun = false;

/** What `Deno.test` is in an artefact. */
export function test(
  what: string | { name: string; fn: Body; ignore?: boolean },
  body?: unknown,
): void {
  const given = typeof what === "string" ? { name: what, fn: body as Body } : what;
  if (typeof what === "string" && typeof body !== "function") return;
  if (typeof what === "object" && what.ignore === true) return;
  tests.push({ name: given.name, body: given.fn });
  if (begun) return;
  begun = true;
  setTimeout(next, 0);
}

/** How long a test may take, in milliseconds of the engine's own clock. */
const LIMIT = 120_000;

function next(): void {
  const first = tests.shift();
  if (first === undefined) {
    tell("END");
    return;
  }
  const { name, body } = first;
  let over = false;
  const end = (how: string): void => {
    if (over) return;
    over = true;
    clearTimeout(limit);
    tell(how);
    setTimeout(next, 0);
  };
  const limit = setTimeout(() => end(`FAILED ${name}: it did not end`), LIMIT);
  try {
    const given = body() as PromiseLike<unknown> | undefined;
    if (given === undefined || given === null || typeof given.then !== "function") {
      return end(`ok ${name}`);
    }
    given.then(() => end(`ok ${name}`), (error) => end(`FAILED ${name}: ${String(error)}`));
  } catch (error) {
    end(`FAILED ${name}: ${String(error)}`);
  }
}

// A rejection that nobody hears of takes other jobs of the interpreter's promises with it.
const native = Promise.reject;
Promise.reject = ((error: unknown): Promise<never> => {
  const made: Promise<never> = native.call(Promise, error) as Promise<never>;
  made.catch(() => {});
  return made;
}) as typeof Promise.reject;

(globalThis as { $test?: unknown }).$test = test;
