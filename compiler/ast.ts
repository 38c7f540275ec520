// deno-lint-ignore-file no-explicit-any -- a syntax tree's fields differ from node to node
/**
 * The syntax tree that the passes work on: ESTree, as acorn gives it, and how to make new parts of it.
 *
 * @module
 */

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

/** Where a node has other nodes; looking at all its fields takes ten times as long. */
const KEYS: { readonly [type: string]: readonly string[] } = {
  ArrayExpression: ["elements"],
  ArrayPattern: ["elements"],
  ArrowFunctionExpression: ["params", "body"],
  AssignmentExpression: ["left", "right"],
  AssignmentPattern: ["left", "right"],
  AwaitExpression: ["argument"],
  BinaryExpression: ["left", "right"],
  BlockStatement: ["body"],
  BreakStatement: ["label"],
  CallExpression: ["callee", "arguments"],
  CatchClause: ["param", "body"],
  ChainExpression: ["expression"],
  ClassBody: ["body"],
  ClassDeclaration: ["id", "superClass", "body"],
  ClassExpression: ["id", "superClass", "body"],
  ConditionalExpression: ["test", "consequent", "alternate"],
  ContinueStatement: ["label"],
  EmptyStatement: [],
  ExpressionStatement: ["expression"],
  ForStatement: ["init", "test", "update", "body"],
  ForInStatement: ["left", "right", "body"],
  ForOfStatement: ["left", "right", "body"],
  FunctionDeclaration: ["id", "params", "body"],
  FunctionExpression: ["id", "params", "body"],
  Identifier: [],
  IfStatement: ["test", "consequent", "alternate"],
  LabeledStatement: ["label", "body"],
  Literal: [],
  LogicalExpression: ["left", "right"],
  MemberExpression: ["object", "property"],
  MethodDefinition: ["key", "value"],
  NewExpression: ["callee", "arguments"],
  ObjectExpression: ["properties"],
  ObjectPattern: ["properties"],
  PrivateIdentifier: [],
  Program: ["body"],
  Property: ["key", "value"],
  PropertyDefinition: ["key", "value"],
  RestElement: ["argument"],
  ReturnStatement: ["argument"],
  SequenceExpression: ["expressions"],
  SpreadElement: ["argument"],
  Super: [],
  SwitchCase: ["test", "consequent"],
  SwitchStatement: ["discriminant", "cases"],
  TemplateElement: [],
  TemplateLiteral: ["quasis", "expressions"],
  ThisExpression: [],
  ThrowStatement: ["argument"],
  TryStatement: ["block", "handler", "finalizer"],
  UnaryExpression: ["argument"],
  UpdateExpression: ["argument"],
  VariableDeclaration: ["declarations"],
  VariableDeclarator: ["id", "init"],
  WhileStatement: ["test", "body"],
  YieldExpression: ["argument"],
};

/** The nodes directly below `node`, in the order of the source. */
export function children(node: Node): Node[] {
  const found: Node[] = [];
  for (const key of KEYS[node.type] ?? Object.keys(node)) {
    if (key === "loc" || key === "type") continue;
    const value = node[key];
    if (Array.isArray(value)) {
      for (const each of value) if (isNode(each)) found.push(each);
    } else if (isNode(value)) found.push(value);
  }
  return found;
}

/** Replaces each node directly below `node` by what `map` gives for it. */
export function replaceChildren(node: Node, map: (child: Node) => Node): void {
  for (const key of KEYS[node.type] ?? Object.keys(node)) {
    if (key === "loc" || key === "type") continue;
    const value = node[key];
    if (Array.isArray(value)) {
      for (let i = 0; i < value.length; i++) if (isNode(value[i])) value[i] = map(value[i]);
    } else if (isNode(value)) node[key] = map(value);
  }
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
