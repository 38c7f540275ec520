/**
 * Expressions: templates, keys that are computed, spread, and what else has no operator of its own.
 *
 * @module
 */

import { assign, binary, call, element, id, literal, member, type Node, nothing } from "../ast.ts";
import {
  array,
  functionOf,
  isSimple,
  type Lowered,
  object,
  type Place,
  rewrite,
  sequence,
} from "./tree.ts";
import { WORDS } from "./words.ts";

/** Spells out operators and literals that the interpreter lacks. */
export function lowerOperators(lowered: Lowered): void {
  rewrite(lowered.program, (node, place) => {
    switch (node.type) {
      case "TemplateLiteral":
        return place.parent.type === "TaggedTemplateExpression" ? node : concatenation(node);
      case "TaggedTemplateExpression":
        return tagged(lowered, node);
      case "ObjectExpression":
        return lowerObject(lowered, node, place);
      case "ArrayExpression":
        return node.elements.some(isSpread) ? lowerList(lowered, node.elements) : node;
      case "CallExpression":
        return node.arguments.some(isSpread) ? lowerCall(lowered, node, place) : node;
      case "NewExpression":
        return lowerNew(lowered, node);
      case "UnaryExpression":
        return node.operator === "delete" ? lowerDelete(lowered, node, place) : node;
      case "MemberExpression":
        return lowerIndex(lowered, node, place);
      case "Super":
        return lowered.refuse(
          "Cannot use super in an object on Espruino: call the method by the name of its object",
          place.parent,
        );
      case "Literal":
        return lowerLiteral(lowered, node);
      default:
        return node;
    }
  });
}

function isSpread(node: Node | null): boolean {
  return node?.type === "SpreadElement";
}

/**
 * A sum instead of a template: the interpreter runs what is in a template as a program of its own, in which an arrow
 * function loses its `this` and a `}` in a string ends the expression.
 */
function concatenation({ quasis, expressions, loc }: Node): Node {
  const parts: Node[] = [];
  quasis.forEach((quasi: Node, i: number) => {
    const text: string = quasi.value.cooked;
    if (text !== "" || (i === 0 && !isText(expressions[0]))) parts.push(literal(text));
    if (i < expressions.length) parts.push(expressions[i]);
  });
  // `"" + a + b` adds from the left, and only the first two have to make a string.
  if (parts.length > 2 && isEmpty(parts[0]!) && isText(parts[2])) parts.shift();
  const sum = parts.reduce((left, right) => ({ ...binary("+", left, right), loc }));
  return sum;
}

function isText(node: Node | undefined): boolean {
  return node !== undefined && ((node.type === "Literal" && typeof node.value === "string") ||
    (node.type === "BinaryExpression" && node.operator === "+" && isText(node.left)));
}

function isEmpty(node: Node): boolean {
  return node.type === "Literal" && node.value === "";
}

/** A tag gets the same array every time; `raw` beside it where the tag can see it. */
function tagged(lowered: Lowered, node: Node): Node {
  const { quasis, expressions } = node.quasi;
  const cooked = quasis.map((quasi: Node) => literal(quasi.value.cooked));
  const raw = quasis.map((quasi: Node) => literal(quasi.value.raw));
  const name = lowered.temporary(lowered.program);
  const strings = {
    type: "LogicalExpression",
    operator: "||",
    left: id(name),
    right: sequence([
      assign(id(name), array(cooked)),
      assign(member(id(name), "raw"), array(raw)),
      id(name),
    ]),
  };
  return call(node.tag, [strings, ...expressions], node);
}

/** Keys that are computed, and what is spread, are assigned one after the other. */
function lowerObject(lowered: Lowered, node: Node, { parent, fn }: Place): Node {
  const properties: Node[] = node.properties;
  for (const each of properties) {
    // `{ "a": 1 }` and `{ [1]: 1 }` are as good as `{ a: 1 }`.
    if (each.computed && each.key.type === "Literal" && typeof each.key.value !== "object") {
      each.computed = false;
    }
  }
  if (isPatternPlace(parent, node)) return node;
  const isPlain = (each: Node): boolean =>
    each.type === "Property" && !each.computed && !isOddAccessor(each);
  if (properties.every(isPlain)) return node;
  const methods = properties.some((each) => each.kind === "get" || each.kind === "set");
  if (!methods && properties.every((each) => isPlain(each) || isSpread(each))) {
    return merged(properties, node);
  }
  const first = properties.findIndex((each) => !isPlain(each));
  const accessor = (each: Node): boolean => isPlain(each) && each.kind !== "init";
  const name = lowered.temporary(fn);
  const later = properties.slice(first);
  const begun = [...properties.slice(0, first), ...later.filter(accessor)];
  const steps: Node[] = [assign(id(name), object(begun))];
  for (const each of later) {
    if (accessor(each)) continue;
    if (isSpread(each)) {
      steps.push(call(member(id("Object"), "assign"), [id(name), each.argument]));
    } else if (each.kind === "get" || each.kind === "set") {
      steps.push(defineAccessor(id(name), keyOf(each), each.kind, each.value));
    } else steps.push(assign(place(id(name), each), each.value));
  }
  return sequence([...steps, id(name)]);
}

function isPatternPlace(parent: Node, node: Node): boolean {
  return parent.type === "AssignmentExpression" && parent.left === node;
}

/** `get if() {}`: the interpreter takes only plain names for accessors. */
function isOddAccessor({ kind, key }: Node): boolean {
  return (kind === "get" || kind === "set") && !isPlainName(key);
}

/** `Object.assign({}, a, { b: 1 })` */
function merged(properties: readonly Node[], node: Node): Node {
  const parts: Node[] = [];
  for (const each of properties) {
    const last = parts.at(-1);
    if (isSpread(each)) parts.push(each.argument);
    else if (last?.own === true) last.properties.push(each);
    else parts.push({ ...object([each]), own: true });
  }
  if (parts[0]?.own !== true) parts.unshift(object([]));
  return call(member(id("Object"), "assign"), parts, node);
}

function place(target: Node, { key, computed }: Node): Node {
  return computed || key.type !== "Identifier" ? element(target, key) : member(target, key.name);
}

/** The key of a property as an expression. */
export function keyOf({ key, computed }: Node): Node {
  return computed || key.type !== "Identifier" ? key : literal(key.name);
}

/** `Object.defineProperty(target, key, { get: value })` */
export function defineAccessor(target: Node, key: Node, kind: string, value: Node): Node {
  const descriptor = object([{
    type: "Property",
    kind: "init",
    key: id(kind),
    value,
    computed: false,
    method: false,
    shorthand: false,
  }]);
  return call(member(id("Object"), "defineProperty"), [target, key, descriptor]);
}

/** Whether a key is a name that the interpreter takes for one everywhere. */
export function isPlainName(key: Node): boolean {
  return key.type === "Identifier" && !WORDS.has(key.name);
}

/** `[a, ...b]` as `[a].concat(b)`. */
function lowerList(lowered: Lowered, elements: (Node | null)[]): Node {
  const parts: Node[] = [];
  for (const each of elements) {
    const last = parts.at(-1);
    if (each !== null && isSpread(each)) parts.push(listOf(lowered, each.argument));
    else if (last?.own === true) last.elements.push(each);
    else parts.push({ ...array([each]), own: true });
  }
  const [first, ...rest] = parts as [Node, ...Node[]];
  return rest.length === 0 ? first : call(member(first, "concat"), rest);
}

/** What is spread, as an array of its own. */
function listOf(lowered: Lowered, node: Node): Node {
  if (node.type === "ArrayExpression") return node;
  if (iterates(lowered)) return call(lowered.helper("list"), [node], node);
  return call(member(member(array([]), "slice"), "call"), [node], node);
}

/** Whether the program iterates over more than what has a length. */
function iterates(lowered: Lowered): boolean {
  return lowered.program.iterates === true;
}

/** Arguments as one array, which nobody keeps. */
function argumentList(lowered: Lowered, args: Node[]): Node {
  if (args.length > 1) return lowerList(lowered, args);
  const { argument } = args[0]!;
  const isArguments = argument.type === "Identifier" && argument.name === "arguments";
  return isArguments || !iterates(lowered) ? argument : listOf(lowered, argument);
}

function lowerCall(lowered: Lowered, node: Node, { fn }: Place): Node {
  const { callee } = node;
  const list = argumentList(lowered, node.arguments);
  if (callee.type !== "MemberExpression") {
    return call(member(callee, "apply"), [nothing(), list], node);
  }
  if (isSimple(callee.object)) {
    return call(member(callee, "apply"), [{ ...callee.object }, list], node);
  }
  const name = lowered.temporary(fn);
  const target = { ...callee, object: assign(id(name), callee.object) };
  return call(member(target, "apply"), [id(name), list], node);
}

/** `new` of what is spread, and of what the interpreter would not take for a constructor. */
function lowerNew(lowered: Lowered, node: Node): Node {
  if (node.arguments.some(isSpread)) {
    return call(lowered.helper("construct"), [node.callee, argumentList(lowered, node.arguments)]);
  }
  return node;
}

/** `delete f().a`: only a path of names can be deleted from. */
function lowerDelete(lowered: Lowered, node: Node, { fn }: Place): Node {
  const target = node.argument;
  if (target.type !== "MemberExpression" || !makesCall(target.object)) return node;
  const name = lowered.temporary(fn);
  return sequence([
    assign(id(name), target.object),
    { ...node, argument: { ...target, object: id(name) } },
  ]);
}

function makesCall(node: Node): boolean {
  return node.type === "CallExpression" ||
    (node.type === "MemberExpression" && makesCall(node.object));
}

/** `a[b, c]` does not parse. */
function lowerIndex(lowered: Lowered, node: Node, { fn }: Place): Node {
  if (!node.computed || node.property.type !== "SequenceExpression") return node;
  const name = lowered.temporary(fn);
  return { ...node, property: assign(id(name), node.property) };
}

function lowerLiteral(lowered: Lowered, node: Node): Node {
  if (node.bigint !== undefined) {
    lowered.refuse("Cannot use a BigInt on Espruino: it has none; use a number", node);
  }
  if (typeof node.value === "number") return { ...node, raw: String(node.value) };
  return node;
}

/** `(function () { ... })()`, with what it needs. */
export function iife(body: Node[], like?: Node): Node {
  return call(functionOf([], body, like), [], like);
}
