/** What a generated program may refer to at one place. */

/** What a name stands for, as far as the generator needs to know in order to use it sensibly. */
export type Kind =
  | "value"
  | "object"
  | "sync"
  | "async"
  | "generator"
  | "async generator"
  | "class"
  | "pending"
  | "event"
  | "queue"
  | "lock"
  | "condition"
  | "semaphore"
  | "context variable"
  | "task"
  | "limit"
  | "group";

/** A member that can be called, or read where it is a getter. */
export interface Method {
  /** How it is reached: `.m`, `.#m`. */
  readonly access: string;
  readonly kind: "sync" | "async" | "generator" | "async generator";
  readonly getter: boolean;
}

/** A declared name. */
export interface Name {
  readonly text: string;
  readonly kind: Kind;
  /** Whether it may be assigned to. */
  readonly variable: boolean;
  /** The methods of an object, or of a class itself. */
  readonly methods?: readonly Method[];
  /** The methods of a class's instances. */
  readonly instance?: readonly Method[];
}

/** The function around a place. */
export interface Fn {
  readonly async: boolean;
  readonly generator: boolean;
  readonly canReturn: boolean;
  readonly hasArguments: boolean;
  readonly hasNewTarget: boolean;
  /** The methods of `this`; `null` where `this` may be `undefined`. */
  readonly self: readonly Method[] | null;
  /** The methods of `super`; `null` where it may not be written. */
  readonly base: readonly Method[] | null;
  /** The private names of the classes around. */
  readonly privates: readonly string[];
}

/** What may be left from here. */
export interface Jumps {
  readonly break: boolean;
  readonly continue: boolean;
  /** Labels around; those of loops can be continued. */
  readonly labels: readonly { readonly text: string; readonly loop: boolean }[];
  /** Whether a `finally` runs on leaving: a call returned but not awaited would run beside it. */
  readonly guarded: boolean;
}

/** Outside of loops, labels and `try`. */
export const noJumps: Jumps = { break: false, continue: false, labels: [], guarded: false };

/** A block of a program, while it is being made. */
export class Scope {
  readonly names: Name[] = [];
  /** Names from around that this block declares anew: they must not be used before that. */
  readonly shadowed: string[] = [];
  /** Names given to something in this block. */
  readonly taken = new Set<string>();
  /** `var`s of this function that can be seen but have not been declared yet. */
  readonly hoisted: string[];

  /** @param apart Whether calls that were started around must not be awaited from here. */
  constructor(
    readonly outer: Scope | null,
    readonly fn: Fn,
    readonly jumps: Jumps,
    private readonly apart = false,
  ) {
    this.hoisted = outer !== null && outer.fn === fn ? outer.hoisted : [];
  }

  /** The block of the whole function. */
  get whole(): Scope {
    return this.outer === null || this.outer.fn !== this.fn ? this : this.outer.whole;
  }

  /** The names that can be seen from here, the nearest first. */
  visible(fits: (name: Name) => boolean, hidden = new Set<string>()): Name[] {
    const found = this.names.filter((name) => !hidden.has(name.text) && fits(name));
    for (const name of this.names) hidden.add(name.text);
    for (const text of this.shadowed) hidden.add(text);
    const seen = this.apart ? (name: Name) => name.kind !== "pending" && fits(name) : fits;
    if (this.outer !== null) found.push(...this.outer.visible(seen, hidden));
    return found;
  }
}
