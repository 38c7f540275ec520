/**
 * Puts the places of variables, slots and labels where their names stand.
 *
 * @module
 */

import {
  arrow,
  assign,
  call,
  id,
  isFunction,
  literal,
  member,
  namesIn,
  type Node,
  replaceChildren,
  statement,
} from "../ast.ts";
import type { Bindings, Variable } from "./bindings.ts";
import type { Label } from "./blocks.ts";
import { cellsFor, cellsIn, keepsVariables } from "./cells.ts";
import type { Place } from "./frame.ts";
import { longhand } from "./literals.ts";
import { isNameless, named } from "./lowering.ts";
import type { Slot } from "./machine.ts";

/** How the names of one machine are written. */
export interface Writing {
  readonly bindings: Bindings;
  readonly driver: (name: string) => Node;
  readonly places: ReadonlyMap<Variable, Place>;
  /** The code of a slot. */
  readonly slot: (slot: Slot) => Node;
  /** What the last await gave. */
  readonly sent: () => Node;
  /** What stands for `this`; `null` where it may stay. */
  readonly self: Slot | null;
  /** What stands for `arguments`; `null` where it may stay. */
  readonly args: Slot | null;
  /** A name that nothing else has. */
  readonly freshName: (name: string) => string;
}

/** Rewrites the statements of a step. */
export function rewrite(writing: Writing, body: Node[]): Node[] {
  const root: Node = { type: "BlockStatement", body };
  walkInto(writing, root, STEP);
  return root.body.filter((node: Node) => node.type !== "EmptyStatement");
}

/** Where in the step code is. */
export interface Inside {
  /** The names of the cells that a function or block around was given. */
  readonly cells: ReadonlyMap<Slot, string>;
  /** Whether it is in a function, which has been given all it needs. */
  readonly kept: boolean;
  /** Whether `this` and `arguments` still mean those of the function that is compiled. */
  readonly own: boolean;
}

const STEP: Inside = { cells: new Map(), kept: false, own: true };

function walkInto(writing: Writing, node: Node, inside: Inside): void {
  const within = isFunction(node) && node.type !== "ArrowFunctionExpression"
    ? { ...inside, own: false }
    : inside;
  if (node.type === "ClassBody") return walkClass(writing, node, inside);
  const { id: name } = node;
  const isNamed = isFunction(node) || /^Class/.test(node.type);
  replaceChildren(node, (child) => {
    // A function's own name is no use of the variable outside.
    if (isNamed && child === name) return child;
    return write(writing, child, within, node);
  });
}

/** Keys are code around the class, values are not. */
function walkClass(writing: Writing, node: Node, inside: Inside): void {
  const other = { ...inside, own: false };
  for (const each of node.body as Node[]) {
    if (each.computed) each.key = write(writing, each.key, inside, each);
    if (each.type === "StaticBlock") walkInto(writing, each, other);
    else if (each.value !== null) each.value = write(writing, each.value, other, each);
  }
}

function write(writing: Writing, node: Node, inside: Inside, parent: Node): Node {
  switch (node.type) {
    case "SlotReference":
      return slotIn(writing, node.slot, inside);
    case "LabelReference":
      return literal((node.label as Label).block!.state);
    case "Identifier":
      if (node.name === "arguments" && inside.own && writing.args !== null) {
        return writing.slot(writing.args);
      }
      return place(writing, node, inside) ?? node;
    case "ThisExpression":
      return inside.own && writing.self !== null ? writing.slot(writing.self) : node;
    case "VariableDeclaration":
      return writeDeclaration(writing, node, inside, parent);
    case "AssignmentExpression":
    case "AssignmentPattern":
      if (node.left.type === "SlotReference" && isNameless(node.right)) {
        // A temporary gives its name to nobody.
        node.right = { type: "SequenceExpression", expressions: [literal(0), node.right] };
      }
      if (isShortConstant(writing, node)) {
        return write(writing, spellOut(writing, node), inside, parent);
      }
      if ((node.operator ?? "=").endsWith("=")) nameFunction(writing, node, "right", node.left);
      break;
    case "Property": {
      const { value } = node;
      const isPattern = value.type === "AssignmentPattern";
      const before = isPattern ? value.left : value;
      walkInto(writing, node, inside);
      const after = isPattern ? node.value.left : node.value;
      return before === after ? node : { ...node, ...longhand(node) };
    }
  }
  if (node.type === "CallExpression" || node.type === "TaggedTemplateExpression") {
    return writeCall(writing, node, inside);
  }
  if (node.type === "BlockStatement" && !inside.kept) return writeBlock(writing, node, inside);
  if (node.type === "SwitchStatement" && !inside.kept) return writeSwitch(writing, node, inside);
  if (node.type === "VariableDeclarator" && node.init !== null) {
    nameFunction(writing, node, "init", node.id);
  }
  if (!inside.kept && keepsVariables(node)) return giveCells(writing, node, inside);
  walkInto(writing, node, inside);
  return node;
}

/** Declarations of functions and classes in a block that stays get their cells at its beginning. */
function writeBlock(writing: Writing, node: Node, inside: Inside): Node {
  const { given, within } = cellsFor(writing, declared(node.body), inside);
  walkInto(writing, node, within);
  return { ...node, body: [...given, ...node.body] };
}

/** The same before a `switch` that stays. */
function writeSwitch(writing: Writing, node: Node, inside: Inside): Node {
  const own = node.cases.flatMap((each: Node) => declared(each.consequent));
  const { given, within } = cellsFor(writing, own, inside);
  walkInto(writing, node, within);
  return given.length === 0 ? node : { type: "BlockStatement", body: [...given, node] };
}

function declared(body: readonly Node[]): Node[] {
  return body.filter(({ type }) => type === "FunctionDeclaration" || type === "ClassDeclaration");
}

/** A function that lives in a slot is called without the slot's owner as `this`. */
function writeCall(writing: Writing, node: Node, inside: Inside): Node {
  const field = node.type === "CallExpression" ? "callee" : "tag";
  const { type } = node[field];
  walkInto(writing, node, inside);
  const moved = type === "Identifier" || type === "SlotReference";
  if (moved && node[field].type === "MemberExpression") {
    node[field] = { type: "SequenceExpression", expressions: [literal(0), node[field]] };
  }
  return node;
}

function slotIn(writing: Writing, slot: Slot, { cells }: Inside): Node {
  const name = cells.get(slot);
  return name === undefined ? writing.slot(slot) : id(name);
}

/** The place of the variable that an identifier means. */
function place(writing: Writing, node: Node, inside: Inside): Node | null {
  const variable = writing.bindings.of(node);
  const found = variable === undefined ? undefined : writing.places.get(variable);
  if (found === undefined) return null;
  if (writing.bindings.constantWrites.has(node)) {
    return member(writing.driver("constants"), node.name, node);
  }
  const written = spelling(writing, node, found, inside);
  if (!writing.bindings.earlyReads.has(node)) return written;
  return call(writing.driver("initialized"), [written, literal(node.name)], node);
}

/** What a variable is written as. */
function spelling(writing: Writing, node: Node, found: Place, inside: Inside): Node {
  if (found.kind === "local") return id(found.name, node);
  if (found.kind === "sent") return at(writing.sent(), node);
  if (found.kind === "slot") return at(writing.slot(found.slot), node);
  return member(slotIn(writing, found.cell, inside), found.field, node);
}

function at(node: Node, like: Node): Node {
  return { ...node, loc: like.loc ?? null };
}

/** Whether `node` is `constant ||= value` or the like, which throws only where it assigns. */
function isShortConstant({ bindings }: Writing, { operator, left }: Node): boolean {
  return /^(&&|\|\||\?\?)=$/.test(operator ?? "") && bindings.constantWrites.has(left);
}

function spellOut({ bindings }: Writing, { operator, left, right }: Node): Node {
  const read: Node = { type: "Identifier", name: left.name };
  bindings.bind(read, bindings.of(left)!);
  return {
    type: "LogicalExpression",
    operator: operator.slice(0, -1),
    left: read,
    right: assign(left, right),
  };
}

/** A declaration of variables that live elsewhere becomes an assignment. */
function writeDeclaration(writing: Writing, node: Node, inside: Inside, parent: Node): Node {
  const moved = (node.declarations as Node[]).some(({ id: target }) =>
    namesIn(target).some((each) => {
      const variable = writing.bindings.of(each);
      return variable !== undefined && writing.places.has(variable);
    })
  );
  if (!moved) {
    walkInto(writing, node, inside);
    return node;
  }
  const isHead = /^For(In|Of)Statement$/.test(parent.type) && parent.left === node;
  if (isHead) return write(writing, node.declarations[0].id, inside, node);
  const assignments = (node.declarations as Node[])
    .filter(({ init }) => init !== null)
    .map((each) => write(writing, assign(each.id, each.init, each), inside, node));
  const inFor = parent.type === "ForStatement" && parent.init === node;
  if (assignments.length === 0) return inFor ? literal(0) : { type: "EmptyStatement" };
  const expression: Node = assignments.length === 1
    ? assignments[0]!
    : { type: "SequenceExpression", expressions: assignments };
  return inFor ? expression : statement(expression);
}

/** `f = () => {}` names the function; so has what stands there instead. */
function nameFunction(writing: Writing, node: Node, field: string, target: Node): void {
  const value = node[field];
  if (target.type !== "Identifier" || !isNameless(value)) return;
  const variable = writing.bindings.of(target);
  const found = variable === undefined ? undefined : writing.places.get(variable);
  const stays = found === undefined || (found.kind === "local" && found.name === target.name);
  if (stays && cellsIn(writing, value).length === 0) return;
  node[field] = named(target.name, value);
}

/** Hands the cells that functions in `node` use to them: `(cell => node)(s.a)`. */
function giveCells(writing: Writing, node: Node, inside: Inside): Node {
  const isDeclaration = /Declaration$/.test(node.type);
  const missing = cellsIn(writing, node).filter((slot) => !inside.cells.has(slot));
  const cells = new Map(inside.cells);
  for (const slot of missing) cells.set(slot, writing.freshName("cell"));
  walkInto(writing, node, { ...inside, cells, kept: true });
  if (missing.length === 0 || isDeclaration) return node;
  const params = missing.map((slot) => id(cells.get(slot)!));
  return call(arrow(params, node), missing.map((slot) => writing.slot(slot)));
}
