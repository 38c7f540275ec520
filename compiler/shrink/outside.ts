/**
 * What a program shows to code that the analysis does not see: the engine, and objects that are not known.
 *
 * @module
 */

import type { Node } from "../ast.ts";
import type { Analysis } from "./analysis.ts";
import { isCollection } from "./collections.ts";
import { namesOf } from "./objects.ts";
import { Class, Fn, Instance, type Thing } from "./thing.ts";
import { only, UNKNOWN, type Value } from "./value.ts";

/** What the outside has been handed, and what it may do with that. */
export class Outside {
  /** Methods and setters that are asked for of objects that are not known. */
  private readonly asked = new Set<string>();
  /** Properties that are assigned to of objects that are not known. */
  private readonly assigned = new Set<string>();
  private reshaped = false;
  private readonly escapedInstances: Thing[] = [];

  constructor(private readonly analysis: Analysis) {}

  /** Something is asked for by its name of an object that is not known: all that were let out may be it. */
  ask(name: string): void {
    if (this.asked.has(name)) return;
    this.asked.add(name);
    for (const thing of this.escapedInstances) this.callAsked(thing, name);
  }

  private callAsked(thing: Thing, name: string): void {
    for (const { fn } of this.analysis.objects.membersOf(thing, name)) {
      this.callFromOutside(fn, only(thing));
    }
  }

  private callFromOutside(fn: Fn, self: Value): void {
    const args = ((fn.node.params ?? []) as Node[]).map(() => UNKNOWN);
    fn.leaks = true;
    this.analysis.calls.at(null, () => this.analysis.calls.call(fn, self, args, UNKNOWN));
    this.escape(this.analysis.see(fn.returns));
  }

  /** Makes a text of a value: objects are asked for theirs. */
  show(value: Value): void {
    for (const thing of value.things) {
      if (thing.kind !== "instance" && thing.kind !== "object") continue;
      for (const name of ["toString", "valueOf", "toJSON", "@@toPrimitive"]) {
        for (const { fn } of this.analysis.objects.membersOf(thing, name)) {
          this.analysis.calls.at(null, () => this.analysis.calls.call(fn, only(thing), []));
        }
        const cell = thing.slots.get(name);
        if (cell !== undefined) {
          this.analysis.calls.at(
            null,
            () => this.analysis.calls.callValue(this.analysis.readAny(cell), only(thing), []),
          );
        }
      }
    }
  }

  /** Properties are given to an object that is not known, in a way that does not tell their names. */
  reshape(): void {
    if (!this.reshaped) this.analysis.note();
    this.reshaped = true;
  }

  /** Whether objects of the engine may have been given something of that name. */
  mayHave(name: string): boolean {
    return this.reshaped || this.assigned.has(name);
  }

  /** Something is assigned to a property of an object that is not known. */
  assign(name: string): void {
    if (this.assigned.has(name)) return;
    this.assigned.add(name);
    this.analysis.note();
    for (const thing of this.escapedInstances) this.analysis.put(thing.slot(name), UNKNOWN);
  }

  /** Hands a value to the outside, which calls what it finds and keeps what it likes. */
  escape(value: Value): void {
    for (const thing of value.things) {
      if (thing.escaped) continue;
      thing.escaped = true;
      if (thing instanceof Fn) {
        this.callFromOutside(thing, UNKNOWN);
        if (thing.proto !== null) this.escape(only(thing.proto));
      }
      if (thing instanceof Class) {
        for (const list of thing.statics.values()) {
          for (const { fn } of list) this.callFromOutside(fn, only(thing));
        }
        this.escape(
          this.analysis.calls.at(
            null,
            () => this.analysis.calls.construct(only(thing), [], UNKNOWN),
          ),
        );
      }
      // The outside can put anything into arrays and bags of options.
      const open = thing.kind === "array" || thing.kind === "object" || isCollection(thing);
      for (const cell of [...thing.slots.values(), thing.elements]) {
        cell.read = true;
        this.escape(cell.value);
        if (open) this.analysis.put(cell, UNKNOWN);
      }
      for (const list of this.analysis.objects.accessors.get(thing)?.values() ?? []) {
        for (const { fn } of list) this.callFromOutside(fn, only(thing));
      }
      if (thing instanceof Instance) {
        this.escapedInstances.push(thing);
        for (const name of this.assigned) this.analysis.put(thing.slot(name), UNKNOWN);
        for (const name of [...this.asked, ...WELL_KNOWN]) this.callAsked(thing, name);
        if (thing.of instanceof Class) {
          for (const name of namesOf(thing.of)) {
            if (name.startsWith("@@")) this.callAsked(thing, name);
          }
        }
      }
    }
  }
}

/** What the engine asks of any object by itself. */
const WELL_KNOWN = [
  "then",
  "toString",
  "valueOf",
  "toJSON",
  "next",
  "return",
  "throw",
  "get",
  "set",
];
