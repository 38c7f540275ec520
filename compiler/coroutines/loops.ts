/**
 * Loops that await.
 *
 * @module
 */

import { call, construct, member, type Node, not, raise, statement } from "../ast.ts";
import type { Label } from "./blocks.ts";
import { tryFinally } from "./exits.ts";
import { lowerEffect, lowerExpression } from "./expressions.ts";
import { type Lowering, makesFunction } from "./lowering.ts";
import { assignPattern } from "./patterns.ts";
import { declare, enterScope, lowerStatement, type Names, renewScope } from "./statements.ts";

/** Lowers the body of a loop, whose jumps lead to the labels. */
function lowerBody(
  lowering: Lowering,
  body: Node,
  names: Names,
  onBreak: Label | null,
  onContinue: Label,
): void {
  const { contexts } = lowering.machine;
  contexts.push({ kind: "target", names, onBreak, onContinue, plain: onBreak !== null });
  lowerStatement(lowering, body);
  contexts.pop();
}

/** `while` */
export function lowerWhile(lowering: Lowering, node: Node, names: Names): void {
  const { machine } = lowering;
  const head = machine.label();
  const end = machine.label();
  machine.mark(head);
  if (!isAlways(node.test)) machine.jumpIf(not(lowerExpression(lowering, node.test)), end);
  lowerBody(lowering, node.body, names, end, head);
  machine.jump(head);
  machine.mark(end);
}

/** `do ... while` */
export function lowerDoWhile(lowering: Lowering, node: Node, names: Names): void {
  const { machine } = lowering;
  const head = machine.label();
  const next = machine.label();
  const end = machine.label();
  machine.mark(head);
  lowerBody(lowering, node.body, names, end, next);
  machine.mark(next);
  machine.jumpIf(lowerExpression(lowering, node.test), head);
  machine.mark(end);
}

/** `for (init; test; update)` */
export function lowerFor(lowering: Lowering, node: Node, names: Names): void {
  const { machine } = lowering;
  enterScope(lowering, node);
  if (node.init?.type === "VariableDeclaration") declare(lowering, node.init);
  else if (node.init !== null) lowerEffect(lowering, node.init);
  // Functions made in `init` keep the variables as they are now.
  if (node.init !== null && makesFunction(node.init)) renewScope(lowering, node);
  const head = machine.label();
  const next = machine.label();
  const end = machine.label();
  machine.mark(head);
  if (node.test !== null && !isAlways(node.test)) {
    machine.jumpIf(not(lowerExpression(lowering, node.test)), end);
  }
  lowerBody(lowering, node.body, names, end, next);
  machine.mark(next);
  renewScope(lowering, node);
  if (node.update !== null) lowerEffect(lowering, node.update);
  machine.jump(head);
  machine.mark(end);
}

/** Assigns the value of this turn of the loop to what stands in its head. */
function bindHead(lowering: Lowering, left: Node, value: Node): void {
  if (left.type !== "VariableDeclaration") return assignPattern(lowering, left, value);
  assignPattern(lowering, left.declarations[0].id, value);
}

/** `for (... in ...)` */
export function lowerForIn(lowering: Lowering, node: Node, names: Names): void {
  const { machine, driver } = lowering;
  const slot = machine.slot();
  machine.set(slot, construct(driver("ForIn"), [lowerExpression(lowering, node.right)]));
  const head = machine.label();
  const end = machine.label();
  machine.mark(head);
  machine.jumpIf(not(call(member(machine.use(slot), "step"), [])), end);
  enterScope(lowering, node);
  bindHead(lowering, node.left, member(machine.use(slot), "value"));
  lowerBody(lowering, node.body, names, end, head);
  machine.jump(head);
  machine.mark(end);
}

/** `for (... of ...)` and `for await (... of ...)` */
export function lowerForOf(lowering: Lowering, node: Node, names: Names): void {
  const { machine, driver } = lowering;
  const slot = machine.slot();
  const iterator = (): Node => machine.use(slot);
  const value = lowerExpression(lowering, node.right);
  machine.set(slot, construct(driver(node.await ? "ForAwait" : "ForOf"), [value]));
  const end = machine.label();
  machine.contexts.push({ kind: "target", names, onBreak: end, onContinue: null, plain: true });
  const closing = node.await ? closeAwaited : close;
  closing(lowering, iterator, () => {
    const head = machine.label();
    machine.mark(head);
    // An iterator that is done needs no closing.
    if (node.await) {
      machine.await(call(member(iterator(), "next"), []), node);
      machine.jumpIf(not(call(member(iterator(), "take"), [machine.sent()])), end);
    } else machine.jumpIf(not(call(member(iterator(), "step"), [])), end);
    enterScope(lowering, node);
    bindHead(lowering, node.left, member(iterator(), "value"));
    lowerBody(lowering, node.body, names, null, head);
    machine.jump(head);
  });
  machine.contexts.pop();
  machine.mark(end);
}

/** Runs `body` and closes the iterator however it is left, except by running through. */
export function close(lowering: Lowering, iterator: () => Node, body: () => void): void {
  const { machine } = lowering;
  const closing = (): Node[] => [statement(call(member(iterator(), "close"), []))];
  machine.tryCatch(
    () => {
      machine.contexts.push({ kind: "closing", code: closing, handler: machine.outerHandler() });
      body();
      machine.contexts.pop();
    },
    () => {
      machine.emit(statement(call(member(iterator(), "drop"), [])));
      machine.end(raise(machine.sent()));
    },
  );
}

/** The same for an iterator whose closing is awaited. */
function closeAwaited(lowering: Lowering, iterator: () => Node, body: () => void): void {
  const { machine } = lowering;
  const awaitClosing = (): void => machine.await(member(iterator(), "closing"));
  tryFinally(machine, () =>
    machine.tryCatch(body, () => {
      const error = machine.slot();
      machine.set(error, machine.sent());
      const rethrow = machine.label();
      machine.jumpIf(not(call(member(iterator(), "drop"), [])), rethrow);
      // Nothing that goes wrong in closing counts more than what was thrown.
      machine.tryCatch(awaitClosing, () => {});
      machine.mark(rethrow);
      machine.end(raise(machine.use(error)));
    }), () => {
    const closed = machine.label();
    machine.jumpIf(not(call(member(iterator(), "close"), [])), closed);
    awaitClosing();
    machine.emit(statement(call(member(iterator(), "check"), [machine.sent()])));
    machine.mark(closed);
  });
}

/** Whether a test is always true. */
function isAlways(test: Node): boolean {
  return test.type === "Literal" && Boolean(test.value);
}
