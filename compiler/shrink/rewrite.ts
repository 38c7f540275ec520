/**
 * Takes out of the runtime's code what the program cannot reach, and puts constants where nothing else can come.
 *
 * @module
 */

import {
  block,
  children,
  id,
  isFunction,
  literal,
  type Node,
  nothing,
  replaceChildren,
  statement,
  usesArguments,
} from "../ast.ts";
import type { Analysis } from "./analysis.ts";
import { answerTo } from "./questions.ts";
import { deadParams } from "./params.ts";
import { Class } from "./thing.ts";
import {
  isDeadUpdate,
  isNeverRead,
  isUnreadIn,
  isUnreadMember,
  isUnused,
  isUnusedParam,
} from "./unread.ts";
import { FALSE, NULLISH, TRUE, type Value } from "./value.ts";

/** Rewrites the code of the runtime in a program. */
export function rewrite(analysis: Analysis, isOwn: (node: Node) => boolean): void {
  const { program } = analysis;
  const params = deadParams(analysis, isOwn);
  program.body = (program.body as Node[]).flatMap((node) => {
    if (!isOwn(node)) return isDead(node) ? [] : [node];
    const kept = visitStatement(analysis, node);
    return kept === null ? [] : [kept];
  });
  params.remove();
}

/** `if (false)`: what was written for another target. */
function isDead({ type, test, alternate }: Node): boolean {
  return type === "IfStatement" && test.type === "Literal" && test.value === false &&
    alternate === null;
}

function visit(analysis: Analysis, node: Node): Node {
  if (isFunction(node)) {
    const fn = analysis.functions.get(node);
    if (fn?.called !== true) {
      node.params = [];
      node.body = { type: "BlockStatement", body: [] };
      node.expression = false;
      return node;
    }
    node.body = visit(analysis, node.body);
    node.params = node.params.map((param: Node) => visitTarget(analysis, param));
    if (!analysis.setters.has(node)) dropLastParams(analysis, node);
    return node;
  }
  switch (node.type) {
    case "BlockStatement":
    case "StaticBlock":
      node.body = reachedOf(analysis, node.body);
      return node;
    case "SwitchCase":
      node.consequent = reachedOf(analysis, node.consequent);
      return node;
    case "SwitchStatement":
      node.discriminant = visit(analysis, node.discriminant);
      node.cases = node.cases.filter((each: Node) => analysis.reached.has(each))
        .map((each: Node) => visit(analysis, each));
      return node;
    case "ClassDeclaration":
    case "ClassExpression":
      return visitClass(analysis, node);
    case "VariableDeclaration":
      for (const each of node.declarations) {
        each.id = visitTarget(analysis, each.id);
        if (each.init !== null) each.init = visit(analysis, each.init);
      }
      return node;
    case "IfStatement":
      node.test = visitTest(analysis, node.test);
      if (
        node.test.type === "SequenceExpression" && node.test.expressions.at(-1).type === "Literal"
      ) {
        const { value } = node.test.expressions.pop();
        const done = node.test.expressions.map((each: Node) => statement(each));
        const arm = value ? node.consequent : node.alternate;
        const rest = arm !== null && analysis.reached.has(arm) ? [visit(analysis, arm)] : [];
        return block([...done, ...rest]);
      }
      if (node.test.type === "Literal") {
        const arm = node.test.value ? node.consequent : node.alternate;
        if (arm === null) return { type: "EmptyStatement" };
        return analysis.reached.has(arm) ? visit(analysis, arm) : { type: "EmptyStatement" };
      }
      node.consequent = visitArm(analysis, node.consequent);
      if (node.alternate !== null) {
        node.alternate = analysis.reached.has(node.alternate)
          ? visitStatement(analysis, node.alternate)
          : null;
      }
      return node;
    case "WhileStatement":
    case "DoWhileStatement":
    case "ForStatement":
      replaceChildren(
        node,
        (child) =>
          child === node.test
            ? visitTest(analysis, child)
            : child === node.body
            ? visitArm(analysis, child)
            : visit(analysis, child),
      );
      if (node.init?.type === "VariableDeclaration") {
        const init = visitStatement(analysis, node.init);
        node.init = init?.type === "ExpressionStatement" ? init.expression : init;
      }
      if (node.update && isDeadUpdate(analysis, node.update)) node.update = null;
      if (node.type === "ForStatement" && node.test === null && node.init === null) {
        const { body } = node;
        const end = body.type === "BlockStatement" ? body.body.at(-1) : undefined;
        if (end?.type === "ReturnStatement" && !jumps(body)) return body;
      }
      if (node.test?.value !== false || node.type === "DoWhileStatement") return node;
      if (node.init === null || node.init === undefined) return { type: "EmptyStatement" };
      return node.init.type === "VariableDeclaration" ? node.init : statement(node.init);
    case "ForOfStatement":
    case "ForInStatement":
      node.right = visit(analysis, node.right);
      node.body = visitArm(analysis, node.body);
      return node;
    case "ConditionalExpression":
      if (constantOf(analysis, node) !== null) break;
      node.test = visitTest(analysis, node.test);
      if (node.test.type === "Literal") {
        return visit(analysis, node.test.value ? node.consequent : node.alternate);
      }
      node.consequent = visit(analysis, node.consequent);
      node.alternate = visit(analysis, node.alternate);
      return node;
    case "LogicalExpression":
      return visitLogical(analysis, node);
    case "AssignmentExpression":
      return visitAssignment(analysis, node);
    case "UpdateExpression":
      node.argument = visitTarget(analysis, node.argument);
      return node;
    case "ObjectExpression": {
      const thing = analysis.thingOf(node, "object");
      node.properties = node.properties.filter((each: Node) =>
        each.type !== "Property" || each.kind !== "init" || each.computed ||
        !analysis.effects.isPure(each.value) || !isUnreadIn(analysis, thing, analysis.nameOf(each)!)
      );
      break;
    }
    case "Property":
      if (node.computed) node.key = visit(analysis, node.key);
      node.value = visit(analysis, node.value);
      node.shorthand = false;
      return node;
    case "MemberExpression":
      return visitMember(analysis, node);
    case "UnaryExpression":
      if (node.operator === "delete" || node.operator === "typeof") return node;
      break;
    case "NewExpression":
      if (isPlainError(analysis, node.callee)) node.callee = id("Error");
      break;
    case "ExportNamedDeclaration":
    case "ExportDefaultDeclaration":
      if (node.declaration !== null) node.declaration = visit(analysis, node.declaration);
      return node;
    case "LabeledStatement":
      node.body = visit(analysis, node.body);
      return node;
    case "BreakStatement":
    case "ContinueStatement":
    case "MetaProperty":
      return node;
    case "TryStatement":
      if (node.handler !== null && !analysis.reached.has(node.handler)) {
        if (node.finalizer === null) return visit(analysis, node.block);
        node.handler = null;
      }
      break;
    case "CatchClause":
      node.body = visit(analysis, node.body);
      return node;
  }
  const found = constantOf(analysis, node);
  if (found !== null) return found;
  replaceChildren(node, (child) => visit(analysis, child));
  return node;
}

/** Whether a class is an error that nobody tells from others: the engine's own says where it was made. */
function isPlainError(analysis: Analysis, callee: Node): boolean {
  const of = analysis.values.get(callee);
  if (of === undefined || of.isAny || of.bits !== 0 || of.things.size !== 1) return false;
  const [known] = of.things;
  if (!(known instanceof Class) || !known.isError || analysis.mentioned.has(known)) return false;
  // What the engine's other errors are, somebody may ask by their names.
  if (known.node.superClass?.name !== "Error") return false;
  const extended = [...analysis.classes.values()].some((each) => each.base.value.things.has(known));
  const fields = known.node.body.body.some((each: Node) => each.kind !== "constructor");
  return !extended && !fields && (known.make === null || known.make.node.params.length < 2);
}

function reachedOf(analysis: Analysis, list: readonly Node[]): Node[] {
  return list.flatMap((each) => {
    if (!analysis.reached.has(each)) return [];
    const kept = visitStatement(analysis, each);
    if (kept === null) return [];
    // Every name is another, so that a block keeps nothing apart.
    return kept.type === "BlockStatement" ? kept.body : [kept];
  });
}

/** A statement without what it does for nobody; `null` where nothing is left. */
function visitStatement(analysis: Analysis, node: Node): Node | null {
  const { effects } = analysis;
  if (node.type === "FunctionDeclaration" && node.id !== null) {
    if (isUnreadTarget(analysis, node.id)) return null;
  }
  if (node.type === "ExpressionStatement") {
    const { expression } = node;
    if (effects.isPure(expression) || isDeadUpdate(analysis, expression)) return null;
  }
  if (node.type === "VariableDeclaration") {
    node.declarations = node.declarations.filter(({ id, init }: Node) =>
      !isUnreadTarget(analysis, id) || (init !== null && !effects.isPure(init))
    );
    if (node.declarations.length === 0) return null;
    const [only, more] = node.declarations;
    if (more === undefined && only.id.type === "Identifier" && isUnreadTarget(analysis, only.id)) {
      return visit(analysis, statement(only.init));
    }
  }
  const kept = visit(analysis, node);
  if (kept.type === "EmptyStatement") return null;
  if (kept.type === "BlockStatement" && kept.body.length === 0) return null;
  if (kept.type === "IfStatement" && isEmpty(kept.consequent) && isEmpty(kept.alternate)) {
    return effects.isPure(kept.test) ? null : statement(kept.test);
  }
  return kept;
}

/** Whether this is the only place where a variable is read. */
function isReadOnce(analysis: Analysis, node: Node): boolean {
  const variable = node.type === "Identifier" ? analysis.bindings.of(node) : undefined;
  return variable !== undefined && variable.references.filter((each) => each.isRead()).length === 1;
}

/** Whether something goes on or leaves a loop. */
function jumps(node: Node): boolean {
  if (isFunction(node)) return false;
  return node.type === "ContinueStatement" || node.type === "BreakStatement" ||
    children(node).some(jumps);
}

function isEmpty(node: Node | null): boolean {
  return node === null || node.type === "EmptyStatement" ||
    (node.type === "BlockStatement" && node.body.every(isEmpty));
}

/** Whether nobody reads what a declaration binds; properties that nobody reads are taken out of its pattern. */
function isUnreadTarget(analysis: Analysis, target: Node): boolean {
  if (target.type === "ObjectPattern") {
    if (target.properties.some((each: Node) => each.type !== "Property" || each.computed)) {
      return false;
    }
    target.properties = target.properties.filter((each: Node) =>
      !isUnreadTarget(
        analysis,
        each.value.type === "AssignmentPattern" ? each.value.left : each.value,
      )
    );
    return target.properties.length === 0;
  }
  return target.type === "Identifier" && isUnused(analysis, target);
}

/** What is not reached, where a statement has to stand. */
function visitArm(analysis: Analysis, node: Node): Node {
  const kept = analysis.reached.has(node) ? visitStatement(analysis, node) : null;
  return kept ?? { type: "BlockStatement", body: [] };
}

/** What is passed at the end and read by nobody need not have a name. */
function dropLastParams(analysis: Analysis, { params, body }: Node): void {
  if (usesArguments(body)) return;
  while (params.length > 0 && isUnusedParam(analysis, params.at(-1))) params.pop();
}

/** Only what is inside a target is read: objects, keys and defaults. */
function visitTarget(analysis: Analysis, node: Node): Node {
  switch (node.type) {
    case "MemberExpression":
      return visitMember(analysis, node, true);
    case "AssignmentPattern":
      node.left = visitTarget(analysis, node.left);
      if (!analysis.values.has(node.right)) return node.left;
      node.right = visit(analysis, node.right);
      return node;
    case "ObjectPattern":
      for (const property of node.properties) {
        if (property.type === "RestElement") continue;
        property.value = visitTarget(analysis, property.value);
      }
      return node;
    case "ArrayPattern":
      node.elements = node.elements.map((each: Node | null) => each && visitTarget(analysis, each));
      return node;
  }
  return node;
}

function visitMember(analysis: Analysis, node: Node, isTarget = false): Node {
  const found = isTarget ? null : constantOf(analysis, node);
  if (found !== null) return found;
  const object = analysis.values.get(node.object);
  if (node.optional && object !== undefined && !object.isAny && (object.bits & NULLISH) === 0) {
    node.optional = false;
  }
  node.object = visit(analysis, node.object);
  if (node.computed) node.property = visit(analysis, node.property);
  return node;
}

/** A condition that can only go one way says so. */
function visitTest(analysis: Analysis, node: Node): Node {
  const value = analysis.values.get(node);
  if (value === undefined || value.isNever || value.mayBeTrue === value.mayBeFalse) {
    return visit(analysis, node);
  }
  const known = literal(value.mayBeTrue);
  if (analysis.effects.isPure(node)) return known;
  return { type: "SequenceExpression", expressions: [visit(analysis, node), known] };
}

function visitLogical(analysis: Analysis, node: Node): Node {
  const found = constantOf(analysis, node);
  if (found !== null) return found;
  const left = analysis.values.get(node.left);
  const known = left !== undefined && !left.isNever && analysis.effects.isPure(node.left)
    ? left
    : null;
  if (!analysis.values.has(node.right)) return visit(analysis, node.left);
  if (known !== null) {
    const gives = node.operator === "&&"
      ? !known.mayBeFalse
      : node.operator === "||"
      ? !known.mayBeTrue
      : !known.isAny && known.things.size === 0 && (known.bits & ~NULLISH) === 0;
    if (gives) return visit(analysis, node.right);
  }
  const right = analysis.values.get(node.right)?.constant;
  const neutral = right?.value === (node.operator === "&&") && node.operator !== "??";
  if (neutral && left !== undefined && isBoolean(left) && analysis.effects.isPure(node.right)) {
    return visit(analysis, node.left);
  }
  node.left = visit(analysis, node.left);
  node.right = visit(analysis, node.right);
  return node;
}

function isBoolean({ bits, things }: Value): boolean {
  return things.size === 0 && (bits & ~(TRUE | FALSE)) === 0;
}

function visitAssignment(analysis: Analysis, node: Node): Node {
  const { left } = node;
  if (node.operator === "=" && left.type === "Identifier" && isNeverRead(analysis, left)) {
    return visit(analysis, node.right);
  }
  const dead = node.operator === "=" && left.type === "MemberExpression" && !left.computed &&
    left.object.type !== "Super" && analysis.effects.isPure(left.object) &&
    isUnreadMember(analysis, left);
  node.right = visit(analysis, node.right);
  if (dead || isInitialNothing(analysis, node)) return node.right;
  node.left = visitTarget(analysis, left);
  return node;
}

/** `this.field = undefined` in a constructor, where nothing else was assigned: that is what it is without. */
function isInitialNothing(analysis: Analysis, { operator, left, right }: Node): boolean {
  if (operator !== "=" || left.type !== "MemberExpression" || left.computed) return false;
  if (left.object.type !== "ThisExpression" || analysis.constructing === null) return false;
  if (right.type !== "UnaryExpression" || right.operator !== "void") return false;
  return isPlainField(analysis, left) && assignsOnce(analysis.constructing, left.property.name);
}

/** Whether no other place in the constructors of a class and of what it extends assigns a field. */
function assignsOnce(of: Class, name: string): boolean {
  const assigned = (each: Class): number =>
    countAssignments(each.node.body, name) +
    each.bases.reduce((sum, base) => sum + assigned(base), 0);
  return assigned(of) === 1;
}

function countAssignments(node: Node, name: string): number {
  if (node.type === "MethodDefinition" && node.kind !== "constructor") return 0;
  const own = (node.type === "AssignmentExpression" && node.left.type === "MemberExpression" &&
    node.left.object.type === "ThisExpression" && node.left.property.name === name) ||
    (node.type === "PropertyDefinition" && node.key.name === name);
  return children(node).reduce((sum, child) => sum + countAssignments(child, name), own ? 1 : 0);
}

/** Whether a property is no accessor's. */
function isPlainField(analysis: Analysis, left: Node): boolean {
  const of = analysis.values.get(left.object);
  return of !== undefined && analysis.effects.isPlainMember(left, of);
}

function visitClass(analysis: Analysis, node: Node): Node {
  const known = analysis.classes.get(node);
  if (known === undefined) return node;
  if (node.superClass !== null) node.superClass = visit(analysis, node.superClass);
  node.body.body = (node.body.body as Node[]).filter((member) => {
    if (member.type === "MethodDefinition") {
      return analysis.functions.get(member.value)?.called === true;
    }
    if (member.type !== "PropertyDefinition" || member.static || member.computed) return true;
    if (!known.instantiated) return false;
    const name = analysis.nameOf(member)!;
    const unread = isUnreadIn(analysis, known.instance, name) &&
      [...analysis.classes.values()].every((each) =>
        !each.extends(known) || isUnreadIn(analysis, each.instance, name)
      );
    return !unread || (member.value !== null && !analysis.effects.isPure(member.value));
  });
  for (const member of node.body.body as Node[]) {
    analysis.constructing = member.kind === "constructor" ? known : null;
    if (member.type === "StaticBlock") visit(analysis, member);
    else if (member.value !== null) member.value = visit(analysis, member.value);
    analysis.constructing = null;
  }
  return node;
}

/** The literal that an expression always gives. */
function constantOf(analysis: Analysis, node: Node): Node | null {
  switch (node.type) {
    case "Identifier":
    case "MemberExpression":
    case "BinaryExpression":
    case "LogicalExpression":
    case "ConditionalExpression":
    case "UnaryExpression":
    case "CallExpression":
    case "ChainExpression":
      break;
    default:
      return null;
  }
  const answer = node.type === "CallExpression" ? answerTo(analysis, node) : null;
  // What is reached now may be found unreachable in a later round.
  if (answer !== null) return answer && !analysis.last ? null : literal(answer);
  const value = analysis.values.get(node);
  const known = value?.constant ?? null;
  if (known === null || !analysis.effects.isPure(node)) return null;
  if (known.value === undefined) return nothing();
  if (typeof known.value === "number" && known.value < 0) {
    return {
      type: "UnaryExpression",
      operator: "-",
      prefix: true,
      argument: literal(-known.value),
    };
  }
  if (typeof known.value === "string" && known.value.length > 8 && !isReadOnce(analysis, node)) {
    return null;
  }
  return literal(known.value);
}
