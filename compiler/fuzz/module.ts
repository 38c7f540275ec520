/** Programs as the text of one script, so that compiling and loading it is paid for once. */

import { DRIVER_PREFIX, driverNames } from "../coroutines/mod.ts";

/**
 * The part of the prelude that is compiled with the programs: async functions that log nothing and settle after
 * some awaits, and an async iterator written by hand.
 */
const OWN = `
function own({ log, oops }) {
  async function soon(after, value) {
    for (let i = 0; i < after; i++) await i;
    return value;
  }
  async function fails(after, value) {
    for (let i = 0; i < after; i++) await i;
    throw oops(value);
  }
  function hand(how, name, values) {
    let place = 0;
    const next = (sent) => {
      log(name + ".next", sent);
      if (how === "bad next" && place === 1) throw oops(name);
      const done = place >= values.length;
      return { done, value: done ? "end " + name : values[place++] };
    };
    const end = (given) => {
      log(name + ".return", given);
      if (how === "bad return") throw oops(name);
      return how === "odd return" ? 7 : { done: true, value: given };
    };
    const iterator = {
      [Symbol.asyncIterator]() { return this; },
      async next(sent) { return next(sent); },
      async return(given) { return end(given); },
    };
    if (how === "no return") iterator.return = undefined;
    if (how === "plain") iterator.next = next;
    return iterator;
  }
  return { soon, fails, hand };
}
`;

const LOCALS = driverNames.map((name) => `${DRIVER_PREFIX}${name}`);

/**
 * The same for programs that use the runtime: how they end, and waits whose results are no tasks: what gives a
 * thenable gives what that gives where the engine's own promises carry it.
 */
const TASKS = `
async function counted(wait) {
  return (await wait).map(({ length }) => length);
}
async function* outcomes(tasks) {
  for await (const task of tasks) {
    let outcome;
    try {
      outcome = await task;
    } catch (error) {
      outcome = error;
    }
    yield outcome;
  }
}
async function finishAll({ left, log, sleep }) {
  for (let i = 0; i < 30; i++) {
    if (left().length === 0) return;
    for (const task of left()) task.cancel("end " + i);
    try {
      await sleep(2);
    } catch {}
  }
  log("left", left().map((task) => task.getName()));
}
`;

/** What a compiled script begins with: the driver's functions as the pass looks for them in a bundle. */
export const DRIVER = `const { ${
  driverNames.map((name, i) => `${name}: ${LOCALS[i]}`).join(", ")
} } =
  $driver;
export { ${LOCALS.join(", ")} };
`;

/**
 * The text of a script that hands an array of the programs, as functions of a prelude, to `$give`.
 *
 * @param names What a prelude has.
 * @param tasks Whether the programs use the runtime.
 */
export function moduleOf(
  texts: readonly string[],
  names: readonly string[],
  tasks: boolean,
): string {
  const programs = texts.map((text) =>
    `function ($) {
  const { ${names.join(", ")} } = $;
  const { soon, fails, hand } = own($);
  ${tasks ? "const finish = () => finishAll($);" : ""}
${text}
  return main();
}`
  );
  return `${OWN}${tasks ? TASKS : ""}\n$give([${programs.join(",\n")}]);\n`;
}

/** A program as {@linkcode evaluate} gives it. */
export type Loaded = (prelude: object) => PromiseLike<unknown>;

/**
 * Evaluates a script of {@linkcode moduleOf}. Not as a module: Deno would parse it once more before V8 does.
 *
 * @param driver What the compiled code runs on.
 * @throws `SyntaxError`
 */
export function evaluate(script: string, driver: object): readonly Loaded[] {
  let given: readonly Loaded[] = [];
  const give = (programs: readonly Loaded[]): void => {
    given = programs;
  };
  new Function("$driver", "$give", `"use strict";\n${script}`)(driver, give);
  return given;
}
