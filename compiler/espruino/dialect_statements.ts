/**
 * What the interpreter does otherwise with statements.
 *
 * @module
 */

import { children, isFunction, type Node } from "../ast.ts";
import { type Around, isBracketed, type Note } from "./dialect.ts";
import { isHarmless } from "./harmless.ts";
import { searches } from "./settle.ts";

/** Notes what is wrong with a statement. */
export function statementFaults(node: Node, around: Around, fault: Note): void {
  const { code } = around;
  switch (node.type) {
    case "SwitchStatement":
      if (node.cases.slice(0, -1).some((each: Node) => each.test === null)) {
        fault("default before another case");
      }
      break;
    case "SwitchCase":
      if (node.test?.type === "SequenceExpression" && !isBracketed(node.test, around)) {
        fault("a comma in a case");
      }
      for (const each of node.consequent) {
        if (
          (each.type === "VariableDeclaration" && each.kind !== "var") ||
          each.type === "ClassDeclaration"
        ) {
          fault("a variable of a case", "declares it for what is around the switch", each);
        }
      }
      break;
    case "TryStatement":
      if (node.finalizer !== null && !node.finalizer.body.every(isHarmless)) {
        fault(
          "finally with more than assignments of names",
          "forgets what is thrown or returned there",
          node.finalizer,
        );
      }
      break;
    case "ReturnStatement":
      if (
        node.argument === null && /^return\s*\n/.test(code.slice(node.start, node.end! + 1)) &&
        !/^\s*\}/.test(code.slice(node.end))
      ) {
        fault("a return without a semicolon", "goes on in the next line");
      }
      break;
    case "ExpressionStatement":
      if (code[node.end! - 1] !== ";" && /^\s*\n\s*(?:\+\+|--)/.test(code.slice(node.end))) {
        fault("++ or -- behind a line without a semicolon", "adds to the line before");
      }
      break;
    case "DoWhileStatement":
      if (!/^(?:Block|Expression)Statement$/.test(node.body.type)) {
        fault("do with a statement that is no block");
      }
      break;
    case "ForStatement":
      if (node.init !== null && searches(node.init)) fault("the operator in where a for begins");
      turnFaults(node, node.init, fault);
      break;
    case "ForInStatement":
    case "ForOfStatement":
      if (node.await) fault("for await");
      turnFaults(node, node.left, fault);
      break;
    case "BreakStatement":
    case "ContinueStatement":
      if (node.label !== null) fault("a jump to a label");
      break;
  }
}

/** Whether a function keeps a variable of a loop's head. */
function turnFaults(loop: Node, head: Node | null, fault: Note): void {
  if (head?.type !== "VariableDeclaration" || head.kind === "var") return;
  const names = new Set<string>(head.declarations.map((each: Node) => each.id.name));
  const into = (node: Node, inside: boolean): boolean => {
    if (inside && node.type === "Identifier" && names.has(node.name)) return true;
    // What is called at once keeps nothing.
    if (node.type === "CallExpression" && isFunction(node.callee)) {
      return [...children(node.callee), ...node.arguments].some((child) => into(child, inside));
    }
    return children(node).some((child) => into(child, inside || isFunction(node)));
  };
  // A variable of the same name inside would be another one; the minifier never makes one.
  if (into(loop.body, false)) {
    fault("a variable of a loop's head that a function keeps", "has one for all turns", head);
  }
}
