/**
 * Takes members out of classes that nobody asks for, and assignments out of constructors that change nothing.
 *
 * @module
 */

import { children, type Node } from "../ast.ts";
import type { Analysis } from "./analysis.ts";
import { visit } from "./rewrite.ts";
import { Class } from "./thing.ts";
import { isUnreadIn } from "./unread.ts";

/** A class with the members that are called or read. */
export function visitClass(analysis: Analysis, node: Node): Node {
  const known = analysis.classes.get(node);
  if (known === undefined) return node;
  if (node.superClass !== null) node.superClass = visit(analysis, node.superClass);
  node.body.body = (node.body.body as Node[]).filter((member) => {
    if (member.type === "MethodDefinition") {
      const fn = analysis.functions.get(member.value);
      return fn !== undefined && (fn.called || fn.asked);
    }
    if (member.type !== "PropertyDefinition" || member.static || member.computed) return true;
    if (!known.instantiated) return false;
    const name = analysis.nameOf(member)!;
    const unread = isUnreadIn(analysis, known.instance, name) &&
      [...analysis.classes.values()].every((each) =>
        !each.extends(known) || isUnreadIn(analysis, each.instance, name)
      );
    return !unread || (member.value !== null && !analysis.effects.isPure(member.value));
  });
  for (const member of node.body.body as Node[]) {
    analysis.constructing = member.kind === "constructor" ? known : null;
    if (member.type === "StaticBlock") visit(analysis, member);
    else if (member.value !== null) member.value = visit(analysis, member.value);
    analysis.constructing = null;
  }
  return node;
}

/** Whether a class is an error that nobody tells from others: the engine's own says where it was made. */
export function isPlainError(analysis: Analysis, callee: Node): boolean {
  const of = analysis.values.get(callee);
  if (of === undefined || of.isAny || of.bits !== 0 || of.things.size !== 1) return false;
  const [known] = of.things;
  if (!(known instanceof Class) || !known.isError || analysis.mentioned.has(known)) return false;
  // What the engine's other errors are, somebody may ask by their names.
  if (known.node.superClass?.name !== "Error") return false;
  const extended = [...analysis.classes.values()].some((each) => each.base.value.things.has(known));
  const fields = known.node.body.body.some((each: Node) => each.kind !== "constructor");
  return !extended && !fields && (known.make === null || known.make.node.params.length < 2);
}

/** `this.field = undefined` in a constructor, where nothing else was assigned: that is what it is without. */
export function isInitialNothing(analysis: Analysis, { operator, left, right }: Node): boolean {
  if (operator !== "=" || left.type !== "MemberExpression" || left.computed) return false;
  if (left.object.type !== "ThisExpression" || analysis.constructing === null) return false;
  if (right.type !== "UnaryExpression" || right.operator !== "void") return false;
  return isPlainField(analysis, left) && assignsOnce(analysis.constructing, left.property.name);
}

/** Whether no other place in the constructors of a class and of what it extends assigns a field. */
function assignsOnce(of: Class, name: string): boolean {
  const assigned = (each: Class): number =>
    countAssignments(each.node.body, name) +
    each.bases.reduce((sum, base) => sum + assigned(base), 0);
  return assigned(of) === 1;
}

function countAssignments(node: Node, name: string): number {
  if (node.type === "MethodDefinition" && node.kind !== "constructor") return 0;
  const own = (node.type === "AssignmentExpression" && node.left.type === "MemberExpression" &&
    node.left.object.type === "ThisExpression" && node.left.property.name === name) ||
    (node.type === "PropertyDefinition" && node.key.name === name);
  return children(node).reduce((sum, child) => sum + countAssignments(child, name), own ? 1 : 0);
}

/** Whether a property is no accessor's. */
function isPlainField(analysis: Analysis, left: Node): boolean {
  const of = analysis.values.get(left.object);
  return of !== undefined && analysis.effects.isPlainMember(left, of);
}
