/**
 * The last touch on an artefact: brackets that the minifier leaves out and the interpreter needs.
 *
 * @module
 */

import MagicString from "magic-string";
import { children, type Node } from "../ast.ts";
import type { Mapped } from "../source_map.ts";
import { parseModule } from "../syntax.ts";
import { beginsRegExp } from "./words.ts";

/** Puts back what the minifier takes away. The map leads to `code`. */
export function settle(code: string): Mapped {
  const text = new MagicString(code);
  const program = parseModule(code);
  const wrap = (node: Node, open = "(", close = ")"): void => {
    text.appendRight(node.start!, open);
    text.prependLeft(node.end!, close);
  };
  const visit = (node: Node, above: readonly Node[]): void => {
    switch (node.type) {
      case "DoWhileStatement":
        if (node.body.type !== "BlockStatement") wrap(node.body, "{", "}");
        break;
      case "MemberExpression":
        if (node.computed && node.property.type === "SequenceExpression") wrap(node.property);
        break;
      case "SwitchCase":
        if (node.test?.type === "SequenceExpression") wrap(node.test);
        break;
      case "NewExpression":
        if (node.callee.type === "NewExpression" && code[node.callee.start!] === "n") {
          wrap(node.callee);
        }
        break;
      case "UnaryExpression":
        if (node.operator === "delete" && callIn(node.argument)) wrap(callIn(node.argument)!);
        break;
      case "BinaryExpression":
      case "AssignmentExpression":
        if (
          /^\/=?$/.test(node.operator) &&
          beginsRegExp(code.slice(node.left.start, slashOf(code, node)))
        ) {
          wrap(node.left);
        }
        break;
      case "ForStatement":
        if (node.init !== null && searches(node.init)) takeOut(text, code, node);
        break;
      case "ClassExpression":
        if (mayBeSkipped(above)) wrap(node, "(function(){return ", "})()");
        break;
    }
    for (const child of children(node)) visit(child, [...above, node]);
  };
  visit(program, []);
  const map = text.generateMap({ source: "bundle.js", hires: "boundary" });
  return { code: text.toString(), map: map.toString() };
}

/** Where the operator of a division is. */
function slashOf(code: string, { left, right }: Node): number {
  const at = code.slice(left.end, right.start).indexOf("/");
  return left.end! + at;
}

/** The call in `f().a` that a property is deleted from. */
export function callIn(target: Node): Node | null {
  let node = target;
  while (node.type === "MemberExpression") {
    node = node.object;
    if (node.type === "CallExpression") return node;
  }
  return null;
}

/** Whether the operator `in` stands in a loop's head, where the interpreter expects the loop's own. */
export function searches(node: Node): boolean {
  if (/Function/.test(node.type)) return false;
  if (node.type === "BinaryExpression" && node.operator === "in") return true;
  return children(node).some(searches);
}

/** `for (a = b in c;;)` as `{ a = b in c; for (;;) }`. */
function takeOut(text: MagicString, code: string, node: Node): void {
  const { init } = node;
  // Brackets around it are left behind, and are none of its own.
  const from = code.indexOf("(", node.start) + 1;
  const end = code.indexOf(";", init.end);
  text.move(from, end, node.start!);
  text.appendRight(from, "{");
  text.appendLeft(end, ";");
  text.appendLeft(node.end!, "}");
}

/**
 * Whether the interpreter may have to pass over a class without making it, which it cannot: between it and the block
 * around it is something that is not always evaluated.
 */
export function mayBeSkipped(above: readonly Node[]): boolean {
  for (let i = above.length - 1; i >= 0; i--) {
    const each = above[i]!;
    if (each.type === "BlockStatement" || each.type === "Program") return false;
    if (each.type === "ConditionalExpression" || each.type === "LogicalExpression") return true;
    if (each.type === "ArrowFunctionExpression" || each.type === "IfStatement") return true;
    if (/^(For|While)/.test(each.type) || each.type === "SwitchCase") return true;
  }
  return false;
}
