/**
 * Operators that the interpreter lacks: optional chains, assignments that may not happen, and powers.
 *
 * @module
 */

import { assign, binary, call, copyPath, id, literal, member, type Node, nothing } from "../ast.ts";
import { isSimple, type Lowered, type Place, rewrite, sequence } from "./tree.ts";

/** Spells the operators out. */
export function lowerChains(lowered: Lowered): void {
  rewrite(lowered.program, (node, place) => {
    switch (node.type) {
      case "ChainExpression":
        // `delete a?.b` deletes where there is something to delete from.
        return place.parent.operator === "delete"
          ? node
          : lowerChain(lowered, node, place, (it) => it);
      case "UnaryExpression":
        if (node.operator !== "delete" || node.argument.type !== "ChainExpression") return node;
        return lowerChain(lowered, node.argument, place, (argument) => ({ ...node, argument }));
      case "AssignmentExpression":
        return lowerAssignment(lowered, node, place);
      case "BinaryExpression":
        return node.operator === "**" ? power(node.left, node.right, node) : node;
      case "LogicalExpression":
        return node.operator === "??" && lowered.level === "small"
          ? nullish(lowered, node, place)
          : node;
      default:
        return node;
    }
  });
}

function power(left: Node, right: Node, like: Node): Node {
  return call(member(id("Math"), "pow"), [left, right], like);
}

/** `a?.b.c` as `a == null ? undefined : a.b.c`. */
function lowerChain(
  lowered: Lowered,
  chain: Node,
  { fn }: Place,
  use: (result: Node) => Node,
): Node {
  const tests: Node[] = [];
  /** The value of a node, which can be named again. */
  const hold = (node: Node): { readonly first: Node; readonly again: () => Node } => {
    if (isSimple(node)) return { first: node, again: () => copyPath(node) };
    const name = lowered.temporary(fn);
    return { first: assign(id(name), node), again: () => id(name) };
  };
  const ask = (first: Node): void => {
    tests.push(binary("==", first, literal(null)));
  };
  const into = (node: Node): Node => {
    if (node.type === "MemberExpression") {
      const inner = into(node.object);
      if (!node.optional) return { ...node, object: inner };
      const { first, again } = hold(inner);
      ask(first);
      return { ...node, optional: false, object: again() };
    }
    if (node.type !== "CallExpression") return node;
    const { callee } = node;
    if (!node.optional) return { ...node, callee: into(callee) };
    if (callee.type !== "MemberExpression") {
      const { first, again } = hold(into(callee));
      ask(first);
      return { ...node, optional: false, callee: again() };
    }
    // The method is asked for first, and called on its object then.
    let inner = into(callee.object);
    if (callee.optional) {
      const asked = hold(inner);
      ask(asked.first);
      inner = asked.again();
    }
    const self = hold(inner);
    const method = hold({ ...callee, optional: false, object: self.first });
    ask(method.first);
    return call(member(method.again(), "call"), [self.again(), ...node.arguments], node);
  };
  const result = use(into(chain.expression));
  const test = tests.reduce((left, right) => ({
    type: "LogicalExpression",
    operator: "||",
    left,
    right,
  }));
  return {
    type: "ConditionalExpression",
    test,
    consequent: nothing(),
    alternate: result,
    loc: chain.loc,
  };
}

/** `a.b ??= c` as `a.b ?? (a.b = c)`, and `a **= b`. */
function lowerAssignment(lowered: Lowered, node: Node, place: Place): Node {
  const logical = /^(&&|\|\||\?\?)=$/.exec(node.operator)?.[1];
  if (logical === undefined && node.operator !== "**=") return node;
  let read: Node = copyPath(node.left);
  let write: Node = node.left;
  const first: Node[] = [];
  if (node.left.type === "MemberExpression") {
    const { object, property, computed } = node.left;
    const hold = (part: Node): [Node, Node] => {
      if (isSimple(part)) return [part, copyPath(part)];
      const name = lowered.temporary(place.fn);
      if (logical !== undefined) return [assign(id(name), part), id(name)];
      // The place is looked up before what is assigned to it.
      first.push(assign(id(name), part));
      return [id(name), id(name)];
    };
    const [firstObject, object2] = hold(object);
    const [firstKey, key2] = computed ? hold(property) : [property, copyPath(property)];
    read = { ...node.left, object: firstObject, property: firstKey };
    write = { ...node.left, object: object2, property: key2 };
  }
  if (logical === undefined) {
    return sequence([...first, assign(write, power(read, node.right, node), node)]);
  }
  const made: Node = {
    type: "LogicalExpression",
    operator: logical,
    left: read,
    right: assign(write, node.right),
    loc: node.loc,
  };
  return logical === "??" && lowered.level === "small" ? nullish(lowered, made, place) : made;
}

/** `a ?? b` where the firmware was cut small. */
function nullish(lowered: Lowered, node: Node, { fn }: Place): Node {
  const simple = isSimple(node.left);
  const name = simple ? "" : lowered.temporary(fn);
  const first = simple ? node.left : assign(id(name), node.left);
  return {
    type: "ConditionalExpression",
    test: binary("!=", first, literal(null)),
    consequent: simple ? copyPath(node.left) : id(name),
    alternate: node.right,
    loc: node.loc,
  };
}
