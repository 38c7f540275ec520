// deno-lint-ignore-file no-explicit-any -- a syntax tree's fields differ from node to node
/**
 * The syntax tree that the passes work on: ESTree, as acorn gives it, and how to make new parts of it.
 *
 * @module
 */

import { KEYS } from "eslint-visitor-keys";

/** A node of the tree. */
export interface Node {
  type: string;
  start?: number;
  end?: number;
  loc?: { start: Position; end: Position } | null | undefined;
  [field: string]: any;
}

/** A place in the source: line from 1, column from 0. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** The nodes directly below `node`, in the order of the source. */
export function children(node: Node): Node[] {
  const found: Node[] = [];
  for (const key of keysOf(node)) {
    const value = node[key];
    if (Array.isArray(value)) {
      for (const each of value) if (isNode(each)) found.push(each);
    } else if (isNode(value)) found.push(value);
  }
  return found;
}

/** Replaces each node directly below `node` by what `map` gives for it. */
export function replaceChildren(node: Node, map: (child: Node) => Node): void {
  for (const key of keysOf(node)) {
    const value = node[key];
    if (Array.isArray(value)) {
      for (let i = 0; i < value.length; i++) if (isNode(value[i])) value[i] = map(value[i]);
    } else if (isNode(value)) node[key] = map(value);
  }
}

/** Where a node can have other nodes: known of ESTree's, while a pass may make others for itself. */
function keysOf(node: Node): readonly string[] {
  return KEYS[node.type] ?? Object.keys(node).filter((key) => key !== "loc" && key !== "type");
}

function isNode(value: unknown): value is Node {
  return typeof value === "object" && value !== null &&
    typeof (value as { type?: unknown }).type === "string";
}

/** Whether `node` is a function of any kind. */
export function isFunction(node: Node): boolean {
  return node.type === "FunctionDeclaration" || node.type === "FunctionExpression" ||
    node.type === "ArrowFunctionExpression";
}

/** Whether `node` is a loop of any kind. */
export function isLoop(node: Node): boolean {
  return /^(?:For|While|DoWhile)/.test(node.type);
}

/** Whether an identifier below `parent` is the name of a property, a member or a label, and means no variable. */
export function isKey(identifier: Node, parent: Node): boolean {
  switch (parent.type) {
    case "MemberExpression":
      return identifier === parent.property && !parent.computed;
    case "Property":
    case "MethodDefinition":
    case "PropertyDefinition":
      // Where the tree was made here, a shorthand's key and value can be one node.
      return identifier === parent.key && identifier !== parent.value && !parent.computed;
    case "LabeledStatement":
    case "BreakStatement":
    case "ContinueStatement":
      return identifier === parent.label;
    case "MetaProperty":
      return true;
    default:
      return false;
  }
}

/** The identifiers that a pattern declares. */
export function namesIn(pattern: Node | null): Node[] {
  switch (pattern?.type) {
    case "Identifier":
      return [pattern];
    case "ObjectPattern":
      return pattern.properties.flatMap((each: Node) => namesIn(each.value ?? each.argument));
    case "ArrayPattern":
      return pattern.elements.flatMap((each: Node | null) => namesIn(each));
    case "AssignmentPattern":
      return namesIn(pattern.left);
    case "RestElement":
      return namesIn(pattern.argument);
    default:
      return [];
  }
}

/** Whether code asks for the arguments of the function that it stands in by that name. */
export function usesArguments(node: Node): boolean {
  if (node.type === "Identifier") return node.name === "arguments";
  if (node.type === "FunctionExpression" || node.type === "FunctionDeclaration") return false;
  return children(node).some(usesArguments);
}

/** Whether code can return from the function that it stands in. */
export function returns(node: Node): boolean {
  if (isFunction(node)) return false;
  return node.type === "ReturnStatement" || children(node).some(returns);
}

/** A copy of a name, of `this` or of a literal, or of a path of names. */
export function copyPath(node: Node): Node {
  return node.type === "MemberExpression"
    ? { ...node, object: copyPath(node.object), property: { ...node.property } }
    : { ...node };
}

/** Puts a name or a path in the place of `this` below a node, as far as that means the same there. */
export function replaceThis(node: Node, by: Node): void {
  replaceChildren(node, (child) => {
    if (child.type === "ThisExpression") return copyPath(by);
    if (child.type !== "FunctionExpression" && child.type !== "FunctionDeclaration") {
      replaceThis(child, by);
    }
    return child;
  });
}

/** An identifier. */
export function id(name: string, like?: Node): Node {
  return { type: "Identifier", name, loc: like?.loc ?? null };
}

/** A literal. */
export function literal(value: string | number | boolean | null): Node {
  return { type: "Literal", value, raw: JSON.stringify(value) };
}

/** `undefined`, in a way that nothing can shadow. */
export function nothing(): Node {
  return { type: "UnaryExpression", operator: "void", prefix: true, argument: literal(0) };
}

/** `object.name` */
export function member(object: Node, name: string, like?: Node): Node {
  return {
    type: "MemberExpression",
    object,
    property: id(name),
    computed: false,
    optional: false,
    loc: like?.loc ?? null,
  };
}

/** `object[property]` */
export function element(object: Node, property: Node): Node {
  return { type: "MemberExpression", object, property, computed: true, optional: false };
}

/** `callee(...args)` */
export function call(callee: Node, args: Node[], like?: Node): Node {
  return {
    type: "CallExpression",
    callee,
    arguments: args,
    optional: false,
    loc: like?.loc ?? null,
  };
}

/** `new callee(...args)` */
export function construct(callee: Node, args: Node[]): Node {
  return { type: "NewExpression", callee, arguments: args };
}

/** `left = right` */
export function assign(left: Node, right: Node, like?: Node): Node {
  return {
    type: "AssignmentExpression",
    operator: "=",
    left,
    right,
    loc: like?.loc ?? null,
  };
}

/** `left operator right` */
export function binary(operator: string, left: Node, right: Node): Node {
  return { type: "BinaryExpression", operator, left, right };
}

/** `!argument` */
export function not(argument: Node): Node {
  return { type: "UnaryExpression", operator: "!", prefix: true, argument };
}

/** `expression;` */
export function statement(expression: Node): Node {
  return { type: "ExpressionStatement", expression, loc: expression.loc ?? null };
}

/** `{ ... }` */
export function block(body: Node[]): Node {
  return { type: "BlockStatement", body };
}

/** `if (test) consequent` */
export function when(test: Node, consequent: Node): Node {
  return { type: "IfStatement", test, consequent, alternate: null };
}

/** `return argument;` */
export function giveBack(argument: Node | null): Node {
  return { type: "ReturnStatement", argument, loc: argument?.loc ?? null };
}

/** `throw argument;` */
export function raise(argument: Node): Node {
  return { type: "ThrowStatement", argument };
}

/** `(params) => body` */
export function arrow(params: Node[], body: Node): Node {
  return {
    type: "ArrowFunctionExpression",
    id: null,
    params,
    body,
    expression: body.type !== "BlockStatement",
    async: false,
    generator: false,
  };
}

/** `var name, other = init;` */
export function declareVar(
  variables: readonly { readonly name: string; readonly init: Node | null }[],
): Node {
  return {
    type: "VariableDeclaration",
    kind: "var",
    declarations: variables.map(({ name, init }) => ({
      type: "VariableDeclarator",
      id: id(name),
      init,
    })),
  };
}
