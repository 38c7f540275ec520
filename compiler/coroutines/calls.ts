/**
 * Calls and optional chains that await.
 *
 * @module
 */

import { binary, literal, type Node, nothing } from "../ast.ts";
import { lowerExpression } from "./expressions.ts";
import { again, type Lowering, release, save } from "./lowering.ts";
import { lowerList } from "./operands.ts";

/** @param exit Where an optional chain ends that has found nothing. */
export function lowerCall(lowering: Lowering, node: Node, exit: Exit | null): Node {
  const { apart } = lowering;
  const { callee } = node;
  const argumentsAwait = node.arguments.some((each: Node) => apart.has(each));
  if (callee.type === "Super") {
    const args = lowerList(lowering, node.arguments);
    release(lowering, ...args);
    return { ...node, arguments: args };
  }
  if (callee.type === "ChainExpression" && callee.expression.type === "MemberExpression") {
    return lowerChainCall(lowering, node);
  }
  if (callee.type !== "MemberExpression") {
    if (!argumentsAwait && !node.optional) {
      return { ...node, callee: chainPart(lowering, callee, exit) };
    }
    const fn = save(lowering, chainPart(lowering, callee, exit));
    if (node.optional) exit!.leaveIf(isNullish(fn));
    const args = lowerList(lowering, node.arguments);
    release(lowering, fn, ...args);
    return { ...node, callee: fn, optional: false, arguments: args };
  }
  const plain = !argumentsAwait && !node.optional;
  if (plain && !callee.optional) {
    const object = callee.object.type === "Super"
      ? callee.object
      : chainPart(lowering, callee.object, exit);
    if (!callee.computed || !apart.has(callee.property)) {
      return { ...node, callee: { ...callee, object } };
    }
    const held = save(lowering, object);
    const property = lowerExpression(lowering, callee.property);
    release(lowering, held);
    return { ...node, callee: { ...callee, object: held, property } };
  }
  const isSuper = callee.object.type === "Super";
  const object = isSuper ? callee.object : save(lowering, chainPart(lowering, callee.object, exit));
  if (callee.optional) exit!.leaveIf(isNullish(object));
  const property = callee.computed ? lowerExpression(lowering, callee.property) : callee.property;
  const access: Node = { ...callee, object, property, optional: false };
  if (plain) {
    release(lowering, object);
    return { ...node, callee: access };
  }
  const fn = save(lowering, access);
  if (node.optional) exit!.leaveIf(isNullish(fn));
  const args = lowerList(lowering, node.arguments);
  const self: Node = isSuper ? { type: "ThisExpression" } : again(lowering, object);
  release(lowering, fn, object, ...args);
  return applied(lowering, node, fn, self, args);
}

/** A call of a method that was looked up before: through the driver, since a function may have a `call` of its own. */
function applied({ driver }: Lowering, node: Node, fn: Node, self: Node, args: Node[]): Node {
  return { ...node, callee: driver("apply"), optional: false, arguments: [fn, self, ...args] };
}

/** `(a?.b)(await c)`: the method of a chain that may have found nothing. */
function lowerChainCall(lowering: Lowering, node: Node): Node {
  const { machine } = lowering;
  const access = node.callee.expression;
  const fn = machine.temporary();
  const self = machine.temporary();
  machine.set(fn, nothing());
  const end = machine.label();
  const exit: Exit = { leaveIf: (test) => machine.jumpIf(test, end) };
  machine.set(self, chainPart(lowering, access.object, exit));
  if (access.optional) exit.leaveIf(isNullish(machine.use(self)));
  const property = access.computed ? lowerExpression(lowering, access.property) : access.property;
  machine.set(fn, { ...access, object: machine.use(self), property, optional: false });
  machine.mark(end);
  const args = lowerList(lowering, node.arguments);
  const call = applied(lowering, node, machine.use(fn), machine.use(self), args);
  machine.release(fn);
  machine.release(self);
  return call;
}

/** Where an optional chain that has found nothing goes on. */
interface Exit {
  leaveIf(test: Node): void;
}

/** Lowers a chain such as `a?.b.c(await d)`; `finish` makes the result of its last part. */
export function lowerChain(lowering: Lowering, node: Node, finish: (value: Node) => Node): Node {
  const { machine } = lowering;
  const result = machine.temporary();
  const end = machine.label();
  const deleting = finish(literal(0)).type === "UnaryExpression";
  const missing = (): Node => deleting ? literal(true) : nothing();
  machine.set(result, missing());
  const exit: Exit = { leaveIf: (test) => machine.jumpIf(test, end) };
  const value = chainPart(lowering, node.expression, exit);
  machine.set(result, finish(value));
  machine.mark(end);
  return machine.use(result);
}

/** Lowers a part of an optional chain, or an expression that is none. */
function chainPart(lowering: Lowering, node: Node, exit: Exit | null): Node {
  if (exit === null || (node.type !== "MemberExpression" && node.type !== "CallExpression")) {
    return lowerExpression(lowering, node);
  }
  if (node.type === "CallExpression") return lowerCall(lowering, node, exit);
  if (node.object.type === "Super") return lowerExpression(lowering, node);
  let object = chainPart(lowering, node.object, exit);
  if (node.optional) {
    object = save(lowering, object);
    exit.leaveIf(isNullish(object));
  }
  if (node.computed && lowering.apart.has(node.property)) {
    object = save(lowering, object);
    const property = lowerExpression(lowering, node.property);
    release(lowering, object);
    return { ...node, object, property, optional: false };
  }
  release(lowering, object);
  return { ...node, object, optional: false };
}

/** `value == null` */
export function isNullish(value: Node): Node {
  return binary("==", value, literal(null));
}
