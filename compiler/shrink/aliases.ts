import { children, isKey, type Node, replaceChildren } from "../ast.ts";
import { Bindings, type Variable } from "../coroutines/bindings.ts";

/** Does without variables that only ever hold what another holds. */
export function dropAliases(program: Node, isOwn: (node: Node) => boolean): void {
  const bindings = new Bindings(program);
  const same = new Map<Variable, Node>();
  const find = (node: Node): void => {
    if (node.type === "VariableDeclaration" && node.kind !== "var") {
      for (const { id, init } of node.declarations as Node[]) {
        if (id.type !== "Identifier" || init?.type !== "Identifier") continue;
        const variable = bindings.of(id);
        const other = bindings.of(init);
        if (variable === undefined || other === undefined) continue;
        if (bindings.isFixed(variable) && bindings.isFixed(other)) same.set(variable, init);
      }
    }
    for (const child of children(node)) find(child);
  };
  for (const node of program.body) if (isOwn(node)) find(node);
  if (same.size === 0) return;
  const original = (name: Node): Node => {
    const other = same.get(bindings.of(name)!);
    return other === undefined ? name : original(other);
  };
  const visit = (node: Node): Node => {
    if (node.type === "Identifier") {
      const variable = bindings.of(node);
      if (variable === undefined || !same.has(variable)) return node;
      return { ...original(node) };
    }
    if (node.type === "VariableDeclaration") {
      const kept = node.declarations.filter(({ id }: Node) =>
        id.type !== "Identifier" || !same.has(bindings.of(id)!)
      );
      if (kept.length === 0) return { type: "EmptyStatement" };
      node.declarations = kept;
    }
    if (node.type === "Property" && node.shorthand) {
      node.shorthand = false;
      if (node.key === node.value) node.key = { ...node.key };
    }
    replaceChildren(node, (child) => isKey(child, node) ? child : visit(child));
    return node;
  };
  for (const node of program.body) if (isOwn(node)) visit(node);
}
