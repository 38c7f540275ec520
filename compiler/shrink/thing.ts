import type { Node } from "../ast.ts";
import { NEVER, Value } from "./value.ts";

/** A place that values get to: a variable, a field, what a function returns. */
export class Cell {
  value: Value = NEVER;
  /** The functions that have looked at it. */
  readonly readers: Set<Fn> = new Set();
  /** Whether anything asks for it. */
  read = false;
}

/** What kinds of objects are told apart. */
export type Kind =
  | "object"
  | "array"
  | "instance"
  | "function"
  | "error"
  | "map"
  | "set"
  | "bytes"
  | "iterator"
  | "console";

/**
 * An object as the analysis sees it: all that one place of the program makes are one. Class instances are one a class,
 * functions one a text.
 */
export class Thing {
  readonly asValue: Value = new Value(0, null, new Set([this]));
  /** What was assigned to its properties. */
  readonly slots: Map<string, Cell> = new Map();
  /** Whether it was handed to the outside, which may call and read what it likes. */
  escaped = false;
  /** Whether its properties are asked for by names that are computed, or listed. */
  named = false;

  /**
   * @param kind What it is.
   * @param elements What was assigned under names that are not known, or put into a collection.
   */
  constructor(readonly kind: Kind, readonly elements: Cell = new Cell()) {}

  slot(name: string): Cell {
    let cell = this.slots.get(name);
    if (cell === undefined) this.slots.set(name, cell = new Cell());
    return cell;
  }
}

/** A function of the program: one for all the closures that its text makes. */
export class Fn extends Thing {
  /** What it is called with as `this`. */
  readonly self: Cell = new Cell();
  readonly returns: Cell = new Cell();
  /** All arguments, where it asks for them by `arguments`. */
  readonly every: Cell = new Cell();
  /** Arguments by place. */
  readonly params: Cell[] = [];
  /** Whether the outside calls it, and so gets what it returns. */
  leaks = false;
  /** The calls of it that the program writes down. */
  readonly sites: Set<Node> = new Set();
  /** Whether others call it as well: the outside, or the language. */
  open = false;
  /** Whether anything calls it. */
  called = false;
  /** Whether something asks for the method, if only to see whether it is there. */
  asked = false;
  /** The class whose member or constructor it is. */
  home: Class | null = null;
  isStatic = false;
  /** What `new` makes of it, where it is no class. */
  made: Instance | null = null;
  /** Its `prototype`. */
  proto: Thing | null = null;

  constructor(
    readonly node: Node,
    /** The function around an arrow function, whose `this` is its own. */
    readonly outer: Fn | null,
  ) {
    super("function");
  }

  get isArrow(): boolean {
    return this.node.type === "ArrowFunctionExpression";
  }

  param(index: number): Cell {
    while (this.params.length <= index) this.params.push(new Cell());
    return this.params[index]!;
  }
}

/** A method or accessor. */
export interface Member {
  readonly kind: "method" | "get" | "set";
  readonly fn: Fn;
}

/** A class of the program. */
export class Class extends Thing {
  readonly members: Map<string, Member[]> = new Map();
  readonly statics: Map<string, Member[]> = new Map();
  /** What it extends. */
  readonly base: Cell = new Cell();
  readonly instance: Instance = new Instance(this);
  make: Fn | null = null;
  /** Its `prototype`, where something asks for that. */
  proto: Thing | null = null;
  /** The function that fields are initialized in. */
  fields: Fn | null = null;
  /** Whether anything makes one that is of no subclass. */
  direct = false;
  /** Whether anything makes one, or one of a subclass. */
  instantiated = false;

  constructor(readonly node: Node) {
    super("function");
  }

  /** The classes that it can extend. */
  get bases(): Class[] {
    return [...this.base.value.things].filter((thing) => thing instanceof Class);
  }

  /** Whether it is `other` or extends it. */
  extends(other: Class): boolean {
    return this === other || this.bases.some((base) => base.extends(other));
  }

  /** Whether it extends one of the engine's errors. */
  get isError(): boolean {
    return [...this.base.value.things].some((thing) =>
      thing.kind === "error" || (thing instanceof Class && thing.isError)
    );
  }

  /** Whether it extends something that is not the program's: `Error`, `Promise`. */
  get isHost(): boolean {
    return this.base.value.isAny || this.bases.some((base) => base.isHost);
  }
}

/** The instances of a class, or of a function that is called with `new`. */
export class Instance extends Thing {
  constructor(readonly of: Class | Fn) {
    super("instance");
  }
}
