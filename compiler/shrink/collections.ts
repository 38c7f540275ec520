/**
 * What the engine's maps, sets and byte arrays hold and give: the outside sees nothing of what is put into them.
 *
 * @module
 */

import type { Node } from "../ast.ts";
import type { Analysis } from "./analysis.ts";
import { isNowhere, iterated } from "./builtins.ts";
import { Thing } from "./thing.ts";
import {
  BOOLEAN,
  join,
  NEVER,
  NUMBERS,
  only,
  STRING,
  STRINGS,
  UNKNOWN,
  type Value,
  VOID,
} from "./value.ts";

const BYTES = /^(?:(?:Ui|I)nt(?:8|16|32)|Uint8Clamped|Float(?:32|64))Array$/;

/** Makes an instance of a class of the engine; `null` where nothing is known of that. */
export function makeCollection(
  analysis: Analysis,
  node: Node,
  name: string,
  args: readonly Value[],
): Value | null {
  const [given = VOID] = args;
  if (BYTES.test(name)) {
    iterated(analysis, given);
    return only(analysis.thingOf(node, "bytes"));
  }
  if (name !== "Map" && name !== "Set") return null;
  const made = analysis.thingOf(node, name === "Map" ? "map" : "set");
  const each = iterated(analysis, given);
  if (made.kind === "set") keep(analysis, made, each);
  else {
    if (each.isAny) keep(analysis, made, UNKNOWN);
    for (const pair of each.things) keep(analysis, made, analysis.objects.get(only(pair), null));
  }
  return only(made);
}

/** Puts a key or a value into a collection, which are not told apart. */
function keep(analysis: Analysis, into: Thing, value: Value): void {
  if (into.escaped) analysis.outside.escape(value);
  analysis.put(into.elements, value);
}

/** The bytes that a function of the board gives. */
export function bytesAt(analysis: Analysis, node: Node): Value {
  return only(analysis.thingOf(node, "bytes"));
}

/** What a collection gives, one after the other; `null` where it is none. */
export function elementsOf(analysis: Analysis, thing: Thing): Value | null {
  if (thing.kind === "bytes") return NUMBERS;
  if (thing.kind === "set" || thing.kind === "iterator") return analysis.readAny(thing.elements);
  if (thing.kind !== "map") return null;
  const pair = thing.slot("[]");
  if (pair.value.isNever) analysis.put(pair, only(new Thing("array", thing.elements)));
  return analysis.readAny(pair);
}

/** What a collection has under a name; `null` where it is none. */
export function propertyOfCollection(
  analysis: Analysis,
  thing: Thing,
  name: string,
): Value | null {
  if (!isCollection(thing)) return null;
  if (/^(?:size|length|byteLength|byteOffset)$/.test(name)) return NUMBERS;
  if (thing.kind === "bytes" && /^\d+$/.test(name)) return join(NUMBERS, VOID);
  if (name === "@@iterator") return only(analysis.iterating);
  if (thing.kind === "iterator" && name === "next") return only(analysis.advancing);
  if (thing.kind === "iterator" && (name === "return" || name === "throw")) return VOID;
  if (isNowhere(analysis, name, CLASSES[thing.kind]!.prototype)) return VOID;
  analysis.outside.escape(only(thing));
  return UNKNOWN;
}

const CLASSES: { readonly [kind: string]: { readonly prototype: object } } = {
  map: Map,
  set: Set,
  bytes: Uint8Array,
  // The methods that newer engines give to iterators are on none of the small ones.
  iterator: { prototype: { next: null } },
};

/** Whether a thing is one of the engine's collections. */
export function isCollection({ kind }: Thing): boolean {
  return kind in CLASSES;
}

/** The iterator of an array or of a collection. */
export function iteratorOf(analysis: Analysis, node: Node, of: Value): Value {
  const iterator = analysis.thingOf(node, "iterator");
  keep(analysis, iterator, listedIn(analysis, of));
  return only(iterator);
}

/** What the engine's own iterators find: of anything else they are not the iterators. */
function listedIn(analysis: Analysis, of: Value): Value {
  let found = of.isAny ? UNKNOWN : NEVER;
  if ((of.bits & STRING) !== 0) found = join(found, STRINGS);
  for (const thing of of.things) {
    const elements = elementsOf(analysis, thing);
    if (elements !== null) found = join(found, elements);
    else if (thing.kind === "array" || thing.kind === "object") {
      found = join(found, analysis.objects.getAll(thing));
    }
  }
  return found;
}

/** What an iterator of the engine gives. */
function advance(analysis: Analysis, node: Node, of: Value): Value {
  const given = analysis.thingOf(node, "object");
  given.named = true;
  analysis.put(given.slot("value"), join(listedIn(analysis, of), VOID));
  analysis.put(given.slot("done"), BOOLEAN);
  return only(given);
}

/** Calls a method of the engine's functions that iterate: `call` runs them. */
export function callOfIteration(
  analysis: Analysis,
  node: Node,
  thing: Thing,
  name: string | null,
  args: readonly Value[],
): Value {
  const [of = VOID] = args;
  if (name === "call") {
    return thing === analysis.iterating
      ? iteratorOf(analysis, node, of)
      : advance(analysis, node, of);
  }
  for (const arg of args) analysis.outside.escape(arg);
  return UNKNOWN;
}

/** Calls a method of a collection. */
export function callOfCollection(
  analysis: Analysis,
  node: Node,
  thing: Thing,
  name: string | null,
  args: readonly Value[],
  rest: Value,
): Value {
  const self = only(thing);
  if (name === "@@iterator") return iteratorOf(analysis, node, self);
  if (thing.kind === "iterator" && name === "next") return advance(analysis, node, self);
  if (thing.kind === "bytes") {
    // They keep numbers, whatever they are given.
    if (/^(?:subarray|slice|fill)$/.test(name ?? "")) return self;
    if (name === "set") { for (const arg of args) iterated(analysis, arg); }
    if (name === "set" || name === "copyWithin") return VOID;
    if (/^(?:indexOf|lastIndexOf|at)$/.test(name ?? "")) return join(NUMBERS, VOID);
  } else if (thing.kind !== "iterator") {
    const elements = analysis.readAny(thing.elements);
    switch (name) {
      case "get":
        return join(elements, VOID);
      case "set":
      case "add":
        for (const arg of [...args, rest]) keep(analysis, thing, arg);
        return self;
      case "has":
      case "delete":
        return BOOLEAN;
      case "clear":
        return VOID;
      case "forEach":
        analysis.calls.at(
          null,
          () => analysis.calls.callValue(args[0] ?? VOID, VOID, [elements, elements, self]),
        );
        return VOID;
      case "keys":
      case "values": {
        const iterator = analysis.thingOf(node, "iterator");
        analysis.put(iterator.elements, elements);
        return only(iterator);
      }
    }
  }
  if (isNowhere(analysis, name, CLASSES[thing.kind]!.prototype)) return NEVER;
  analysis.outside.escape(self);
  for (const arg of [...args, rest]) analysis.outside.escape(arg);
  return UNKNOWN;
}
