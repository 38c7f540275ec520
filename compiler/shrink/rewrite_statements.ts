/**
 * Takes statements out that the program cannot reach, or that do nothing for anybody.
 *
 * @module
 */

import { block, children, isFunction, type Node, replaceChildren, statement } from "../ast.ts";
import type { Analysis } from "./analysis.ts";
import { visit } from "./rewrite.ts";
import { visitTest } from "./rewrite_conditions.ts";
import { isDeadUpdate, isUnused } from "./unread.ts";

/** What of a list of statements the program reaches and needs. */
export function reachedOf(analysis: Analysis, list: readonly Node[]): Node[] {
  return list.flatMap((each) => {
    if (!analysis.reached.has(each)) return [];
    const kept = visitStatement(analysis, each);
    if (kept === null) return [];
    // Every name is another, so that a block keeps nothing apart.
    return kept.type === "BlockStatement" ? kept.body : [kept];
  });
}

/** A statement without what it does for nobody; `null` where nothing is left. */
export function visitStatement(analysis: Analysis, node: Node): Node | null {
  const { effects } = analysis;
  if (node.type === "FunctionDeclaration" && node.id !== null) {
    if (isUnreadTarget(analysis, node.id)) return null;
  }
  if (node.type === "ExpressionStatement") {
    const { expression } = node;
    if (effects.isPure(expression) || isDeadUpdate(analysis, expression)) return null;
  }
  if (node.type === "VariableDeclaration") {
    node.declarations = node.declarations.filter(({ id, init }: Node) =>
      !isUnreadTarget(analysis, id) || (init !== null && !effects.isPure(init))
    );
    if (node.declarations.length === 0) return null;
    const [only, more] = node.declarations;
    if (more === undefined && only.id.type === "Identifier" && isUnreadTarget(analysis, only.id)) {
      return visit(analysis, statement(only.init));
    }
  }
  const kept = visit(analysis, node);
  if (kept.type === "EmptyStatement") return null;
  if (kept.type === "BlockStatement" && kept.body.length === 0) return null;
  if (kept.type === "IfStatement" && isEmpty(kept.consequent) && isEmpty(kept.alternate)) {
    return effects.isPure(kept.test) ? null : statement(kept.test);
  }
  return kept;
}

/** What is not reached, where a statement has to stand. */
export function visitArm(analysis: Analysis, node: Node): Node {
  const kept = analysis.reached.has(node) ? visitStatement(analysis, node) : null;
  return kept ?? { type: "BlockStatement", body: [] };
}

/** An `if` that can only go one way is what it does there. */
export function visitIf(analysis: Analysis, node: Node): Node {
  node.test = visitTest(analysis, node.test);
  if (
    node.test.type === "SequenceExpression" && node.test.expressions.at(-1).type === "Literal"
  ) {
    const { value } = node.test.expressions.pop();
    const done = node.test.expressions.map((each: Node) => statement(each));
    const arm = value ? node.consequent : node.alternate;
    const rest = arm !== null && analysis.reached.has(arm) ? [visit(analysis, arm)] : [];
    return block([...done, ...rest]);
  }
  if (node.test.type === "Literal") {
    const arm = node.test.value ? node.consequent : node.alternate;
    if (arm === null) return { type: "EmptyStatement" };
    return analysis.reached.has(arm) ? visit(analysis, arm) : { type: "EmptyStatement" };
  }
  node.consequent = visitArm(analysis, node.consequent);
  if (node.alternate !== null) {
    node.alternate = analysis.reached.has(node.alternate)
      ? visitStatement(analysis, node.alternate)
      : null;
  }
  return node;
}

/** A loop, which need not be one if it is never entered or ends in its first turn. */
export function visitLoop(analysis: Analysis, node: Node): Node {
  replaceChildren(
    node,
    (child) =>
      child === node.test
        ? visitTest(analysis, child)
        : child === node.body
        ? visitArm(analysis, child)
        : visit(analysis, child),
  );
  if (node.init?.type === "VariableDeclaration") {
    const init = visitStatement(analysis, node.init);
    node.init = init?.type === "ExpressionStatement" ? init.expression : init;
  }
  if (node.update && isDeadUpdate(analysis, node.update)) node.update = null;
  if (node.type === "ForStatement" && node.test === null && node.init === null) {
    const { body } = node;
    const end = body.type === "BlockStatement" ? body.body.at(-1) : undefined;
    if (end?.type === "ReturnStatement" && !jumps(body)) return body;
  }
  if (node.test?.value !== false || node.type === "DoWhileStatement") return node;
  if (node.init === null || node.init === undefined) return { type: "EmptyStatement" };
  return node.init.type === "VariableDeclaration" ? node.init : statement(node.init);
}

/** Whether something goes on or leaves a loop. */
function jumps(node: Node): boolean {
  if (isFunction(node)) return false;
  return node.type === "ContinueStatement" || node.type === "BreakStatement" ||
    children(node).some(jumps);
}

function isEmpty(node: Node | null): boolean {
  return node === null || node.type === "EmptyStatement" ||
    (node.type === "BlockStatement" && node.body.every(isEmpty));
}

/** Whether nobody reads what a declaration binds; properties that nobody reads are taken out of its pattern. */
function isUnreadTarget(analysis: Analysis, target: Node): boolean {
  if (target.type === "ObjectPattern") {
    if (target.properties.some((each: Node) => each.type !== "Property" || each.computed)) {
      return false;
    }
    target.properties = target.properties.filter((each: Node) =>
      !isUnreadTarget(
        analysis,
        each.value.type === "AssignmentPattern" ? each.value.left : each.value,
      )
    );
    return target.properties.length === 0;
  }
  return target.type === "Identifier" && isUnused(analysis, target);
}
