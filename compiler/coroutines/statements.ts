/**
 * Statements that await, or that something inside leaves for a place in the machine.
 *
 * @module
 */

import { assign, type Node, not, nothing, raise, statement } from "../ast.ts";
import { leave, returning, tryFinally } from "./exits.ts";
import { lowerEffect, lowerExpression } from "./expressions.ts";
import { keepWithJumps, targetOf } from "./jumps.ts";
import { lowerClass } from "./literals.ts";
import type { Lowering } from "./lowering.ts";
import { lowerDoWhile, lowerFor, lowerForIn, lowerForOf, lowerWhile } from "./loops.ts";
import { assignPattern } from "./patterns.ts";

/** The labels in front of a statement. */
export type Names = readonly string[];

/** Lowers statements in order; the functions among them are there from the start. */
export function lowerStatements(lowering: Lowering, body: readonly Node[]): void {
  hoistFunctions(lowering, body);
  for (const node of body) {
    if (node.type !== "FunctionDeclaration") lowerStatement(lowering, node);
  }
}

function hoistFunctions({ machine }: Lowering, body: readonly Node[]): void {
  for (const node of body) {
    if (node.type !== "FunctionDeclaration") continue;
    machine.emit(statement(assign(node.id, { ...node, type: "FunctionExpression" })));
  }
}

/** Lowers one statement; `names` are the labels in front of it. */
export function lowerStatement(lowering: Lowering, node: Node, names: Names = []): void {
  const { machine, apart } = lowering;
  if (machine.ended) return;
  const jumps = node.type === "BreakStatement" || node.type === "ContinueStatement";
  if (!apart.has(node) || jumps) return keep(lowering, node, names);
  switch (node.type) {
    case "ExpressionStatement":
      return lowerEffect(lowering, node.expression);
    case "BlockStatement": {
      enterScope(lowering, node);
      return labelled(lowering, names, () => lowerStatements(lowering, node.body));
    }
    case "VariableDeclaration":
      return declare(lowering, node);
    case "ClassDeclaration":
      return machine.emit(
        statement(assign(node.id, lowerClass(lowering, { ...node, type: "ClassExpression" }))),
      );
    case "IfStatement":
      return labelled(lowering, names, () => lowerIf(lowering, node));
    case "ReturnStatement":
      return lowerReturn(lowering, node);
    case "ThrowStatement":
      return machine.end(raise(lowerExpression(lowering, node.argument)));
    case "LabeledStatement":
      return lowerStatement(lowering, node.body, [...names, node.label.name]);
    case "TryStatement":
      return labelled(lowering, names, () => lowerTry(lowering, node));
    case "SwitchStatement":
      return lowerSwitch(lowering, node, names);
    case "WhileStatement":
      return lowerWhile(lowering, node, names);
    case "DoWhileStatement":
      return lowerDoWhile(lowering, node, names);
    case "ForStatement":
      return lowerFor(lowering, node, names);
    case "ForInStatement":
      return lowerForIn(lowering, node, names);
    case "ForOfStatement":
      return lowerForOf(lowering, node, names);
    default:
      lowering.refuse(`Cannot compile an await in ${node.type}`, node);
  }
}

/** Gives `break name` a place to go behind what is not a loop. */
function labelled(lowering: Lowering, names: Names, body: () => void): void {
  if (names.length === 0) return body();
  const { machine } = lowering;
  const onBreak = machine.label();
  machine.contexts.push({ kind: "target", names, onBreak, onContinue: null, plain: false });
  body();
  machine.contexts.pop();
  machine.mark(onBreak);
}

/** Emits a statement as it is, but for the jumps that leave it. */
function keep(lowering: Lowering, node: Node, names: Names): void {
  const { machine } = lowering;
  if (node.type === "ReturnStatement") return lowerReturn(lowering, node);
  if (node.type === "BreakStatement" || node.type === "ContinueStatement") {
    return machine.do(() => leave(machine, targetOf(lowering, node)));
  }
  if (node.type === "ClassDeclaration") {
    return machine.emit(statement(assign(node.id, { ...node, type: "ClassExpression" })));
  }
  if (node.type === "VariableDeclaration") return declare(lowering, node);
  const whole = names.reduceRight<Node>(
    (body, name) => ({ type: "LabeledStatement", label: { type: "Identifier", name }, body }),
    node,
  );
  const kept = keepWithJumps(lowering, whole);
  if (isEnd(kept)) machine.end(kept);
  else machine.emit(kept);
}

/** Whether nothing goes on behind a statement. */
function isEnd(node: Node): boolean {
  if (node.type === "ThrowStatement" || node.type === "ReturnStatement") return true;
  return node.type === "BlockStatement" && node.body.some(isEnd);
}

/** Assigns what a declaration initializes; the variables themselves live with the coroutine. */
export function declare(lowering: Lowering, node: Node): void {
  if (/using/.test(node.kind)) {
    lowering.refuse(
      `Cannot compile a declaration with ${node.kind} that has not been lowered`,
      node,
    );
  }
  for (const { id: target, init } of node.declarations) {
    if (init === null) {
      if (node.kind !== "var") lowering.machine.emit(statement(assign(target, nothing())));
      continue;
    }
    assignPattern(lowering, target, lowerExpression(lowering, init));
  }
}

function lowerIf(lowering: Lowering, { test, consequent, alternate }: Node): void {
  const { machine, apart } = lowering;
  const condition = lowerExpression(lowering, test);
  if (!apart.has(consequent) && (alternate === null || !apart.has(alternate))) {
    return keep(
      lowering,
      { type: "IfStatement", test: condition, consequent, alternate },
      [],
    );
  }
  const otherwise = machine.label();
  machine.jumpIf(not(condition), otherwise);
  lowerStatement(lowering, consequent);
  if (alternate === null) return machine.mark(otherwise);
  const end = machine.label();
  machine.jump(end);
  machine.mark(otherwise);
  lowerStatement(lowering, alternate);
  machine.mark(end);
}

function lowerReturn(lowering: Lowering, { argument }: Node): void {
  const { machine } = lowering;
  if (argument === null) return machine.do(() => returning(machine, null));
  let value = lowerExpression(lowering, argument);
  if (machine.generator) {
    machine.await(value, argument);
    value = machine.sent();
  }
  machine.do(() => returning(machine, value));
}

function lowerTry(lowering: Lowering, node: Node): void {
  const { machine } = lowering;
  const { handler, finalizer } = node;
  if (finalizer !== null) {
    const inner: Node = { ...node, finalizer: null };
    return tryFinally(
      machine,
      () => handler === null ? lowerStatement(lowering, node.block) : lowerTry(lowering, inner),
      () => lowerStatement(lowering, finalizer),
    );
  }
  machine.tryCatch(
    () => lowerStatement(lowering, node.block),
    () => {
      enterScope(lowering, handler);
      if (handler.param !== null) assignPattern(lowering, handler.param, machine.sent());
      lowerStatement(lowering, handler.body);
    },
  );
}

function lowerSwitch(lowering: Lowering, node: Node, names: Names): void {
  const { machine } = lowering;
  enterScope(lowering, node);
  hoistFunctions(lowering, node.cases.flatMap((each: Node) => each.consequent));
  const value = machine.slot();
  machine.set(value, lowerExpression(lowering, node.discriminant));
  const end = machine.label();
  const labels = (node.cases as Node[]).map(() => machine.label());
  for (const [i, { test }] of (node.cases as Node[]).entries()) {
    if (test === null) continue;
    const against = lowerExpression(lowering, test);
    machine.jumpIf(
      { type: "BinaryExpression", operator: "===", left: machine.use(value), right: against },
      labels[i]!,
    );
  }
  const otherwise = (node.cases as Node[]).findIndex(({ test }) => test === null);
  machine.jump(otherwise < 0 ? end : labels[otherwise]!);
  machine.contexts.push({ kind: "target", names, onBreak: end, onContinue: null, plain: true });
  for (const [i, { consequent }] of (node.cases as Node[]).entries()) {
    machine.mark(labels[i]!);
    for (const child of consequent) {
      if (child.type !== "FunctionDeclaration") lowerStatement(lowering, child);
    }
  }
  machine.contexts.pop();
  machine.mark(end);
}

/** Begins a block: gives its variables a place of their own where functions keep them. */
export function enterScope(lowering: Lowering, node: Node): void {
  const { machine } = lowering;
  const cell = lowering.cellOf(node);
  if (cell !== null) machine.set(cell, { type: "ObjectExpression", properties: [] });
  unsetEarly(lowering, node);
}

/** Marks the variables of a block that may be read before they are declared. */
export function unsetEarly({ machine, earlyIn, bindings, driver }: Lowering, node: Node): void {
  for (const variable of earlyIn(node)) {
    const target: Node = { type: "Identifier", name: variable.name };
    bindings.bind(target, variable);
    machine.emit(statement(assign(target, driver("UNSET"))));
  }
}

/** A new turn of a `for` begins: its variables keep their values, in a new place. */
export function renewScope({ machine, cellOf }: Lowering, node: Node): void {
  const cell = cellOf(node);
  if (cell === null) return;
  machine.set(cell, {
    type: "ObjectExpression",
    properties: [{ type: "SpreadElement", argument: machine.use(cell) }],
  });
}
