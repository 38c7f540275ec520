import { Random } from "../../targets/simulator/random.ts";
import { type Code, code, type Node, node, type Sort } from "./node.ts";
import { type Fn, type Jumps, type Kind, type Name, noJumps, Scope } from "./scope.ts";

/**
 * What a program may await, and how its log is compared. `"linear"`: anything, but one call at a time, so
 * that the order of everything follows from the language. `"global"`: only values and the program's own
 * async functions, which may run side by side. `"runtime"`: tasks on the loop, with a virtual clock.
 */
export type Mode = "linear" | "global" | "runtime";

/** How to make one form: how likely it is, its code, and where it may stand. */
export type Form = readonly [
  weight: number,
  make: (g: Generator) => Code | Node,
  fits?: (g: Generator) => boolean,
];

/** Forms of one sort by their names. */
export type Forms = Readonly<Record<string, Form>>;

/** Forms with what a weighted choice needs. */
export class Table {
  private readonly entries: readonly (readonly [string, Form])[];
  private readonly total: number;

  constructor(readonly sort: Sort, forms: Forms) {
    this.entries = Object.entries(forms);
    this.total = this.entries.reduce((sum, [, [weight]]) => sum + weight, 0);
  }

  /** The names of the forms. */
  names(): string[] {
    return this.entries.map(([name]) => name);
  }

  /** Makes a node of one of the forms that fit here. */
  make(g: Generator): Node {
    for (;;) {
      let place = g.random.next() * this.total;
      const entry = this.entries.find(([, [weight]]) => (place -= weight) < 0);
      if (entry === undefined) continue;
      const [name, [, make, fits]] = entry;
      if (fits !== undefined && !fits(g)) continue;
      const made = make(g);
      return Array.isArray(made) ? node(this.sort, name, made) : made as Node;
    }
  }
}

/** The tables that the forms refer to through the generator, so that their files need not know each other. */
export interface Grammar {
  readonly expressions: Table;
  readonly statements: Table;
}

/** The function around a whole program. */
const OUTERMOST: Fn = {
  async: false,
  generator: false,
  canReturn: false,
  hasArguments: false,
  hasNewTarget: false,
  self: null,
  base: null,
  privates: [],
};

/** The state of making one program: random numbers, names in scope, room that is left. */
export class Generator {
  readonly random: Random;
  /** What can be seen from the place that is being made. */
  scope = new Scope(null, OUTERMOST, noJumps);
  /** The function around, or what is different in its parameters. */
  fn = OUTERMOST;
  /** How many nodes may still be made. */
  room = 100;
  depth = 0;
  private names = 0;
  private literals = 0;

  constructor(seed: number, readonly mode: Mode, private readonly grammar: Grammar) {
    this.random = new Random(seed);
    for (let i = 0; i < 3; i++) this.random.next();
  }

  /** True once in `n` times. */
  once(n: number): boolean {
    return this.random.below(n) === 0;
  }

  /** One of a list. */
  pick<T>(list: readonly T[]): T {
    return list[this.random.below(list.length)]!;
  }

  /** Makes `most` things at most, `least` at least. */
  several<T>(least: number, most: number, make: () => T): T[] {
    return Array.from({ length: least + this.random.below(most - least + 1) }, make);
  }

  /** A number that occurs nowhere else, so that a log tells where a value came from. */
  literal(): string {
    return `${++this.literals}`;
  }

  /** An expression of any kind. */
  expression(): Node {
    this.room--;
    if (this.room <= 0 || this.depth > 5 || this.random.below(8) < this.depth) return this.leaf();
    return this.deeper(() => this.grammar.expressions.make(this));
  }

  /** A statement, which may declare names for those behind it. */
  statement(): Node {
    this.room -= 2;
    return this.grammar.statements.make(this);
  }

  /** What has no parts. */
  leaf(): Node {
    const choice = this.random.below(10);
    if (choice < 4) return node("expression", "logged value", code`v(${this.literal()})`);
    if (choice < 7) {
      const values = this.scope.visible((name) => name.kind === "value");
      if (values.length > 0) return node("expression", "name", code`${this.pick(values).text}`);
    }
    if (choice < 9) return node("expression", "literal", code`${this.literal()}`);
    const odd = ["0", "null", "undefined", "true", "false", '""', '"s"', "NaN"];
    return node("expression", "literal", code`${this.pick(odd)}`);
  }

  /** Makes what lies one level deeper within an expression. */
  deeper<T>(make: () => T): T {
    this.depth++;
    const made = make();
    this.depth--;
    return made;
  }

  /**
   * Makes a function's or a block's inside: expressions start anew there, with a share of the room.
   *
   * @param change `plain`: that declares nothing anew that can be seen around.
   */
  inside<T>(change: { fn?: Fn; jumps?: Jumps; plain?: boolean }, make: () => T): T {
    const { scope, depth, room, fn } = this;
    const same = change.fn === undefined;
    this.scope = new Scope(
      scope,
      change.fn ?? scope.fn,
      change.jumps ?? (same ? scope.jumps : noJumps),
      !same && this.mode === "runtime",
    );
    this.fn = change.fn ?? fn;
    this.depth = Math.min(depth, 2);
    this.room = Math.ceil(room * (same ? 0.6 : 0.5));
    const given = this.room;
    if (change.plain !== true && this.once(5)) this.shadow();
    const made = make();
    this.room = room - (given - this.room);
    Object.assign(this, { depth, scope, fn });
    return made;
  }

  /** Makes something where other rules hold than in the function around, in the same block. */
  within<T>(fn: Fn, make: () => T): T {
    const around = this.fn;
    this.fn = fn;
    const made = make();
    this.fn = around;
    return made;
  }

  /** Decides that the block is going to declare a name from around anew. */
  private shadow(): void {
    const names = this.scope.visible(({ text, kind }) => kind === "value" && !text.startsWith("w"));
    if (names.length > 0) this.scope.shadowed.push(this.pick(names).text);
  }

  /** A name for what is going to be declared in this block; not to be seen until {@linkcode declare}. */
  newName(letter: string): string {
    const shadowing = this.scope.shadowed.find((text) => !this.scope.taken.has(text));
    const text = shadowing ?? this.unusual() ?? `${letter}${++this.names}`;
    this.scope.taken.add(text);
    return text;
  }

  /** A name that generated code might use for itself. */
  private unusual(): string | null {
    if (!this.once(40)) return null;
    const text = this.pick(UNUSUAL);
    for (let scope: Scope | null = this.scope; scope !== null; scope = scope.outer) {
      if (scope.taken.has(text)) return null;
    }
    return text;
  }

  /** A number for what has to be told apart at run time. */
  number(): number {
    return ++this.names;
  }

  /** Makes a name visible in this block. */
  declare(text: string, kind: Kind, more: Partial<Name> = {}): void {
    const { shadowed, names } = this.scope;
    const place = shadowed.indexOf(text);
    if (place >= 0) shadowed.splice(place, 1);
    names.push({ text, kind, variable: false, ...more });
  }

  /** One of the visible names of some kinds. */
  find(...kinds: readonly Kind[]): Name | null {
    const found = this.scope.visible(({ kind }) => kinds.includes(kind));
    return found.length === 0 ? null : this.pick(found);
  }

  /** Whether such a name is visible. */
  has(...kinds: readonly Kind[]): boolean {
    return this.scope.visible(({ kind }) => kinds.includes(kind)).length > 0;
  }
}

const UNUSUAL = [
  "s",
  "at",
  "self",
  "k",
  "state",
  "coroutine",
  "$0",
  "_this",
  "value",
  "error",
  "t",
];
