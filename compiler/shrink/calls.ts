/**
 * What calls do: which functions run, and with what.
 *
 * @module
 */

import type { Node } from "../ast.ts";
import type { Analysis } from "./analysis.ts";
import { Class, Fn, Instance } from "./thing.ts";
import { join, NEVER, only, UNKNOWN, type Value, VOID } from "./value.ts";

/** The calls of a program. */
export class Calls {
  /** The call that is being evaluated; `null` where the language calls by itself. */
  private site: Node | null = null;

  /** The functions in which calls are written down. */
  readonly callers: Map<Node, Fn> = new Map();

  constructor(private readonly analysis: Analysis) {}

  /** Does something on behalf of a call. */
  at<T>(site: Node | null, run: () => T): T {
    const outer = this.site;
    this.site = site;
    const result = run();
    this.site = outer;
    return result;
  }

  /** Calls one function. */
  call(fn: Fn, self: Value, args: readonly Value[], rest: Value = NEVER): Value {
    if (this.site === null) fn.open = true;
    else if (!fn.sites.has(this.site)) {
      fn.sites.add(this.site);
      this.callers.set(this.site, this.analysis.current);
      this.analysis.reachMore();
    }
    if (!fn.called) {
      fn.called = true;
      this.analysis.runAgain(fn);
      this.analysis.reachMore();
    }
    if (!fn.isArrow) this.analysis.put(fn.self, self);
    const { params = [] } = fn.node;
    for (let i = 0; i < params.length; i++) {
      if (params[i].type === "RestElement") {
        for (const arg of args.slice(i)) this.analysis.put(fn.param(i), arg);
        this.analysis.put(fn.param(i), rest);
        break;
      }
      this.analysis.put(fn.param(i), args[i] ?? (rest.isNever ? VOID : join(rest, VOID)));
    }
    for (const arg of args) this.analysis.put(fn.every, arg);
    this.analysis.put(fn.every, rest);
    return this.analysis.see(fn.returns);
  }

  /** Calls whatever a value can be. */
  callValue(callee: Value, self: Value, args: readonly Value[], rest: Value = NEVER): Value {
    let result = NEVER;
    if (callee.isAny) {
      for (const arg of args) this.analysis.outside.escape(arg);
      this.analysis.outside.escape(rest);
      this.analysis.outside.escape(self);
      result = UNKNOWN;
    }
    for (const thing of callee.things) {
      if (thing instanceof Fn) result = join(result, this.call(thing, self, args, rest));
      else if (thing === this.analysis.printing) {
        for (const arg of [...args, rest]) this.analysis.outside.show(arg);
        result = join(result, VOID);
      } else if (thing === this.analysis.iterating || thing === this.analysis.advancing) {
        this.analysis.outside.escape(self);
        result = UNKNOWN;
      }
    }
    return result;
  }

  /** Makes an instance. */
  construct(callee: Value, args: readonly Value[], rest: Value = NEVER): Value {
    let result = NEVER;
    if (callee.isAny) {
      for (const arg of args) this.analysis.outside.escape(arg);
      this.analysis.outside.escape(rest);
      result = UNKNOWN;
    }
    for (const thing of callee.things) {
      if (thing instanceof Class) {
        thing.direct = true;
        this.instantiate(thing);
        this.initialize(thing, only(thing.instance), args, rest);
        result = join(result, only(thing.instance));
      } else if (thing instanceof Fn) {
        thing.made ??= new Instance(thing);
        const given = this.call(thing, only(thing.made), args, rest);
        result = join(result, only(thing.made));
        if (given.things.size > 0 || given.isAny) result = join(result, given);
      }
    }
    return result;
  }

  private instantiate(of: Class): void {
    if (of.instantiated) return;
    of.instantiated = true;
    this.analysis.reachMore();
  }

  /** Runs the constructor of a class, and those of what it extends, for `self`. */
  initialize(of: Class, self: Value, args: readonly Value[], rest: Value = NEVER): void {
    if (of.fields !== null) this.at(null, () => this.call(of.fields!, self, []));
    if (of.make !== null) this.call(of.make, self, args, rest);
    else this.initializeBase(of, self, args, rest);
  }

  /** What `super(...)` does in a class. */
  initializeBase(of: Class, self: Value, args: readonly Value[], rest: Value = NEVER): void {
    const base = this.analysis.see(of.base);
    if (base.isAny) { for (const arg of [...args, rest]) this.analysis.outside.escape(arg); }
    if (of.isError) { for (const arg of [...args, rest]) this.analysis.outside.show(arg); }
    for (const thing of base.things) {
      if (thing instanceof Class) this.initialize(thing, self, args, rest);
      else if (thing instanceof Fn) this.call(thing, self, args, rest);
    }
  }
}
