/**
 * What the passes of the lowering share: the program's tree, fresh names, temporaries.
 *
 * @module
 */

import {
  block,
  children,
  declareVar,
  giveBack,
  id,
  isFunction,
  isLoop,
  type Node,
  replaceChildren,
} from "../ast.ts";
import { Scopes } from "./scopes.ts";

/** Which boards an artefact is for: those that have most of the language, or those whose firmware was cut small. */
export type Level = "standard" | "small";

/** Code that has no counterpart on the interpreter. */
export class Refused extends Error {
  /** @param line From 1. @param column From 0. */
  constructor(message: string, readonly line: number, readonly column: number) {
    super(message);
  }
}

/** One program on its way to the interpreter's dialect. */
export class Lowered {
  /** Every name that occurs, so that new ones can be chosen. */
  private readonly names = new Set<string>();
  /** Functions of our own that the program needs, by name. */
  readonly wanted: Map<string, Node> = new Map();
  /** What fills of the library the program uses. */
  readonly fills: Set<string> = new Set();

  /** @param program An ES module. */
  constructor(readonly program: Node, readonly level: Level) {
    walk(program, (node) => {
      if (node.type === "Identifier") this.names.add(node.name);
    });
  }

  /** A name that occurs nowhere, beginning with `name`. */
  fresh(name: string): string {
    let fresh = name;
    for (let i = 1; this.names.has(fresh); i++) fresh = `${name}${i}`;
    this.names.add(fresh);
    return fresh;
  }

  /** The name of one of our own functions, which the program then brings along. */
  helper(name: string): Node {
    let found = this.wanted.get(name);
    if (found === undefined) {
      found = id(this.fresh(name.replace(/^.*\./, "")));
      this.wanted.set(name, found);
    }
    return id(found.name);
  }

  /** A variable of a function for a value in the middle of an expression. */
  temporary(fn: Node): string {
    const name = this.fresh("t");
    (fn.temporaries ??= []).push(name);
    return name;
  }

  /** Refuses what the interpreter cannot do. */
  refuse(message: string, node: Node): never {
    const { line = 1, column = 0 } = node.loc?.start ?? {};
    throw new Refused(message, line, column);
  }

  /** What the names mean by now. */
  scopes(): Scopes {
    return new Scopes(this.program);
  }

  /** Whether the program calls something by this global name. */
  usesGlobal(name: string): boolean {
    return this.scopes().root.through.some(({ identifier }) => identifier.name === name);
  }
}

/** Visits a node and all below it, from the outside in. */
export function walk(node: Node, visit: (node: Node, parent: Node | null) => void): void {
  const into = (each: Node, parent: Node | null): void => {
    visit(each, parent);
    for (const child of children(each)) into(child, each);
  };
  into(node, null);
}

/** Where a node is. */
export interface Place {
  /** The node that holds it. */
  readonly parent: Node;
  /** The innermost function around it, or the program. */
  readonly fn: Node;
  /** The innermost function around it whose `this` and `arguments` it sees, or the program. */
  readonly own: Node;
}

/** Replaces nodes from the inside out by what `replace` gives. */
export function rewrite(program: Node, replace: (node: Node, place: Place) => Node): void {
  const into = (node: Node, place: Place): Node => {
    const within: Place = isFunction(node)
      ? { parent: node, fn: node, own: node.type === "ArrowFunctionExpression" ? place.own : node }
      : { parent: node, fn: place.fn, own: place.own };
    replaceChildren(node, (child) => into(child, within));
    return replace(node, place);
  };
  replaceChildren(program, (child) => into(child, { parent: program, fn: program, own: program }));
}

/** Gives every branch and every loop a block, so that each statement is in a list. */
export function addBlocks(program: Node): void {
  const blockOf = (node: Node | null): Node | null =>
    node === null || node.type === "BlockStatement" ? node : { ...block([node]), loc: node.loc };
  walk(program, (node) => {
    if (node.type === "IfStatement") {
      node.consequent = blockOf(node.consequent);
      if (node.alternate?.type !== "IfStatement") node.alternate = blockOf(node.alternate);
    } else if (isLoop(node)) node.body = blockOf(node.body);
  });
}

/** The lists of statements in a program, the inner ones first. */
export function eachList(node: Node, change: (list: Node[], owner: Node) => Node[]): void {
  for (const child of children(node)) eachList(child, change);
  if (node.type === "SwitchCase") node.consequent = change(node.consequent, node);
  else if (
    node.type === "Program" || node.type === "BlockStatement" || node.type === "StaticBlock"
  ) {
    node.body = change(node.body, node);
  }
}

/** Visits what belongs to a function (or any node) itself, and not to functions inside it. */
export function walkOwn(
  node: Node,
  visit: (node: Node, parent: Node) => void,
  arrows = false,
): void {
  for (const child of children(node)) {
    visit(child, node);
    if (!isFunction(child) || (arrows && child.type === "ArrowFunctionExpression")) {
      walkOwn(child, visit, arrows);
    }
  }
}

/** The statements of a function, which gets a block for them if it has none. */
export function bodyOf(fn: Node): Node[] {
  if (fn.type === "Program") return fn.body;
  if (fn.body.type !== "BlockStatement") {
    fn.body = block([giveBack(fn.body)]);
    fn.expression = false;
  }
  return fn.body.body;
}

/** Declares the temporaries that were asked for. */
export function declareTemporaries(program: Node): void {
  walk(program, (node) => {
    if (node.temporaries === undefined) return;
    const names: string[] = node.temporaries;
    node.temporaries = undefined;
    bodyOf(node).unshift(declareVar(names.map((name) => ({ name, init: null }))));
  });
}

/** `let name = init;` */
export function declareLet(name: string, init: Node | null, kind = "let"): Node {
  return { ...declareVar([{ name, init }]), kind };
}

/** `a, b, c` */
export function sequence(expressions: Node[]): Node {
  return expressions.length === 1 ? expressions[0]! : { type: "SequenceExpression", expressions };
}

/** `{ a: b, ... }` */
export function object(properties: Node[]): Node {
  return { type: "ObjectExpression", properties };
}

/** `[a, b, ...]` */
export function array(elements: (Node | null)[]): Node {
  return { type: "ArrayExpression", elements };
}

/** `function (params) { body }` */
export function functionOf(params: Node[], body: Node[], like?: Node): Node {
  return {
    type: "FunctionExpression",
    id: null,
    params,
    body: block(body),
    async: false,
    generator: false,
    expression: false,
    loc: like?.loc ?? null,
  };
}

/** Whether evaluating a node twice does the same as once. */
export function isSimple(node: Node): boolean {
  return node.type === "ThisExpression" || node.type === "Identifier" ||
    (node.type === "Literal" && node.regex === undefined);
}

/** Whether a statement goes on elsewhere. */
export function isJump(node: Node): boolean {
  return ["ReturnStatement", "BreakStatement", "ContinueStatement", "ThrowStatement"]
    .includes(node.type);
}
