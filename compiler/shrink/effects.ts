import { children, isFunction, type Node } from "../ast.ts";
import type { Analysis } from "./analysis.ts";
import { hostName, isLook } from "./builtins.ts";
import { intrinsicOf } from "./questions.ts";
import { Class, Fn } from "./thing.ts";
import { NULLISH, type Value } from "./value.ts";

/** What code does besides giving a value. */
export class Effects {
  private readonly known = new Map<Fn, boolean>();

  constructor(private readonly analysis: Analysis) {}

  /** Whether evaluating an expression does nothing that anybody could notice. */
  isPure(node: Node): boolean {
    switch (node.type) {
      case "Literal":
      case "ThisExpression":
      case "Identifier":
      case "FunctionExpression":
      case "ArrowFunctionExpression":
        return true;
      case "MemberExpression":
        return this.isPureMember(node);
      case "ChainExpression":
      case "SpreadElement":
        return this.isPure(node.expression ?? node.argument);
      case "UnaryExpression":
        return node.operator !== "delete" && this.isPure(node.argument);
      case "BinaryExpression":
      case "LogicalExpression":
        return this.isPure(node.left) && this.isPure(node.right);
      case "ConditionalExpression":
        return this.isPure(node.test) && this.isPure(node.consequent) &&
          this.isPure(node.alternate);
      case "SequenceExpression":
      case "TemplateLiteral":
        return node.expressions.every((each: Node) => this.isPure(each));
      case "ArrayExpression":
        return node.elements.every((each: Node | null) => each !== null && this.isPure(each));
      case "ObjectExpression":
        return node.properties.every((each: Node) =>
          each.type === "SpreadElement"
            ? this.isPure(each.argument) && this.analysis.values.get(each.argument)?.isAny !== true
            : !each.computed && this.isPure(each.value)
        );
      case "CallExpression":
      case "NewExpression":
        return this.isPureCall(node);
      case "ClassExpression":
        return (node.superClass === null || this.isPure(node.superClass)) &&
          node.body.body.every((member: Node) =>
            !member.computed && member.type !== "StaticBlock" &&
            !(member.type === "PropertyDefinition" && member.static)
          );
    }
    return false;
  }

  private isPureMember({ object, property, computed }: Node): boolean {
    if (object.type === "Super" || !this.isPure(object)) return false;
    if (computed) return this.isPure(property);
    const of = this.analysis.values.get(object);
    if (of === undefined) return true;
    if (of.isAny) return hostName(this.analysis, object) !== null;
    const name = property.type === "PrivateIdentifier" ? `#${property.name}` : property.name;
    return ![...of.things].some((thing) =>
      this.analysis.objects.membersOf(thing, name).some(({ kind, fn }) =>
        kind === "get" && !this.isHarmless(fn)
      )
    );
  }

  /** Whether a property is no accessor. */
  isPlainMember({ property }: Node, { things }: Value): boolean {
    const name = property.type === "PrivateIdentifier" ? `#${property.name}` : property.name;
    return ![...things].some((thing) =>
      this.analysis.objects.membersOf(thing, name).some(({ kind }) => kind === "get")
    );
  }

  private isPureCall(node: Node): boolean {
    const { callee } = node;
    if (!node.arguments.every((each: Node) => this.isPure(each))) return false;
    if (callee.type === "Identifier" && intrinsicOf(callee.name) !== null) return true;
    const host = callee.type === "Super" ? null : hostName(this.analysis, callee);
    if (host !== null) return isLook(host);
    const targets = this.targets(node);
    return targets !== null &&
      targets.every((fn) =>
        node.type === "NewExpression" ? this.onlySetsItself(fn) : this.isHarmless(fn)
      );
  }

  /** The functions that a call can run; `null` where there may be others. */
  targets({ type, callee }: Node): Fn[] | null {
    const { values } = this.analysis;
    if (callee.type === "Super") return null;
    if (type !== "NewExpression" && callee.type === "MemberExpression") {
      if (callee.object.type === "Super" || callee.computed || !this.isPure(callee.object)) {
        return null;
      }
      const of = values.get(callee.object);
      if (of === undefined || of.isAny || (of.bits & ~NULLISH) !== 0) return null;
      const name = callee.property.type === "PrivateIdentifier"
        ? `#${callee.property.name}`
        : callee.property.name;
      const found: Fn[] = [];
      for (const thing of of.things) {
        const members = this.analysis.objects.membersOf(thing, name);
        if (members.length === 0 || members.some(({ kind }) => kind !== "method")) return null;
        found.push(...members.map(({ fn }) => fn));
      }
      return found;
    }
    const of = values.get(callee);
    if (of === undefined || of.isAny || of.things.size === 0) return null;
    const found: Fn[] = [];
    for (const thing of of.things) {
      if (type === "NewExpression") {
        if (!(thing instanceof Class) || thing.isHost || thing.isError) return null;
        for (let each: Class | undefined = thing; each !== undefined; each = each.bases[0]) {
          if (each.fields !== null) return null;
          if (each.make !== null) found.push(each.make);
        }
      } else if (thing instanceof Fn) found.push(thing);
      else return null;
    }
    return found;
  }

  /** Whether calling a function has no effect. */
  isHarmless(fn: Fn): boolean {
    let known = this.known.get(fn);
    if (known === undefined) {
      // What calls itself is as harmless as the rest of it.
      this.known.set(fn, true);
      this.known.set(fn, known = !this.acts(fn.node.body, fn));
    }
    return known;
  }

  /** Whether a constructor only assigns to its own fields. */
  private onlySetsItself(fn: Fn): boolean {
    return !this.acts(fn.node.body, fn, true);
  }

  /** Whether what was reached of some code can throw: any call may. */
  mayThrow(node: Node): boolean {
    if (isFunction(node)) return false;
    const known = this.analysis.values.get(node);
    switch (node.type) {
      case "BlockStatement":
      case "IfStatement":
      case "ReturnStatement":
      case "ExpressionStatement":
        if (!this.analysis.reached.has(node)) return false;
        break;
      case "ConditionalExpression":
      case "LogicalExpression":
      case "UnaryExpression":
      case "Identifier":
      case "Literal":
      case "ThisExpression":
        break;
      case "MemberExpression": {
        const of = this.analysis.values.get(node.object);
        if (known === undefined) return false;
        if (node.computed || of === undefined || of.isAny || (of.bits & NULLISH) !== 0) return true;
        if (!this.isPlainMember(node, of)) return true;
        break;
      }
      case "BinaryExpression": {
        if (known === undefined) return false;
        const left = this.analysis.values.get(node.left);
        if (node.operator === "in" || left?.isAny !== false) return true;
        if (!/^(?:instanceof|[!=]==?)$/.test(node.operator)) return true;
        break;
      }
      default:
        return true;
    }
    return children(node).some((child) => this.mayThrow(child));
  }

  private acts(node: Node, fn: Fn, own = false): boolean {
    if (isFunction(node)) return false;
    if (/Statement$|Declaration$/.test(node.type) && !this.analysis.reached.has(node)) {
      if (node !== fn.node.body) return false;
    }
    switch (node.type) {
      case "ThrowStatement":
      case "AwaitExpression":
      case "YieldExpression":
      case "TaggedTemplateExpression":
      case "ForOfStatement":
      case "ClassDeclaration":
      case "ClassExpression":
        return true;
      case "WhileStatement":
      case "DoWhileStatement":
      case "ForStatement":
        // It may never end.
        return true;
      case "TryStatement":
        return this.acts(node.block, fn, own) ||
          (node.finalizer !== null && this.acts(node.finalizer, fn, own));
      case "UpdateExpression":
        if (!this.isLocal(node.argument, fn)) return true;
        break;
      case "AssignmentExpression":
        if (
          !this.isLocal(node.left, fn) && !(own && node.left.type === "MemberExpression" &&
            node.left.object.type === "ThisExpression" && this.isField(node.left, fn))
        ) return true;
        break;
      case "UnaryExpression":
        if (node.operator === "delete") return true;
        break;
      case "CallExpression":
        if (own && node.callee.type === "Super") {
          return node.arguments.some((each: Node) => this.acts(each, fn, own));
        }
        if (!this.isPureCall(node)) return true;
        break;
      case "NewExpression":
        if (!this.isPureCall(node)) return true;
        break;
      case "MemberExpression":
        if (!this.isPureMember(node)) return true;
        break;
      case "IfStatement":
      case "ConditionalExpression": {
        const test = this.analysis.values.get(node.test);
        if (this.acts(node.test, fn, own)) return true;
        if (test?.mayBeTrue !== false && this.acts(node.consequent, fn, own)) return true;
        return test?.mayBeFalse !== false && node.alternate !== null &&
          this.acts(node.alternate, fn, own);
      }
      case "LogicalExpression":
        if (!this.analysis.values.has(node.right)) return this.acts(node.left, fn, own);
        break;
    }
    return children(node).some((child) => this.acts(child, fn, own));
  }

  private isField({ property, computed }: Node, fn: Fn): boolean {
    if (computed) return false;
    const { home } = fn;
    return home !== null &&
      ![...this.analysis.classes.values()].some((each) =>
        each.extends(home) &&
        this.analysis.objects.membersOf(each.instance, property.name).some(({ kind }) =>
          kind === "set"
        )
      );
  }

  private isLocal(target: Node, fn: Fn): boolean {
    if (target.type !== "Identifier") return false;
    const variable = this.analysis.bindings.of(target);
    if (variable === undefined) return false;
    const { block } = variable.scope;
    return block.start! >= fn.node.start! && block.end! <= fn.node.end!;
  }
}
