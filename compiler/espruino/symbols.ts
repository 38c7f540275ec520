/**
 * Symbols: the interpreter has none, so the well-known ones are names that nobody else uses.
 *
 * @module
 */

import { binary, id, literal, type Node } from "../ast.ts";
import { type Lowered, rewrite } from "./tree.ts";

/** Replaces symbols by strings. */
export function lowerSymbols(lowered: Lowered): void {
  const scopes = lowered.scopes();
  rewrite(lowered.program, (node, { parent }) => {
    if (
      node.type === "MemberExpression" && scopes.isGlobal(node.object, "Symbol") && !node.computed
    ) {
      if (node.property.name === "for" && parent.type === "CallExpression") return node;
      return { ...literal(`$${node.property.name}`), loc: node.loc };
    }
    if (node.type === "MemberExpression" && scopes.isGlobal(node.object, "Symbol")) {
      return binary("+", literal("$"), node.property);
    }
    if (node.type === "CallExpression") {
      const { callee } = node;
      if (scopes.isGlobal(callee, "Symbol")) {
        return call(lowered, node);
      }
      if (callee.type === "MemberExpression" && scopes.isGlobal(callee.object, "Symbol")) {
        return binary("+", literal("$"), node.arguments[0] ?? literal(""));
      }
    }
    // `[Symbol.iterator]() {}` has a plain name now.
    if (
      node.computed &&
      /^(Property|MethodDefinition|PropertyDefinition|MemberExpression)$/.test(node.type)
    ) {
      const field = node.type === "MemberExpression" ? "property" : "key";
      const key = node[field];
      if (key.type === "Literal" && /^\$\w+$/.test(key.value)) {
        const written = parent.type === "AssignmentExpression" && parent.left === node;
        if (key.value === "$iterator" && field === "property" && !written) {
          lowered.helper("arrayIterator");
        }
        return { ...node, [field]: { ...id(key.value), loc: key.loc }, computed: false };
      }
    }
    return node;
  });
}

function call(lowered: Lowered, node: Node): Node {
  return {
    type: "CallExpression",
    callee: lowered.helper("newSymbol"),
    arguments: node.arguments,
    optional: false,
    loc: node.loc,
  };
}
