/**
 * What the engine's own functions do with values, as far as it pays to know; of all others the worst is believed.
 *
 * @module
 */

import type { Node } from "../ast.ts";
import type { Analysis } from "./analysis.ts";
import { bytesAt, elementsOf, iteratorOf } from "./collections.ts";
import type { Thing } from "./thing.ts";
import {
  BOOLEAN,
  FALSE,
  join,
  NEVER,
  NUMBERS,
  only,
  primitive,
  PRIMITIVES,
  STRING,
  STRINGS,
  TRUE,
  UNKNOWN,
  type Value,
  VOID,
} from "./value.ts";

/** The name of something global, for example `Math.floor`; `null` where it is not. */
export function hostName(analysis: Analysis, node: Node): string | null {
  if (node.type === "Identifier") {
    return analysis.bindings.of(node) === undefined && node.name !== "arguments" &&
        node.name !== "undefined"
      ? node.name
      : null;
  }
  if (node.type !== "MemberExpression" || node.computed) return null;
  const object = hostName(analysis, node.object);
  return object === null ? null : `${object}.${node.property.name}`;
}

/** What `typeof` gives for a name that the analysis need not know. */
export function typeOfHost(analysis: Analysis, identifier: Node): Value | null {
  return hostName(analysis, identifier) === null ? null : STRINGS;
}

const GIVES_NUMBER =
  /^(?:Math\.\w+|Date\.now|performance\.now|parseInt|parseFloat|Number|Number\.parse\w+|getTime|setWatch|(?:digital|analog)Read|peek\w+)$/;
const GIVES_BOOLEAN =
  /^(?:Number\.is\w+|isNaN|isFinite|Array\.isArray|Object\.is|Boolean|clearTimeout)$/;
const GIVES_STRING = /^(?:String|String\.from\w+|JSON\.stringify)$/;
/** These print, or do something to pins and timers. */
export const GIVES_NOTHING =
  /^(?:console\.(?:log|debug|info|warn|error)|print|clear(?:Timeout|Interval|Watch)|pinMode|(?:digital|analog)Write)$/;
const DEFINES = /^(?:Object|Reflect)\.(?:define|assign|set)\w*$/;
/** These only look at what they get. */
const KEEPS_NOTHING = /^(?:Number\.is\w+|Array\.isArray|Object\.is|Boolean|isNaN|Number)$/;

/** These make texts of what they get. */
const SHOWS = /^(?:String|console\.\w+|print|(?:[A-Z]\w*)?Error)$/;

/** Whether a name is that of one of the engine's errors that carry nothing but a message. */
export function isErrorName(name: string): boolean {
  return /^(?:Type|Range|Reference|Syntax|Eval|URI)?Error$/.test(name);
}

/** Whether something global only looks at what it gets. */
export function isLook(name: string): boolean {
  return KEEPS_NOTHING.test(name) || GIVES_NUMBER.test(name) || name === "Object.freeze";
}

/** Calls something global. */
export function callHost(
  analysis: Analysis,
  node: Node,
  name: string,
  args: readonly Value[],
  rest: Value,
): Value {
  if (name === "eval" || name === "Function") analysis.blind = true;
  if (name === "setTimeout" || name === "setInterval") {
    const [fn = NEVER, , ...given] = args;
    analysis.calls.at(null, () => analysis.calls.callValue(fn, VOID, given, rest));
    return NUMBERS;
  }
  if (name === "Promise.prototype.then.call") {
    // Of what it is called on it asks for nothing but its kind.
    for (const arg of args.slice(1)) analysis.outside.escape(arg);
    return UNKNOWN;
  }
  if (name === "Array.isArray") return isArray(args[0] ?? VOID);
  if (name === "Reflect.apply") {
    const [fn = VOID, self = VOID, list = VOID] = args;
    const given = join(iterated(analysis, list), VOID);
    return analysis.calls.at(null, () => analysis.calls.callValue(fn, self, [], given));
  }
  if (DEFINES.test(name) && args[0]?.isAny === true) analysis.outside.reshape();
  if (/^Object\.(?:keys|values|entries)$/.test(name) && args[0]?.isAny === false) {
    return listed(analysis, node, name, args[0]);
  }
  if (name === "E.toUint8Array") return bytesAt(analysis, node);
  if (SHOWS.test(name)) {
    for (const arg of args) analysis.outside.show(arg);
    analysis.outside.show(rest);
  } else if (!KEEPS_NOTHING.test(name)) {
    for (const arg of args) analysis.outside.escape(arg);
    analysis.outside.escape(rest);
  }
  if (isErrorName(name)) return only(analysis.error);
  if (GIVES_NOTHING.test(name)) return VOID;
  if (name === "Number.isNaN" && args[0] !== undefined && args[0].known !== null) {
    return primitive(args[0].isAny ? TRUE | FALSE : FALSE);
  }
  if (GIVES_NUMBER.test(name)) return NUMBERS;
  if (GIVES_BOOLEAN.test(name)) return BOOLEAN;
  if (GIVES_STRING.test(name)) return STRINGS;
  return UNKNOWN;
}

function isArray({ isAny, bits, things }: Value): Value {
  if (isAny) return BOOLEAN;
  let found = bits === 0 ? 0 : FALSE;
  for (const { kind } of things) found |= kind === "array" ? TRUE : FALSE;
  return primitive(found);
}

/** What an object has, as an array. */
function listed(analysis: Analysis, node: Node, name: string, of: Value): Value {
  let values = (of.bits & STRING) === 0 ? NEVER : STRINGS;
  for (const thing of of.things) {
    values = join(values, analysis.objects.getAll(thing));
  }
  if (name === "Object.keys") return only(analysis.arrayOf(node, STRINGS));
  if (name === "Object.values") return only(analysis.arrayOf(node, values));
  const pair = analysis.arrayOf(node.callee, join(STRINGS, values));
  return only(analysis.arrayOf(node, only(pair)));
}

/** Whether objects of the engine have nothing of that name, and the program gives them nothing. */
export function isNowhere(analysis: Analysis, name: string | null, prototype: object): boolean {
  return name !== null && !(name in prototype) && !analysis.outside.mayHave(name);
}

/** What a method of a string, number or unknown thing gives. */
export function callMethodOfPrimitive(of: Value, name: string | null): Value {
  if (of.isAny || (of.bits & STRING) !== 0) {
    if (
      /^(?:toString|toFixed|join|trim\w*|pad\w+|repeat|charAt|toLowerCase|toUpperCase)$/.test(
        name ?? "",
      )
    ) {
      return STRINGS;
    }
    return UNKNOWN;
  }
  return PRIMITIVES;
}

/** What iterating over a value gives. */
export function iterated(analysis: Analysis, value: Value): Value {
  // What may be anything may still be an array that nobody outside has.
  let found = value.isAny ? UNKNOWN : NEVER;
  if ((value.bits & STRING) !== 0) found = join(found, STRINGS);
  for (const thing of value.things) {
    const elements = elementsOf(analysis, thing);
    if (thing.kind === "array") found = join(found, analysis.readAny(thing.elements));
    else if (elements !== null) found = join(found, elements);
    else {
      // Its iterator is asked for by the engine.
      analysis.outside.escape(only(thing));
      found = UNKNOWN;
    }
  }
  return found;
}

/** Calls a method of an array. */
export function callOfArray(
  analysis: Analysis,
  node: Node,
  array: Thing,
  name: string | null,
  args: readonly Value[],
  rest: Value,
): Value {
  const self = only(array);
  const elements = (): Value => analysis.readAny(array.elements);
  const callback = (params: readonly Value[]): Value => {
    const [fn = NEVER, ...others] = args;
    for (const other of others) if (name !== "reduce") analysis.outside.escape(other);
    return analysis.calls.at(null, () => analysis.calls.callValue(fn, VOID, params));
  };
  switch (name) {
    case "push":
    case "unshift":
      for (const arg of [...args, rest]) analysis.objects.write(array, null, arg);
      return NUMBERS;
    case "fill":
      analysis.objects.write(array, null, args[0] ?? VOID);
      return self;
    case "shift":
    case "pop":
    case "at":
      return join(elements(), VOID);
    case "splice":
      for (const arg of [...args.slice(2), rest]) analysis.objects.write(array, null, arg);
      return self;
    case "indexOf":
    case "lastIndexOf":
      return NUMBERS;
    case "includes":
      return BOOLEAN;
    case "join":
      elements();
      return STRINGS;
    case "slice":
    case "reverse":
      return self;
    case "sort":
      callback([elements(), elements()]);
      return self;
    case "concat":
      for (const arg of [...args, rest]) {
        for (const thing of arg.things) {
          analysis.objects.write(
            array,
            null,
            thing.kind === "array" ? analysis.readAny(thing.elements) : only(thing),
          );
        }
        if (arg.isAny) analysis.objects.write(array, null, UNKNOWN);
      }
      return self;
    case "forEach":
      callback([elements(), NUMBERS, self]);
      return VOID;
    case "some":
    case "every":
      callback([elements(), NUMBERS, self]);
      return BOOLEAN;
    case "find":
    case "findLast":
      callback([elements(), NUMBERS, self]);
      return join(elements(), VOID);
    case "findIndex":
      callback([elements(), NUMBERS, self]);
      return NUMBERS;
    case "filter":
      callback([elements(), NUMBERS, self]);
      return self;
    case "map":
      return only(analysis.arrayOf(node, callback([elements(), NUMBERS, self])));
    case "flatMap": {
      const given = callback([elements(), NUMBERS, self]);
      let flat = NEVER;
      for (const thing of given.things) {
        flat = join(flat, thing.kind === "array" ? analysis.readAny(thing.elements) : only(thing));
      }
      return only(analysis.arrayOf(node, given.isAny ? join(UNKNOWN, flat) : flat));
    }
    case "reduce": {
      const [fn = NEVER, initial = VOID] = args;
      return analysis.calls.at(null, () => {
        const given = analysis.calls.callValue(fn, VOID, [initial, elements(), NUMBERS, self]);
        return join(
          initial,
          analysis.calls.callValue(fn, VOID, [given, elements(), NUMBERS, self]),
        );
      });
    }
    case "@@iterator":
      return iteratorOf(analysis, node, self);
    default:
      if (isNowhere(analysis, name, Array.prototype)) {
        // An element, or what the program has given this array.
        const own = analysis.objects.get(self, name);
        return analysis.calls.at(node, () => analysis.calls.callValue(own, self, args, rest));
      }
      analysis.outside.escape(self);
      for (const arg of [...args, rest]) analysis.outside.escape(arg);
      return UNKNOWN;
  }
}
