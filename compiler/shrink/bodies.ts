/**
 * What the body of a function asks for that is to be moved, and how it is made to fit where it goes.
 *
 * @module
 */

import {
  block,
  children,
  declareVar,
  isFunction,
  isKey,
  type Node,
  replaceChildren,
  returns,
  statement,
} from "../ast.ts";
import type { Analysis } from "./analysis.ts";

/** What a function returns that does nothing else. */
export function valueOf({ body }: Node): Node | null {
  if (body.type !== "BlockStatement") return body;
  const [only, more] = body.body as Node[];
  return only?.type === "ReturnStatement" && more === undefined ? only.argument : null;
}

/** `a.b.c`, `this.a` */
export function isPath(node: Node): boolean {
  if (node.type === "MemberExpression") {
    return !node.computed && !node.optional && isPath(node.object);
  }
  return node.type === "Identifier" || node.type === "ThisExpression";
}

/** `const name = init;` */
export function declareConst(name: string, init: Node): Node {
  return { ...declareVar([{ name, init }]), kind: "const" };
}

/** A list of statements that ends where it returned, for a call whose value nobody wants; `null` if it cannot be. */
export function withoutReturns(list: readonly Node[]): Node[] | null {
  const result: Node[] = [];
  for (let i = 0; i < list.length; i++) {
    const node = list[i]!;
    if (node.type === "ReturnStatement") {
      if (node.argument !== null) result.push(statement(node.argument));
      return result;
    }
    if (!returns(node)) {
      result.push(node);
      continue;
    }
    if (node.type !== "IfStatement") return null;
    const yes = withoutReturns(listOf(node.consequent));
    const no = withoutReturns(listOf(node.alternate));
    if (yes === null || no === null) return null;
    const after = list.slice(i + 1);
    const endsYes = listOf(node.consequent).at(-1)?.type === "ReturnStatement";
    const endsNo = listOf(node.alternate).at(-1)?.type === "ReturnStatement";
    const inner = (arm: Node | null, ends: boolean) => arm !== null && returns(arm) && !ends;
    if (inner(node.consequent, endsYes) || inner(node.alternate, endsNo)) return null;
    const rest = withoutReturns(after);
    if (rest === null) return null;
    if (endsYes && endsNo) {
      return [...result, { ...node, consequent: block(yes), alternate: block(no) }];
    }
    result.push({
      ...node,
      consequent: block(endsYes ? yes : [...yes, ...rest]),
      alternate: block(endsYes ? [...no, ...rest] : no),
    });
    return result;
  }
  return result;
}

function listOf(node: Node | null): Node[] {
  if (node === null) return [];
  return node.type === "BlockStatement" ? node.body : [node];
}

/** Collects the calls that code makes. */
export function collectCalls(node: Node, found: Node[]): void {
  if (node.type === "CallExpression" || node.type === "NewExpression") found.push(node);
  for (const child of children(node)) collectCalls(child, found);
}

/** Whether code calls something, changes something or makes a function. */
export function hasCall(node: Node): boolean {
  return /^(?:Call|New|Assignment|Update|Function|ArrowFunction)Expression$/.test(node.type) ||
    node.type === "Super" || children(node).some(hasCall);
}

/** Whether code makes functions. */
export function hasFunction(node: Node): boolean {
  return isFunction(node) || node.type === "ClassExpression" || children(node).some(hasFunction);
}

/** Whether code has `super`, `new.target` or the like, which is good only where it stands. */
export function isBound(node: Node): boolean {
  return node.type === "Super" || node.type === "MetaProperty" || children(node).some(isBound);
}

/** Whether code asks for the `this` of the function that it stands in. */
export function usesThis(node: Node): boolean {
  if (node.type === "ThisExpression") return true;
  if (node.type === "FunctionExpression" || node.type === "FunctionDeclaration") return false;
  return children(node).some(usesThis);
}

/** Whether `this` means something else in a part of a body. */
export function hasOwnThis(node: Node): boolean {
  return node.type === "FunctionExpression" || node.type === "FunctionDeclaration" ||
    node.type === "ClassBody" || children(node).some(hasOwnThis);
}

/** Puts expressions in the place of variables. */
export function substitute(node: Node, by: ReadonlyMap<string, Node>): void {
  if (by.size === 0) return;
  if (node.type === "Property" && node.shorthand) node.shorthand = false;
  replaceChildren(node, (child) => {
    if (child.type === "Identifier" && !isKey(child, node)) {
      const found = by.get(child.name);
      if (found !== undefined) return { ...found };
    }
    substitute(child, by);
    return child;
  });
}

/** Whether code assigns to a variable, or may. */
export function isAssigned(node: Node, name: string): boolean {
  if (node.type === "AssignmentExpression" || node.type === "UpdateExpression") {
    const target = node.left ?? node.argument;
    if (target.type === "Identifier" ? target.name === name : target.type !== "MemberExpression") {
      return true;
    }
  }
  return children(node).some((child) => isAssigned(child, name));
}

/** How often code names a variable. */
export function occurrences(node: Node, name: string): number {
  let count = node.type === "Identifier" && node.name === name ? 1 : 0;
  for (const child of children(node)) count += occurrences(child, name);
  return count;
}

/** Whether nothing is evaluated before a variable. */
export function isFirst(node: Node, name: string): boolean {
  if (node.type === "Identifier") return node.name === name;
  if (node.type === "MemberExpression") return isFirst(node.object, name);
  if (node.type === "CallExpression") return isFirst(node.callee, name);
  return false;
}

/** How many nodes code has. */
export function size(node: Node): number {
  return children(node).reduce((sum, child) => sum + size(child), 1);
}

/** A copy; what the analysis knows of a node, it knows of its copy. */
export function clone(node: Node, analysis: Analysis): Node {
  const copy: Node = { ...node };
  for (const key in copy) {
    const value = copy[key];
    if (key === "loc" || key === "type") continue;
    if (Array.isArray(value)) {
      copy[key] = value.map((each) =>
        each !== null && typeof each === "object" && each.type ? clone(each, analysis) : each
      );
    } else if (value !== null && typeof value === "object" && typeof value.type === "string") {
      copy[key] = clone(value, analysis);
    }
  }
  const known = analysis.values.get(node);
  if (known !== undefined) analysis.values.set(copy, known);
  return copy;
}
