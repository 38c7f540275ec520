/**
 * What a function uses of its call and of what is around it, which decides where its step can stand.
 *
 * @module
 */

import { children, isFunction, type Node } from "../ast.ts";
import type { Bindings, NameScope, Variable } from "./bindings.ts";
import { functionScope } from "./frame.ts";
import type { Module } from "./functions.ts";
import { makesFunction } from "./lowering.ts";

/** What a function uses of its call. */
export interface Uses {
  self: boolean;
  args: boolean;
  /** `super`, private names, `new.target`: good only where the function stands. */
  bound: boolean;
}

/** Finds what a function uses of its call. */
export function usesOf(fn: Node): Uses {
  const uses: Uses = { self: false, args: false, bound: false };
  const walk = (node: Node, own: boolean): void => {
    if (node.type === "ThisExpression" && own) uses.self = true;
    else if (node.type === "Identifier" && node.name === "arguments" && own) uses.args = true;
    else if (node.type === "PrivateIdentifier") uses.bound = true;
    else if (node.type === "Super" || node.type === "MetaProperty") {
      if (own && node.meta?.name !== "import") uses.bound = true;
    }
    const within = own && !(isFunction(node) && node.type !== "ArrowFunctionExpression");
    for (const child of children(node)) {
      const inClass = node.type === "ClassBody" || node.type === "MethodDefinition" ||
        node.type === "PropertyDefinition" || node.type === "StaticBlock";
      // A computed key is code around the class.
      const isKey = node.type === "ClassBody" || (child === node.key && node.computed);
      walk(child, inClass && !isKey ? false : within);
    }
  };
  for (const child of [...fn.params, fn.body]) walk(child, true);
  return uses;
}

/** Whether the step can stand at the end of the module. */
export function canHoist(bindings: Bindings, fn: Node, uses: Uses): boolean {
  if (uses.bound) return false;
  // Functions made by defaults see the parameters themselves.
  if (fn.params.some(makesFunction)) return false;
  if (fn.type === "ArrowFunctionExpression" && (uses.self || uses.args)) return false;
  return functionScope(bindings, fn).through.every(({ resolved }) =>
    resolved === null || isGlobal(resolved)
  );
}

function isGlobal({ scope }: Variable): boolean {
  const isTop = (each: NameScope | null): boolean =>
    each === null || each.type === "module" || each.type === "global";
  if (isTop(scope)) return true;
  // A class at the top level has its name outside as well.
  return scope.type === "class" && scope.block.type === "ClassDeclaration" && isTop(scope.upper);
}

/** What the names in a function mean; `null` stands for what is no variable of the sources. */
export function meaningsIn(bindings: Bindings, fn: Node): Map<string, Set<Variable | null>> {
  const variables = new Map<string, Set<Variable | null>>();
  const note = (name: string, variable: Variable | null): void => {
    const set = variables.get(name) ?? new Set();
    set.add(variable);
    variables.set(name, set);
  };
  const walk = (node: Node): void => {
    if (node.type === "Identifier") note(node.name, bindings.of(node) ?? null);
    for (const child of children(node)) walk(child);
  };
  walk(fn);
  return variables;
}

/** `eval` can await or declare what the pass does not see. */
export function refuseEval({ refuse }: Module, fn: Node): void {
  const walk = (node: Node): void => {
    if (
      node.type === "CallExpression" && node.callee.type === "Identifier" &&
      node.callee.name === "eval"
    ) {
      refuse(
        "Cannot compile a direct call of eval in an async function: its code could await; " +
          "call (0, eval)(...) for code that does not",
        node,
      );
    }
    for (const child of children(node)) walk(child);
  };
  walk(fn.body);
}
