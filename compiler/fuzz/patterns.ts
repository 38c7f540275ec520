/** Destructuring: patterns that declare names, and patterns that assign to what there is. */

import { type Code, code, commas, type List, maybe, type Node, node } from "./node.ts";
import type { Generator } from "./generator.ts";
import { anyObject, iterable, key } from "./operands.ts";
import { hasVariable, target, variable } from "./operators.ts";

/** How the names of a pattern are declared; `null`: it assigns. */
export type Declares = "let" | "const" | "var" | null;

/** A name, a target or a whole pattern: what takes any value. */
export function pattern(g: Generator, declares: Declares): Node {
  if (g.once(9)) return objectPattern(g, declares);
  return binding(g, declares);
}

/** A single name or target. */
export function binding(g: Generator, declares: Declares): Node {
  if (declares === null) return node("pattern", "target", code`${target(g)}`);
  return node("pattern", "binding", code`${newBinding(g, declares)}`);
}

/** Declares a name that holds any value. */
export function newBinding(g: Generator, declares: "let" | "const" | "var"): string {
  if (declares === "var") {
    const hoisted = g.scope.hoisted.pop();
    if (hoisted !== undefined) return hoisted;
    const text = `w${g.number()}`;
    g.scope.whole.names.push({ text, kind: "value", variable: true });
    return text;
  }
  const text = g.newName("x");
  g.declare(text, "value", { variable: declares === "let" });
  return text;
}

/** `[a, b = 1, ...c]` for something that can be iterated over. */
export function arrayPattern(g: Generator, declares: Declares): Node {
  const parts = g.several(0, 3, () => {
    if (g.once(10)) return node("part", "hole", code``);
    return node("part", "array part", withDefault(g, 3, () => pattern(g, declares)));
  });
  if (g.once(4)) parts.push(node("part", "array rest", code`...${binding(g, declares)}`));
  return node("pattern", "array pattern", code`[${commas(parts)}]`);
}

/** `{ p: a, [q]: b = 1, ...c }` for an object. */
export function objectPattern(g: Generator, declares: Declares): Node {
  const parts = g.several(0, 3, () => objectPart(g, declares));
  if (g.once(4) && hasEarly(g, declares)) {
    parts.push(node("part", "object rest", code`...${early(g, declares)}`));
  }
  return node("pattern", "object pattern", code`{ ${commas(parts)} }`);
}

/**
 * A target whose evaluation does nothing. Before V8 looks whether the value is an object at all, it evaluates the
 * first target, other than the standard; not if a computed key comes before it.
 */
function early(g: Generator, declares: Declares): Node {
  if (declares !== null) return binding(g, declares);
  return node("pattern", "target", code`${variable(g)}`);
}

function hasEarly(g: Generator, declares: Declares): boolean {
  return declares !== null || hasVariable(g);
}

function objectPart(g: Generator, declares: Declares): Node {
  const choice = g.random.below(8);
  if (choice < 3 || !hasEarly(g, declares)) {
    const computed = key(g);
    const to = withDefault(g, 3, () => pattern(g, declares));
    return node("part", "computed part", code`[${computed}]: ${to}`);
  }
  if (choice === 3) {
    const value = g.once(4) ? null : iterable(g);
    const to = code`${arrayPattern(g, declares)}${defaultOf(value)}`;
    return node("part", "nested array part", code`l: ${to}`);
  }
  if (choice === 4) {
    const value = g.once(4) ? null : anyObject(g);
    const to = code`${objectPattern(g, declares)}${defaultOf(value)}`;
    return node("part", "nested object part", code`k: ${to}`);
  }
  const name = g.pick(["p", "q", "r", "z"]);
  const to = withDefault(g, 3, () => early(g, declares));
  return node("part", "named part", code`${name}: ${to}`);
}

/** A pattern, once in `seldom` times with a default: made first, as it must not see the pattern's names. */
function withDefault(g: Generator, seldom: number, make: () => Node): Code {
  const value = g.once(seldom) ? g.expression() : null;
  const to = make();
  return code`${to}${defaultOf(value)}`;
}

function defaultOf(value: Node | null): List {
  return maybe(value && node("clause", "default", code` = ${value}`));
}
