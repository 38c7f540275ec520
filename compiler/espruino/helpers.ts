/**
 * Brings along the functions of our own that a program uses, under names that it does not have.
 *
 * @module
 */

import { isFunction, isKey, type Node } from "../ast.ts";
import { parseModule } from "../syntax.ts";
import { GLOBALS, known, METHODS, STATICS } from "./fill_texts.ts";
import { errorFills } from "./fills.ts";
import { HELPERS } from "./helper_texts.ts";
import { type Lowered, walk } from "./tree.ts";

/** A part of the library that an artefact brings along. */
export interface Helper {
  readonly name: string;
  readonly nodes: readonly Node[];
}

/** The functions that the program wants, each behind those that it needs. */
export function helpersOf(lowered: Lowered): Helper[] {
  const helpers: Helper[] = [];
  const done = new Set<string>();
  const used = propertyNames(lowered.program);
  // What is iterated over in these ways has the methods for it.
  for (const name of ["keys", "values", "entries"]) {
    if (lowered.wanted.has(`${name}Of`)) used.add(name);
  }
  const add = (name: string): void => {
    if (done.has(name)) return;
    done.add(name);
    const body = parseModule(textOf(lowered, name)).body as Node[];
    for (const each of body) if (each.type === "ClassDeclaration") leaveOut(each, used);
    const before = new Set(lowered.wanted.keys());
    const nodes = named(lowered, body, name, lowered.wanted.get(name)?.name ?? "");
    for (const other of lowered.wanted.keys()) if (!before.has(other)) add(other);
    // It may have been wanted before, and not been added yet.
    for (const other of needs(nodes, lowered)) add(other);
    helpers.push({ name, nodes });
  };
  for (const name of [...lowered.wanted.keys()]) add(name);
  const errors = errorFills(lowered.fills);
  if (errors !== null) {
    helpers.push({ name: "names and classes of errors", nodes: parseModule(errors).body });
  }
  return helpers;
}

function textOf(lowered: Lowered, name: string): string {
  const text = known(HELPERS, name) ?? known(GLOBALS, name) ?? known(METHODS, name.slice(1));
  if (text !== undefined) return text;
  const fn = known(STATICS, name);
  if (fn !== undefined) return fn;
  return lowered.refuse(
    `Cannot lower a generator that needs "${name}" on Espruino`,
    lowered.program,
  );
}

function needs(nodes: readonly Node[], lowered: Lowered): string[] {
  const names = new Map([...lowered.wanted].map(([name, node]) => [node.name as string, name]));
  const found: string[] = [];
  for (const each of nodes) {
    walk(each, (node) => {
      const name = node.type === "Identifier" ? names.get(node.name) : undefined;
      if (name !== undefined) found.push(name);
    });
  }
  return found;
}

/** Every name of a property that a program uses. */
function propertyNames(program: Node): Set<string> {
  const names = new Set<string>([
    "constructor",
    "next",
    "go",
    "$iterator",
    "toString",
    "entries",
    "get",
    "set",
    "add",
  ]);
  walk(program, (node) => {
    if (node.type === "MemberExpression" && !node.computed) names.add(node.property.name);
    if (node.type === "Property" && !node.computed) names.add(node.key.name);
  });
  return names;
}

/** Drops the methods of a class that nobody calls. */
function leaveOut(node: Node, used: ReadonlySet<string>): void {
  node.body.body = node.body.body.filter(({ key }: Node) => used.has(key.name));
}

/** Gives what a helper declares names that the program does not have. */
function named(lowered: Lowered, body: Node[], name: string, chosen: string): Node[] {
  const renamed = new Map<string, string>([[name, chosen]]);
  for (const each of body) {
    const declared = each.id?.name ?? each.declarations?.[0].id.name;
    if (declared === undefined || declared === name) continue;
    renamed.set(declared, known(STATICS, name) === undefined ? lowered.fresh(declared) : chosen);
  }
  for (const each of body) {
    walk(each, (node, parent) => {
      node.loc = null;
      if (node.type !== "Identifier" || (parent !== null && isKey(node, parent))) return;
      const other = renamed.get(node.name);
      if (other !== undefined) node.name = other;
      else if (isHelper(node.name) && !isOwn(body, node.name)) {
        node.name = lowered.helper(node.name).name;
      }
    });
  }
  return body;
}

function isHelper(name: string): boolean {
  return known(HELPERS, name) !== undefined || known(GLOBALS, name) !== undefined;
}

/** Whether a helper has a variable of this name itself. */
function isOwn(body: readonly Node[], name: string): boolean {
  let found = false;
  for (const each of body) {
    walk(each, (node) => {
      if (node.type === "VariableDeclarator" && node.id.name === name) found = true;
      if (isFunction(node) && node.params.some((param: Node) => param.name === name)) found = true;
    });
  }
  return found;
}
