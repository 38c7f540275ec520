/**
 * Takes out of the runtime's code what the program cannot reach, and puts constants where nothing else can come.
 *
 * @module
 */

import { id, isFunction, type Node, replaceChildren, usesArguments } from "../ast.ts";
import type { Analysis } from "./analysis.ts";
import { deadParams } from "./params.ts";
import { isInitialNothing, isPlainError, visitClass } from "./rewrite_classes.ts";
import { constantOf, visitConditional, visitLogical } from "./rewrite_conditions.ts";
import { reachedOf, visitArm, visitIf, visitLoop, visitStatement } from "./rewrite_statements.ts";
import { isNeverRead, isUnreadIn, isUnreadMember, isUnusedParam } from "./unread.ts";
import { NULLISH } from "./value.ts";

/** Rewrites the code of the runtime in a program. */
export function rewrite(analysis: Analysis, isOwn: (node: Node) => boolean): void {
  const { program } = analysis;
  const params = deadParams(analysis, isOwn);
  program.body = (program.body as Node[]).flatMap((node) => {
    if (!isOwn(node)) return isDead(node) ? [] : [node];
    const kept = visitStatement(analysis, node);
    return kept === null ? [] : [kept];
  });
  params.remove();
}

/** `if (false)`: what was written for another target. */
function isDead({ type, test, alternate }: Node): boolean {
  return type === "IfStatement" && test.type === "Literal" && test.value === false &&
    alternate === null;
}

/** An expression, a statement or a part of one, without what the program cannot reach in it. */
export function visit(analysis: Analysis, node: Node): Node {
  if (isFunction(node)) {
    const fn = analysis.functions.get(node);
    if (fn?.called !== true) {
      node.params = [];
      node.body = { type: "BlockStatement", body: [] };
      node.expression = false;
      return node;
    }
    node.body = visit(analysis, node.body);
    node.params = node.params.map((param: Node) => visitTarget(analysis, param));
    if (!analysis.setters.has(node)) dropLastParams(analysis, node);
    return node;
  }
  switch (node.type) {
    case "BlockStatement":
    case "StaticBlock":
      node.body = reachedOf(analysis, node.body);
      return node;
    case "SwitchCase":
      node.consequent = reachedOf(analysis, node.consequent);
      return node;
    case "SwitchStatement":
      node.discriminant = visit(analysis, node.discriminant);
      node.cases = node.cases.filter((each: Node) => analysis.reached.has(each))
        .map((each: Node) => visit(analysis, each));
      return node;
    case "ClassDeclaration":
    case "ClassExpression":
      return visitClass(analysis, node);
    case "VariableDeclaration":
      for (const each of node.declarations) {
        each.id = visitTarget(analysis, each.id);
        if (each.init !== null) each.init = visit(analysis, each.init);
      }
      return node;
    case "IfStatement":
      return visitIf(analysis, node);
    case "WhileStatement":
    case "DoWhileStatement":
    case "ForStatement":
      return visitLoop(analysis, node);
    case "ForOfStatement":
    case "ForInStatement":
      node.right = visit(analysis, node.right);
      node.body = visitArm(analysis, node.body);
      return node;
    case "ConditionalExpression":
      return visitConditional(analysis, node);
    case "LogicalExpression":
      return visitLogical(analysis, node);
    case "AssignmentExpression":
      return visitAssignment(analysis, node);
    case "UpdateExpression":
      node.argument = visitTarget(analysis, node.argument);
      return node;
    case "ObjectExpression": {
      const thing = analysis.thingOf(node, "object");
      node.properties = node.properties.filter((each: Node) =>
        each.type !== "Property" || each.kind !== "init" || each.computed ||
        !analysis.effects.isPure(each.value) || !isUnreadIn(analysis, thing, analysis.nameOf(each)!)
      );
      break;
    }
    case "Property":
      if (node.computed) node.key = visit(analysis, node.key);
      node.value = visit(analysis, node.value);
      node.shorthand = false;
      return node;
    case "MemberExpression":
      return visitMember(analysis, node);
    case "UnaryExpression":
      if (node.operator === "delete" || node.operator === "typeof") return node;
      break;
    case "NewExpression":
      if (isPlainError(analysis, node.callee)) node.callee = id("Error");
      break;
    case "ExportNamedDeclaration":
    case "ExportDefaultDeclaration":
      if (node.declaration !== null) node.declaration = visit(analysis, node.declaration);
      return node;
    case "LabeledStatement":
      node.body = visit(analysis, node.body);
      return node;
    case "BreakStatement":
    case "ContinueStatement":
    case "MetaProperty":
      return node;
    case "TryStatement":
      if (node.handler !== null && !analysis.reached.has(node.handler)) {
        if (node.finalizer === null) return visit(analysis, node.block);
        node.handler = null;
      }
      break;
    case "CatchClause":
      node.body = visit(analysis, node.body);
      return node;
  }
  const found = constantOf(analysis, node);
  if (found !== null) return found;
  replaceChildren(node, (child) => visit(analysis, child));
  return node;
}

/** What is passed at the end and read by nobody need not have a name. */
function dropLastParams(analysis: Analysis, { params, body }: Node): void {
  if (usesArguments(body)) return;
  while (params.length > 0 && isUnusedParam(analysis, params.at(-1))) params.pop();
}

/** Only what is inside a target is read: objects, keys and defaults. */
function visitTarget(analysis: Analysis, node: Node): Node {
  switch (node.type) {
    case "MemberExpression":
      return visitMember(analysis, node, true);
    case "AssignmentPattern":
      node.left = visitTarget(analysis, node.left);
      if (!analysis.values.has(node.right)) return node.left;
      node.right = visit(analysis, node.right);
      return node;
    case "ObjectPattern":
      for (const property of node.properties) {
        if (property.type === "RestElement") continue;
        property.value = visitTarget(analysis, property.value);
      }
      return node;
    case "ArrayPattern":
      node.elements = node.elements.map((each: Node | null) => each && visitTarget(analysis, each));
      return node;
  }
  return node;
}

function visitMember(analysis: Analysis, node: Node, isTarget = false): Node {
  const found = isTarget ? null : constantOf(analysis, node);
  if (found !== null) return found;
  const object = analysis.values.get(node.object);
  if (node.optional && object !== undefined && !object.isAny && (object.bits & NULLISH) === 0) {
    node.optional = false;
  }
  node.object = visit(analysis, node.object);
  if (node.computed) node.property = visit(analysis, node.property);
  return node;
}

function visitAssignment(analysis: Analysis, node: Node): Node {
  const { left } = node;
  if (node.operator === "=" && left.type === "Identifier" && isNeverRead(analysis, left)) {
    return visit(analysis, node.right);
  }
  const dead = node.operator === "=" && left.type === "MemberExpression" && !left.computed &&
    left.object.type !== "Super" && analysis.effects.isPure(left.object) &&
    isUnreadMember(analysis, left);
  node.right = visit(analysis, node.right);
  if (dead || isInitialNothing(analysis, node)) return node.right;
  node.left = visitTarget(analysis, left);
  return node;
}
