/**
 * What members of classes say of their class: private names, `super` and `new.target`.
 *
 * @module
 */

import {
  binary,
  call,
  children,
  copyPath,
  id,
  literal,
  member,
  type Node,
  replaceChildren,
} from "../ast.ts";
import { type Lowered, rewrite } from "./tree.ts";

/** `#name` as a property with a name of its own. */
export function lowerPrivateNames(lowered: Lowered, node: Node): void {
  const names = new Map<string, string>();
  for (const { key } of node.body.body as Node[]) {
    if (key?.type === "PrivateIdentifier" && !names.has(key.name)) {
      names.set(key.name, lowered.fresh(`_${key.name}`));
    }
  }
  if (names.size === 0) return;
  const replace = (each: Node): void => {
    if (each.type === "BinaryExpression" && each.left.type === "PrivateIdentifier") {
      const name = names.get(each.left.name);
      if (name !== undefined) each.left = literal(name);
    }
    for (const child of children(each)) {
      if (child.type === "PrivateIdentifier") {
        const name = names.get(child.name);
        if (name !== undefined) {
          child.type = "Identifier";
          child.name = name;
        }
      } else replace(child);
    }
  };
  replace(node.body);
}

/**
 * `super` by the name of the class: the interpreter looks it up from the object, and gets it wrong where classes extend
 * each other more than once, or where a constructor makes another object.
 */
export function lowerSuper(node: Node, parent: Node | null): void {
  const own = (each: Node, isStatic: boolean): void => {
    const owner = (): Node =>
      isStatic
        ? copyPath(parent ?? id("Object"))
        : member(copyPath(parent ?? id("Object")), "prototype");
    const into = (one: Node): Node => {
      if (one.type === "ClassDeclaration" || one.type === "ClassExpression") {
        if (one.superClass !== null) one.superClass = into(one.superClass);
        return one;
      }
      if (one.type === "AssignmentExpression" && one.left.object?.type === "Super") {
        one.left.object = { type: "ThisExpression" };
      }
      const isMethod = one.type === "CallExpression" && one.callee.object?.type === "Super";
      replaceChildren(one, into);
      if (one.type === "CallExpression" && one.callee.type === "Super") {
        return superCall(one, parent!);
      }
      if (one.type === "MemberExpression" && one.object.type === "Super") {
        return { ...one, object: owner() };
      }
      if (!isMethod) return one;
      return call(member(one.callee, "call"), [{ type: "ThisExpression" }, ...one.arguments], one);
    };
    replaceChildren(each, into);
  };
  for (const each of node.body.body as Node[]) {
    own(each, each.static === true || each.type === "StaticBlock");
  }
}

/** `super(a)` as `Parent.call(this, a)`. */
function superCall(node: Node, parent: Node): Node {
  const [only] = node.arguments as Node[];
  const self: Node = { type: "ThisExpression" };
  if (node.arguments.length === 1 && only!.type === "SpreadElement") {
    return call(member(copyPath(parent), "apply"), [self, only!.argument], node);
  }
  return call(member(copyPath(parent), "call"), [self, ...node.arguments], node);
}

/** `new.target` as what the object was made by. */
export function lowerNewTarget(lowered: Lowered): void {
  rewrite(lowered.program, (node, { own }) => {
    if (node.type !== "MetaProperty" || node.meta.name !== "new") return node;
    if (own.id === null || own.id === undefined) {
      return member({ type: "ThisExpression" }, "constructor");
    }
    return {
      type: "ConditionalExpression",
      test: binary("instanceof", { type: "ThisExpression" }, id(own.id.name)),
      consequent: member({ type: "ThisExpression" }, "constructor"),
      alternate: id("undefined"),
    };
  });
}
