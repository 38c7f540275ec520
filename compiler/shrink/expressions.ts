import type { Node } from "../ast.ts";
import { type Analysis, isOfPrimitives } from "./analysis.ts";
import {
  callHost,
  callMethodOfPrimitive,
  callOfArray,
  hostName,
  intrinsicOf,
  isErrorName,
  typeOfHost,
} from "./builtins.ts";
import { evaluateClass } from "./classes.ts";
import { bindPattern, copyProperties } from "./patterns.ts";
import { Class, Fn, Instance, type Member } from "./thing.ts";
import { updatedBy } from "./unread.ts";
import {
  BOOLEAN,
  constant,
  FALSE,
  join,
  NEVER,
  NULL,
  NUMBER,
  NUMBERS,
  only,
  OTHER,
  primitive,
  PRIMITIVES,
  same,
  STRING,
  STRINGS,
  TRUE,
  UNDEFINED,
  UNKNOWN,
  Value,
  VOID,
} from "./value.ts";

/** What an expression can give. */
export function evaluateExpression(analysis: Analysis, node: Node): Value {
  switch (node.type) {
    case "Literal":
      return node.regex !== undefined
        ? UNKNOWN
        : node.bigint
        ? primitive(OTHER)
        : constant(node.value);
    case "Identifier": {
      const variable = analysis.bindings.of(node);
      if (variable !== undefined) {
        if (variable.name === "arguments" && variable.defs.length === 0) {
          return argumentsOf(analysis, node);
        }
        const value = analysis.readAny(analysis.cellOf(variable));
        if (analysis.making !== node) {
          for (const thing of value.things) {
            if (thing instanceof Class) analysis.mentioned.add(thing);
          }
        }
        return analysis.narrowing.apply(variable, value);
      }
      if (node.name === "arguments") return argumentsOf(analysis, node);
      if (node.name === "undefined") return VOID;
      if (node.name === "NaN" || node.name === "Infinity") return NUMBERS;
      return UNKNOWN;
    }
    case "ThisExpression":
      return analysis.self;
    case "Super":
      return analysis.self;
    case "TemplateLiteral":
      for (const each of node.expressions) {
        if (toText(analysis, analysis.evaluate(each))) return NEVER;
      }
      return textOf(analysis, node);
    case "TaggedTemplateExpression":
      for (const each of node.quasi.expressions) analysis.escape(analysis.evaluate(each));
      analysis.escape(analysis.evaluate(node.tag));
      return UNKNOWN;
    case "ArrayExpression": {
      const array = analysis.thingOf(node, "array");
      for (const each of node.elements as (Node | null)[]) {
        if (each === null) analysis.put(array.elements, VOID);
        else if (each.type === "SpreadElement") {
          analysis.put(array.elements, analysis.iterate(analysis.evaluate(each.argument)));
        } else analysis.write(array, null, analysis.evaluate(each));
      }
      return only(array);
    }
    case "ObjectExpression":
      return makeObject(analysis, node);
    case "FunctionExpression":
    case "ArrowFunctionExpression": {
      const fn = only(analysis.functionOf(node));
      if (node.type === "FunctionExpression" && node.id !== null) {
        for (const scope of analysis.bindings.scopesOf(node)) {
          if (scope.type !== "function-expression-name") continue;
          for (const variable of scope.variables) analysis.put(analysis.cellOf(variable), fn);
        }
      }
      return fn;
    }
    case "ClassExpression":
      return evaluateClass(analysis, node);
    case "UnaryExpression":
      return unary(analysis, node);
    case "UpdateExpression":
      analysis.evaluate(node.argument);
      bindPattern(analysis, node.argument, NUMBERS);
      return NUMBERS;
    case "BinaryExpression":
      return binary(analysis, node);
    case "LogicalExpression":
      return logical(analysis, node.operator, node.left, analysis.evaluate(node.left), node.right);
    case "ConditionalExpression": {
      const test = analysis.evaluate(node.test);
      let result = NEVER;
      const { narrowing } = analysis;
      if (test.mayBeTrue) {
        result = narrowing.within(node.test, true, () => analysis.evaluate(node.consequent));
      }
      if (test.mayBeFalse) {
        result = join(
          result,
          narrowing.within(node.test, false, () => analysis.evaluate(node.alternate)),
        );
      }
      return result;
    }
    case "AssignmentExpression":
      return assignment(analysis, node);
    case "SequenceExpression": {
      let value = VOID;
      for (const each of node.expressions) {
        value = analysis.evaluate(each);
        if (value.isNever) return value;
      }
      return value;
    }
    case "MemberExpression":
      return memberOf(analysis, node);
    case "ChainExpression":
      return join(analysis.evaluate(node.expression), VOID);
    case "CallExpression":
      return call(analysis, node);
    case "NewExpression": {
      const { args, rest } = argumentsIn(analysis, node);
      const host = hostName(analysis, node.callee);
      if (host !== null && isErrorName(host)) {
        for (const arg of args) analysis.show(arg);
        return only(analysis.error);
      }
      analysis.making = node.callee;
      const of = analysis.evaluate(node.callee);
      analysis.making = null;
      return analysis.at(node, () => analysis.construct(of, args, rest));
    }
    case "AwaitExpression":
      analysis.escape(analysis.evaluate(node.argument));
      return UNKNOWN;
    case "YieldExpression":
      if (node.argument !== null) analysis.escape(analysis.evaluate(node.argument));
      return UNKNOWN;
    case "ImportExpression":
      analysis.evaluate(node.source);
      return UNKNOWN;
    case "MetaProperty":
      return UNKNOWN;
    case "ParenthesizedExpression":
      return analysis.evaluate(node.expression);
    case "PrivateIdentifier":
      return STRINGS;
  }
  analysis.blind = true;

  return UNKNOWN;
}

/** A template of which everything is known is known. */
function textOf(analysis: Analysis, { quasis, expressions }: Node): Value {
  let text: string = quasis[0].value.cooked;
  for (const [i, each] of (expressions as Node[]).entries()) {
    const known = analysis.values.get(each)?.constant ?? null;
    if (known === null || typeof known.value === "number") return STRINGS;
    text += String(known.value) + quasis[i + 1].value.cooked;
  }
  return constant(text);
}

/** A value is made a string; whether that cannot go on. */
function toText(analysis: Analysis, value: Value): boolean {
  analysis.show(value);
  return value.isNever;
}

function argumentsOf(analysis: Analysis, node: Node): Value {
  return only(analysis.arrayOf(node, analysis.readAny(analysis.method.every)));
}

function makeObject(analysis: Analysis, node: Node): Value {
  const thing = analysis.thingOf(node, "object");
  const keys = analysis.keysOf(thing);
  for (const property of node.properties as Node[]) {
    if (property.type === "SpreadElement") {
      copyProperties(analysis, analysis.evaluate(property.argument), thing);
      continue;
    }
    const name = analysis.nameOf(property);
    if (property.kind === "init") {
      const value = analysis.evaluate(property.value);
      if (name !== null) keys.add(name);
      if (name === "__proto__") analysis.blind = true;
      if (value.isNever) return NEVER;
      analysis.write(thing, name, value);
      continue;
    }
    const fn = analysis.functionOf(property.value);
    if (property.kind === "set") analysis.setters.add(property.value);
    if (name === null) {
      analysis.escape(only(fn));
      continue;
    }
    let members = analysis.accessors.get(thing);
    if (members === undefined) analysis.accessors.set(thing, members = new Map());
    const list: Member[] = members.get(name) ?? [];
    members.set(name, list);
    if (!list.some((member) => member.fn === fn)) list.push({ kind: property.kind, fn });
    if (thing.escaped) analysis.escape(only(fn));
  }
  return only(thing);
}

function unary(analysis: Analysis, node: Node): Value {
  if (node.operator === "typeof") return typeOf(analysis, node.argument);
  const value = analysis.evaluate(node.argument);
  if (value.isNever) return NEVER;
  switch (node.operator) {
    case "void":
      return VOID;
    case "!":
      return new Value(
        (value.mayBeTrue ? FALSE : 0) | (value.mayBeFalse ? TRUE : 0),
        null,
        NEVER.things,
      );
    case "-":
    case "+":
    case "~": {
      const known = value.constant?.value;
      // The analysis does not tell -0 from 0.
      if (typeof known === "number" && known !== 0 && node.operator === "-") {
        return constant(-known);
      }
      toText(analysis, value);
      return node.operator === "+" ? NUMBERS : primitive(NUMBER | OTHER);
    }
    case "delete":
      // What is deleted is not there later.
      if (node.argument.type === "MemberExpression") {
        analysis.set(analysis.evaluate(node.argument.object), analysis.nameOf(node.argument), VOID);
      }
      return BOOLEAN;
  }
  return PRIMITIVES;
}

function typeOf(analysis: Analysis, argument: Node): Value {
  const host = argument.type === "Identifier" ? typeOfHost(analysis, argument) : null;
  if (host !== null) return host;
  const { bits, things, isAny } = analysis.evaluate(argument);
  if (isAny) return STRINGS;
  let found = NEVER;
  const add = (name: string) => found = join(found, constant(name));
  if ((bits & UNDEFINED) !== 0) add("undefined");
  if ((bits & NULL) !== 0) add("object");
  if ((bits & (TRUE | FALSE)) !== 0) add("boolean");
  if ((bits & NUMBER) !== 0) add("number");
  if ((bits & STRING) !== 0) add("string");
  if ((bits & OTHER) !== 0) found = STRINGS;
  for (const thing of things) add(thing.kind === "function" ? "function" : "object");
  return found;
}

const NULLISH = UNDEFINED | NULL;

function binary(analysis: Analysis, { operator, left, right }: Node): Value {
  const a = analysis.evaluate(left);
  if (a.isNever) return NEVER;
  const b = analysis.evaluate(right);
  if (b.isNever) return NEVER;
  switch (operator) {
    case "===":
      return same(a, b);
    case "!==":
      return inverse(same(a, b));
    case "==":
    case "!=": {
      const equal = loosely(a, b);
      return operator === "==" ? equal : inverse(equal);
    }
    case "instanceof":
      return isInstance(analysis, a, b);
    case "in":
      for (const thing of b.things) {
        thing.named = true;
        for (const cell of thing.slots.values()) analysis.readAny(cell);
      }
      return BOOLEAN;
  }
  toText(analysis, a);
  toText(analysis, b);
  const known = compute(operator, a, b);
  if (known !== null) return known;
  if (["<", ">", "<=", ">="].includes(operator)) return BOOLEAN;
  if (operator !== "+") return isNumeric(a) && isNumeric(b) ? NUMBERS : primitive(NUMBER | OTHER);
  if (isNumeric(a) && isNumeric(b)) return NUMBERS;
  if ((a.bits === STRING && a.things.size === 0) || (b.bits === STRING && b.things.size === 0)) {
    return STRINGS;
  }
  return primitive(NUMBER | STRING | OTHER);
}

function isNumeric({ bits, things }: Value): boolean {
  return things.size === 0 && (bits & ~(NUMBER | NULLISH | TRUE | FALSE)) === 0;
}

/** What comes out of a few known numbers, or `null`. */
function compute(operator: string, a: Value, b: Value): Value | null {
  if (a.things.size > 0 || b.things.size > 0 || a.known === null || b.known === null) return null;
  if (a.bits !== b.bits || (a.bits !== NUMBER && a.bits !== STRING)) return null;
  if (a.known.size * b.known.size > 64) return null;
  let found = NEVER;
  for (const one of a.known) {
    for (const other of b.known) {
      const result = computeOne(operator, one, other);
      if (result === undefined) return null;
      found = join(found, constant(result));
    }
  }
  return found;
}

function computeOne(operator: string, a: number | string, b: number | string): unknown {
  if (typeof a === "string" || typeof b === "string") return undefined;
  switch (operator) {
    case "+":
      return a + b;
    case "-":
      return a - b;
    case "*":
      return a * b;
    case "<":
      return a < b;
    case ">":
      return a > b;
    case "<=":
      return a <= b;
    case ">=":
      return a >= b;
    case "&":
      return a & b;
    case "|":
      return a | b;
    case "^":
      return a ^ b;
    case "<<":
      return a << b;
  }
  return undefined;
}

function inverse(value: Value): Value {
  return new Value(
    ((value.bits & TRUE) !== 0 ? FALSE : 0) | ((value.bits & FALSE) !== 0 ? TRUE : 0),
    null,
    NEVER.things,
  );
}

/** `==`: sure only about `null` and `undefined`. */
function loosely(a: Value, b: Value): Value {
  for (const [one, other] of [[a, b], [b, a]] as const) {
    if (one.things.size > 0 || (one.bits & ~NULLISH) !== 0) continue;
    if (other.isAny) return BOOLEAN;
    const may = (other.bits & NULLISH) !== 0;
    const mayNot = other.things.size > 0 || (other.bits & ~NULLISH) !== 0;
    return primitive((may ? TRUE : 0) | (mayNot ? FALSE : 0));
  }
  return BOOLEAN;
}

function isInstance(analysis: Analysis, value: Value, of: Value): Value {
  analysis.askAgain();
  if (value.isAny || of.isAny) {
    // Nothing is an instance of what nobody makes.
    const unmade = !of.isAny &&
      [...of.things].every((thing) =>
        thing instanceof Class &&
        ![...analysis.classes.values()].some((each) => each.instantiated && each.extends(thing))
      );
    if (unmade) return primitive(FALSE);
    return value.isAny || value.things.size > 0 ? BOOLEAN : primitive(FALSE);
  }
  let bits = (value.bits !== 0) ? FALSE : 0;
  for (const thing of value.things) {
    for (const each of of.things) {
      if (!(thing instanceof Instance) || !(each instanceof Class)) {
        bits |= thing.kind === "error" || each instanceof Class ? FALSE : TRUE | FALSE;
      } else bits |= thing.of instanceof Class && thing.of.extends(each) ? TRUE : FALSE;
    }
  }
  return primitive(bits);
}

function logical(
  analysis: Analysis,
  operator: string,
  test: Node,
  left: Value,
  right: Node,
): Value {
  if (left.isNever) return NEVER;
  const { narrowing } = analysis;
  switch (operator) {
    case "&&":
      if (!left.mayBeTrue) return left;
      return join(left.falsy, narrowing.within(test, true, () => analysis.evaluate(right)));
    case "||":
      if (!left.mayBeFalse) return left;
      return join(left.truthy, narrowing.within(test, false, () => analysis.evaluate(right)));
    default: {
      const nullish = left.isAny || (left.bits & NULLISH) !== 0;
      return nullish ? join(left.defined, analysis.evaluate(right)) : left;
    }
  }
}

/** An expression whose value nobody looks at: counting what nobody reads is no reading. */
export function evaluateForEffect(analysis: Analysis, node: Node): Value {
  const target = updatedBy(node);
  if (target === null || (target.type === "MemberExpression" && target.computed)) {
    return analysis.evaluate(node);
  }
  if (node.type === "AssignmentExpression") analysis.evaluate(node.right);
  if (target.type === "MemberExpression" && target.object.type !== "Super") {
    analysis.evaluate(target.object);
  }
  analysis.quiet = true;
  const value = analysis.evaluate(node);
  analysis.quiet = false;
  return value;
}

function assignment(analysis: Analysis, { operator, left, right }: Node): Value {
  if (operator === "=") {
    // The object comes before the value.
    if (left.type === "MemberExpression" && left.object.type !== "Super") {
      if (analysis.evaluate(left.object).isNever) return NEVER;
    }
    const value = analysis.evaluate(right);
    if (value.isNever) return NEVER;
    bindPattern(analysis, left, value);
    return value;
  }
  const before = analysis.evaluate(left);
  if (before.isNever) return NEVER;
  let value: Value;
  if (/^(?:&&|\|\||\?\?)=$/.test(operator)) {
    value = logical(analysis, operator.slice(0, -1), left, before, right);
  } else {
    const given = analysis.evaluate(right);
    if (given.isNever) return NEVER;
    value = compute(operator.slice(0, -1), before, given) ??
      (operator !== "+="
        ? NUMBERS
        : isNumeric(before) && isNumeric(given)
        ? NUMBERS
        : primitive(NUMBER | STRING | OTHER));
  }
  if (!value.isNever) bindPattern(analysis, left, value);
  return value;
}

function memberOf(analysis: Analysis, node: Node): Value {
  if (node.object.type === "Super") return superMember(analysis, node);
  const host = hostName(analysis, node);
  if (host !== null) return UNKNOWN;
  const object = analysis.evaluate(node.object);
  const name = analysis.nameOf(node);
  if (object.isNever) return NEVER;
  const known = analysis.get(object, name);
  return node.optional && (object.bits & NULLISH) !== 0 ? join(known, VOID) : known;
}

function superMembers(analysis: Analysis, name: string | null): readonly Member[] {
  const { home, isStatic } = analysis.method;
  if (home === null || name === null) return [];
  return home.bases.flatMap((base) => analysis.membersOf(isStatic ? base : base.instance, name));
}

function superMember(analysis: Analysis, node: Node): Value {
  let found = NEVER;
  const members = superMembers(analysis, analysis.nameOf(node));
  for (const { kind, fn } of members) {
    if (kind === "get") {
      found = join(found, analysis.at(null, () => analysis.call(fn, analysis.self, [])));
    } else if (kind === "method") found = join(found, only(fn));
  }
  return members.length === 0 ? UNKNOWN : found;
}

/** The arguments of a call, and what comes after those whose place is known. */
function argumentsIn(
  analysis: Analysis,
  node: Node,
): { args: Value[]; rest: Value; stuck: boolean } {
  const args: Value[] = [];
  let rest = NEVER;
  let spread = false;
  let stuck = false;
  for (const each of node.arguments as Node[]) {
    if (each.type === "SpreadElement") {
      spread = true;
      rest = join(rest, analysis.iterate(analysis.evaluate(each.argument)));
    } else {
      const value = analysis.evaluate(each);
      if (value.isNever) stuck = true;
      if (spread) rest = join(rest, value);
      else args.push(value);
    }
  }
  if (spread && rest.isNever) rest = VOID;
  return { args, rest, stuck };
}

function call(analysis: Analysis, node: Node): Value {
  const { callee } = node;
  if (callee.type === "Super") {
    const { args, rest } = argumentsIn(analysis, node);
    const { home } = analysis.method;
    if (home !== null) {
      analysis.at(node, () => analysis.initializeBase(home, analysis.self, args, rest));
    }
    return analysis.self;
  }
  if (callee.type === "Identifier" && intrinsicOf(callee.name) !== null) {
    for (const each of node.arguments as Node[]) analysis.evaluate(each);
    const reached = answerTo(analysis, node) === true;
    // What is reached now may be found unreachable in a later round.
    return reached && !analysis.last ? BOOLEAN : primitive(reached ? TRUE : FALSE);
  }
  if (callee.type !== "MemberExpression") {
    const host = hostName(analysis, callee);
    const of = host === null ? analysis.evaluate(callee) : UNKNOWN;
    if (of.isNever) return NEVER;
    const { args, rest, stuck } = argumentsIn(analysis, node);
    if (stuck) return NEVER;
    if (host !== null) return callHost(analysis, host, args, rest);
    const given = analysis.at(node, () => analysis.callValue(of, VOID, args, rest));
    return node.optional && (of.bits & NULLISH) !== 0 ? join(given, VOID) : given;
  }
  const name = analysis.nameOf(callee);
  if (callee.object.type === "Super") {
    const { args, rest } = argumentsIn(analysis, node);
    let result = NEVER;
    const members = superMembers(analysis, name);
    for (const { fn } of members) {
      result = join(result, analysis.at(node, () => analysis.call(fn, analysis.self, args, rest)));
    }
    if (members.length === 0) { for (const arg of args) analysis.escape(arg); }
    return members.length === 0 ? UNKNOWN : result;
  }
  const host = hostName(analysis, callee);
  const of = host === null ? analysis.evaluate(callee.object) : UNKNOWN;
  if (of.isNever) return NEVER;
  const { args, rest, stuck } = argumentsIn(analysis, node);
  if (stuck) return NEVER;
  if (host !== null) return callHost(analysis, host, args, rest);
  let result = callMember(analysis, node, of, name, args, rest);
  if ((callee.optional || node.optional) && (of.bits & NULLISH) !== 0) result = join(result, VOID);
  analysis.values.set(callee, UNKNOWN);
  return result;
}

/** What the compiler answers, as far as it knows by now; `null` where it was not asked. */
export function answerTo(analysis: Analysis, { callee, arguments: asked }: Node): boolean | null {
  const intrinsic = callee.type === "Identifier" ? intrinsicOf(callee.name) : null;
  if (intrinsic === null) return null;
  const given = (asked as Node[]).map((each) => analysis.values.get(each) ?? NEVER);
  return intrinsic === "reaches"
    ? analysis.reaches(given[0] ?? NEVER)
    : analysis.sitesOf(given) > 1;
}

function callMember(
  analysis: Analysis,
  node: Node,
  of: Value,
  name: string | null,
  args: readonly Value[],
  rest: Value,
): Value {
  let result = NEVER;
  const primitive = (of.bits & ~NULLISH) !== 0 && (name === null || isOfPrimitives(name));
  if (of.isAny || primitive) {
    result = callMethodOfPrimitive(of, name);
    for (const arg of args) analysis.escape(arg);
    analysis.escape(rest);
    if (of.isAny && name !== null) analysis.ask(name);
  }
  for (const thing of of.things) {
    const self = only(thing);
    if (thing.kind === "array") {
      result = join(result, callOfArray(analysis, node, thing, name, args, rest));
      continue;
    }
    const members = name === null ? [] : analysis.membersOf(thing, name);
    let found = false;
    for (const { kind, fn } of members) {
      found = true;
      if (kind === "method") {
        result = join(result, analysis.at(node, () => analysis.call(fn, self, args, rest)));
      }
      if (kind === "get") {
        const got = analysis.at(null, () => analysis.call(fn, self, []));
        result = join(result, analysis.at(node, () => analysis.callValue(got, self, args, rest)));
      }
    }
    if (found) continue;
    if (thing instanceof Fn && (name === "call" || name === "apply" || name === "bind")) {
      const [self = VOID, ...others] = args;
      thing.open = true;
      if (name === "call") {
        result = join(result, analysis.at(null, () => analysis.call(thing, self, others, rest)));
      } else if (name === "apply") {
        const all = args.length < 2 ? NEVER : analysis.iterate(args[1]!);
        result = join(
          result,
          analysis.at(null, () => analysis.call(thing, self, [], join(all, VOID))),
        );
      } else {
        analysis.at(null, () => analysis.call(thing, self, others, UNKNOWN));
        analysis.escape(only(thing));
        result = join(result, UNKNOWN);
      }
      continue;
    }
    const value = analysis.get(self, name);
    result = join(result, analysis.at(node, () => analysis.callValue(value, self, args, rest)));
  }
  return result;
}
