/**
 * What a `yield` does besides an await.
 *
 * @module
 */

import { call, literal, member, type Node, not } from "../ast.ts";
import { returning } from "./exits.ts";
import { lowerExpression } from "./expressions.ts";
import type { Lowering } from "./lowering.ts";

/** After a yield: the consumer may have asked the generator to return. */
export function returnWhereAsked(lowering: Lowering): void {
  const { machine } = lowering;
  if (machine.ended) return;
  machine.emit({
    type: "IfStatement",
    test: machine.field("m"),
    consequent: { type: "BlockStatement", body: returning(machine, machine.sent()) },
    alternate: null,
  });
}

/** `yield*`: hands on whatever the consumer asks for, until the iterator is done. */
export function delegate(lowering: Lowering, node: Node): Node {
  const { machine, driver } = lowering;
  const iterable = lowerExpression(lowering, node.argument);
  const slot = machine.temporary();
  machine.set(slot, { type: "NewExpression", callee: driver("Delegate"), arguments: [iterable] });
  const inner = (): Node => machine.use(slot);
  const method = (name: string, ...args: Node[]): Node => call(member(inner(), name), args);
  const loop = machine.label();
  const over = machine.label();
  const thrown = machine.label();
  machine.mark(loop);
  machine.await(method("ask"), node);
  machine.jumpIf(not(method("take", machine.sent())), over);
  machine.protect(thrown, () => machine.yield(member(inner(), "value")));
  machine.emit({
    type: "ExpressionStatement",
    expression: method("receive", machine.field("m"), machine.sent()),
  });
  machine.jump(loop);
  machine.handle(thrown);
  machine.emit({
    type: "ExpressionStatement",
    expression: method("receive", literal(1), machine.sent()),
  });
  machine.jump(loop);
  machine.mark(over);
  machine.emit({
    type: "IfStatement",
    test: method("returns"),
    consequent: { type: "BlockStatement", body: returning(machine, member(inner(), "value")) },
    alternate: null,
  });
  const value = member(inner(), "value");
  machine.release(slot);
  return value;
}
