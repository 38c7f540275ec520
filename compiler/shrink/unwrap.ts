import { children, type Node, replaceChildren } from "../ast.ts";
import type { Analysis } from "./analysis.ts";
import type { Class } from "./thing.ts";

/** Does without classes whose instances only hold one thing, which never changes: that is used in their place. */
export function unwrapInstances(analysis: Analysis, isOwn: (node: Node) => boolean): void {
  const wrappers = new Map<Class, { readonly field: string; readonly value: Node }>();
  for (const known of analysis.classes.values()) {
    const held = isOwn(known.node) && !known.instance.escaped && !analysis.mentioned.has(known)
      ? onlyField(known.node)
      : null;
    if (held !== null) wrappers.set(known, held);
  }
  if (wrappers.size === 0) return;
  const wrapperOf = (object: Node): Class | null => {
    const of = analysis.values.get(object);
    if (of === undefined || of.isAny || of.things.size !== 1) return null;
    const [thing] = of.things;
    for (const known of wrappers.keys()) if (known.instance === thing) return known;
    return null;
  };
  const own = new Set([...wrappers.keys()].map(({ node }) => node));
  const check = (node: Node, parent: Node | null): void => {
    if (own.has(node)) return;
    if (node.type === "MemberExpression") {
      const things = analysis.values.get(node.object)?.things ?? new Set();
      for (const [known, { field }] of wrappers) {
        if (!things.has(known.instance)) continue;
        const target = (parent?.type === "AssignmentExpression" && parent.left === node) ||
          parent?.type === "UpdateExpression" || parent?.operator === "delete";
        const asked = !node.computed && node.property.name === field;
        if (wrapperOf(node.object) !== known || !asked || target) wrappers.delete(known);
      }
    }
    if (node.type === "ObjectPattern") {
      const things = analysis.patterns.get(node)?.things ?? new Set();
      for (const known of wrappers.keys()) if (things.has(known.instance)) wrappers.delete(known);
    }
    for (const child of children(node)) check(child, node);
  };
  for (const node of analysis.program.body as Node[]) {
    check(node, null);
    if (isOwn(node)) continue;
    // Code that is not ours keeps its objects as they are.
    for (const known of wrappers.keys()) if (uses(analysis, node, known)) wrappers.delete(known);
  }
  if (wrappers.size === 0) return;
  const visit = (node: Node): Node => {
    const known = node.type === "MemberExpression" ? wrapperOf(node.object) : null;
    replaceChildren(node, visit);
    if (known !== null && wrappers.has(known)) return node.object;
    if (node.type === "NewExpression") {
      const of = analysis.values.get(node.callee);
      for (const [known, { value }] of wrappers) {
        if (of?.things.has(known)) return structuredClone(value);
      }
    }
    return node;
  };
  for (const node of analysis.program.body as Node[]) if (isOwn(node)) visit(node);
}

/** What every instance holds, where it holds but one thing and can do nothing. */
function onlyField({ superClass, body }: Node): { field: string; value: Node } | null {
  const [make, more] = body.body as Node[];
  if (superClass !== null || more !== undefined || make?.kind !== "constructor") return null;
  const [only, other] = make.value.body.body as Node[];
  if (make.value.params.length > 0 || other !== undefined) return null;
  const assigned = only?.type === "ExpressionStatement" ? only.expression : null;
  if (assigned?.type !== "AssignmentExpression" || assigned.operator !== "=") return null;
  const { left, right } = assigned;
  if (left.type !== "MemberExpression" || left.computed) return null;
  if (left.object.type !== "ThisExpression") return null;
  const empty = right.type === "ArrayExpression" && right.elements.length === 0;
  return empty ? { field: left.property.name, value: right } : null;
}

function uses(analysis: Analysis, node: Node, known: Class): boolean {
  if (analysis.values.get(node)?.things.has(known.instance)) return true;
  return children(node).some((child) => uses(analysis, child, known));
}
