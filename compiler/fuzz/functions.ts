/** The parameters and bodies of functions of every kind. */

import { type Code, code, commas, lines, type List, maybe, type Node, node } from "./node.ts";
import type { Generator } from "./generator.ts";
import type { Fn, Method } from "./scope.ts";
import { iterable } from "./operands.ts";
import { arrayPattern, binding, objectPattern } from "./patterns.ts";

/** What a function is made to be. */
export interface Shape {
  readonly async?: boolean;
  readonly generator?: boolean;
  readonly arrow?: boolean;
  readonly canReturn?: boolean;
  readonly self?: readonly Method[] | null;
  readonly base?: readonly Method[] | null;
  /** Statements in front of the others. */
  readonly first?: () => readonly Node[];
  /** All statements, instead of some of any kind. */
  readonly only?: () => readonly Node[];
  /** The exact number of parameters, which are then plain. */
  readonly parameters?: 0 | 1;
}

/** `(parameters) {body}`, without what stands in front or between. */
export interface Made {
  readonly parameters: List;
  readonly body: Code;
}

/** Makes a function's parameters and body. */
export function makeFunction(g: Generator, shape: Shape): Made {
  const fn = functionOf(g, shape);
  return g.inside({ fn }, () => {
    const parameters = makeParameters(g, shape);
    if (g.once(4)) hoistVar(g);
    const first = shape.first?.() ?? [];
    const nodes = [...first, ...(shape.only?.() ?? [...statements(g, 1, 4), ...ending(g)])];
    const left = g.scope.hoisted.map((text) => node("statement", "var", code`var ${text};`));
    g.scope.hoisted.length = 0;
    // A method can be reached from itself through any object: fuel ends that.
    const start = shape.self ? "{ ok();" : "{";
    return { parameters, body: code`${start}${lines([...nodes, ...left])}}` };
  });
}

/** Makes an arrow function whose body is an expression. */
export function makeArrow(g: Generator, shape: Shape, make: () => Node): Code {
  return g.inside({ fn: functionOf(g, { ...shape, arrow: true }) }, () => {
    const parameters = makeParameters(g, shape);
    return code`${shape.async ? "async " : ""}(${parameters}) => ${make()}`;
  });
}

function functionOf(g: Generator, shape: Shape): Fn {
  const { async = false, generator = false, canReturn = true, self = null, base = null } = shape;
  const own = { hasArguments: true, hasNewTarget: true, self, base, privates: g.fn.privates };
  return { ...(shape.arrow ? g.fn : own), async, generator, canReturn };
}

function makeParameters(g: Generator, shape: Shape): List {
  // Neither await nor yield may stand there; a method that calls itself there ends by how deep the stack is.
  const rules = { ...g.fn, async: false, generator: false, self: g.fn.self && [] };
  return g.within(rules, () => {
    if (shape.parameters === 0) return commas([]);
    if (shape.parameters === 1) return commas([node("part", "parameter", binding(g, "let").code)]);
    const list = g.several(0, 3, () => parameter(g));
    if (g.once(6)) list.push(node("part", "rest parameter", code`...${binding(g, "let")}`));
    return commas(list);
  });
}

function parameter(g: Generator): Node {
  const choice = g.random.below(12);
  if (choice < 7) return node("part", "parameter", binding(g, "let").code);
  if (choice < 10) {
    const value = g.expression();
    return node("part", "default parameter", code`${binding(g, "let")} = ${value}`);
  }
  // Most calls give a number: without a default, an array pattern would nearly always throw.
  if (choice < 11) {
    const value = maybe(!g.once(4) ? node("clause", "default", code` = box("d")`) : null);
    return node("part", "destructured parameter", code`${objectPattern(g, "let")}${value}`);
  }
  const value = iterable(g);
  const parts = arrayPattern(g, "let");
  const rule = g.once(2) ? code`${parts} = ${value}` : code`{ z: ${parts} = ${value} } = 0`;
  return node("part", "destructured parameter", rule);
}

/** Makes a `var` visible from the beginning of the function that is declared somewhere in it. */
function hoistVar(g: Generator): void {
  const text = `w${g.number()}`;
  g.scope.names.push({ text, kind: "value", variable: true });
  g.scope.hoisted.push(text);
}

/** What a body mostly ends with. */
function ending(g: Generator): readonly Node[] {
  if (!g.fn.canReturn || g.once(5)) return [];
  return [node("statement", "return", code`return ${g.expression()};`)];
}

/** Statements of the block that is being made, with functions that can be called before they are declared. */
export function statements(g: Generator, least: number, most: number): Node[] {
  const functions = g.room > 20 && g.once(6) ? [functionDeclaration(g)] : [];
  const count = least + g.random.below(most - least + 1);
  const rest: Node[] = [];
  while (rest.length < count && g.room > 0) rest.push(g.statement());
  if (rest.length === 0 && least > 0) rest.push(simple(g));
  for (const each of functions) rest.splice(g.random.below(rest.length + 1), 0, each);
  return rest;
}

function simple(g: Generator): Node {
  return node("statement", "log", code`log("${g.number()}", ${g.leaf()});`);
}

/** `async function f() {}` of any kind. */
export function functionDeclaration(g: Generator): Node {
  const async = !g.once(4);
  const generator = g.once(3);
  const { parameters, body } = makeFunction(g, { async, generator });
  const text = g.newName("f");
  const kind = kindOf(async, generator);
  g.declare(text, kind);
  const head = code`${async ? "async " : ""}function${generator ? "*" : ""} ${text}`;
  return node("statement", `${kind} function declaration`, code`${head}(${parameters}) ${body}`);
}

/** A name for a function expression where it needs one: acorn refuses `` `${async function ({}, {}) {}}` ``. */
export function nameForAcorn(g: Generator, { nodes }: List): string {
  return nodes.slice(1).some(({ form }) => form === "destructured parameter")
    ? `f${g.number()}`
    : "";
}

/** What calling a function gives. */
export function kindOf(async: boolean, generator: boolean): Method["kind"] {
  if (generator) return async ? "async generator" : "generator";
  return async ? "async" : "sync";
}
