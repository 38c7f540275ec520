/**
 * Expressions that await: what comes before the await is evaluated before it, in JavaScript's order.
 *
 * @module
 */

import { assign, binary, call, type Node, not, nothing } from "../ast.ts";
import { discard, isUnchanged, type Lowering, release, save } from "./lowering.ts";
import { isNullish, lowerCall, lowerChain } from "./calls.ts";
import { delegate, returnWhereAsked } from "./generators.ts";
import { lowerClass, lowerObject } from "./literals.ts";
import { lowerList, lowerOperands, lowerTarget } from "./operands.ts";
import { assignPattern } from "./patterns.ts";

/**
 * Emits what `node` does up to its last await. What it gives back has to be evaluated next, once, or be saved.
 */
export function lowerExpression(lowering: Lowering, node: Node): Node {
  if (!lowering.apart.has(node)) return node;
  const lower = LOWERINGS[node.type];
  if (lower === undefined) return lowering.refuse(`Cannot compile an await in ${node.type}`, node);
  return lower(lowering, node);
}

/** Lowers an expression whose value nobody needs. */
export function lowerEffect(lowering: Lowering, node: Node): void {
  const { machine, apart } = lowering;
  if (!apart.has(node)) return discard(lowering, node);
  switch (node.type) {
    case "SequenceExpression":
      for (const each of node.expressions) lowerEffect(lowering, each);
      return;
    case "LogicalExpression": {
      if (!apart.has(node.right)) break;
      const end = machine.label();
      if (node.operator === "??") {
        const left = save(lowering, lowerExpression(lowering, node.left));
        machine.jumpIf(not(isNullish(left)), end);
        release(lowering, left);
      } else {
        const left = lowerExpression(lowering, node.left);
        machine.jumpIf(node.operator === "&&" ? not(left) : left, end);
      }
      lowerEffect(lowering, node.right);
      machine.mark(end);
      return;
    }
    case "ConditionalExpression": {
      if (!apart.has(node.consequent) && !apart.has(node.alternate)) break;
      const otherwise = machine.label();
      const end = machine.label();
      machine.jumpIf(not(lowerExpression(lowering, node.test)), otherwise);
      lowerEffect(lowering, node.consequent);
      machine.jump(end);
      machine.mark(otherwise);
      lowerEffect(lowering, node.alternate);
      machine.mark(end);
      return;
    }
  }
  const value = lowerExpression(lowering, node);
  discard(lowering, value);
  release(lowering, value);
}

type Lower = (lowering: Lowering, node: Node) => Node;

const LOWERINGS: { readonly [type: string]: Lower } = {
  AwaitExpression(lowering, node) {
    lowering.machine.await(lowerExpression(lowering, node.argument), node);
    return lowering.machine.sent();
  },

  YieldExpression(lowering, node) {
    const { machine } = lowering;
    if (node.delegate) return delegate(lowering, node);
    const value = node.argument === null ? nothing() : lowerExpression(lowering, node.argument);
    machine.await(value, node);
    machine.yield(machine.sent());
    returnWhereAsked(lowering);
    return machine.sent();
  },

  BinaryExpression(lowering, node) {
    if (node.left.type === "PrivateIdentifier") {
      return { ...node, right: lowerExpression(lowering, node.right) };
    }
    const [left, right] = lowerList(lowering, [node.left, node.right]);
    release(lowering, left!, right!);
    return { ...node, left, right };
  },

  LogicalExpression(lowering, node) {
    const { machine, apart } = lowering;
    const left = lowerExpression(lowering, node.left);
    if (!apart.has(node.right)) return { ...node, left };
    const result = machine.temporary();
    machine.set(result, left);
    const end = machine.label();
    const value = machine.use(result);
    machine.jumpIf(
      node.operator === "&&" ? not(value) : node.operator === "||" ? value : not(isNullish(value)),
      end,
    );
    machine.set(result, lowerExpression(lowering, node.right));
    machine.mark(end);
    return machine.use(result);
  },

  ConditionalExpression(lowering, node) {
    const { machine, apart } = lowering;
    const test = lowerExpression(lowering, node.test);
    if (!apart.has(node.consequent) && !apart.has(node.alternate)) return { ...node, test };
    const result = machine.temporary();
    const otherwise = machine.label();
    const end = machine.label();
    machine.jumpIf(not(test), otherwise);
    machine.set(result, lowerExpression(lowering, node.consequent));
    machine.jump(end);
    machine.mark(otherwise);
    machine.set(result, lowerExpression(lowering, node.alternate));
    machine.mark(end);
    return machine.use(result);
  },

  AssignmentExpression(lowering, node) {
    const { machine, apart, bindings } = lowering;
    const { left, right, operator } = node;
    if (operator === "=") {
      if (/Pattern$/.test(left.type)) {
        if (!apart.has(left)) return { ...node, right: lowerExpression(lowering, right) };
        const value = save(lowering, lowerExpression(lowering, right));
        assignPattern(lowering, left, value);
        return value;
      }
      if (left.type === "Identifier") {
        return { ...node, right: lowerExpression(lowering, right) };
      }
      const target = lowerTarget(lowering, left, apart.has(right));
      const value = lowerExpression(lowering, right);
      release(lowering, ...target.parts);
      return { ...node, left: target.use(), right: value };
    }
    const target = left.type === "Identifier"
      ? { parts: [], use: () => bindings.copy(left) }
      : lowerTarget(lowering, left, true);
    const short = /^(&&|\|\||\?\?)=$/.exec(operator);
    if (short === null) {
      const current = target.use();
      const stays = left.type === "Identifier" && isUnchanged(lowering, left, right);
      const before = stays ? current : save(lowering, current);
      const value = lowerExpression(lowering, right);
      if (stays) return { ...node, left: current, right: value };
      release(lowering, before, ...target.parts);
      const result = binary(operator.slice(0, -1), before, value);
      return assign(target.use(), result, node);
    }
    const result = machine.temporary();
    machine.set(result, left.type === "Identifier" ? bindings.read(left) : target.use());
    const end = machine.label();
    const value = machine.use(result);
    machine.jumpIf(
      short[1] === "&&" ? not(value) : short[1] === "||" ? value : not(isNullish(value)),
      end,
    );
    machine.set(result, assign(target.use(), lowerExpression(lowering, right), node));
    machine.mark(end);
    release(lowering, ...target.parts);
    return machine.use(result);
  },

  SequenceExpression(lowering, node) {
    const { expressions } = node;
    const last = expressions.length - 1;
    // What follows the last await can stay an expression.
    let split = last;
    while (split > 0 && !lowering.apart.has(expressions[split])) split--;
    for (const each of expressions.slice(0, split)) lowerEffect(lowering, each);
    const first = lowerExpression(lowering, expressions[split]);
    if (split === last) return first;
    return { ...node, expressions: [first, ...expressions.slice(split + 1)] };
  },

  UnaryExpression(lowering, node) {
    const { argument } = node;
    if (node.operator === "delete" && argument.type === "ChainExpression") {
      return lowerChain(lowering, argument, (target) => ({ ...node, argument: target }));
    }
    if (node.operator === "delete" && argument.type === "MemberExpression") {
      return { ...node, argument: lowerMember(lowering, argument) };
    }
    return { ...node, argument: lowerExpression(lowering, argument) };
  },

  UpdateExpression(lowering, node) {
    return { ...node, argument: lowerMember(lowering, node.argument) };
  },

  MemberExpression: lowerMember,
  ChainExpression: (lowering, node) => lowerChain(lowering, node, (value) => value),
  CallExpression: (lowering, node) => lowerCall(lowering, node, null),

  NewExpression(lowering, node) {
    const [callee, ...args] = lowerList(lowering, [node.callee, ...node.arguments]);
    release(lowering, callee!, ...args);
    return { ...node, callee, arguments: args };
  },

  ImportExpression(lowering, node) {
    const parts = node.options == null ? [node.source] : [node.source, node.options];
    const [source, options] = lowerList(lowering, parts);
    return { ...node, source, options: options ?? null };
  },

  TemplateLiteral(lowering, node) {
    const texts = node.expressions.map((each: Node) => ({ node: each, asText: true }));
    const expressions = lowerOperands(lowering, texts);
    release(lowering, ...expressions);
    return { ...node, expressions };
  },

  TaggedTemplateExpression(lowering, node) {
    const { tag, quasi } = node;
    const isMethod = tag.type === "MemberExpression";
    const parts: Node[] = [];
    let self: Node | null = null;
    if (isMethod && tag.object.type !== "Super") {
      const target = lowerTarget(lowering, tag, true);
      self = target.object!;
      parts.push(save(lowering, target.use()));
    } else {
      self = isMethod ? { type: "ThisExpression" } : null;
      parts.push(save(lowering, lowerExpression(lowering, tag)));
    }
    const expressions = lowerList(lowering, quasi.expressions);
    const bound = self === null ? parts[0]! : call(lowering.driver("bind"), [parts[0]!, self]);
    release(lowering, parts[0]!, self, ...expressions);
    return { ...node, tag: bound, quasi: { ...quasi, expressions } };
  },

  ArrayExpression(lowering, node) {
    const elements = lowerList(lowering, node.elements);
    release(lowering, ...elements);
    return { ...node, elements };
  },

  ObjectExpression(lowering, node) {
    return lowerObject(lowering, node);
  },

  SpreadElement(lowering, node) {
    return { ...node, argument: lowerExpression(lowering, node.argument) };
  },

  ClassExpression(lowering, node) {
    return lowerClass(lowering, node);
  },
};

function lowerMember(lowering: Lowering, node: Node): Node {
  const target = lowerTarget(lowering, node, false);
  release(lowering, ...target.parts);
  return target.use();
}
