import { children, declareVar, id, type Node, replaceChildren } from "../ast.ts";
import { Bindings, type Variable } from "../coroutines/bindings.ts";

/** Makes variables of objects of which only single properties are ever asked for. */
export function splitObjects(program: Node, isOwn: (node: Node) => boolean): void {
  const bindings = new Bindings(program);
  const parents = new Map<Node, Node>();
  const found = new Map<Variable, Node>();
  const walk = (node: Node): void => {
    for (const child of children(node)) {
      parents.set(child, node);
      walk(child);
    }
    if (node.type !== "VariableDeclarator" || node.id.type !== "Identifier") return;
    const variable = bindings.of(node.id);
    if (variable === undefined || !isPlain(node.init) || !bindings.isFixed(variable)) return;
    if (variable.scope.type !== "module") found.set(variable, node.init);
  };
  for (const node of program.body) if (isOwn(node)) walk(node);
  for (const [variable, object] of found) {
    const keys = new Set(object.properties.map(({ key }: Node) => key.name));
    const safe = variable.references.every(({ identifier, init }) => {
      if (init === true) return true;
      const member = parents.get(identifier);
      if (member?.type !== "MemberExpression" || member.object !== identifier) return false;
      if (member.computed || !keys.has(member.property.name)) return false;
      const user = parents.get(member)!;
      const target = (user.type === "AssignmentExpression" && user.left === member) ||
        user.type === "UpdateExpression" || user.operator === "delete" ||
        (user.type === "CallExpression" && user.callee === member);
      return !target;
    });
    if (!safe) found.delete(variable);
  }
  if (found.size === 0) return;
  const visit = (node: Node): Node => {
    if (node.type === "MemberExpression" && node.object.type === "Identifier") {
      const variable = bindings.of(node.object);
      if (variable !== undefined && found.has(variable)) {
        return id(`${variable.name}$${node.property.name}`);
      }
    }
    if (node.type === "VariableDeclaration") {
      node.declarations = node.declarations.flatMap((each: Node) => {
        const variable = each.id.type === "Identifier" ? bindings.of(each.id) : undefined;
        const object = variable === undefined ? undefined : found.get(variable);
        if (object === undefined) return [each];
        return object.properties.flatMap(({ key, value }: Node) =>
          declareVar([{ name: `${variable!.name}$${key.name}`, init: value }]).declarations
        );
      });
    }
    replaceChildren(node, visit);
    return node;
  };
  for (const node of program.body) if (isOwn(node)) visit(node);
}

function isPlain(node: Node | null): boolean {
  return node?.type === "ObjectExpression" && node.properties.length > 0 &&
    node.properties.every((each: Node) =>
      each.type === "Property" && each.kind === "init" && !each.computed && !each.method &&
      each.key.type === "Identifier"
    );
}
