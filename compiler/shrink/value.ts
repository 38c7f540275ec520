/**
 * What an expression can give, as far as the analysis knows: some primitive values and some objects of the program.
 *
 * @module
 */

import type { Thing } from "./thing.ts";

/** The kinds of primitive value, as bits. */
export const UNDEFINED = 1;
export const NULL = 2;
export const NULLISH = UNDEFINED | NULL;
export const TRUE = 4;
export const FALSE = 8;
export const NUMBER = 16;
export const STRING = 32;
/** Symbols and big integers. */
export const OTHER = 64;
/** Anything: what comes from outside, and everything that was handed to the outside. */
export const ANY = 128;

const PRIMITIVE = UNDEFINED | NULL | TRUE | FALSE | NUMBER | STRING | OTHER;

/** A few known strings and numbers; `null` is any of them. */
type Known = ReadonlySet<string | number> | null;

/** More known values than these are as good as any. */
const FEW = 12;

const TEXTS = NUMBER | STRING;
const NONE: ReadonlySet<string | number> = new Set();
const NO_THINGS: ReadonlySet<Thing> = new Set();

/** What an expression can give. Values never change; {@linkcode join} makes new ones. */
export class Value {
  /** The numbers and strings that it can be; `null` where there may be others. */
  readonly known: Known;

  /**
   * @param bits The kinds of primitive value, and {@linkcode ANY}.
   * @param known The numbers and strings that it can be; `null` where there may be others.
   * @param things The objects that it can be.
   */
  constructor(
    readonly bits: number,
    known: Known,
    readonly things: ReadonlySet<Thing>,
  ) {
    this.known = (bits & TEXTS) === 0 ? NONE : known;
  }

  /** Whether nothing has got here yet. */
  get isNever(): boolean {
    return this.bits === 0 && this.things.size === 0;
  }

  /** Whether it can be an object that the analysis does not know. */
  get isAny(): boolean {
    return (this.bits & ANY) !== 0;
  }

  get mayBeTrue(): boolean {
    const { bits, known } = this;
    if (this.things.size > 0 || (bits & (TRUE | OTHER | ANY)) !== 0) return true;
    return known === null ? (bits & TEXTS) !== 0 : [...known].some(Boolean);
  }

  get mayBeFalse(): boolean {
    const { bits, known } = this;
    if ((bits & (NULLISH | FALSE | ANY | OTHER)) !== 0) return true;
    return known === null ? (bits & TEXTS) !== 0 : [...known].some((each) => !each);
  }

  /** The one primitive value that it is, in a box; `null` where it may be another. */
  get constant(): { readonly value: string | number | boolean | null | undefined } | null {
    if (this.things.size > 0) return null;
    switch (this.bits) {
      case UNDEFINED:
        return { value: undefined };
      case NULL:
        return { value: null };
      case TRUE:
        return { value: true };
      case FALSE:
        return { value: false };
      case NUMBER:
      case STRING:
        return this.known?.size === 1 ? { value: [...this.known][0]! } : null;
    }
    return null;
  }

  /** It without some kinds of primitive. */
  without(bits: number): Value {
    if ((this.bits & bits) === 0) return this;
    const kept = this.bits & ~bits;
    return new Value(kept, this.known === null ? null : ofKind(this.known, kept), this.things);
  }

  /** What of it is neither `undefined` nor `null`. */
  get defined(): Value {
    return this.without(NULLISH);
  }

  /** What of it counts as true. */
  get truthy(): Value {
    const kept = this.without(NULLISH | FALSE);
    return kept.known === null ? kept : kept.withKnown([...kept.known].filter(Boolean));
  }

  /** What of it counts as false. */
  get falsy(): Value {
    if (this.isAny) return primitive(PRIMITIVE);
    const kept = new Value(this.bits & ~TRUE, this.known, NO_THINGS);
    return kept.known === null ? kept : kept.withKnown([...kept.known].filter((each) => !each));
  }

  /** It with only these of its numbers and strings. */
  withKnown(known: readonly (string | number)[]): Value {
    const kinds = known.reduce((bits: number, each) => bits | kindOf(each), 0);
    return new Value((this.bits & ~TEXTS) | kinds, new Set(known), this.things);
  }
}

function kindOf(value: string | number): number {
  return typeof value === "number" ? NUMBER : STRING;
}

function ofKind(known: ReadonlySet<string | number>, bits: number): ReadonlySet<string | number> {
  return new Set([...known].filter((each) => (kindOf(each) & bits) !== 0));
}

/** Nothing has got here yet. */
export const NEVER = new Value(0, null, NO_THINGS);
export const UNKNOWN = new Value(ANY | PRIMITIVE, null, NO_THINGS);
export const PRIMITIVES = primitive(PRIMITIVE);
export const VOID = primitive(UNDEFINED);
export const BOOLEAN = primitive(TRUE | FALSE);
export const NUMBERS = primitive(NUMBER);
export const STRINGS = primitive(STRING);

/** Any primitive value of the given kinds. */
export function primitive(bits: number): Value {
  return new Value(bits, null, NO_THINGS);
}

/** One primitive value. */
export function constant(value: unknown): Value {
  switch (typeof value) {
    case "undefined":
      return VOID;
    case "boolean":
      return primitive(value ? TRUE : FALSE);
    case "number":
      return Object.is(value, -0) || Number.isNaN(value)
        ? NUMBERS
        : new Value(NUMBER, new Set([value]), NO_THINGS);
    case "string":
      return new Value(STRING, new Set([value]), NO_THINGS);
  }
  return primitive(value === null ? NULL : OTHER);
}

/** One object. */
export function only(thing: Thing): Value {
  return thing.asValue;
}

/** Either. */
export function join(a: Value, b: Value): Value {
  if (a === b || b.isNever) return a;
  if (a.isNever) return b;
  const bits = a.bits | b.bits;
  let { things } = a;
  if (b.things.size === 0) things = a.things;
  else if (things.size === 0) things = b.things;
  else {
    let all: Set<Thing> | null = null;
    for (const thing of b.things) if (!things.has(thing)) (all ??= new Set(things)).add(thing);
    things = all ?? things;
  }
  const known = either(a.known, b.known);
  if (bits === a.bits && known === a.known && things === a.things) return a;
  if (bits === b.bits && known === b.known && things === b.things) return b;
  return new Value(bits, known, things);
}

function either(a: Known, b: Known): Known {
  if (a === null || b === null) return null;
  let all: Set<string | number> | null = null;
  for (const each of b) if (!a.has(each)) (all ??= new Set(a)).add(each);
  return all === null ? a : all.size > FEW ? null : all;
}

/** Whether two values are the same one (`===`): yes, no, or either. */
export function same(a: Value, b: Value): Value {
  if (a.isNever || b.isNever) return NEVER;
  const one = a.constant;
  const other = b.constant;
  if (one !== null && other !== null) return constant(one.value === other.value);
  if (a.isAny || b.isAny || (a.bits & b.bits & ~TEXTS) !== 0) return BOOLEAN;
  if ((a.bits & b.bits & TEXTS) !== 0) {
    if (a.known === null || b.known === null) return BOOLEAN;
    for (const each of a.known) if (b.known.has(each)) return BOOLEAN;
  }
  for (const thing of a.things) if (b.things.has(thing)) return BOOLEAN;
  return primitive(FALSE);
}
