/**
 * Puts the bodies of functions that are called at one place there, and those that are as short as the call.
 *
 * @module
 */

import {
  block,
  children,
  id,
  isFunction,
  type Node,
  nothing,
  replaceChildren,
  replaceThis,
  returns,
  statement,
  usesArguments,
} from "../ast.ts";
import type { NameScope } from "../coroutines/bindings.ts";
import type { Analysis } from "./analysis.ts";
import {
  clone,
  collectCalls,
  declareConst,
  hasCall,
  hasFunction,
  hasOwnThis,
  isAssigned,
  isBound,
  isFirst,
  isPath,
  occurrences,
  size,
  substitute,
  usesThis,
  valueOf,
  withoutReturns,
} from "./bodies.ts";
import type { Fn } from "./thing.ts";

/** Moves what can be moved. */
export function inlineCalls(analysis: Analysis, isOwn: (node: Node) => boolean): void {
  new Inliner(analysis, isOwn).run();
}

class Inliner {
  private readonly targets = new Map<Node, Fn[]>();
  /** How many calls of a function are left in the code. */
  private readonly left = new Map<Fn, number>();
  /** The functions around the place that is looked at. */
  private readonly around: Node[] = [];
  private readonly moved = new Set<Fn>();
  private temporary = 0;

  constructor(
    private readonly analysis: Analysis,
    private readonly isOwn: (node: Node) => boolean,
  ) {
    for (const fn of analysis.functions.values()) {
      for (const site of fn.sites) {
        const known = this.targets.get(site) ?? [];
        this.targets.set(site, known);
        known.push(fn);
      }
    }
  }

  run(): void {
    const { program } = this.analysis;
    this.count(program);
    for (const node of program.body as Node[]) if (this.isOwn(node)) this.visit(node);
  }

  private count(node: Node): void {
    for (const fn of this.targets.get(node) ?? []) this.left.set(fn, (this.left.get(fn) ?? 0) + 1);
    for (const child of children(node)) this.count(child);
  }

  private visit(node: Node): Node {
    if (isFunction(node)) this.around.push(node);
    for (const key of ["body", "consequent"]) {
      if (Array.isArray(node[key]) && node.type !== "ClassBody") {
        node[key] = (node[key] as Node[]).flatMap((each) => this.visitStatement(each));
      }
    }
    replaceChildren(node, (child) => this.visit(child));
    if (isFunction(node)) this.around.pop();
    if (node.type === "CallExpression") return this.expressionFor(node) ?? node;
    if (node.type === "MemberExpression") return this.gotten(node) ?? node;
    return node;
  }

  /** What an accessor gives that only looks at one thing, for all objects that can be asked. */
  private gotten({ object, property, computed, optional }: Node): Node | null {
    if (computed || optional || property.type !== "Identifier" || !isPath(object)) return null;
    const of = this.analysis.values.get(object);
    if (of === undefined || of.isAny || of.things.size === 0) return null;
    let found: Fn | null = null;
    for (const thing of of.things) {
      const [member, other] = this.analysis.objects.membersOf(thing, property.name);
      // With a setter beside it, the place may be one that is assigned to.
      if (member?.kind !== "get" || other !== undefined) return null;
      if (found !== null && found !== member.fn) return null;
      found = member.fn;
    }
    const [only, more] = found!.node.body.body as Node[];
    if (only?.type !== "ReturnStatement" || only.argument === null || more !== undefined) {
      return null;
    }
    if (this.around.includes(found!.node) || size(only.argument) > 8) return null;
    if (!this.isOwn(found!.node) || hasCall(only.argument)) return null;
    if (!this.knowsOnlyItself(only.argument, found!.node)) return null;
    const holder: Node = { type: "Holder", argument: clone(only.argument, this.analysis) };
    replaceThis(holder, object);
    return holder.argument;
  }

  private visitStatement(node: Node): Node[] {
    switch (node.type) {
      case "ExpressionStatement": {
        const body = this.bodyFor(node.expression, (list) => withoutReturns(list) !== null);
        if (body === null) return [node];
        const list = withoutReturns(body.statements)!;
        this.moved.add(body.fn);
        return [block([...body.bindings, ...list])];
      }
      case "ReturnStatement": {
        const body = node.argument === null ? null : this.bodyFor(node.argument, () => true);
        if (body === null) return [node];
        this.moved.add(body.fn);
        const list = [...body.bindings, ...body.statements];
        if (list.at(-1)?.type !== "ReturnStatement") {
          list.push({ type: "ReturnStatement", argument: null });
        }
        return [block(list)];
      }
      case "VariableDeclaration": {
        const [only, more] = node.declarations as Node[];
        if (more !== undefined || !only!.init || node.kind === "var") return [node];
        const body = this.bodyFor(only!.init, (list) => {
          const end = list.at(-1);
          return end?.type === "ReturnStatement" && end.argument !== null &&
            !list.slice(0, -1).some(returns);
        });
        if (body === null) return [node];
        this.moved.add(body.fn);
        only!.init = body.statements.at(-1)!.argument;
        return [...body.bindings, ...body.statements.slice(0, -1), node];
      }
    }
    return [node];
  }

  /** The function that a call runs, if it can be moved there. */
  private movable(call: Node): Fn | null {
    if (call.type !== "CallExpression" || call.optional || call.callee.optional) return null;
    const [fn, other] = this.targets.get(call) ?? [];
    if (
      !fn || other !== undefined || fn.open || this.moved.has(fn) || !this.isOwn(fn.node) ||
      fn.node.generator
    ) return null;
    if (this.analysis.askedAbout.has(fn) && !this.analysis.last) return null;
    const { callee } = call;
    if (callee.type === "MemberExpression") {
      if (callee.computed || callee.object.type === "Super" || !isPath(callee.object)) return null;
    } else if (callee.type !== "Identifier") return null;
    if (this.around.includes(fn.node)) return null;
    const local = fn.isArrow && this.isHere(fn, callee);
    const bound = callee.type === "MemberExpression" || local;
    if (!bound && usesThis(fn.node.body)) return null;
    if (fn.isArrow && !local && usesThis(fn.node.body)) return null;
    if (call.arguments.some((each: Node) => each.type === "SpreadElement")) return null;
    const { params, body } = fn.node;
    if (params.some((each: Node) => each.type !== "Identifier")) return null;
    const of = this.analysis.values.get(
      callee.type === "MemberExpression" ? callee.object : callee,
    );
    if (of === undefined || of.isAny || usesArguments(body) || isBound(body)) return null;
    return local || this.knowsOnlyItself(body, fn.node) ? fn : null;
  }

  /** Whether an arrow function was made in the function that calls it, so that both know the same. */
  private isHere(fn: Fn, callee: Node): boolean {
    const variable = callee.type === "Identifier" ? this.analysis.bindings.of(callee) : undefined;
    return variable !== undefined && this.analysis.bindings.isFixed(variable) && !fn.escaped &&
      fn.outer !== null && fn.outer.node === this.around.at(-1) && this.left.get(fn) === 1;
  }

  /** Whether a function uses nothing of the functions around it. */
  private knowsOnlyItself(node: Node, fn: Node): boolean {
    if (node.type === "Identifier") {
      const variable = this.analysis.bindings.of(node);
      // A key, a global, or what was moved here just now.
      if (variable === undefined) return !node.name.includes("$");
      if (variable.scope.type === "module") return true;
      for (let scope: NameScope | null = variable.scope; scope !== null; scope = scope.upper) {
        if (scope.block === fn) return true;
      }
      return false;
    }
    return children(node).every((child) => this.knowsOnlyItself(child, fn));
  }

  /** What a call of a function that is called nowhere else does. */
  private bodyFor(
    call: Node,
    fits: (list: readonly Node[]) => boolean,
  ): { fn: Fn; bindings: Node[]; statements: Node[] } | null {
    const fn = this.movable(call);
    if (fn === null || this.left.get(fn) !== 1) return null;
    if (fn.node.body.type !== "BlockStatement") {
      fn.node.body = block([{ type: "ReturnStatement", argument: fn.node.body }]);
      fn.node.expression = false;
    }
    if (!fits(fn.node.body.body)) return null;
    // The names of what it makes are its own, but another copy of it must not be made.
    const { params, body } = fn.node;
    const bindings: Node[] = [];
    const replaced = new Map<string, Node>();
    const { callee } = call;
    if (callee.type === "MemberExpression" && usesThis(body)) {
      if (callee.object.type !== "ThisExpression") {
        const name = `self$${this.temporary++}$${this.analysis.round}`;
        bindings.push(declareConst(name, callee.object));
        replaceThis(body, id(name));
      }
    }
    params.forEach((param: Node, i: number) => {
      const given: Node = call.arguments[i] ?? nothing();
      const free = given.type !== "ThisExpression" || !hasOwnThis(body);
      if (this.isSimple(given) && free && !isAssigned(body, param.name)) {
        replaced.set(param.name, given);
      } else bindings.push({ ...declareConst(param.name, given), kind: "let" });
    });
    for (const extra of call.arguments.slice(params.length)) bindings.push(statement(extra));
    substitute(body, replaced);
    fn.node.body = block([]);
    return { fn, bindings, statements: body.body };
  }

  /** The value of a function that only returns one, in the place of the call. */
  private expressionFor(call: Node): Node | null {
    const fn = this.movable(call);
    if (fn === null) return null;
    const value = valueOf(fn.node);
    if (value === null) return null;
    const { params } = fn.node;
    const single = this.left.get(fn) === 1;
    if (!single && size(value) > 7) return null;
    if (hasFunction(value)) return null;
    const { callee } = call;
    const method = callee.type === "MemberExpression";
    if (method && usesThis(value) && !isPath(callee.object)) return null;
    const given: Node[] = params.map((_: Node, i: number) => call.arguments[i] ?? nothing());
    if (call.arguments.length > params.length) return null;
    const simple = given.every((each) => this.isSimple(each));
    if (
      !simple &&
      !(given.length === 1 && occurrences(value, params[0].name) === 1 &&
        isFirst(value, params[0].name))
    ) {
      return null;
    }
    if (params.some((param: Node) => isAssigned(value, param.name))) return null;
    // A copy calls what the original calls, once more; what was moved from there cannot be called any more.
    const calls: Node[] = [];
    collectCalls(value, calls);
    const called = calls.flatMap((each) => this.targets.get(each) ?? []);
    if (called.some((each) => this.moved.has(each))) return null;
    for (const each of called) this.left.set(each, (this.left.get(each) ?? 0) + 1);
    const copy = clone(value, this.analysis);
    const replaced = new Map<string, Node>();
    params.forEach((param: Node, i: number) => replaced.set(param.name, given[i]!));
    const holder: Node = { type: "Holder", argument: copy };
    if (method) replaceThis(holder, callee.object);
    substitute(holder, replaced);
    return holder.argument;
  }

  /** Whether a value can be written down again where it is used. */
  private isSimple(node: Node): boolean {
    if (node.type === "Literal" && !node.regex) return true;
    if (node.type === "ThisExpression") return true;
    if (node.type === "UnaryExpression" && node.operator === "void") return true;
    if (node.type !== "Identifier") return false;
    const variable = this.analysis.bindings.of(node);
    return variable !== undefined && this.analysis.bindings.isFixed(variable);
  }
}
