import type { Node } from "../ast.ts";
import type { Bindings } from "../coroutines/bindings.ts";

/** Gives each local variable of the runtime a name of its own, so that code can be moved from function to function. */
export function nameApart(bindings: Bindings, isOwn: (node: Node) => boolean): void {
  const scopes = [...bindings.root.childScopes];
  for (let scope = scopes.pop(); scope !== undefined; scope = scopes.pop()) {
    const outermost = scope.type === "module";
    scopes.push(...scope.childScopes);
    if (outermost || scope.type === "class" || scope.type === "function-expression-name") continue;
    if (!isOwn(scope.block)) continue;
    for (const variable of scope.variables) {
      if (variable.name === "arguments" && variable.defs.length === 0) continue;
      const name = bindings.freshName(`${variable.name}$`);
      const nodes = new Set([
        ...variable.identifiers,
        ...variable.references.map((each) => each.identifier),
      ]);
      for (const node of nodes) node.name = name;
    }
  }
}
