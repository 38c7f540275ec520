import type { Node } from "../ast.ts";
import type { Analysis } from "./analysis.ts";
import { iterated } from "./builtins.ts";
import { call, make, memberOf } from "./call_expressions.ts";
import { evaluateClass } from "./classes.ts";
import { binary, combine, logical, toText, unary } from "./operators.ts";
import { bindPattern, copyProperties } from "./patterns.ts";
import { Class, type Member } from "./thing.ts";
import { updatedBy } from "./unread.ts";
import {
  constant,
  join,
  NEVER,
  NUMBERS,
  only,
  OTHER,
  primitive,
  STRINGS,
  UNKNOWN,
  type Value,
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
      if (node.name === "console") return only(analysis.console);
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
      for (const each of node.quasi.expressions) analysis.outside.escape(analysis.evaluate(each));
      analysis.outside.escape(analysis.evaluate(node.tag));
      return UNKNOWN;
    case "ArrayExpression": {
      const array = analysis.thingOf(node, "array");
      for (const each of node.elements as (Node | null)[]) {
        if (each === null) analysis.put(array.elements, VOID);
        else if (each.type === "SpreadElement") {
          analysis.put(array.elements, iterated(analysis, analysis.evaluate(each.argument)));
        } else analysis.objects.write(array, null, analysis.evaluate(each));
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
    case "NewExpression":
      return make(analysis, node);
    case "AwaitExpression":
      analysis.outside.escape(analysis.evaluate(node.argument));
      return UNKNOWN;
    case "YieldExpression":
      if (node.argument !== null) analysis.outside.escape(analysis.evaluate(node.argument));
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

function argumentsOf(analysis: Analysis, node: Node): Value {
  return only(analysis.arrayOf(node, analysis.readAny(analysis.method.every)));
}

function makeObject(analysis: Analysis, node: Node): Value {
  const thing = analysis.thingOf(node, "object");
  const keys = analysis.objects.keysOf(thing);
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
      analysis.objects.write(thing, name, value);
      continue;
    }
    const fn = analysis.functionOf(property.value);
    if (property.kind === "set") analysis.setters.add(property.value);
    if (name === null) {
      analysis.outside.escape(only(fn));
      continue;
    }
    let members = analysis.objects.accessors.get(thing);
    if (members === undefined) analysis.objects.accessors.set(thing, members = new Map());
    const list: Member[] = members.get(name) ?? [];
    members.set(name, list);
    if (!list.some((member) => member.fn === fn)) list.push({ kind: property.kind, fn });
    if (thing.escaped) analysis.outside.escape(only(fn));
  }
  return only(thing);
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
    value = combine(operator.slice(0, -1), before, given);
  }
  if (!value.isNever) bindPattern(analysis, left, value);
  return value;
}
