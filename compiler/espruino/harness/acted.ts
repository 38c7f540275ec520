/**
 * What the interpreter does with what it does not read as an ordinary engine does, as code for such an engine.
 *
 * @module
 */

import {
  block,
  children,
  construct,
  giveBack,
  id,
  isFunction,
  literal,
  namesIn,
  type Node,
  raise,
  replaceChildren,
} from "../../ast.ts";
import type { Fault } from "../dialect.ts";

/** Faults that are acted out; all others end the run where they stand. */
export const ACTED: ReadonlySet<string> = new Set([
  "a field of a class",
  "a variable of a loop's head that a function keeps",
  "finally with more than assignments of names",
  "super",
  "a return without a semicolon",
  "this before a function in the expression of an arrow function",
  "arguments in an arrow function",
  "this in a template",
  "default before another case",
]);

/** A case behind `default` is noticed when everything before it has been done. */
export function untilDefault(node: Node): Node {
  const at = node.cases.findIndex((each: Node) => each.test === null);
  if (at < 0 || at === node.cases.length - 1) return node;
  const end = raise(construct(id("SyntaxError"), [literal("CASE after DEFAULT unsupported")]));
  return block([{ ...node, cases: node.cases.slice(0, at + 1) }, end]);
}

/** Whether the interpreter sees the word `this` in a function: not in a template. */
export function readsThis(node: Node): boolean {
  if (node.type === "ThisExpression") return true;
  return node.type !== "TemplateLiteral" && children(node).some(readsThis);
}

/** Jumps out of `finally` have no effect. */
export function withoutJumps(node: Node): void {
  replaceChildren(node, (child) => {
    if (isFunction(child)) return child;
    withoutJumps(child);
    return child.type === "BreakStatement" || child.type === "ContinueStatement"
      ? giveBack(null)
      : child;
  });
}

/** The statement that ends the run as the interpreter does. */
export function complaint({ what, does, node }: Fault): Node {
  const first = what === "destructuring"
    ? namesIn(node)[0]?.name
    : what === "a label"
    ? node.label.name
    : what === "an async function"
    ? "async"
    : undefined;
  return first === undefined
    ? raise(construct(id("SyntaxError"), [literal(`${what}: the interpreter ${does}`)]))
    : raise(construct(id("ReferenceError"), [literal(`"${first}" is not defined`)]));
}
