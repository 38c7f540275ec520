/** Programs as the text of one module, so that compiling and importing it is paid for once. */

import { names } from "./prelude.ts";

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

/** The text of a module that exports the programs as functions in `programs`. */
export function moduleOf(texts: readonly string[]): string {
  const programs = texts.map((text, i) =>
    `function program${i}($) {
  const { ${names.join(", ")} } = $;
  const { soon, fails, hand } = own($);
${text}
  return main();
}`
  );
  return `${OWN}\nexport const programs = [${programs.join(",\n")}];\n`;
}
