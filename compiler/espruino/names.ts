/**
 * Names: every variable of a function gets one of its own, and none that the interpreter takes for something else.
 *
 * @module
 */

import { id, isFunction, type Node } from "../ast.ts";
import { type NameScope, type Variable } from "./scopes.ts";
import { type Lowered, walk } from "./tree.ts";

/** Words of the interpreter that are names in JavaScript. */
const RESERVED: ReadonlySet<string> = new Set(["of", "static"]);
/** Names with more characters are cut off. */
const LONGEST_NAME = 60;

/**
 * Gives variables of inner blocks names that no other variable of the same function has, so that statements can be
 * moved out of their blocks.
 */
export function renameVariables(lowered: Lowered): void {
  const scopes = lowered.scopes();
  const shorthands = new Map<Node, Node>();
  walk(lowered.program, (node) => {
    if (node.type === "Property" && node.shorthand) {
      shorthands.set(node.value.type === "AssignmentPattern" ? node.value.left : node.value, node);
    }
  });
  const taken = new Map<NameScope, Map<string, Set<Variable | null>>>();
  for (const scope of scopes.all) {
    for (let up: NameScope | null = scope; up !== null; up = up.upper) {
      const names = taken.get(up) ?? new Map<string, Set<Variable | null>>();
      taken.set(up, names);
      const add = (name: string, variable: Variable | null): void => {
        names.set(name, (names.get(name) ?? new Set()).add(variable));
      };
      for (const variable of scope.variables) add(variable.name, variable);
      for (const { identifier, resolved } of scope.references) add(identifier.name, resolved);
    }
  }
  for (const scope of scopes.all) {
    if (scope.type === "class") continue;
    for (const variable of scope.variables) {
      if (variable.name === "arguments" && variable.identifiers.length === 0) continue;
      const home = functionScope(scope);
      const others = taken.get(home)?.get(variable.name) ?? new Set();
      const clashes = scope !== home && [...others].some((each) => each !== variable);
      const odd = RESERVED.has(variable.name) || variable.name.length > LONGEST_NAME;
      if (clashes || odd) {
        rename(variable, lowered.fresh(variable.name.slice(0, LONGEST_NAME - 5) + "_"), shorthands);
      }
    }
  }
}

/** The scope of the function around a scope, or of the module. */
function functionScope(scope: NameScope): NameScope {
  let home = scope;
  while (!isFunction(home.block) && home.upper !== null && home.upper.type !== "global") {
    home = home.upper;
  }
  return home;
}

/** Gives a variable another name. */
export function rename(
  variable: Variable,
  name: string,
  shorthands: ReadonlyMap<Node, Node> = new Map(),
): void {
  const nodes = [...variable.identifiers, ...variable.references.map((each) => each.identifier)];
  for (const node of new Set(nodes)) {
    const property = shorthands.get(node);
    if (property !== undefined) {
      property.key = id(node.name);
      property.shorthand = false;
    }
    node.name = name;
  }
}
