/** Classes: methods of every kind, static and private ones, fields, and what inherits from them. */

import { type Code, code, lines, maybe, type Node, node } from "./node.ts";
import type { Generator } from "./generator.ts";
import { kindOf, makeArrow, makeFunction, statements } from "./functions.ts";
import { args } from "./operands.ts";
import { loggedKey } from "./objects.ts";
import type { Fn, Method } from "./scope.ts";

/** A class as it is being made. */
interface Making {
  readonly base:
    | { readonly methods: readonly Method[]; readonly statics: readonly Method[] }
    | null;
  readonly methods: Method[];
  readonly statics: Method[];
  readonly privates: readonly string[];
}

/** A class and its members. */
export interface MadeClass {
  readonly code: Code;
  readonly methods: readonly Method[];
  readonly statics: readonly Method[];
}

/** `class C {}`: an expression, or a declaration without what follows it. */
export function classLiteral(g: Generator, name: string): MadeClass {
  const around = g.fn;
  const heritage = g.once(3) ? null : g.find("class");
  const privates = g.several(0, 2, () => `#m${g.number()}`);
  const making: Making = {
    base: heritage && { methods: heritage.instance ?? [], statics: heritage.methods ?? [] },
    methods: [...(heritage?.instance ?? [])].filter(({ access }) => !access.startsWith(".#")),
    statics: [...(heritage?.methods ?? [])].filter(({ access }) => !access.startsWith(".#")),
    privates,
  };
  const clause = heritage && node("clause", "extends", heritageOf(g, heritage.text));
  const members = g.inside(
    { plain: true },
    () =>
      g.within({ ...around, privates: [...around.privates, ...privates] }, () => [
        ...privates.map((each) => privateMember(g, making, each)),
        ...(g.once(2) ? [constructor(g, making)] : []),
        ...g.several(1, 4, () => member(g, making)),
      ]),
  );
  const outside = (each: Method): boolean => !each.access.startsWith(".#");
  return {
    code: code`class ${name}${maybe(clause)} {${lines(members)}}`,
    methods: making.methods.filter(outside),
    statics: making.statics.filter(outside),
  };
}

function heritageOf(g: Generator, text: string): Code {
  if (g.fn.async && g.once(3)) return code` extends (await v(${text}))`;
  return g.once(3) ? code` extends (${g.expression()}, ${text})` : code` extends ${text}`;
}

/** `class C {}` as a statement. */
export function classDeclaration(g: Generator): Node {
  const text = g.newName("C");
  const { code: literal, methods, statics } = classLiteral(g, text);
  g.declare(text, "class", { methods: statics, instance: methods });
  return node("statement", "class declaration", literal);
}

function member(g: Generator, making: Making): Node {
  const isStatic = g.once(3);
  const choice = g.random.below(12);
  if (choice < 6) return method(g, making, isStatic);
  if (choice < 8) return getter(g, making, isStatic);
  if (choice < 9) return arrowField(g, making, isStatic);
  if (choice < 10) return field(g, making, isStatic);
  if (choice < 11) return setter(g, making, isStatic);
  return g.inside(
    { fn: fieldOf(g, making, true) },
    () => node("member", "static block", code`static {${lines(statements(g, 1, 2))}}`),
  );
}

/** A name for a member, sometimes that of an inherited one. */
function memberName(g: Generator, making: Making, isStatic: boolean): string {
  const inherited = (isStatic ? making.base?.statics : making.base?.methods) ?? [];
  const names = inherited.filter(({ getter }) => !getter).map(({ access }) => access.slice(1));
  return names.length > 0 && g.once(2) ? g.pick(names) : `m${g.number()}`;
}

function method(g: Generator, making: Making, isStatic: boolean): Node {
  const async = !g.once(4);
  const generator = g.once(3);
  const { parameters, body } = makeFunction(g, { async, generator, ...ofThis(making, isStatic) });
  const kind = kindOf(async, generator);
  const name = memberName(g, making, isStatic);
  const text = g.once(5) ? code`[${loggedKey(g, name)}]` : name;
  add(making, isStatic, { access: `.${name}`, kind, getter: false });
  const head = code`${isStatic ? "static " : ""}${async ? "async " : ""}${generator ? "*" : ""}`;
  const form = `${isStatic ? "static " : ""}${kind} method`;
  return node("member", form, code`${head}${text}(${parameters}) ${body}`);
}

function privateMember(g: Generator, making: Making, name: string): Node {
  const isStatic = g.once(3);
  const start = isStatic ? "static " : "";
  if (g.once(4)) {
    const value = field(g, making, isStatic, name);
    add(making, isStatic, { access: `.${name}`, kind: "sync", getter: true });
    return { ...value, form: "private field" };
  }
  const async = !g.once(3);
  const generator = g.once(3);
  const { parameters, body } = makeFunction(g, { async, generator, ...ofThis(making, isStatic) });
  const kind = kindOf(async, generator);
  add(making, isStatic, { access: `.${name}`, kind, getter: false });
  const head = code`${start}${async ? "async " : ""}${generator ? "*" : ""}${name}`;
  return node("member", `private ${start}${kind} method`, code`${head}(${parameters}) ${body}`);
}

/** A getter around an async call, or of a value. */
function getter(g: Generator, making: Making, isStatic: boolean): Node {
  const start = isStatic ? "static " : "";
  const name = `g${g.number()}`;
  if (g.once(3)) {
    const { body } = makeFunction(g, { parameters: 0, ...ofThis(making, isStatic) });
    add(making, isStatic, { access: `.${name}`, kind: "sync", getter: true });
    return node("member", "getter", code`${start}get ${name}() ${body}`);
  }
  const fn: Fn = { ...fieldOf(g, making, isStatic), hasArguments: true, canReturn: true };
  const text = g.inside({ fn }, () => {
    const { parameters, body } = makeFunction(g, { arrow: true, async: true });
    return code`(async (${parameters}) => ${body})(${args(g)})`;
  });
  add(making, isStatic, { access: `.${name}`, kind: "async", getter: true });
  return node("member", "async getter", code`${start}get ${name}() { ok(); return ${text}; }`);
}

function setter(g: Generator, making: Making, isStatic: boolean): Node {
  const { parameters, body } = makeFunction(g, { parameters: 1, ...ofThis(making, isStatic) });
  const start = isStatic ? "static " : "";
  return node(
    "member",
    "class setter",
    code`${start}set ${g.pick(["q", "z"])}(${parameters}) ${body}`,
  );
}

function arrowField(g: Generator, making: Making, isStatic: boolean): Node {
  const name = `m${g.number()}`;
  const text = g.inside({ fn: fieldOf(g, making, isStatic) }, () => {
    if (g.once(3)) return makeArrow(g, { async: true }, () => g.expression());
    const { parameters, body } = makeFunction(g, { arrow: true, async: true });
    return code`async (${parameters}) => ${body}`;
  });
  add(making, isStatic, { access: `.${name}`, kind: "async", getter: false });
  return node("member", "async arrow field", code`${isStatic ? "static " : ""}${name} = ${text};`);
}

function field(g: Generator, making: Making, isStatic: boolean, name = "p"): Node {
  const value = g.inside({ fn: fieldOf(g, making, isStatic) }, () => g.expression());
  return node("member", "field", code`${isStatic ? "static " : ""}${name} = ${value};`);
}

function constructor(g: Generator, making: Making): Node {
  const shape = {
    canReturn: false,
    self: making.methods.slice(),
    base: making.base?.methods ?? [],
  };
  const { parameters, body } = makeFunction(g, {
    ...shape,
    first: () => making.base === null ? [] : [superCall(g, making)],
    only: () => statements(g, 0, 3),
  });
  return node("member", "constructor", code`constructor(${parameters}) ${body}`);
}

/** `super()`, sometimes with arrows around it that were made before `this` was there. */
function superCall(g: Generator, making: Making): Node {
  if (g.once(2)) return node("statement", "super call", code`super(${args(g)});`);
  const text = g.newName("f");
  const early = code`const ${text} = async () => v(this?.p);`;
  const late = code`this.early = ${text};`;
  add(making, false, { access: ".early", kind: "async", getter: false });
  return node("statement", "arrow around super", code`${early} super(${args(g)}); ${late}`);
}

function ofThis(making: Making, isStatic: boolean): {
  self: readonly Method[];
  base: readonly Method[];
} {
  const self = isStatic ? making.statics.slice() : making.methods.slice();
  return { self, base: (isStatic ? making.base?.statics : making.base?.methods) ?? [] };
}

/** What holds in the initializer of a field. */
function fieldOf(g: Generator, making: Making, isStatic: boolean): Fn {
  const rules = { async: false, generator: false, canReturn: false, hasArguments: false };
  return { ...rules, hasNewTarget: true, privates: g.fn.privates, ...ofThis(making, isStatic) };
}

function add(making: Making, isStatic: boolean, method: Method): void {
  (isStatic ? making.statics : making.methods).push(method);
}
