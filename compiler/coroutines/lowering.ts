/**
 * What lowering an async function's statements and expressions shares.
 *
 * @module
 */

import type { Bindings, Variable } from "./bindings.ts";
import { children, id, isFunction, member, type Node, statement } from "../ast.ts";
import type { Machine, Slot } from "./machine.ts";

/** One async function on its way to be a machine. */
export interface Lowering {
  readonly machine: Machine;
  readonly bindings: Bindings;
  /** The driver's functions and classes, by the names that the pass uses for them. */
  readonly driver: (name: string) => Node;
  /** What awaits or has to be taken apart for another reason; everything else stays as it is. */
  readonly apart: ReadonlySet<Node>;
  /** What holds the variables of a block that functions keep from one turn of a loop; `null` where none do. */
  readonly cellOf: (node: Node) => Slot | null;
  /** Whether a variable is the function's own and no function inside uses it. */
  readonly isPrivate: (variable: Variable) => boolean;
  /** The variables of a block that may be read before they are declared. */
  readonly earlyIn: (node: Node) => readonly Variable[];
  /** Refuses code that cannot be compiled. */
  readonly refuse: (message: string, node: Node) => never;
}

/** Whether evaluating `node` earlier or later makes no difference. */
export function isConstant({ bindings, machine }: Lowering, node: Node): boolean {
  switch (node.type) {
    case "Literal":
      return node.regex === undefined;
    case "ThisExpression":
    case "MetaProperty":
    case "Super":
      return true;
    case "TemplateLiteral":
      return node.expressions.length === 0;
    case "UnaryExpression":
      return node.operator === "void" && node.argument.type === "Literal";
    case "Identifier": {
      if (node.name === machine.self) return true;
      const variable = bindings.of(node);
      return variable !== undefined && bindings.isFixed(variable) && !bindings.earlyReads.has(node);
    }
    default:
      return false;
  }
}

/**
 * Whether a variable that `node` names is still the same when the rest of `around` has been evaluated, suspensions
 * included: nothing but this function can see it, and nothing in `around` assigns to it.
 */
export function isUnchanged({ bindings, isPrivate }: Lowering, node: Node, around: Node): boolean {
  if (node.type !== "Identifier" || bindings.earlyReads.has(node)) return false;
  const variable = bindings.of(node);
  if (variable === undefined || !isPrivate(variable)) return false;
  const { start = 0, end = 0 } = around;
  return variable.references.every((reference) => {
    const at = reference.identifier.start ?? 0;
    return !reference.isWrite() || at < start || at >= end;
  });
}

/** Whether evaluating `node` once, but later, makes no difference. */
export function isMovable(lowering: Lowering, node: Node): boolean {
  return isFunction(node) || isConstant(lowering, node);
}

/** Evaluates `node` now, so that it can be used after other things have happened. */
export function save(lowering: Lowering, node: Node): Node {
  if (isConstant(lowering, node)) return node;
  const { machine } = lowering;
  // A temporary is its user's until released.
  if (node.type === "SlotReference") return node;
  const slot = machine.temporary();
  machine.set(slot, node);
  return machine.use(slot);
}

/** Evaluates `node` for what it does. */
export function discard(lowering: Lowering, node: Node): void {
  if (isConstant(lowering, node) || isSent(lowering, node) || node.type === "SlotReference") return;
  lowering.machine.emit(statement(node));
}

/** Whether `node` is what the last await gave. */
export function isSent({ machine }: Lowering, node: Node): boolean {
  return machine.isSent(node);
}

/** Whether `node` is a function or class without a name, which takes that of its variable. */
export function isNameless(node: Node): boolean {
  if (isFunction(node)) return node.id === null || node.id === undefined;
  return node.type === "ClassExpression" && (node.id === null || node.id === undefined);
}

/** `{ name: fn }.name`: a nameless function or class that gets a name without a variable of it. */
export function named(name: string, value: Node): Node {
  const property: Node = {
    type: "Property",
    kind: "init",
    key: id(name),
    value,
    computed: false,
    method: false,
    shorthand: false,
  };
  return member({ type: "ObjectExpression", properties: [property] }, name);
}

/** Whether evaluating `node` makes a function. */
export function makesFunction(node: Node): boolean {
  if (isFunction(node) || node.type === "ClassExpression") return true;
  for (const child of children(node)) if (makesFunction(child)) return true;
  return false;
}

/** The same once more: for what is used in two places. */
export function again({ machine, bindings }: Lowering, node: Node): Node {
  if (node.type === "SlotReference") return machine.use(node.slot);
  return node.type === "Identifier" ? bindings.copy(node) : { ...node };
}

/** Frees the temporaries among `nodes`. */
export function release({ machine }: Lowering, ...nodes: (Node | null)[]): void {
  for (const node of nodes) {
    if (node?.type === "SlotReference") machine.release(node.slot as Slot);
  }
}
