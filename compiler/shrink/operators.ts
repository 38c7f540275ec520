/**
 * What operators make of values.
 *
 * @module
 */

import type { Node } from "../ast.ts";
import type { Analysis } from "./analysis.ts";
import { hostName, typeOfHost } from "./builtins.ts";
import { isCollection } from "./collections.ts";
import { Class, Instance, type Thing } from "./thing.ts";
import {
  BOOLEAN,
  constant,
  FALSE,
  join,
  NEVER,
  NULL,
  NULLISH,
  NUMBER,
  NUMBERS,
  OTHER,
  primitive,
  PRIMITIVES,
  same,
  STRING,
  STRINGS,
  TRUE,
  UNDEFINED,
  Value,
  VOID,
} from "./value.ts";

/** What an operator before an expression gives. */
export function unary(analysis: Analysis, node: Node): Value {
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
        analysis.objects.set(
          analysis.evaluate(node.argument.object),
          analysis.nameOf(node.argument),
          VOID,
        );
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

/** What an operator between two expressions gives. */
export function binary(analysis: Analysis, { operator, left, right }: Node): Value {
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
      if (!a.isAny && COLLECTIONS.test(hostName(analysis, right) ?? "")) {
        return primitive([...a.things].some(canBeOfEngine) ? TRUE | FALSE : FALSE);
      }
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

/** What `a += b` and the like give. */
export function combine(operator: string, a: Value, b: Value): Value {
  const known = compute(operator, a, b);
  if (known !== null) return known;
  if (operator !== "+" || (isNumeric(a) && isNumeric(b))) return NUMBERS;
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

/** Classes of the engine that only it makes instances of, and what extends them. */
const COLLECTIONS = /^(?:Promise|(?:Weak)?(?:Map|Set)|Date|RegExp|ArrayBuffer|Uint8Array)$/;

function canBeOfEngine(thing: Thing): boolean {
  return isCollection(thing) ||
    thing instanceof Instance && (!(thing.of instanceof Class) || thing.of.isHost);
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

/** What `&&`, `||` or `??` gives, the left side of which is known. */
export function logical(
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

/** A value is made a string; whether that cannot go on. */
export function toText(analysis: Analysis, value: Value): boolean {
  analysis.outside.show(value);
  return value.isNever;
}
