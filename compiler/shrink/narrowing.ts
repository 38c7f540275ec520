import type { Node } from "../ast.ts";
import type { Variable } from "../coroutines/bindings.ts";
import type { Analysis } from "./analysis.ts";
import { hostName } from "./builtins.ts";
import { Class, Instance } from "./thing.ts";
import { ANY, FALSE, NULL, NUMBER, OTHER, STRING, TRUE, UNDEFINED, Value } from "./value.ts";

interface Narrowed {
  readonly variable: Variable;
  readonly filter: (value: Value) => Value;
}

/** What conditions have told of variables that are assigned once, where the code runs only because of them. */
export class Narrowing {
  private readonly known: Narrowed[] = [];

  constructor(private readonly analysis: Analysis) {}

  get depth(): number {
    return this.known.length;
  }

  leave(depth: number): void {
    this.known.length = depth;
  }

  /** What a variable can hold here. */
  apply(variable: Variable, value: Value): Value {
    for (const each of this.known) if (each.variable === variable) value = each.filter(value);
    return value;
  }

  /** Runs something for which `test` has come out as `truth`. */
  within<T>(test: Node, truth: boolean, run: () => T): T {
    const { depth } = this;
    this.enter(test, truth);
    const result = run();
    this.leave(depth);
    return result;
  }

  /** From here on `test` has come out as `truth`. */
  enter(test: Node, truth: boolean): void {
    switch (test.type) {
      case "UnaryExpression":
        if (test.operator === "!") this.enter(test.argument, !truth);
        return;
      case "LogicalExpression":
        if (test.operator !== (truth ? "&&" : "||")) return;
        this.enter(test.left, truth);
        this.enter(test.right, truth);
        return;
      case "Identifier":
        return this.add(test, (value) => truth ? value.truthy : withoutTruthy(value));
      case "CallExpression":
        return this.enterCall(test, truth);
      case "BinaryExpression":
        return this.enterBinary(test, truth);
    }
  }

  /** A function of one parameter that only returns a condition on it is that condition. */
  private enterCall({ callee, arguments: [argument] }: Node, truth: boolean): void {
    if (argument?.type !== "Identifier") return;
    if (hostName(this.analysis, callee) === "Array.isArray") {
      return this.add(argument, (value) => arrays(value, truth));
    }
    if (callee.type !== "Identifier") return;
    const of = this.analysis.values.get(callee);
    if (of === undefined || of.isAny || of.things.size !== 1) return;
    const [fn] = of.things;
    const node = this.analysis.nodeOf(fn!);
    const body = node?.body?.body?.[0];
    const [param] = node?.params ?? [];
    if (
      body?.type !== "ReturnStatement" || body.argument === null || param?.type !== "Identifier"
    ) {
      return;
    }
    const variable = this.analysis.bindings.of(param);
    const inner = new Narrowing(this.analysis);
    inner.enter(body.argument, truth);
    const filters = inner.known.filter((each) => each.variable === variable);
    for (const { filter } of filters) this.add(argument, filter);
    if (filters.length === 0) this.enterEither(body.argument, truth, variable, argument);
  }

  /** `a || b` that holds: what satisfies one of them. */
  private enterEither(
    test: Node,
    truth: boolean,
    variable: Variable | undefined,
    argument: Node,
  ): void {
    if (test.type !== "LogicalExpression" || test.operator !== (truth ? "||" : "&&")) return;
    const sides = [test.left, test.right].map((side: Node) => {
      const inner = new Narrowing(this.analysis);
      inner.enter(side, truth);
      const known = inner.known.filter((each) => each.variable === variable);
      if (known.length === 0) inner.enterEither(side, truth, variable, argument);
      return known.length > 0 ? known : inner.known;
    });
    if (sides.some((known) => known.length === 0)) return;
    this.add(argument, (value) => {
      const [a, b] = sides.map((known) => known.reduce((left, { filter }) => filter(left), value));
      return new Value(
        a!.bits | b!.bits,
        value.known,
        new Set([...a!.things, ...b!.things]),
      );
    });
  }

  private enterBinary({ operator, left, right }: Node, truth: boolean): void {
    if (operator === "instanceof") {
      const of = this.analysis.values.get(right);
      if (of === undefined || of.isAny) return;
      const classes = [...of.things].filter((thing) => thing instanceof Class);
      if (classes.length !== 1) return;
      return this.add(left, (value) => instances(value, classes[0]!, truth));
    }
    const equal = operator === "===" || operator === "==";
    if (!equal && operator !== "!==" && operator !== "!=") return;
    const same = equal === truth;
    for (const [one, other] of [[left, right], [right, left]] as const) {
      const bits = nullish(other) * (operator.length === 2 ? 0 : 1) ||
        (operator.length === 2 && nullish(other) !== 0 ? UNDEFINED | NULL : 0);
      if (bits !== 0) {
        this.add(
          one,
          (value) =>
            same
              ? new Value(value.isAny ? bits : value.bits & bits, null, new Set())
              : value.without(bits),
        );
      }
      if (one.type === "UnaryExpression" && one.operator === "typeof" && other.type === "Literal") {
        this.add(one.argument, (value) => typed(value, other.value, same));
      }
    }
  }

  private add(target: Node, filter: (value: Value) => Value): void {
    if (target.type !== "Identifier") return;
    const variable = this.analysis.bindings.of(target);
    if (variable !== undefined && this.analysis.bindings.isFixed(variable)) {
      this.known.push({ variable, filter });
    }
  }
}

function withoutTruthy(value: Value): Value {
  return value.isAny ? value : value.falsy;
}

function arrays({ bits, known, things }: Value, truth: boolean): Value {
  const left = new Set([...things].filter(({ kind }) => (kind === "array") === truth));
  return new Value(truth ? bits & ANY : bits, truth ? null : known, left);
}

function nullish(node: Node): number {
  if (node.type === "Literal" && node.value === null && node.raw === "null") return NULL;
  if (node.type === "UnaryExpression" && node.operator === "void") return UNDEFINED;
  return node.type === "Identifier" && node.name === "undefined" ? UNDEFINED : 0;
}

function instances(value: Value, of: Class, truth: boolean): Value {
  const things = new Set(
    [...value.things].filter((thing) => {
      const is = thing instanceof Instance && thing.of instanceof Class && thing.of.extends(of);
      return is === truth;
    }),
  );
  return new Value(truth ? value.bits & ANY : value.bits, value.known, things);
}

const KINDS: { readonly [type: string]: number } = {
  undefined: UNDEFINED,
  boolean: TRUE | FALSE,
  number: NUMBER,
  string: STRING,
};

function typed(value: Value, type: unknown, same: boolean): Value {
  const bits = KINDS[String(type)];
  if (bits !== undefined) {
    return same
      ? new Value(value.isAny ? bits : value.bits & bits, value.known, new Set())
      : value.without(bits);
  }
  if (type !== "object" && type !== "function") return value;
  const things = new Set(
    [...value.things].filter((thing) =>
      (thing.kind === "function") === (type === "function") === same
    ),
  );
  if (!same) return new Value(value.bits, value.known, things);
  return new Value(value.bits & (ANY | OTHER | (type === "object" ? NULL : 0)), null, things);
}
