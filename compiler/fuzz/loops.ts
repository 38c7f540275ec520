/** Loops: their heads, their bodies, and closures over what each turn binds. */

import { type Code, code, commas, lines, maybe, type Node, node } from "./node.ts";
import type { Forms, Generator } from "./generator.ts";
import { statements } from "./functions.ts";
import { anyObject, asyncIterable, iterable } from "./operands.ts";
import { arrayPattern, binding, type Declares, newBinding, objectPattern } from "./patterns.ts";
import { makeArrow } from "./functions.ts";

/** What a loop's body is made of. */
type Body = (g: Generator) => Code;

/**
 * Makes a loop, labelled now and then.
 *
 * @param start What its body begins with.
 */
function loop(g: Generator, make: (body: Body) => Code, start = ""): Code {
  const label = g.once(4) ? `l${g.number()}` : null;
  const { jumps } = g.scope;
  const labels = label === null ? jumps.labels : [...jumps.labels, { text: label, loop: true }];
  const inner = { ...jumps, break: true, continue: true, labels };
  const text = make(() =>
    g.inside({ jumps: inner }, () => code`{${start}${lines(statements(g, 1, 3))}}`)
  );
  return code`${
    maybe(label === null ? null : node("clause", "loop label", code`${label}: `))
  }${text}`;
}

/** The test of a loop; the first operand ends it after a few turns. */
function test(g: Generator): Code {
  const turns = code`again(${g.number()}, ${1 + g.random.below(3)})`;
  return g.once(3) ? turns : code`${turns} && ${g.expression()}`;
}

const DECLARES: readonly Declares[] = ["const", "const", "let", "let", "var", null];

/** `for (const x of y)` and its kin. */
function forEach(
  g: Generator,
  word: string,
  between: string,
  iterated: (g: Generator) => Node,
  patterns: boolean,
): Code {
  // A body may put into the queue that the loop takes from.
  const start = g.mode === "runtime" ? " ok();" : "";
  return g.inside({}, () =>
    loop(g, (body) => {
      const declares = g.pick(DECLARES);
      const keyword = declares === null ? "" : `${declares} `;
      const choice = patterns ? g.random.below(8) : 0;
      const over = choice < 7 ? iterated(g) : lists(g);
      const target = choice < 6
        ? binding(g, declares)
        : choice < 7
        ? objectPattern(g, declares)
        : arrayPattern(g, declares);
      return code`${word} (${keyword}${target} ${between} ${over}) ${body(g)}`;
    }, start));
}

/** A list of what can be iterated over. */
function lists(g: Generator): Node {
  const elements = g.several(1, 2, () => node("element", "element", code`${iterable(g)}`));
  return node("expression", "array", code`[${commas(elements)}]`);
}

/** `for (let i = 0, j = 1; ...; ...)`; the body is made last, as it sees the names. */
function counting(g: Generator, keyword: "let" | "var", body: Body): Code {
  const values = g.several(1, 2, () => g.expression());
  const names = values.map(() => newBinding(g, keyword));
  const declared = values.flatMap((value, i) =>
    code`${i === 0 ? "" : ", "}${names[i]!} = ${value}`
  );
  const step = g.once(2) ? g.expression() : node("expression", "update", code`${names[0]!}++`);
  return code`for (${keyword} ${declared}; ${test(g)}; ${step}) ${body(g)}`;
}

function over(g: Generator, word: string, values: Node, body: Body): Code {
  return code`for (let ${newBinding(g, "let")} ${word} ${values}) ${body(g)}`;
}

/** A loop whose turns leave closures behind that are called when it is over. */
function closures(g: Generator): Code {
  const list = `c${g.number()}`;
  const { jumps } = g.scope;
  const body: Body = () =>
    g.inside({ jumps: { ...jumps, break: true, continue: true } }, () => {
      const keep = (): Node => node("statement", "closure", code`${list}.push(${closure(g)});`);
      const value = g.expression();
      const own = node("statement", "let", code`let ${newBinding(g, "let")} = ${value};`);
      const nodes = [own, ...statements(g, 0, 2), keep(), ...statements(g, 0, 2)];
      return code`{${lines(g.once(2) ? [...nodes, keep()] : nodes)}}`;
    });
  const text = g.inside({}, () => {
    switch (g.random.below(8)) {
      case 0:
        return over(g, "of", iterable(g), body);
      case 1:
        return over(g, "in", anyObject(g), body);
      case 2:
        return code`while (${test(g)}) ${body(g)}`;
      case 3:
        return code`do ${body(g)} while (${test(g)});`;
      default:
        return counting(g, "let", body);
    }
  });
  const call = g.fn.async ? "await f()" : "f()";
  return code`{ const ${list} = []; ${text} for (const f of ${list}) log("closure", ${call}); }`;
}

/** A closure that tells, and sometimes changes, what was bound when it was made. */
function closure(g: Generator): Code {
  const async = g.fn.async && g.once(3);
  return makeArrow(g, { async, parameters: 0 }, () => {
    const names = g.scope.visible(({ kind }) => kind === "value").slice(0, 4);
    if (names.length === 0) return g.expression();
    const { text, variable } = g.pick(names);
    const read = node("expression", "name", code`${text}`);
    if (!g.once(3)) return read;
    return variable ? node("expression", "update", code`++${text}`) : g.expression();
  });
}

/** Statements that repeat. */
export const loops: Forms = {
  "for let": [4, (g) => g.inside({}, () => loop(g, (body) => counting(g, "let", body)))],
  "for var": [1, (g) => g.inside({}, () => loop(g, (body) => counting(g, "var", body)))],
  "for": [
    1,
    (g) =>
      loop(g, (body) => code`for (${g.expression()}; ${test(g)}; ${g.expression()}) ${body(g)}`),
  ],
  "while": [3, (g) => loop(g, (body) => code`while (${test(g)}) ${body(g)}`)],
  "do while": [3, (g) => loop(g, (body) => code`do ${body(g)} while (${test(g)});`)],
  "for of": [4, (g) => forEach(g, "for", "of", iterable, true)],
  "for in": [2, (g) => forEach(g, "for", "in", anyObject, false)],
  "for await": [
    8,
    (g) => forEach(g, "for await", "of", asyncIterable, true),
    (g) => g.fn.async,
  ],
  "closures of a loop": [3, closures, (g) => g.scope.jumps.labels.length < 4],
};
