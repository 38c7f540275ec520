/**
 * What a whole program can do: which functions are ever called, what their variables and the fields of its objects can
 * hold. The analysis believes that nothing happens until it sees it happen, so what only the unused parts of a program
 * would do does not count.
 *
 * It keeps one value for a variable whatever the place, and one object for all that one text makes (0-CFA).
 *
 * @module
 */

import { children, isFunction, type Node } from "../ast.ts";
import { Bindings, type Variable } from "../coroutines/bindings.ts";
import { execute } from "./statements.ts";
import { iterated } from "./builtins.ts";
import { Narrowing } from "./narrowing.ts";
import { bindPattern } from "./patterns.ts";
import { Effects } from "./effects.ts";
import { evaluateExpression } from "./expressions.ts";
import { Cell, Class, Fn, Instance, type Member, Thing } from "./thing.ts";
import { join, NEVER, NUMBERS, only, PRIMITIVES, STRINGS, UNKNOWN, Value, VOID } from "./value.ts";

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
  /** All that is ever thrown. */
  readonly thrown = new Cell();
  /** Whether a text can run that the analysis cannot see. */
  blind = false;
  current: Fn;
  readonly exits: Exit[] = [];
  readonly effects: Effects = new Effects(this);
  readonly narrowing: Narrowing = new Narrowing(this);
  private changed = true;
  private readonly variables = new Map<Variable, Cell>();
  private readonly made = new Map<Node, Thing>();
  /** Methods and setters that are asked for of objects that are not known. */
  private readonly asked = new Set<string>();
  /** Properties that are assigned to of objects that are not known. */
  private readonly assigned = new Set<string>();
  private readonly escapedInstances: Thing[] = [];
  private readonly declared = new Map<Node, ReadonlySet<string>>();

  /**
   * @param isOwn Whether a node is the runtime's, whose classes set all their fields when they are made.
   * @param round The round's number.
   * @param last Whether what is reached now will not be found unreachable later.
   */
  constructor(
    readonly program: Node,
    readonly bindings: Bindings,
    private readonly isOwn: (node: Node) => boolean,
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

  /** What the program asks about, whether it is reached: that must not become a part of something else. */
  readonly askedAbout = new Set<Thing>();
  /** The functions that have to be looked at again. */
  private readonly dirty = new Set<Fn>();
  /** Those that have asked what is reached at all. */
  private readonly askers = new Set<Fn>();

  /** What is in a cell; who asks is asked again when that changes. */
  see(cell: Cell): Value {
    cell.readers.add(this.current);
    return cell.value;
  }

  /** The answer depends on what else is reached. */
  askAgain(): void {
    this.askers.add(this.current);
  }

  /** More is reached than before. */
  private reachMore(): void {
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
        for (const thing of this.see(fn.self).things) this.write(thing, name, value);
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
        if (fn.leaks) this.escape(value);
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
  thingOf(node: Node, kind: "object" | "array"): Thing {
    let thing = this.made.get(node);
    if (thing === undefined) this.made.set(node, thing = new Thing(kind));
    return thing;
  }

  /** An array with such elements. */
  arrayOf(node: Node, elements: Value): Thing {
    const array = this.thingOf(node, "array");
    this.put(array.elements, elements);
    if (array.escaped) this.escape(elements);
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

  // ---- what is asked of objects

  /** What a property gives. */
  get(of: Value, name: string | null): Value {
    let found = (of.bits & ~3) === 0 ? NEVER : this.getOfPrimitive(of, name);
    for (const thing of of.things) found = join(found, this.getOf(thing, name));
    return found;
  }

  private getOfPrimitive(of: Value, name: string | null): Value {
    if (!of.isAny) {
      if (name === "length") return join(NUMBERS, VOID);
      return name === null || isOfPrimitives(name) ? UNKNOWN : VOID;
    }
    if (name !== null) this.ask(name);
    return UNKNOWN;
  }

  private getOf(thing: Thing, name: string | null): Value {
    if (name === null) return this.getComputed(thing);
    if (thing.kind === "array") {
      if (name === "length") return NUMBERS;
      return /^\d+$/.test(name) ? join(this.readAny(thing.elements), VOID) : UNKNOWN;
    }
    if (thing.kind === "error") return CARRIED.test(name) ? UNKNOWN : PRIMITIVES;
    let found = NEVER;
    const cell = thing.slot(name);
    found = this.readAny(cell);
    found = join(found, this.readAny(thing.elements));
    const members = this.membersOf(thing, name);
    for (const { kind, fn } of members) {
      if (kind === "method") found = join(found, only(fn));
      if (kind === "get") found = join(found, this.at(null, () => this.call(fn, only(thing), [])));
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

  private readonly keys = new Map<Thing, Set<string>>();

  /** The properties that an object is made with. */
  keysOf(thing: Thing): Set<string> {
    let keys = this.keys.get(thing);
    if (keys === undefined) this.keys.set(thing, keys = new Set());
    return keys;
  }

  private getComputed(thing: Thing): Value {
    thing.named = true;
    let found = join(this.readAny(thing.elements), VOID);
    for (const cell of thing.slots.values()) found = join(found, this.readAny(cell));
    if (thing.kind !== "array" && thing.kind !== "object") found = join(found, UNKNOWN);
    if (thing instanceof Instance && thing.of instanceof Class) {
      for (const name of namesOf(thing.of)) found = join(found, this.getOf(thing, name));
    }
    return found;
  }

  /** What was put into a cell, which somebody asks for now. */
  readAny(cell: Cell): Value {
    if (!this.quiet) cell.read = true;
    return this.see(cell);
  }

  /** Whether what is read counts only for what is written at the same place. */
  quiet = false;

  private prototypeOf(fn: Fn | Class): Thing {
    if (fn.proto === null) {
      fn.proto = new Thing("object");
      this.changed = true;
      if (fn.escaped) this.escape(only(fn.proto));
      if (fn instanceof Class) {
        for (const name of namesOf(fn)) {
          for (const { kind, fn: method } of inherited(fn, name)) {
            if (kind === "method") this.put(fn.proto.slot(name), only(method));
          }
          this.keysOf(fn.proto).add(name);
        }
      }
    }
    return fn.proto;
  }

  /** Whether a class of the runtime assigns a field as soon as an instance is made. */
  private setsItself(of: Class, name: string): boolean {
    if (!this.isOwn(of.node)) return false;
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

  /** The accessors of object literals. */
  readonly accessors = new Map<Thing, Map<string, Member[]>>();

  /** Assigns to a property. */
  set(of: Value, name: string | null, value: Value): void {
    if (of.isAny) {
      this.escape(value);
      if (name !== null) {
        this.ask(name);
        this.assign(name);
      }
    }
    for (const thing of of.things) this.write(thing, name, value);
  }

  write(thing: Thing, name: string | null, value: Value): void {
    if (thing.escaped) this.escape(value);
    if (name === null) thing.named = true;
    if (name === null || (thing.kind === "array" && /^\d+$/.test(name))) {
      return this.put(thing.elements, value);
    }
    const setters = this.membersOf(thing, name).filter(({ kind }) => kind === "set");
    if (setters.length > 0) {
      for (const { fn } of setters) this.at(null, () => this.call(fn, only(thing), [value]));
      return;
    }
    if (name === "prototype" && thing instanceof Fn) {
      for (const each of value.things) thing.proto ??= each;
    }
    const cell = thing.slot(name);
    if (thing.escaped) cell.read = true;
    this.put(cell, value);
  }

  /** Classes that something asks about, and does not only make instances or subclasses of. */
  readonly mentioned = new Set<Thing>();

  /** Whether a class is an error that nobody tells from others: the engine's own says where it was made. */
  isPlainError(callee: Node): boolean {
    const of = this.values.get(callee);
    if (of === undefined || of.isAny || of.bits !== 0 || of.things.size !== 1) return false;
    const [known] = of.things;
    if (!(known instanceof Class) || !known.isError || this.mentioned.has(known)) return false;
    // What the engine's other errors are, somebody may ask by their names.
    if (known.node.superClass?.name !== "Error") return false;
    const extended = [...this.classes.values()].some((each) => each.base.value.things.has(known));
    const fields = known.node.body.body.some((each: Node) => each.kind !== "constructor");
    return !extended && !fields && (known.make === null || known.make.node.params.length < 2);
  }

  /** The class whose constructor's own code is looked at. */
  constructing: Class | null = null;
  /** The functions that assignments call. */
  readonly setters = new Set<Node>();

  /** What iterating over a value gives. */
  iterate(value: Value): Value {
    return iterated(this, value);
  }

  /** Whether a function is called, or an instance of a class made. */
  reaches({ things, isAny }: Value): boolean {
    this.askAgain();
    for (const thing of things) this.askedAbout.add(thing);
    return isAny ||
      [...things].some((thing) =>
        thing instanceof Fn ? thing.called : thing instanceof Class && thing.instantiated
      );
  }

  /** At how many places the program calls one of these functions. */
  sitesOf(values: readonly Value[]): number {
    this.askAgain();
    const fns = values.flatMap(({ things }) => [...things]).filter((each) => each instanceof Fn);
    for (const fn of fns) this.askedAbout.add(fn);
    return fns.reduce((sum, { sites, open }) => sum + sites.size + (open ? 2 : 0), 0);
  }

  // ---- calls

  /** The name of a class of which an instance is made, or which is extended. */
  making: Node | null = null;
  /** The call that is being evaluated; `null` where the language calls by itself. */
  site: Node | null = null;

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
      this.reachMore();
    }
    if (!fn.called) {
      fn.called = true;
      fn.caller = this.current;
      this.dirty.add(fn);
      this.reachMore();
    }
    if (!fn.isArrow) this.put(fn.self, self);
    const { params = [] } = fn.node;
    for (let i = 0; i < params.length; i++) {
      if (params[i].type === "RestElement") {
        for (const arg of args.slice(i)) this.put(fn.param(i), arg);
        this.put(fn.param(i), rest);
        break;
      }
      this.put(fn.param(i), args[i] ?? (rest.isNever ? VOID : join(rest, VOID)));
    }
    for (const arg of args) this.put(fn.every, arg);
    this.put(fn.every, rest);
    return this.see(fn.returns);
  }

  /** Calls whatever a value can be. */
  callValue(callee: Value, self: Value, args: readonly Value[], rest: Value = NEVER): Value {
    let result = NEVER;
    if (callee.isAny) {
      for (const arg of args) this.escape(arg);
      this.escape(rest);
      this.escape(self);
      result = UNKNOWN;
    }
    for (const thing of callee.things) {
      if (thing instanceof Fn) result = join(result, this.call(thing, self, args, rest));
    }
    return result;
  }

  /** Makes an instance. */
  construct(callee: Value, args: readonly Value[], rest: Value = NEVER): Value {
    let result = NEVER;
    if (callee.isAny) {
      for (const arg of args) this.escape(arg);
      this.escape(rest);
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
    this.reachMore();
  }

  /** Runs the constructor of a class, and those of what it extends, for `self`. */
  initialize(of: Class, self: Value, args: readonly Value[], rest: Value = NEVER): void {
    if (of.fields !== null) this.at(null, () => this.call(of.fields!, self, []));
    if (of.make !== null) this.call(of.make, self, args, rest);
    else this.initializeBase(of, self, args, rest);
  }

  /** What `super(...)` does in a class. */
  initializeBase(of: Class, self: Value, args: readonly Value[], rest: Value = NEVER): void {
    const base = this.see(of.base);
    if (base.isAny) { for (const arg of args) this.escape(arg); }
    if (of.isError) { for (const arg of args) this.show(arg); }
    for (const thing of base.things) {
      if (thing instanceof Class) this.initialize(thing, self, args, rest);
      else if (thing instanceof Fn) this.call(thing, self, args, rest);
    }
  }

  /** Something is asked for by its name of an object that is not known: all that were let out may be it. */
  ask(name: string): void {
    if (this.asked.has(name)) return;
    this.asked.add(name);
    for (const thing of this.escapedInstances) this.callAsked(thing, name);
  }

  private callAsked(thing: Thing, name: string): void {
    for (const { fn } of this.membersOf(thing, name)) this.callFromOutside(fn, only(thing));
  }

  private callFromOutside(fn: Fn, self: Value): void {
    const args = ((fn.node.params ?? []) as Node[]).map(() => UNKNOWN);
    fn.leaks = true;
    this.at(null, () => this.call(fn, self, args, UNKNOWN));
    this.escape(this.see(fn.returns));
  }

  /** Makes a text of a value: objects are asked for theirs. */
  show(value: Value): void {
    for (const thing of value.things) {
      if (thing.kind !== "instance" && thing.kind !== "object") continue;
      for (const name of ["toString", "valueOf", "toJSON", "@@toPrimitive"]) {
        for (const { fn } of this.membersOf(thing, name)) {
          this.at(null, () => this.call(fn, only(thing), []));
        }
        const cell = thing.slots.get(name);
        if (cell !== undefined) {
          this.at(null, () => this.callValue(this.readAny(cell), only(thing), []));
        }
      }
    }
  }

  /** Something is assigned to a property of an object that is not known. */
  private assign(name: string): void {
    if (this.assigned.has(name)) return;
    this.assigned.add(name);
    for (const thing of this.escapedInstances) this.put(thing.slot(name), UNKNOWN);
  }

  /** Hands a value to the outside, which calls what it finds and keeps what it likes. */
  escape(value: Value): void {
    for (const thing of value.things) {
      if (thing.escaped) continue;
      thing.escaped = true;
      thing.escapedIn = this.current;
      if (thing instanceof Fn) {
        this.callFromOutside(thing, UNKNOWN);
        if (thing.proto !== null) this.escape(only(thing.proto));
      }
      if (thing instanceof Class) {
        for (const list of thing.statics.values()) {
          for (const { fn } of list) this.callFromOutside(fn, only(thing));
        }
        this.escape(this.at(null, () => this.construct(only(thing), [], UNKNOWN)));
      }
      // The outside can put anything into arrays and bags of options.
      const open = thing.kind === "array" || thing.kind === "object";
      for (const cell of [...thing.slots.values(), thing.elements]) {
        cell.read = true;
        this.escape(cell.value);
        if (open) this.put(cell, UNKNOWN);
      }
      for (const list of this.accessors.get(thing)?.values() ?? []) {
        for (const { fn } of list) this.callFromOutside(fn, only(thing));
      }
      if (thing instanceof Instance) {
        this.escapedInstances.push(thing);
        for (const name of this.assigned) this.put(thing.slot(name), UNKNOWN);
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

/** Whether strings, numbers and the like have a method of that name. */
export function isOfPrimitives(name: string): boolean {
  return [String, Number, Symbol, BigInt, Boolean].some(({ prototype }) => name in prototype);
}

/** What errors of the engine carry besides texts and numbers. */
const CARRIED = /^(?:constructor|cause|errors|error|suppressed|reason|detail)$/;

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

function inherited(of: Class, name: string): readonly Member[] {
  const own = of.members.get(name);
  if (own !== undefined) return own;
  return of.bases.flatMap((base) => inherited(base, name));
}

function namesOf(of: Class): string[] {
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
