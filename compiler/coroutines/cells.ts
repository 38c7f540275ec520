/**
 * The cells of variables that functions keep: which code needs them, and how they get there.
 *
 * @module
 */

import { children, id, isFunction, type Node } from "../ast.ts";
import type { Slot } from "./machine.ts";
import type { Inside, Writing } from "./rewrite.ts";

/** The declarations that hold the cells of `nodes`, and code that uses them. */
export function cellsFor(
  writing: Writing,
  nodes: readonly Node[],
  inside: Inside,
): { readonly given: Node[]; readonly within: Inside } {
  const cells = new Map(inside.cells);
  const given: Node[] = [];
  for (const slot of nodes.flatMap((node) => cellsIn(writing, node))) {
    if (cells.has(slot)) continue;
    const name = writing.freshName("cell");
    cells.set(slot, name);
    given.push({
      type: "VariableDeclaration",
      kind: "const",
      declarations: [{ type: "VariableDeclarator", id: id(name), init: writing.slot(slot) }],
    });
  }
  return { given, within: given.length === 0 ? inside : { ...inside, cells } };
}

/** The cells of the variables that `node` uses. */
export function cellsIn(writing: Writing, node: Node): Slot[] {
  const cells = new Set<Slot>();
  const find = (each: Node): void => {
    const variable = each.type === "Identifier" ? writing.bindings.of(each) : undefined;
    const found = variable === undefined ? undefined : writing.places.get(variable);
    if (found?.kind === "cell") cells.add(found.cell);
    for (const child of children(each)) find(child);
  };
  find(node);
  return [...cells];
}

/** Whether evaluating `node` makes functions that may keep variables. */
export function keepsVariables(node: Node): boolean {
  if (isFunction(node) || node.type === "ClassExpression" || node.type === "ClassDeclaration") {
    return true;
  }
  return node.type === "ObjectExpression" &&
    node.properties.some((each: Node) => each.value !== undefined && isFunction(each.value));
}
