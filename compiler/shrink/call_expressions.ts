/**
 * What the calls that a program writes down give, and its accesses to properties.
 *
 * @module
 */

import type { Node } from "../ast.ts";
import type { Analysis } from "./analysis.ts";
import {
  callHost,
  callMethodOfPrimitive,
  callOfArray,
  hostName,
  isErrorName,
  iterated,
} from "./builtins.ts";
import { callOfCollection, callOfIteration, isCollection, makeCollection } from "./collections.ts";
import { isOfPrimitives } from "./objects.ts";
import { answerTo, intrinsicOf } from "./questions.ts";
import { Fn, type Member } from "./thing.ts";
import {
  BOOLEAN,
  FALSE,
  join,
  NEVER,
  NULLISH,
  only,
  primitive,
  TRUE,
  UNKNOWN,
  type Value,
  VOID,
} from "./value.ts";

/** What a property gives. */
export function memberOf(analysis: Analysis, node: Node): Value {
  if (node.object.type === "Super") return superMember(analysis, node);
  const host = hostName(analysis, node);
  if (host !== null) return UNKNOWN;
  const object = analysis.evaluate(node.object);
  const name = analysis.nameOf(node);
  if (object.isNever) return NEVER;
  const known = analysis.objects.get(object, name);
  return node.optional && (object.bits & NULLISH) !== 0 ? join(known, VOID) : known;
}

function superMembers(analysis: Analysis, name: string | null): readonly Member[] {
  const { home, isStatic } = analysis.method;
  if (home === null || name === null) return [];
  return home.bases.flatMap((base) =>
    analysis.objects.membersOf(isStatic ? base : base.instance, name)
  );
}

function superMember(analysis: Analysis, node: Node): Value {
  let found = NEVER;
  const members = superMembers(analysis, analysis.nameOf(node));
  for (const { kind, fn } of members) {
    if (kind === "get") {
      found = join(
        found,
        analysis.calls.at(null, () => analysis.calls.call(fn, analysis.self, [])),
      );
    } else if (kind === "method") {
      fn.asked = true;
      found = join(found, only(fn));
    }
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
      rest = join(rest, iterated(analysis, analysis.evaluate(each.argument)));
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

/** What a call gives. */
export function call(analysis: Analysis, node: Node): Value {
  const { callee } = node;
  if (callee.type === "Super") {
    const { args, rest } = argumentsIn(analysis, node);
    const { home } = analysis.method;
    if (home !== null) {
      analysis.calls.at(node, () => analysis.calls.initializeBase(home, analysis.self, args, rest));
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
    if (host !== null) return callHost(analysis, node, host, args, rest);
    const given = analysis.calls.at(node, () => analysis.calls.callValue(of, VOID, args, rest));
    return node.optional && (of.bits & NULLISH) !== 0 ? join(given, VOID) : given;
  }
  const name = analysis.nameOf(callee);
  if (callee.object.type === "Super") {
    const { args, rest } = argumentsIn(analysis, node);
    let result = NEVER;
    const members = superMembers(analysis, name);
    for (const { fn } of members) {
      result = join(
        result,
        analysis.calls.at(node, () => analysis.calls.call(fn, analysis.self, args, rest)),
      );
    }
    if (members.length === 0) { for (const arg of [...args, rest]) analysis.outside.escape(arg); }
    return members.length === 0 ? UNKNOWN : result;
  }
  const host = hostName(analysis, callee);
  const of = host === null ? analysis.evaluate(callee.object) : UNKNOWN;
  if (of.isNever) return NEVER;
  const { args, rest, stuck } = argumentsIn(analysis, node);
  if (stuck) return NEVER;
  if (host !== null) return callHost(analysis, node, host, args, rest);
  let result = callMember(analysis, node, of, name, args, rest);
  if ((callee.optional || node.optional) && (of.bits & NULLISH) !== 0) result = join(result, VOID);
  analysis.values.set(callee, UNKNOWN);
  return result;
}

/** What `new` gives. */
export function make(analysis: Analysis, node: Node): Value {
  const { args, rest } = argumentsIn(analysis, node);
  const host = hostName(analysis, node.callee);
  if (host !== null && isErrorName(host)) {
    for (const arg of args) analysis.outside.show(arg);
    return only(analysis.error);
  }
  const collection = host === null ? null : makeCollection(analysis, node, host, args);
  if (collection !== null) return collection;
  analysis.making = node.callee;
  const of = analysis.evaluate(node.callee);
  analysis.making = null;
  return analysis.calls.at(node, () => analysis.calls.construct(of, args, rest));
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
    for (const arg of args) analysis.outside.escape(arg);
    analysis.outside.escape(rest);
    if (of.isAny && name !== null) analysis.outside.ask(name);
  }
  for (const thing of of.things) {
    const self = only(thing);
    if (thing === analysis.iterating || thing === analysis.advancing) {
      result = join(result, callOfIteration(analysis, node, thing, name, args));
      continue;
    }
    if (isCollection(thing)) {
      result = join(result, callOfCollection(analysis, node, thing, name, args, rest));
      continue;
    }
    if (thing.kind === "array") {
      result = join(result, callOfArray(analysis, node, thing, name, args, rest));
      continue;
    }
    const members = name === null ? [] : analysis.objects.membersOf(thing, name);
    let found = false;
    for (const { kind, fn } of members) {
      found = true;
      if (kind === "method") {
        result = join(
          result,
          analysis.calls.at(node, () => analysis.calls.call(fn, self, args, rest)),
        );
      }
      if (kind === "get") {
        const got = analysis.calls.at(null, () => analysis.calls.call(fn, self, []));
        result = join(
          result,
          analysis.calls.at(node, () => analysis.calls.callValue(got, self, args, rest)),
        );
      }
    }
    if (found) continue;
    if (thing instanceof Fn && (name === "call" || name === "apply" || name === "bind")) {
      const [self = VOID, ...others] = args;
      thing.open = true;
      if (name === "call") {
        result = join(
          result,
          analysis.calls.at(null, () => analysis.calls.call(thing, self, others, rest)),
        );
      } else if (name === "apply") {
        const all = args.length < 2 ? NEVER : iterated(analysis, args[1]!);
        result = join(
          result,
          analysis.calls.at(null, () => analysis.calls.call(thing, self, [], join(all, VOID))),
        );
      } else {
        analysis.calls.at(null, () => analysis.calls.call(thing, self, others, UNKNOWN));
        analysis.outside.escape(only(thing));
        result = join(result, UNKNOWN);
      }
      continue;
    }
    const value = analysis.objects.get(self, name);
    result = join(
      result,
      analysis.calls.at(node, () => analysis.calls.callValue(value, self, args, rest)),
    );
  }
  return result;
}
