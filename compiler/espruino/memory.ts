/**
 * How many blocks of the interpreter's memory an artefact takes once it is loaded: its variables, classes, functions
 * and their code, as the interpreter stores them (`jsvar.c`, `jsparse.c`). What it makes while it runs is not counted.
 *
 * @module
 */

import { isFunction, type Node } from "../ast.ts";
import type { Held } from "../footprint.ts";
import type { BlockLayout } from "./block_layout.ts";
import { parseScript } from "../syntax.ts";
import { Scopes } from "./scopes.ts";
import { walk } from "./tree.ts";

/** What an artefact holds when it has been loaded, by the functions, methods and variables that it consists of. */
export function heldBlocks(code: string, layout: BlockLayout): Held[] {
  const program = parseScript(code);
  const ledger = new Ledger(code, layout, new Scopes(program));
  ledger.statements(program.body);
  ledger.natives();
  return ledger.held;
}

/** Adds up blocks, statement by statement. */
class Ledger {
  readonly held: Held[] = [];
  private readonly classes = new Map<string, Node>();
  private readonly withPrototype = new Set<string>();

  constructor(
    private readonly code: string,
    private readonly layout: BlockLayout,
    private readonly scopes: Scopes,
  ) {}

  /** What stays of statements that are outside any function. */
  statements(list: readonly Node[]): void {
    for (const each of list) this.statement(each);
  }

  private statement(node: Node): void {
    switch (node.type) {
      case "FunctionDeclaration":
        this.add(node, this.layout.name(node.id.name));
        return this.value(node);
      case "ClassDeclaration":
        this.add(node, this.layout.name(node.id.name));
        return this.variable(node.id.name, node);
      case "VariableDeclaration":
        for (const { id, init } of node.declarations) {
          this.add(id, this.layout.name(id.name));
          if (init !== null) this.variable(id.name, init);
        }
        return;
      case "ExpressionStatement":
        return this.effect(node.expression);
      case "IfStatement":
        this.statement(node.consequent);
        if (node.alternate !== null) this.statement(node.alternate);
        return;
      case "BlockStatement":
        return this.statements(node.body);
      case "TryStatement":
        return this.statement(node.block);
      default:
    }
  }

  /** The interpreter makes its own classes when they are first named, and keeps them. */
  natives(): void {
    const named = new Set<string>();
    for (const { identifier } of this.scopes.root.through) {
      const { name } = identifier;
      if (!/^[A-Z]/.test(name) || named.has(name)) continue;
      named.add(name);
      this.add(identifier, this.layout.name(name) + 1);
    }
  }

  private variable(name: string, value: Node): void {
    if (/^Class|^FunctionExpression$/.test(value.type)) this.classes.set(name, value);
    this.value(value);
  }

  /** What an expression leaves behind that is a statement. */
  private effect(node: Node): void {
    switch (node.type) {
      case "SequenceExpression":
        for (const each of node.expressions) this.effect(each);
        return;
      case "AssignmentExpression": {
        const { left, right } = node;
        if (left.type === "MemberExpression") {
          this.prototypeOf(left.object);
          const key = left.computed ? left.property.value : left.property.name;
          this.add(node, this.layout.name(typeof key === "string" ? key : ""));
        }
        if (right.type === "AssignmentExpression") return this.effect(right);
        if (isPrototype(right)) this.prototypeOf(right);
        return this.value(right);
      }
      case "CallExpression":
        // What is given to a call that starts something is kept.
        for (const each of node.arguments) if (each.type === "ObjectExpression") this.value(each);
        return;
      default:
    }
  }

  /** The prototype of a function is made when it is first asked for. */
  private prototypeOf(node: Node): void {
    const asked = isPrototype(node);
    const name: string = node.object?.name;
    const isClass = this.classes.has(name) && this.classes.get(name)!.type !== "FunctionExpression";
    if (!asked || isClass || this.withPrototype.has(name)) return;
    this.withPrototype.add(name);
    this.add(
      node,
      this.scopes.of(node.object) === undefined
        ? this.layout.name("prototype") + 1
        : this.prototype(),
    );
  }

  /** `prototype`, the object, and `constructor`, which a function's gets with the first `new`. */
  private prototype(): number {
    return this.layout.name("prototype") + 1 + this.layout.name("constructor");
  }

  /** What a value takes besides its name. */
  private value(node: Node): void {
    if (isFunction(node)) return this.functionValue(node);
    switch (node.type) {
      case "ClassExpression":
      case "ClassDeclaration":
        return this.classValue(node);
      case "ObjectExpression":
        this.add(node, 1);
        for (const { key, value, kind } of node.properties) {
          this.add(
            key,
            this.layout.name(String(key.name ?? key.value)) + (kind === "init" ? 0 : 2),
          );
          this.value(value);
        }
        return;
      case "ArrayExpression":
        this.add(node, 1 + node.elements.length);
        for (const each of node.elements) if (each?.value !== true) this.value(each ?? {});
        return;
      case "NewExpression":
        return this.instance(node.callee.name, node);
      case "SequenceExpression":
        for (const each of node.expressions.slice(0, -1)) this.effect(each);
        return this.value(node.expressions.at(-1));
      case "BinaryExpression":
        return this.add(node, 1);
      case "Identifier":
        // A function of the interpreter's own.
        return this.add(
          node,
          this.scopes.of(node) === undefined && /^[a-z]/.test(node.name) ? 1 : 0,
        );
      case "Literal":
        return this.add(node, this.literal(node.value));
      default:
    }
  }

  private literal(value: unknown): number {
    if (typeof value === "string") return this.layout.text(value.length);
    // A whole number that is small stands in its name.
    return typeof value === "number" && Number.isInteger(value) && Math.abs(value) < 512 ? 0 : 1;
  }

  private functionValue(node: Node): void {
    this.add(node, 1);
    for (const param of node.params) this.add(param, this.layout.name(`\xff${param.name}`));
    if (node.type === "ArrowFunctionExpression" && hasThis(node.body)) this.add(node, 1);
    if (node.type === "FunctionExpression" && node.id !== null && node.id !== undefined) {
      this.add(node, this.layout.name("\xffnam") + this.layout.text(node.id.name.length));
    }
    const length = this.bodyLength(node);
    if (length === 0) return;
    const name = this.layout.name("\xffcod");
    this.add(node.body, name + this.layout.code(length), name + 1);
  }

  /** How long the text of a function is that is kept: without brackets, and without `return` where it begins so. */
  private bodyLength({ body }: Node): number {
    const [start, end] = [body.start!, body.end!];
    if (body.type !== "BlockStatement") return end - start;
    const text = this.code.slice(start + 1, end - 1).trim();
    return text.replace(/^return\b\s*/, "").length;
  }

  private classValue(node: Node): void {
    this.add(node, 1 + this.prototype());
    const constructor = node.body.body.find(({ kind }: Node) => kind === "constructor");
    if (node.superClass !== null) {
      this.add(node, this.layout.name("__proto__"));
      if (constructor === undefined) {
        const text = `${node.superClass.name}.apply(this,arguments)`;
        this.add(node, this.layout.name("\xffcod") + this.layout.text(text.length));
      }
    }
    if (node.type === "ClassExpression" && node.id !== null) {
      this.add(node, this.layout.name("\xffnam") + this.layout.text(node.id.name.length));
    }
    const accessors = new Set<string>();
    for (const each of node.body.body) {
      if (each.kind === "constructor") {
        this.functionValue(each.value);
        this.add(each, -1);
        continue;
      }
      const key = String(each.key.name ?? each.key.value);
      const isAccessor = each.kind === "get" || each.kind === "set";
      const another = isAccessor && accessors.has(key);
      this.add(each, another ? 0 : this.layout.name(key));
      if (isAccessor) {
        // An object of the two functions.
        this.add(each, another ? 1 : 2);
        accessors.add(key);
      }
      if (each.value !== null) this.value(each.value);
    }
  }

  /** An object of a class: its fields are what the constructor assigns. */
  private instance(name: string, node: Node): void {
    this.add(node, 1);
    const made = this.classes.get(name);
    if (made === undefined) return;
    this.add(node, this.layout.name("__proto__"));
    const fn = this.constructorOf(made);
    if (fn === undefined) return;
    walk(fn, (each) => {
      const isField = each.type === "AssignmentExpression" &&
        each.left.type === "MemberExpression" && each.left.object.type === "ThisExpression";
      if (!isField || each.left.computed) return;
      this.add(node, this.layout.name(each.left.property.name));
      this.value(each.right);
    });
  }

  private constructorOf(node: Node): Node | undefined {
    if (node.type === "FunctionExpression") return node;
    const own = node.body.body.find(({ kind }: Node) => kind === "constructor")?.value;
    const parent = this.classes.get(node.superClass?.name);
    return own ?? (parent === undefined ? undefined : this.constructorOf(parent));
  }

  private add(node: Node, ram: number, flash = ram): void {
    if (ram === 0 && flash === 0) return;
    const { line, column } = node.loc!.start;
    this.held.push({ line, column, ramBlocks: ram, flashBlocks: flash });
  }
}

/** Whether the code of an arrow function has the word `this`. */
function hasThis(body: Node): boolean {
  let found = false;
  walk(body, (node) => {
    if (node.type === "ThisExpression") found = true;
  });
  return found;
}

/** Whether a node is `Name.prototype`. */
function isPrototype(node: Node): boolean {
  return node.type === "MemberExpression" && node.property.name === "prototype" &&
    node.object.type === "Identifier";
}
