/**
 * What the objects of a program have under their names: what was assigned, and the members of their classes.
 *
 * @module
 */

import { children, isFunction, type Node } from "../ast.ts";
import type { Analysis } from "./analysis.ts";
import { GIVES_NOTHING, isNowhere } from "./builtins.ts";
import { isCollection, propertyOfCollection } from "./collections.ts";
import { Class, Fn, Instance, type Member, Thing } from "./thing.ts";
import {
  join,
  NEVER,
  NULLISH,
  NUMBERS,
  only,
  PRIMITIVES,
  STRINGS,
  UNKNOWN,
  type Value,
  VOID,
} from "./value.ts";

/** The properties of objects. */
export class Objects {
  /** The accessors of object literals. */
  readonly accessors: Map<Thing, Map<string, Member[]>> = new Map();
  private readonly keys = new Map<Thing, Set<string>>();
  private readonly declared = new Map<Node, ReadonlySet<string>>();

  constructor(private readonly analysis: Analysis) {}

  /** What a property gives. */
  get(of: Value, name: string | null): Value {
    let found = (of.bits & ~NULLISH) === 0 ? NEVER : this.getOfPrimitive(of, name);
    for (const thing of of.things) found = join(found, this.getOf(thing, name));
    return found;
  }

  private getOfPrimitive(of: Value, name: string | null): Value {
    if (!of.isAny) {
      if (name === "length") return join(NUMBERS, VOID);
      return name === null || isOfPrimitives(name) ? UNKNOWN : VOID;
    }
    if (name !== null) this.analysis.outside.ask(name);
    return UNKNOWN;
  }

  private getOf(thing: Thing, name: string | null): Value {
    if (name === null) return this.getComputed(thing);
    if (thing.kind === "array") {
      if (name === "length") return NUMBERS;
      if (name === "@@iterator") return only(this.analysis.iterating);
      if (!isNowhere(this.analysis, name, Array.prototype)) return UNKNOWN;
      const cell = /^\d+$/.test(name) ? thing.elements : thing.slot(name);
      return join(this.analysis.readAny(cell), VOID);
    }
    if (thing.kind === "console") {
      return GIVES_NOTHING.test(`console.${name}`) ? only(this.analysis.printing) : UNKNOWN;
    }
    if (thing.kind === "error") {
      // Nobody's error is a thenable.
      if (name === "then" && !this.analysis.outside.mayHave(name)) return VOID;
      return CARRIED.test(name) ? UNKNOWN : PRIMITIVES;
    }
    const known = propertyOfCollection(this.analysis, thing, name);
    if (known !== null) return known;
    let found = NEVER;
    const cell = thing.slot(name);
    found = this.analysis.readAny(cell);
    found = join(found, this.analysis.readAny(thing.elements));
    const members = this.membersOf(thing, name);
    for (const { kind, fn } of members) {
      if (kind === "method") {
        fn.asked = true;
        found = join(found, only(fn));
      }
      if (kind === "get") {
        found = join(
          found,
          this.analysis.calls.at(null, () => this.analysis.calls.call(fn, only(thing), [])),
        );
      }
    }
    if (members.length > 0) return found;
    if (thing instanceof Fn || thing instanceof Class) {
      if (name === "name") return STRINGS;
      if (name === "length") return NUMBERS;
      if (name === "prototype") return only(this.prototypeOf(thing));
      if (/^(?:call|apply|bind|toString|caller|arguments)$/.test(name)) return UNKNOWN;
    }
    if (thing instanceof Instance) {
      if (thing.of instanceof Fn) {
        found = join(found, this.get(only(this.prototypeOf(thing.of)), name));
      } else {
        if (name === "constructor") return only(thing.of);
        if (thing.of.proto !== null) found = join(found, this.get(only(thing.of.proto), name));
        if (thing.of.isError && /^(?:name|message|stack|cause)$/.test(name)) {
          return join(found, PRIMITIVES);
        }
        if (thing.of.isHost) return join(found, cell.value.isNever ? UNKNOWN : NEVER);
        if (this.setsItself(thing.of, name)) return found;
      }
    } else if (thing.kind === "object" && this.keysOf(thing).has(name)) return found;
    if (name in Object.prototype) return join(found, UNKNOWN);
    return join(found, VOID);
  }

  /** The properties that an object is made with. */
  keysOf(thing: Thing): Set<string> {
    let keys = this.keys.get(thing);
    if (keys === undefined) this.keys.set(thing, keys = new Set());
    return keys;
  }

  /** What an object itself has, under whatever name. */
  getAll(thing: Thing): Value {
    thing.named = true;
    let found = this.analysis.readAny(thing.elements);
    for (const cell of thing.slots.values()) found = join(found, this.analysis.readAny(cell));
    return found;
  }

  private getComputed(thing: Thing): Value {
    if (thing.kind === "bytes") return join(NUMBERS, VOID);
    let found = join(this.getAll(thing), VOID);
    if (thing.kind !== "array" && thing.kind !== "object") found = join(found, UNKNOWN);
    if (thing instanceof Instance && thing.of instanceof Class) {
      for (const name of namesOf(thing.of)) found = join(found, this.getOf(thing, name));
    }
    return found;
  }

  private prototypeOf(fn: Fn | Class): Thing {
    if (fn.proto === null) {
      fn.proto = new Thing("object");
      this.analysis.note();
      if (fn.escaped) this.analysis.outside.escape(only(fn.proto));
      if (fn instanceof Class) {
        for (const name of namesOf(fn)) {
          for (const { kind, fn: method } of inherited(fn, name)) {
            if (kind === "method") this.analysis.put(fn.proto.slot(name), only(method));
          }
          this.keysOf(fn.proto).add(name);
        }
      }
    }
    return fn.proto;
  }

  /** Whether a class of the runtime assigns a field as soon as an instance is made. */
  private setsItself(of: Class, name: string): boolean {
    if (!this.analysis.isOwn(of.node)) return false;
    let names = this.declared.get(of.node);
    if (names === undefined) {
      const found = new Set<string>();
      collectFields(of.node.body, found);
      this.declared.set(of.node, names = found);
    }
    return names.has(name) || of.bases.some((base) => this.setsItself(base, name));
  }

  /** The methods and accessors of an object or, by way of its classes, of an instance or class. */
  membersOf(thing: Thing, name: string): readonly Member[] {
    if (thing instanceof Instance) {
      return thing.of instanceof Class ? inherited(thing.of, name) : [];
    }
    if (thing instanceof Class) {
      for (let each: Class | undefined = thing; each !== undefined; each = each.bases[0]) {
        const found = each.statics.get(name);
        if (found !== undefined) return found;
      }
      return [];
    }
    return this.accessors.get(thing)?.get(name) ?? [];
  }

  /** Assigns to a property. */
  set(of: Value, name: string | null, value: Value): void {
    if (of.isAny) {
      this.analysis.outside.escape(value);
      if (name !== null) {
        this.analysis.outside.ask(name);
        this.analysis.outside.assign(name);
      }
    }
    for (const thing of of.things) this.write(thing, name, value);
  }

  write(thing: Thing, name: string | null, value: Value): void {
    if (thing.escaped) this.analysis.outside.escape(value);
    if (isCollection(thing) || thing.kind === "console") {
      if (thing.kind !== "bytes") this.analysis.outside.escape(value);
      return;
    }
    if (name === null) thing.named = true;
    if (name === null || (thing.kind === "array" && /^\d+$/.test(name))) {
      return this.analysis.put(thing.elements, value);
    }
    const setters = this.membersOf(thing, name).filter(({ kind }) => kind === "set");
    if (setters.length > 0) {
      for (const { fn } of setters) {
        this.analysis.calls.at(null, () => this.analysis.calls.call(fn, only(thing), [value]));
      }
      return;
    }
    if (name === "prototype" && thing instanceof Fn) {
      for (const each of value.things) thing.proto ??= each;
    }
    const cell = thing.slot(name);
    if (thing.escaped) cell.read = true;
    this.analysis.put(cell, value);
  }
}

/** Whether strings, numbers and the like have a method of that name. */
export function isOfPrimitives(name: string): boolean {
  return [String, Number, Symbol, BigInt, Boolean].some(({ prototype }) => name in prototype);
}

/** What errors of the engine carry besides texts and numbers. */
const CARRIED = /^(?:constructor|cause|errors|error|suppressed|reason|detail)$/;

function inherited(of: Class, name: string): readonly Member[] {
  const own = of.members.get(name);
  if (own !== undefined) return own;
  return of.bases.flatMap((base) => inherited(base, name));
}

/** The names of the members of a class and of what it extends. */
export function namesOf(of: Class): string[] {
  return [...of.members.keys(), ...of.bases.flatMap(namesOf)];
}

/** Collects the names of fields that a class declares or assigns in its constructor. */
function collectFields(body: Node, found: Set<string>): void {
  for (const member of body.body as Node[]) {
    if (member.type === "PropertyDefinition" && !member.computed) {
      found.add(member.key.type === "PrivateIdentifier" ? `#${member.key.name}` : member.key.name);
    }
    if (member.kind === "constructor") assignments(member.value.body, found);
  }
}

function assignments(node: Node, found: Set<string>): void {
  if (isFunction(node)) return;
  if (node.type === "AssignmentExpression" && node.left.type === "MemberExpression") {
    const { object, property } = node.left;
    if (object.type === "ThisExpression") {
      found.add(property.type === "PrivateIdentifier" ? `#${property.name}` : property.name);
    }
  }
  for (const child of children(node)) assignments(child, found);
}
