/** Object literals and their methods. */

import { type Code, code, commas, type Node, node } from "./node.ts";
import type { Generator } from "./generator.ts";
import { anyObject, key } from "./operands.ts";
import { kindOf, makeFunction } from "./functions.ts";
import type { Method } from "./scope.ts";

/** An object literal, and the methods that an object made by it has. */
export function objectLiteral(g: Generator): { code: Code; methods: readonly Method[] } {
  const methods: Method[] = [];
  const inherits = g.once(5);
  const properties = inherits
    ? [node("property", "prototype", code`__proto__: ${anyObject(g)}`)]
    : [];
  const base: readonly Method[] = inherits ? [{ access: ".m", kind: "sync", getter: false }] : [];
  properties.push(...g.several(0, 4, () => property(g, base, methods)));
  return { code: code`{ ${commas(properties)} }`, methods };
}

function property(g: Generator, base: readonly Method[], methods: Method[]): Node {
  const choice = g.random.below(12);
  const name = g.pick(["p", "p", "q", "r", "z"]);
  if (choice < 4) return node("property", "property", code`${name}: ${g.expression()}`);
  if (choice < 6) {
    return node("property", "computed property", code`[${key(g)}]: ${g.expression()}`);
  }
  if (choice < 7) return node("property", "spread property", code`...${anyObject(g)}`);
  if (choice < 8 && g.has("value")) {
    return node("property", "shorthand property", code`${g.find("value")!.text}`);
  }
  if (choice < 9) return accessor(g, name, base);
  return method(g, base, methods);
}

function accessor(g: Generator, name: string, base: readonly Method[]): Node {
  if (g.once(2)) {
    const { body } = makeFunction(g, { self: [], base, parameters: 0 });
    return node("property", "getter", code`get ${name}() ${body}`);
  }
  const { parameters, body } = makeFunction(g, { self: [], base, parameters: 1 });
  return node("property", "setter", code`set ${name}(${parameters}) ${body}`);
}

function method(g: Generator, base: readonly Method[], methods: Method[]): Node {
  const async = !g.once(4);
  const generator = g.once(3);
  const { parameters, body } = makeFunction(g, { async, generator, self: [...methods], base });
  const kind = kindOf(async, generator);
  const name = `m${g.number()}`;
  const computed = g.once(4);
  const text = computed ? code`[${loggedKey(g, name)}]` : name;
  methods.push({ access: `.${name}`, kind, getter: false });
  return node(
    "property",
    `object ${kind} method`,
    code`${async ? "async " : ""}${generator ? "*" : ""}${text}(${parameters}) ${body}`,
  );
}

/** A computed key of a known name. */
export function loggedKey(g: Generator, name: string): Node {
  const text = code`"${name}"`;
  if (g.fn.async && g.once(2)) return node("expression", "awaited key", code`await v(${text})`);
  return node("expression", "logged key", code`v(${text})`);
}

/** Something iterable of the program's own: an object whose iterator is a generator method. */
export function iterableLiteral(g: Generator, async: boolean): Node {
  const { body } = makeFunction(g, { async, generator: true, self: [], base: [], parameters: 0 });
  const symbol = async ? "asyncIterator" : "iterator";
  const text = code`({ ${async ? "async " : ""}*[Symbol.${symbol}]() ${body} })`;
  return node("expression", async ? "own async iterable" : "own iterable", text);
}
