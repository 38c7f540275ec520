/**
 * Which reads of a variable may come before its declaration: JavaScript throws there, so compiled code has to look.
 *
 * @module
 */

import { isFunction, type Node } from "../ast.ts";
import type { NameScope, Reference, Variable } from "./bindings.ts";

/** The reads of a `let`, `const` or `class` that nothing shows to come after its declaration. */
export function earlyReads(variable: Variable): Node[] {
  const def = variable.defs[0];
  if (def === undefined || variable.defs.length > 1) return [];
  const isClass = def.type === "ClassName";
  if (!isClass && (def.type !== "Variable" || (def.kind !== "let" && def.kind !== "const"))) {
    return [];
  }
  // What stands in the head of a loop has its value before anything else can happen.
  if (/^For(In|Of)?Statement$/.test(variable.scope.block.type)) return [];
  const { node } = def;
  const inSwitch = variable.scope.type === "switch";
  const end = node.end ?? 0;
  const makesOnly = !isClass && node.init !== null && isFunction(node.init);
  return variable.references
    .filter((reference) => reference.isRead() && !reference.isWrite())
    .filter((reference) => {
      if (makesOnly && isWithin(reference.identifier, node.init)) return false;
      return inSwitch || !isLater(reference, variable.scope, end, new Set());
    })
    .map(({ identifier }) => identifier);
}

/** Whether a use is evaluated after `end`: by its own place, or by that of the function around it. */
function isLater(
  reference: Reference,
  scope: NameScope,
  end: number,
  seen: Set<NameScope>,
): boolean {
  let around: NameScope | null = null;
  for (let each: NameScope | null = reference.from; each !== null && each !== scope;) {
    if (each.type === "function" || each.type.startsWith("class-")) around = each;
    each = each.upper;
  }
  if (around === null) return (reference.identifier.start ?? 0) >= end;
  if ((around.block.start ?? 0) >= end && around.block.type !== "FunctionDeclaration") return true;
  if (around.block.type !== "FunctionDeclaration") return false;
  // A function declaration is there from the start of its block: what counts is who uses it.
  if (seen.has(around)) return true;
  seen.add(around);
  const own = around.upper?.variables.find(({ defs }) =>
    defs.some(({ node }) => node === around!.block)
  );
  return own !== undefined && own.references.every((use) => isLater(use, scope, end, seen));
}

function isWithin(node: Node, outer: Node): boolean {
  return (node.start ?? 0) >= (outer.start ?? 0) && (node.end ?? 0) <= (outer.end ?? 0);
}
