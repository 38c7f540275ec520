/**
 * Makes a script behave in an ordinary engine as it does in the interpreter.
 *
 * @module
 */

import {
  arrow,
  assign,
  block,
  call,
  children,
  declareVar,
  giveBack,
  id,
  isFunction,
  literal,
  member,
  namesIn,
  type Node,
  raise,
  replaceChildren,
  statement,
} from "../../ast.ts";
import { parseScript, printCode } from "../../syntax.ts";
import { type Fault, faultsOf } from "../dialect.ts";
import { array, declareLet, functionOf, type Level } from "../tree.ts";
import { ACTED, complaint, readsThis, untilDefault, withoutJumps } from "./acted.ts";

/** The name of what the instrumented script calls. */
export const HARNESS = "$harness";

/** Rewrites a script; what it calls is in the global `$harness`. */
export function instrument(code: string, level: Level): string {
  const program = parseScript(code);
  const instrumented = new Instrument(code, level);
  program.body = instrumented.list(program.body, [program], "program");
  return printCode(program);
}

function harness(name: string): Node {
  return member(id(HARNESS), name);
}

/** What a list of statements belongs to. */
type Owner = "program" | "function" | "block";

class Instrument {
  constructor(private readonly code: string, private readonly level: Level) {}

  /** Statements, each of which runs until the first thing that is wrong with it. */
  list(nodes: readonly Node[], above: readonly Node[], owner: Owner): Node[] {
    const names = new Map<string, number>();
    for (const each of nodes) {
      for (const name of declaredBy(each)) names.set(name, (names.get(name) ?? 0) + 1);
    }
    const made: Node[] = [];
    for (let i = 0; i < nodes.length; i++) {
      const node = nodes[i]!;
      const next = nodes[i + 1];
      if (isOpenReturn(node, this.code) && next?.type === "ExpressionStatement") {
        made.push(giveBack(this.any(next.expression, [...above, next])));
        continue;
      }
      const fault = this.firstFault(node, above);
      if (fault !== null) {
        made.push(complaint(fault));
        continue;
      }
      const twice = (names.get(node.id?.name) ?? 0) > 1;
      made.push(...this.statement(node, above, owner === "block" || twice ? "var" : "let"));
    }
    return made;
  }

  /** The first thing in a statement's own code that the interpreter does not read. */
  private firstFault(node: Node, above: readonly Node[]): Fault | null {
    const into = (each: Node, within: readonly Node[]): Fault | null => {
      const faults = faultsOf(each, { above: within, code: this.code, level: this.level });
      const found = faults.find(({ what }) => !ACTED.has(what));
      if (found !== undefined) return found;
      for (const child of children(each)) {
        if (isFunction(each) && child === each.body && child.type === "BlockStatement") continue;
        // A block inside is looked at when it is reached.
        if (child.type === "BlockStatement" && each.type !== "ClassBody") continue;
        const inner = into(child, [...within, each]);
        if (inner !== null) return inner;
      }
      return null;
    };
    return node.type === "BlockStatement" ? null : into(node, above);
  }

  private statement(node: Node, above: readonly Node[], kind: string): Node[] {
    switch (node.type) {
      case "FunctionDeclaration": {
        const made = this.any({ ...node, type: "FunctionExpression", id: null }, above);
        return [{ ...declareVar([{ name: node.id.name, init: made }]), kind }];
      }
      case "ClassDeclaration":
        return [{ ...declareVar([{ name: node.id.name, init: this.class(node, above) }]), kind }];
      default:
        return [this.any(node, above)];
    }
  }

  private any(node: Node, above: readonly Node[]): Node {
    switch (node.type) {
      case "BlockStatement":
        return { ...node, body: this.list(node.body, [...above, node], "block") };
      case "FunctionExpression":
      case "ArrowFunctionExpression":
        return this.function(node, above);
      case "ClassExpression":
        return this.class(node, above);
      case "ForStatement":
      case "ForInStatement":
      case "ForOfStatement":
        return this.loop(node, above);
      case "TryStatement":
        return this.attempt(node, above);
      case "Property":
        if (node.kind !== "init") {
          const { arguments: [value] } = this.function(node.value, [...above, node]);
          return { ...node, value };
        }
        if (node.method) {
          return { ...node, method: false, value: this.function(node.value, [...above, node]) };
        }
        break;
      case "CallExpression":
        if (node.callee.type === "Super") {
          const args = node.arguments.map((each: Node) => this.any(each, above));
          return call(harness("superCall"), [{ type: "ThisExpression" }, array(args)]);
        }
        if (node.callee.object?.type === "Super") {
          const args = node.arguments.map((each: Node) => this.any(each, above));
          const target = member(
            call(harness("superOf"), [{ type: "ThisExpression" }]),
            node.callee.property.name,
          );
          return call(member(target, "call"), [{ type: "ThisExpression" }, ...args]);
        }
        break;
      case "AssignmentExpression":
        if (isLength(node.left) && node.operator === "=") {
          return call(harness("setLength"), [
            this.any(node.left.object, above),
            this.any(node.right, above),
          ]);
        }
        break;
      case "MemberExpression": {
        const { object } = node;
        const parent = above.at(-1);
        const written = parent?.type === "AssignmentExpression" && parent.left === node;
        const native = object.type === "MemberExpression" && !object.computed &&
          object.property.name === "prototype" && object.object.type === "Identifier";
        if (native && !written && !node.computed) {
          return member(call(harness("prototype"), [object.object]), node.property.name);
        }
        break;
      }
    }
    const copy = { ...node };
    for (const key in copy) {
      if (Array.isArray(copy[key])) copy[key] = [...copy[key]];
    }
    if (node.type === "SwitchStatement") {
      copy.discriminant = this.any(node.discriminant, [...above, node]);
      copy.cases = node.cases.map((each: Node) => ({
        ...each,
        test: each.test === null ? null : this.any(each.test, [...above, node, each]),
        consequent: this.list(each.consequent, [...above, node, each], "block"),
      }));
      return untilDefault(copy);
    }
    if (node.type === "UnaryExpression" && node.operator === "-" && node.argument.value === 0) {
      // There is no negative zero.
      return literal(0);
    }
    replaceChildren(copy, (child) => this.any(child, [...above, node]));
    return copy;
  }

  /** Functions with `arguments` of their own; an arrow function has the `this` that the interpreter finds. */
  private function(node: Node, above: readonly Node[]): Node {
    const within = [...above, node];
    const isArrow = node.type === "ArrowFunctionExpression";
    const body = node.body.type === "BlockStatement"
      ? this.list(node.body.body, [...within, node.body], "function")
      : [giveBack(this.any(node.body, within))];
    const made = call(harness("nameless"), [
      { ...functionOf(node.params, body), id: isArrow ? null : node.id },
    ]);
    if (!isArrow || !readsThis(node)) return made;
    const lost = faultsOf(node, { above, code: this.code, level: this.level })
      .some(({ does }) => does === "forgets this");
    return lost ? made : call(harness("bind"), [made, { type: "ThisExpression" }]);
  }

  private class(node: Node, above: readonly Node[]): Node {
    const parts = (node.body.body as Node[]).map((each) => {
      const value = each.value === null
        ? id("undefined")
        : this.any(each.value, [...above, node, each]);
      const kind = each.type === "PropertyDefinition" ? "value" : each.kind;
      return array([literal(each.key.name), literal(kind), literal(each.static), value]);
    });
    const base = node.superClass === null ? literal(null) : this.any(node.superClass, above);
    return call(harness("makeClass"), [base, array(parts)]);
  }

  /** One variable for all turns. */
  private loop(node: Node, above: readonly Node[]): Node {
    const field = node.type === "ForStatement" ? "init" : "left";
    const head = node[field];
    const copy = { ...node };
    replaceChildren(copy, (child) => this.any(child, [...above, node]));
    if (head?.type !== "VariableDeclaration" || head.kind === "var") return copy;
    if (node.type === "ForStatement") {
      const init = { ...copy.init, kind: "let" };
      return block([init, { ...copy, init: null }]);
    }
    const names = namesIn(head.declarations[0].id).map(({ name }) => declareLet(name, null));
    return block([...names, { ...copy, left: head.declarations[0].id }]);
  }

  /** What is thrown in `finally` is forgotten unless something was thrown before; jumps there go nowhere. */
  private attempt(node: Node, above: readonly Node[]): Node {
    const within = [...above, node];
    const handler = node.handler === null ? null : this.handler(node.handler, within);
    const tried = { ...node, block: this.any(node.block, within), handler, finalizer: null };
    if (node.finalizer === null) return tried;
    const failed = id("$failed");
    const error = id("$error");
    const body = this.any(node.finalizer, within);
    withoutJumps(body);
    const inner: Node = node.handler === null ? tried.block : block([tried]);
    return block([
      declareLet("$failed", literal(false)),
      {
        type: "TryStatement",
        block: inner,
        handler: {
          type: "CatchClause",
          param: error,
          body: block([statement(assign(failed, literal(true))), raise(error)]),
        },
        finalizer: block([statement(call(harness("quietly"), [arrow([], body), failed]))]),
      },
    ]);
  }

  private handler(node: Node, above: readonly Node[]): Node {
    const body = this.any(node.body, [...above, node]);
    if (node.param === null) return { ...node, body };
    const caught = statement(
      assign(id(node.param.name), call(harness("caught"), [id(node.param.name)])),
    );
    return { ...node, body: { ...body, body: [caught, ...body.body] } };
  }
}

function declaredBy(node: Node): string[] {
  if (node.type === "VariableDeclaration") {
    return node.declarations.flatMap((each: Node) => namesIn(each.id).map(({ name }) => name));
  }
  return /^(?:Function|Class)Declaration$/.test(node.type) ? [node.id.name] : [];
}

function isOpenReturn(node: Node, code: string): boolean {
  return node.type === "ReturnStatement" && node.argument === null &&
    code[node.end! - 1] !== ";" && /^\s*\n/.test(code.slice(node.end));
}

function isLength(node: Node): boolean {
  return node.type === "MemberExpression" && !node.computed && node.property.name === "length";
}
