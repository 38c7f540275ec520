/**
 * Gives the properties that only the program itself knows short names.
 *
 * @module
 */

import { children, type Node } from "../ast.ts";
import type { Analysis } from "./analysis.ts";
import { hostName } from "./builtins.ts";
import { Class, Instance, type Thing } from "./thing.ts";
import { NULL, UNDEFINED } from "./value.ts";

/** What engines ask for by these names. */
const RESERVED =
  /^(?:constructor|prototype|__proto__|then|toString|valueOf|toJSON|length|name|message|stack|cause)$/;

/** Renames them. */
export function shortenNames(analysis: Analysis): void {
  const uses = new Map<string, Node[]>();
  const fixed = new Set<string>();
  collect(analysis, analysis.program, null, uses, fixed);
  const order = [...uses].filter(([name]) => !fixed.has(name) && !RESERVED.test(name))
    .sort(([, a], [, b]) => b.length - a.length);
  const taken = new Set([...uses.keys()].filter((name) => fixed.has(name) || RESERVED.test(name)));
  let count = 0;
  for (const [, nodes] of order) {
    let short = shortName(count++);
    while (taken.has(short)) short = shortName(count++);
    for (const node of nodes) node.name = short;
  }
}

const LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ$_";

function shortName(n: number): string {
  const last = LETTERS[n % LETTERS.length]!;
  return n < LETTERS.length ? last : shortName(Math.floor(n / LETTERS.length) - 1) + last;
}

type Uses = Map<string, Node[]>;

function collect(
  analysis: Analysis,
  node: Node,
  of: Thing | null,
  uses: Uses,
  fixed: Set<string>,
): void {
  const use = (key: Node, safe: boolean) => {
    if (key.type !== "Identifier") {
      if (key.type === "Literal") fixed.add(String(key.value));
      return;
    }
    const list = uses.get(key.name) ?? [];
    uses.set(key.name, list);
    list.push(key);
    if (!safe) fixed.add(key.name);
  };
  switch (node.type) {
    case "MemberExpression":
      if (!node.computed && node.property.type === "Identifier") {
        use(node.property, isKnown(analysis, node.object, node.property.name));
      } else if (node.computed) fixAll(analysis, node.object, fixed);
      break;
    case "Property":
      if (!node.computed) {
        if (node.shorthand) {
          node.shorthand = false;
          node.key = { ...node.key };
        }
        use(node.key, of !== null && isOurs(of));
      }
      break;
    case "MethodDefinition":
    case "PropertyDefinition":
      if (!node.computed) use(node.key, !node.static && of !== null && isOurs(of));
      break;
  }
  let inner = of;
  if (node.type === "ObjectExpression") inner = analysis.thingOf(node, "object");
  else if (node.type === "ClassBody") inner = null;
  else if (node.type === "ClassExpression" || node.type === "ClassDeclaration") {
    inner = analysis.classes.get(node)?.instance ?? null;
    const known = analysis.classes.get(node);
    if (known !== undefined) {
      // What its subclasses let out knows its members too.
      for (const each of analysis.classes.values()) {
        if (each !== known && each.extends(known) && !isOurs(each.instance)) inner = null;
      }
    }
    if (node.superClass !== null) collect(analysis, node.superClass, null, uses, fixed);
    for (const member of node.body.body) collect(analysis, member, inner, uses, fixed);
    return;
  } else if (node.type === "ObjectPattern") {
    const value = analysis.patterns.get(node);
    for (const property of node.properties as Node[]) {
      if (property.type === "Property" && !property.computed) {
        if (property.shorthand) {
          property.shorthand = false;
          property.key = { ...property.key };
        }
        use(property.key, value === undefined || areKnown(value, property.key.name));
        collect(analysis, property.value, null, uses, fixed);
      } else collect(analysis, property, null, uses, fixed);
    }
    return;
  } else if (node.type !== "Property") inner = null;
  for (const child of children(node)) collect(analysis, child, inner, uses, fixed);
}

/** Whether an expression gives only objects that nobody else knows. */
function isKnown(analysis: Analysis, node: Node, name: string): boolean {
  if (hostName(analysis, node) !== null) return false;
  const value = analysis.values.get(node);
  if (value !== undefined) return areKnown(value, name);
  // Never reached, or not asked: `this` and variables are known all the same.
  return true;
}

function areKnown(
  { bits, things }: { bits: number; things: ReadonlySet<Thing> },
  name: string,
): boolean {
  // The engine's errors have a few properties, and we ask for others.
  const known = (thing: Thing) =>
    isOurs(thing) || (thing.kind === "error" && !(name in Error.prototype) && !RESERVED.test(name));
  return (bits & ~(UNDEFINED | NULL)) === 0 && [...things].every(known);
}

function isOurs(thing: Thing): boolean {
  if (thing.escaped || thing.named || (thing.kind !== "object" && thing.kind !== "instance")) {
    return false;
  }
  if (!(thing instanceof Instance)) return true;
  return thing.of instanceof Class ? !thing.of.isHost : false;
}

/** Properties that are asked for by computed names keep theirs. */
function fixAll(analysis: Analysis, object: Node, fixed: Set<string>): void {
  for (const thing of analysis.values.get(object)?.things ?? []) {
    for (const name of thing.slots.keys()) fixed.add(name);
  }
}
