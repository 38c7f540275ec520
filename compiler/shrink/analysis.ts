/**
 * What a whole program can do: which functions are ever called, what their variables and the fields of its objects can
 * hold. The analysis believes that nothing happens until it sees it happen, so what only the unused parts of a program
 * would do does not count.
 *
 * It keeps one value for a variable whatever the place, and one object for all that one text makes (0-CFA).
 *
 * @module
 */

import type { Node } from "../ast.ts";
import type { Bindings, Variable } from "../coroutines/bindings.ts";
import { Calls } from "./calls.ts";
import { Effects } from "./effects.ts";
import { evaluateExpression } from "./expressions.ts";
import { Narrowing } from "./narrowing.ts";
import { Objects } from "./objects.ts";
import { Outside } from "./outside.ts";
import { bindPattern } from "./patterns.ts";
import { execute } from "./statements.ts";
import { Cell, type Class, Fn, type Kind, Thing } from "./thing.ts";
import { join, only, UNKNOWN, Value, VOID } from "./value.ts";

/** Where a `break` can go. */
export interface Exit {
  readonly label: string | null;
  /** Whether a `break` without a label goes there. */
  readonly plain: boolean;
  taken: boolean;
}

/** One run over a program until nothing new is found. */
export class Analysis {
  /** What each expression that was reached can give. */
  readonly values = new Map<Node, Value>();
  /** What each pattern that was reached takes apart. */
  readonly patterns = new Map<Node, Value>();
  /** The statements that were reached. */
  readonly reached = new Set<Node>();
  readonly functions = new Map<Node, Fn>();
  readonly classes = new Map<Node, Class>();
  /** What the engine's own errors are, and those of other code. */
  readonly error: Thing = new Thing("error");
  /** The engine's console, and what it prints with. */
  readonly console: Thing = new Thing("console");
  readonly printing: Thing = new Thing("function");
  /** The engine's functions that give an iterator, and those that advance one. */
  readonly iterating: Thing = new Thing("function");
  readonly advancing: Thing = new Thing("function");
  /** All that is ever thrown. */
  readonly thrown = new Cell();
  /** Whether a text can run that the analysis cannot see. */
  blind = false;
  current: Fn;
  readonly exits: Exit[] = [];
  readonly objects: Objects = new Objects(this);
  readonly calls: Calls = new Calls(this);
  readonly outside: Outside = new Outside(this);
  readonly effects: Effects = new Effects(this);
  readonly narrowing: Narrowing = new Narrowing(this);
  /** Classes that something asks about, and does not only make instances or subclasses of. */
  readonly mentioned = new Set<Thing>();
  /** The functions that assignments call. */
  readonly setters = new Set<Node>();
  /** The class whose constructor's own code is looked at. */
  constructing: Class | null = null;
  /** The name of a class of which an instance is made, or which is extended. */
  making: Node | null = null;
  /** Whether what is read counts only for what is written at the same place. */
  quiet = false;
  /** What the program asks about, whether it is reached: that must not become a part of something else. */
  readonly askedAbout = new Set<Thing>();
  private changed = true;
  /** The functions that have to be looked at again. */
  private readonly dirty = new Set<Fn>();
  /** Those that have asked what is reached at all. */
  private readonly askers = new Set<Fn>();
  private readonly variables = new Map<Variable, Cell>();
  private readonly made = new Map<Node, Thing>();

  /**
   * @param isOwn Whether a node is the runtime's, whose classes set all their fields when they are made.
   * @param round The round's number.
   * @param last Whether what is reached now will not be found unreachable later.
   */
  constructor(
    readonly program: Node,
    readonly bindings: Bindings,
    readonly isOwn: (node: Node) => boolean,
    readonly round = 0,
    readonly last = false,
  ) {
    this.current = new Fn(program, null);
    this.current.called = true;
    this.functions.set(program, this.current);
  }

  /** Finds everything. */
  run(): this {
    while (!this.blind) {
      if (this.changed) {
        this.changed = false;
        for (const fn of this.functions.values()) if (fn.called) this.dirty.add(fn);
      }
      if (this.dirty.size === 0) break;
      for (const fn of this.dirty) {
        this.dirty.delete(fn);
        this.enter(fn);
      }
    }
    return this;
  }

  /** What is in a cell; who asks is asked again when that changes. */
  see(cell: Cell): Value {
    cell.readers.add(this.current);
    return cell.value;
  }

  /** The answer depends on what else is reached. */
  askAgain(): void {
    this.askers.add(this.current);
  }

  /** A function has to be looked at again. */
  runAgain(fn: Fn): void {
    this.dirty.add(fn);
  }

  /** More is reached than before. */
  reachMore(): void {
    for (const fn of this.askers) this.dirty.add(fn);
  }

  private enter(fn: Fn): void {
    const outer = this.current;
    this.current = fn;
    const { node } = fn;
    if (node.type === "ClassBody") {
      for (const member of node.body as Node[]) {
        if (member.type !== "PropertyDefinition" || member.static) continue;
        const value = member.value === null ? VOID : this.evaluate(member.value);
        const name = this.nameOf(member);
        for (const thing of this.see(fn.self).things) this.objects.write(thing, name, value);
      }
    } else {
      if (node !== this.program) {
        (node.params as Node[]).forEach((param, i) => {
          const given = this.see(fn.param(i));
          if (param.type !== "RestElement") bindPattern(this, param, given);
          else bindPattern(this, param.argument, only(this.arrayOf(param, given)));
        });
      }
      if (node.body.type === "BlockStatement" || node === this.program) {
        const list = node.type === "Program" ? node.body : node.body.body;
        if (execute(this, list)) this.put(fn.returns, VOID);
      } else {
        const value = this.evaluate(node.body);
        this.put(fn.returns, value);
        if (fn.leaks) this.outside.escape(value);
      }
    }
    this.current = outer;
  }

  evaluate(node: Node): Value {
    const value = evaluateExpression(this, node);
    const before = this.values.get(node);
    this.values.set(node, before === undefined ? value : join(before, value));
    return value;
  }

  /** What was put into a cell, which somebody asks for now. */
  readAny(cell: Cell): Value {
    if (!this.quiet) cell.read = true;
    return this.see(cell);
  }

  /** Adds a value to what gets to a place. */
  put(cell: Cell, value: Value): void {
    const before = cell.value;
    const joined = before.isAny
      ? join(before, withoutEscaped(value))
      : withoutEscaped(join(before, value), value.isAny);
    if (joined === before) return;
    cell.value = joined;
    for (const fn of cell.readers) this.dirty.add(fn);
  }

  /** Notes that something new is known that is in no cell. */
  note(): void {
    this.changed = true;
  }

  cellOf(variable: Variable): Cell {
    let cell = this.variables.get(variable);
    if (cell === undefined) this.variables.set(variable, cell = new Cell());
    return cell;
  }

  /** What `this` is here. */
  get self(): Value {
    let fn: Fn | null = this.current;
    while (fn !== null && fn.isArrow) fn = fn.outer;
    return fn === null || fn.node === this.program ? VOID : this.see(fn.self);
  }

  /** The function whose `this`, `arguments` and `super` count here. */
  get method(): Fn {
    let fn = this.current;
    while (fn.isArrow && fn.outer !== null) fn = fn.outer;
    return fn;
  }

  functionOf(node: Node): Fn {
    let fn = this.functions.get(node);
    if (fn === undefined) {
      this.functions.set(node, fn = new Fn(node, this.current));
      if (node.async || node.generator) fn.returns.value = UNKNOWN;
    }
    return fn;
  }

  /** The text of a function. */
  nodeOf(thing: Thing): Node | null {
    return thing instanceof Fn ? thing.node : null;
  }

  /** The object that a text makes. */
  thingOf(node: Node, kind: Kind): Thing {
    let thing = this.made.get(node);
    if (thing === undefined) this.made.set(node, thing = new Thing(kind));
    return thing;
  }

  /** An array with such elements. */
  arrayOf(node: Node, elements: Value): Thing {
    const array = this.thingOf(node, "array");
    this.put(array.elements, elements);
    if (array.escaped) this.outside.escape(elements);
    return array;
  }

  /** The name of a property or member; `null` where it is computed. */
  nameOf({ computed, key, property = key }: Node): string | null {
    if (property.type === "PrivateIdentifier") return `#${property.name}`;
    if (!computed) return property.type === "Identifier" ? property.name : String(property.value);
    const symbol = property.type === "MemberExpression" && !property.computed &&
      property.object.type === "Identifier" && property.object.name === "Symbol";
    if (symbol) return `@@${property.property.name}`;
    const { things, constant: known = null } = this.evaluate(property);
    return known === null || things.size > 0 ? null : String(known.value);
  }
}

/** Anything can be what was let out, so that need not be said again. */
function withoutEscaped(value: Value, any = true): Value {
  if (!any || value.things.size === 0) return value;
  for (const thing of value.things) {
    if (!thing.escaped) continue;
    const kept = [...value.things].filter((each) => !each.escaped);
    return new Value(value.bits, value.known, new Set(kept));
  }
  return value;
}
