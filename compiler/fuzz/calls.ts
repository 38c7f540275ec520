/** Calls of all kinds, awaits and yields, and what only functions have: `this`, `super`, `arguments`. */

import { type Code, code, commas, type Node, node, row } from "./node.ts";
import type { Forms, Generator } from "./generator.ts";
import { makeArrow, makeFunction, nameForAcorn } from "./functions.ts";
import {
  anyObject,
  args,
  asyncIterable,
  awaitable,
  iterable,
  key,
  object,
  property,
} from "./operands.ts";
import type { Method } from "./scope.ts";
import { classLiteral } from "./classes.ts";

/**
 * Whether the result of an async function may be used here. Where order counts, or another task might await it,
 * it has to be awaited.
 */
const canCallAsync = (g: Generator): boolean => g.mode === "global" || g.fn.async;

/** The result of an async call, awaited where nothing may run beside it. */
function settled(g: Generator, call: Code): Code {
  if (g.fn.async && (g.mode !== "global" || !g.once(4))) return code`(await ${call})`;
  return call;
}

/** A call of a method, or the reading of a getter; `null` where there is none that fits. */
function methodCall(
  g: Generator,
  of: Code | Node | string,
  methods: readonly Method[],
): Code | null {
  const fitting = methods.filter(({ kind }) => kind !== "async" || canCallAsync(g));
  if (fitting.length === 0) return null;
  const { access, kind, getter } = g.pick(fitting);
  const call = getter ? code`${of}${access}` : code`${of}${access}(${args(g)})`;
  return kind === "async" ? settled(g, call) : call;
}

/** `a?.b(c)?.[d]`. */
function chain(g: Generator): Code {
  const base = g.once(4)
    ? node("expression", "literal", code`${g.pick(["null", "undefined", "v(null)", "(void 0)"])}`)
    : g.once(3)
    ? g.expression()
    : anyObject(g);
  const links = g.several(
    0,
    2,
    () => g.once(4) ? node("link", "link", code`.k`) : node("link", "optional link", code`?.k`),
  );
  links.push(lastLink(g));
  links.unshift(node("link", "optional link", code`?.k`));
  if (g.once(4)) links.push(node("link", "optional link", code`?.z`));
  return code`(${base}${row(links, 1)})`;
}

function lastLink(g: Generator): Node {
  switch (g.random.below(6)) {
    case 0:
      return node("link", "optional method call", code`?.m(${args(g)})`);
    case 1:
      return node("link", "optional computed link", code`?.[${key(g)}]`);
    case 2:
      return node("link", "optional call", code`?.m?.(${args(g)})`);
    case 3:
      return node("link", "method link", code`.m(${args(g)})`);
    case 4:
      return node("link", "computed link", code`[${key(g)}]`);
    default:
      return node("link", "optional call", code`.z?.(${args(g)})`);
  }
}

const inAsync = (g: Generator): boolean => g.fn.async;
const deepEnough = (g: Generator): boolean => g.room > 20;

function calledArrow(g: Generator): Code {
  if (g.once(3)) return code`(${makeArrow(g, { async: true }, () => g.expression())})(${args(g)})`;
  const { parameters, body } = makeFunction(g, { arrow: true, async: true });
  return code`(async (${parameters}) => ${body})(${args(g)})`;
}

function calledFunction(g: Generator): Code {
  const { parameters, body } = makeFunction(g, { async: true });
  const called = g.once(2) ? code`.call(${anyObject(g)}, ${args(g)})` : code`(${args(g)})`;
  return code`(async function ${nameForAcorn(g, parameters)}(${parameters}) ${body})${called}`;
}

/** A function that calls itself by the name that only it can see. */
function recursion(g: Generator): Code {
  const text = g.newName("f");
  const left = g.newName("n");
  const { body } = makeFunction(g, {
    async: true,
    parameters: 0,
    first: () => {
      g.declare(left, "value");
      const again = code`if (${left} > 0) v(await ${text}(${left} - 1));`;
      return [node("statement", "recursive call", again)];
    },
  });
  return code`(async function ${text}(${left}) { ok(); ${body} })(${g.random.below(4)})`;
}

/** Expressions that call, wait, or refer to the function around. */
export const calls: Forms = {
  "await": [60, (g) => code`(await ${awaitable(g)})`, inAsync],
  "await pending call": [
    60,
    (g) => code`(await ${g.find("pending")!.text})`,
    (g) => g.fn.async && g.has("pending"),
  ],
  "yield": [
    20,
    (g) =>
      g.fn.async && g.once(5) ? code`(yield ${awaitable(g)})` : code`(yield ${g.expression()})`,
    (g) => g.fn.generator,
  ],
  "yield star": [
    6,
    (g) => code`(yield* ${g.fn.async ? asyncIterable(g) : iterable(g)})`,
    (g) => g.fn.generator,
  ],
  "async call": [
    6,
    (g) => settled(g, code`${g.find("async")!.text}(${args(g)})`),
    (g) => canCallAsync(g) && g.has("async"),
  ],
  "sync call": [3, (g) => code`${g.find("sync")!.text}(${args(g)})`, (g) => g.has("sync")],
  "call with this": [
    2,
    (g) => settled(g, code`${g.find("async")!.text}.call(${anyObject(g)}, ${args(g)})`),
    (g) => canCallAsync(g) && g.has("async"),
  ],
  "method call": [
    8,
    (g) => {
      const { node: of, methods } = object(g);
      return methodCall(g, of, methods) ?? code`${of}.${property(g)}`;
    },
  ],
  "own method call": [
    6,
    (g) => methodCall(g, "this", g.fn.self!) ?? code`this.${property(g)}`,
    (g) => g.fn.self !== null && g.fn.self.length > 0,
  ],
  "super method call": [
    16,
    (g) => methodCall(g, "super", g.fn.base!) ?? code`super.${property(g)}`,
    (g) => g.fn.base !== null && g.fn.base.length > 0,
  ],
  "super member": [
    3,
    (g) => g.once(2) ? code`super.${property(g)}` : code`super[${key(g)}]`,
    (g) => g.fn.base !== null,
  ],
  "new": [
    3,
    (g) => code`new ${g.find("class")!.text}(${args(g)})`,
    (g) => g.has("class"),
  ],
  "optional chain": [6, chain],
  "async arrow called": [
    13,
    (g) => settled(g, calledArrow(g)),
    (g) => canCallAsync(g) && deepEnough(g),
  ],
  "async function called": [
    3,
    (g) => settled(g, calledFunction(g)),
    (g) => canCallAsync(g) && deepEnough(g),
  ],
  "sync arrow called": [
    2,
    (g) => code`(${makeArrow(g, {}, () => g.expression())})(${args(g)})`,
    deepEnough,
  ],
  "recursion": [3, (g) => settled(g, recursion(g)), (g) => canCallAsync(g) && deepEnough(g)],
  "class expression": [
    9,
    (g) => {
      const { code: text, statics } = classLiteral(g, "");
      return methodCall(g, code`(${text})`, statics) ?? code`new (${text})(${args(g)})`;
    },
    (g) => g.room > 35,
  ],
  "this": [3, () => code`this?.p`],
  "arguments": [
    3,
    (g) => g.once(2) ? code`arguments[${g.random.below(2)}]` : code`arguments.length`,
    (g) => g.fn.hasArguments,
  ],
  "new.target": [2, () => code`(typeof new.target)`, (g) => g.fn.hasNewTarget],
  "function name and length": [
    1,
    (g) => {
      const { text } = g.find("async", "async generator")!;
      return code`(${text}.name + ${text}.length)`;
    },
    (g) => g.has("async", "async generator"),
  ],
  "sequence of awaits": [
    2,
    (g) => code`(${commas([awaitOf(g), awaitOf(g)], 1)})`,
    inAsync,
  ],
};

function awaitOf(g: Generator): Node {
  return node("expression", "await", code`(await ${awaitable(g)})`);
}
