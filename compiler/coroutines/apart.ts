/**
 * Which parts of an async function cannot stay as they are.
 *
 * @module
 */

import { children, isFunction, type Node } from "../ast.ts";

const JUMP = /^(Return|Break|Continue)Statement$/;
const LOOP = /^(While|DoWhile|For|ForIn|ForOf)Statement$/;

/** Marks every node of `fn`, outside of functions inside, that awaits, and what has to be taken apart with it. */
export function markApart(fn: Node): ReadonlySet<Node> {
  const apart = new Set<Node>();
  const generator = Boolean(fn.generator);

  const marks = (node: Node): boolean => {
    let awaits = node.type === "AwaitExpression" || node.type === "YieldExpression" ||
      (node.type === "ForOfStatement" && node.await) ||
      // An async generator awaits what it returns.
      (generator && node.type === "ReturnStatement" && node.argument !== null);
    for (const child of children(node)) {
      if (!isFunction(child) && !isInClass(node, child) && marks(child)) awaits = true;
    }
    if (awaits) apart.add(node);
    return awaits;
  };
  marks(fn.body);

  // What leaves a loop for a place in the machine cannot do so from within a loop that stays.
  const path: Node[] = [];
  const leaves = (node: Node, inFinally: boolean): void => {
    path.push(node);
    const out = node.type === "ReturnStatement"
      ? inFinally
      : (node.type === "BreakStatement" || node.type === "ContinueStatement") && leavesKept(node);
    if (out && path.some((each) => LOOP.test(each.type) && !apart.has(each))) {
      for (const each of path) apart.add(each);
    }
    if (JUMP.test(node.type) && leavesTry(node)) { for (const each of path) apart.add(each); }
    for (const child of children(node)) {
      if (isFunction(child) || isInClass(node, child)) continue;
      const guarded = inFinally || closes(node, child);
      leaves(child, guarded);
    }
    path.pop();
  };
  /** Whether a jump's target is taken apart, and a loop that stays lies between. */
  const leavesKept = (jump: Node): boolean => {
    if (jump.label === null) return false;
    for (let i = path.length - 1; i >= 0; i--) {
      const each = path[i]!;
      if (each.type === "LabeledStatement" && each.label.name === jump.label.name) {
        return apart.has(each);
      }
    }
    return false;
  };
  /**
   * Whether a jump leaves a `try` that stays for what is not meant for its handlers: closing an iterator; or, where a
   * `finally` that stays runs on the way, a place under another handler.
   */
  const leavesTry = (jump: Node): boolean => {
    let inTry = false;
    let inFinal = false;
    for (let i = path.length - 2; i >= 0; i--) {
      const each = path[i]!;
      if (each.type === "TryStatement") {
        if (inFinal && apart.has(each)) return true;
        if (!apart.has(each)) {
          inTry = true;
          if (each.finalizer !== null) inFinal = true;
        }
      }
      const isLoop = LOOP.test(each.type);
      if (inTry && each.type === "ForOfStatement" && apart.has(each)) return true;
      const plain = jump.label === null || jump.label === undefined;
      const own = plain && jump.type !== "ReturnStatement" &&
        (isLoop || (jump.type === "BreakStatement" && each.type === "SwitchStatement"));
      if (own && !inTry) return false;
    }
    return false;
  };
  /** Whether leaving `child` runs code of the machine. */
  const closes = (node: Node, child: Node): boolean =>
    apart.has(node) && ((node.type === "TryStatement" && node.finalizer !== null &&
      child !== node.finalizer) || (node.type === "ForOfStatement" && child === node.body));
  let before: number;
  do {
    before = apart.size;
    leaves(fn.body, false);
  } while (apart.size > before);

  for (const node of [...apart]) {
    if (node.type === "TryStatement" && node.handler !== null) apart.add(node.handler);
  }
  return apart;
}

/** Whether `child` is code of a class that runs on its own: a field's value or a static block. */
function isInClass(node: Node, child: Node): boolean {
  return child.type === "StaticBlock" ||
    (node.type === "PropertyDefinition" && child === node.value);
}
