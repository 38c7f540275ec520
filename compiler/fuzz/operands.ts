/** Expressions that give what a place needs: an object, something to iterate over, something to await. */

import { type Code, code, commas, type List, type Node, node } from "./node.ts";
import type { Generator } from "./generator.ts";
import { iterableLiteral } from "./objects.ts";
import type { Method } from "./scope.ts";
import { streamed, waiting } from "./waits.ts";

/** An object with properties to read and to set, and its methods as far as they are known. */
export function object(g: Generator): { node: Node; methods: readonly Method[] } {
  g.room--;
  const choice = g.random.below(12);
  if (choice < 2 && g.has("object")) {
    const name = g.find("object")!;
    return { node: expression("name", code`${name.text}`), methods: name.methods ?? BOX };
  }
  if (choice < 4 && g.has("class")) {
    const name = g.find("class")!;
    if (g.once(4)) {
      return { node: expression("name", code`${name.text}`), methods: name.methods ?? [] };
    }
    const made = expression("new", code`new ${name.text}(${args(g)})`);
    return { node: made, methods: name.instance ?? [] };
  }
  if (choice < 5 && g.fn.self !== null) {
    return { node: expression("this", code`this`), methods: g.fn.self };
  }
  if (choice < 7 && g.fn.async) {
    return { node: expression("await", code`(await ${box(g)})`), methods: BOX };
  }
  return { node: box(g), methods: BOX };
}

const BOX: readonly Method[] = [{ access: ".m", kind: "sync", getter: false }];

/** An object that logs what is done to it. */
function box(g: Generator): Node {
  const name = node("expression", "literal", code`"b${g.literal()}"`);
  return expression("box", code`box(${name})`);
}

/** An object, where its methods do not matter. */
export function anyObject(g: Generator): Node {
  return object(g).node;
}

/** Arguments of a call. */
export function args(g: Generator): List {
  const count = g.pick([0, 1, 1, 2, 2, 3]);
  return commas(Array.from({ length: count }, () => element(g)));
}

/** An argument or an element of an array, spread now and then. */
export function element(g: Generator): Node {
  if (g.once(8)) return node("element", "spread", code`...${iterable(g)}`);
  const made = g.expression();
  // V8 refuses `f(x += 1, [y] = z)`, and printers drop the parentheses that would help.
  const safe = made.form.endsWith("destructuring assignment") ? code`(0, ${made})` : code`${made}`;
  return node("element", "element", safe);
}

/** A name of a property, as an expression. */
export function key(g: Generator): Node {
  const name = code`"${g.pick(["p", "p", "q", "r", "z"])}"`;
  const choice = g.random.below(6);
  if (choice < 2) return expression("key", name);
  if (choice < 4 && g.fn.async) {
    return expression("awaited key", code`await v(${expression("key", name)})`);
  }
  if (choice < 5) return expression("sequence", code`(${g.expression()}, ${name})`);
  return expression("logged key", code`v(${expression("key", name)})`);
}

/** The name of a property that is neither a method nor missing. */
export function property(g: Generator): string {
  return g.pick(["p", "p", "q", "r"]);
}

/**
 * Something that can be iterated over.
 *
 * @param mayFail Whether its `next` may throw: inside `for await` V8 then calls `return`, other than the standard.
 */
export function iterable(g: Generator, mayFail = true): Node {
  g.room--;
  const choice = g.random.below(8);
  if (choice < 3) return array(g);
  if (choice < 4 && g.has("generator")) {
    return expression("generator call", code`${g.find("generator")!.text}(${args(g)})`);
  }
  if (choice < 5 && g.fn.async) return expression("await", code`(await ${array(g)})`);
  if (g.room > 20 && g.once(4)) return iterableLiteral(g, false);
  return logged(g, mayFail);
}

/** A synchronous iterator that logs what is asked of it. */
function logged(g: Generator, mayFail: boolean): Node {
  const failing = mayFail ? ["bad next"] : [];
  const how = g.pick(["", "", "", "", "no return", "bad return", "odd return", ...failing]);
  const values = commas(g.several(0, 3, () => element(g)));
  return expression("iterator", code`iter("${how}", ${g.literal()}, [${values}])`);
}

function array(g: Generator): Node {
  return expression("array", code`[${commas(g.several(0, 3, () => element(g)))}]`);
}

/** Something for `for await`. */
export function asyncIterable(g: Generator): Node {
  g.room--;
  const choice = g.random.below(10);
  if (g.mode === "runtime" && g.once(2)) return streamed(g);
  if (choice < 4 && g.has("async generator")) {
    return expression("async generator call", code`${g.find("async generator")!.text}(${args(g)})`);
  }
  if (choice < 5) {
    const values = g.several(0, 3, () => node("element", "element", code`${awaitable(g, true)}`));
    return expression("array", code`[${commas(values)}]`);
  }
  if (choice < 7) {
    if (g.room > 8 && !g.once(3)) return iterableLiteral(g, true);
    if (!g.once(3)) return iterable(g, false);
    return expression("await", code`(await ${asyncIterable(g)})`);
  }
  const how = g.pick(["", "", "", "no return", "bad return", "bad next", "odd return", "plain"]);
  const maker = g.mode !== "linear" || g.once(2) ? "hand" : "source";
  const values = commas(g.several(0, 3, () => element(g)));
  const form = maker === "hand" ? "compiled async iterator" : "async iterator";
  return expression(form, code`${maker}("${how}", ${g.literal()}, [${values}])`);
}

/**
 * Something to await.
 *
 * @param aside Whether it may run while other code does: then it logs nothing.
 */
export function awaitable(g: Generator, aside = false): Node {
  g.room--;
  const after = code`${g.random.below(4)}`;
  const choice = g.random.below(16);
  if (choice < 3) return expression("own call", code`soon(${after}, ${g.expression()})`);
  if (choice < 4) return expression("own failing call", code`fails(${after}, ${g.expression()})`);
  if (choice < 8 && (!aside || g.mode === "global") && g.has("async")) return call(g);
  if (g.mode === "runtime" && !aside) return waiting(g);
  if (g.mode !== "linear") {
    if (choice < 10 && g.has("pending")) return name(g);
    return g.expression();
  }
  if (choice < 9) return expression("promise", code`promised(${after}, ${g.expression()})`);
  if (choice < 10) return expression("rejection", code`refused(${after}, ${g.expression()})`);
  if (choice < 12 && !aside) {
    return expression("thenable", code`thenable("${g.pick(THENABLES)}", ${g.expression()})`);
  }
  return g.expression();
}

/** How a thenable may behave; the prelude knows. */
export const THENABLES: readonly string[] = [
  "now",
  "now",
  "later",
  "later",
  "reject",
  "reject later",
  "throw",
  "throw late",
  "twice",
  "bad getter",
  "nested",
  "no function",
  "getter",
];

function name(g: Generator): Node {
  return expression("pending call", code`${g.find("pending")!.text}`);
}

/** A call of an async function by its name. */
export function call(g: Generator): Node {
  return expression("async call", code`${g.find("async")!.text}(${args(g)})`);
}

function expression(form: string, text: Code): Node {
  return node("expression", form, text);
}
