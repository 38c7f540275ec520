/**
 * What nobody reads, so that what is kept there need not be kept.
 *
 * @module
 */

import type { Node } from "../ast.ts";
import type { Analysis } from "./analysis.ts";
import { isCollection } from "./collections.ts";
import { Class, Instance, type Thing } from "./thing.ts";

/** Whether nobody reads a variable, whatever is assigned to it. */
export function isNeverRead(analysis: Analysis, name: Node): boolean {
  const variable = analysis.bindings.of(name);
  return variable !== undefined && !analysis.cellOf(variable).read;
}

/** Whether nobody reads a variable, and nobody assigns to it but where it is declared. */
export function isUnused(analysis: Analysis, name: Node): boolean {
  return isNeverRead(analysis, name) &&
    analysis.bindings.of(name)!.references.every((each) => each.init === true || !each.isWrite());
}

/** Whether nobody asks for what a parameter is given, and its default does nothing. */
export function isUnusedParam(analysis: Analysis, param: Node): boolean {
  if (param.type === "AssignmentPattern") {
    return analysis.effects.isPure(param.right) && isUnusedParam(analysis, param.left);
  }
  return param.type === "Identifier" && isUnused(analysis, param);
}

/** Whether nobody ever asks for the property that is assigned to. */
export function isUnreadMember(analysis: Analysis, { object, property }: Node): boolean {
  const of = analysis.values.get(object);
  if (of === undefined || of.isAny || of.things.size === 0) return false;
  const name = property.type === "PrivateIdentifier" ? `#${property.name}` : property.name;
  return [...of.things].every((thing) => isUnreadIn(analysis, thing, name));
}

/** Whether nobody ever asks an object for a property. */
export function isUnreadIn(analysis: Analysis, thing: Thing, name: string): boolean {
  if (
    thing.escaped || thing.kind === "array" || thing.kind === "error" || isCollection(thing) ||
    thing.kind === "console"
  ) {
    return false;
  }
  if (name === "prototype" || thing.slots.get(name)?.read === true) return false;
  if (analysis.objects.membersOf(thing, name).length > 0) return false;
  return !(thing instanceof Instance && thing.of instanceof Class &&
    (thing.of.isHost || thing.of.isError));
}

/** What an expression counts on or adds to; `null` where it does neither. */
export function updatedBy(node: Node): Node | null {
  if (node.type === "UpdateExpression") return node.argument;
  return node.type === "AssignmentExpression" && /^[-+*/%&|^]=$/.test(node.operator)
    ? node.left
    : null;
}

/** `this.count++` where nobody reads the count. */
export function isDeadUpdate(analysis: Analysis, node: Node): boolean {
  const target = updatedBy(node);
  if (target === null) return false;
  if (node.type === "AssignmentExpression" && !analysis.effects.isPure(node.right)) return false;
  if (target.type === "Identifier") return isNeverRead(analysis, target);
  if (target.type !== "MemberExpression" || target.computed || target.object.type === "Super") {
    return false;
  }
  return analysis.effects.isPure(target.object) && isUnreadMember(analysis, target);
}
