/**
 * Classes: the interpreter has them, with methods and accessors that have plain names. Everything else is written out.
 *
 * @module
 */

import {
  assign,
  block,
  call,
  copyPath,
  element,
  giveBack,
  id,
  isFunction,
  member,
  type Node,
  replaceChildren,
  replaceThis,
  statement,
} from "../ast.ts";
import { lowerPrivateNames, lowerSuper } from "./class_members.ts";
import { defineAccessor, iife, isPlainName, keyOf } from "./operators.ts";
import { Scopes } from "./scopes.ts";
import {
  declareLet,
  eachList,
  functionOf,
  isSimple,
  type Lowered,
  rewrite,
  sequence,
} from "./tree.ts";

/** Native errors: what extends one cannot call it. */
const ERRORS: ReadonlySet<string> = new Set([
  "Error",
  "TypeError",
  "RangeError",
  "SyntaxError",
  "ReferenceError",
  "EvalError",
  "URIError",
]);
/** Native classes that no class of JavaScript can extend on the interpreter. */
const CLOSED: ReadonlySet<string> = new Set(
  ("Array Promise Function Object String Number Boolean Date RegExp ArrayBuffer DataView Uint8Array " +
    "Int8Array Uint8ClampedArray Int16Array Uint16Array Int32Array Uint32Array Float32Array " +
    "Float64Array").split(" "),
);

/** Lowers the classes of a program. */
export function lowerClasses(lowered: Lowered, root: Node = lowered.program): void {
  nameExpressions(lowered, root);
  const scopes = new Scopes(root);
  const statics = new Map<string, Node[]>();
  eachList(root, (list) =>
    list.flatMap((each) => {
      const node = classOf(each);
      if (node === null) return [each];
      const name: string = each.type === "ClassDeclaration"
        ? node.id.name
        : each.declarations[0].id.name;
      const { before, after } = lowerClass(lowered, node, name, scopes, statics);
      return [...before, each, ...after];
    }));
}

/** The class of a statement that declares one. */
function classOf(node: Node): Node | null {
  if (node.type === "ClassDeclaration") return node;
  if (node.type !== "VariableDeclaration" || node.declarations.length !== 1) return null;
  const { init } = node.declarations[0];
  return init?.type === "ClassExpression" ? init : null;
}

/**
 * A class in the middle of an expression gets a function around it: where the interpreter passes over an expression
 * that is not to be evaluated, it cannot find a class's end.
 */
function nameExpressions(lowered: Lowered, root: Node): void {
  eachList(root, (list) =>
    list.flatMap((each) => {
      if (each.type !== "VariableDeclaration" || each.declarations.length === 1) return [each];
      if (!each.declarations.some(({ init }: Node) => init?.type === "ClassExpression")) {
        return [each];
      }
      return each.declarations.map((one: Node) => ({ ...each, declarations: [one] }));
    }));
  rewrite(root, (node, { parent }) => {
    if (
      node.type === "ClassExpression" && node.id !== null && parent.type === "VariableDeclarator"
    ) {
      // Its own name is another variable, which may differ from the one that it is assigned to.
      if (node.id.name === parent.id.name) return { ...node, id: null };
    } else if (node.type !== "ClassExpression" || parent.type === "VariableDeclarator") return node;
    const name = node.id?.name ?? lowered.fresh("C");
    return iife([{ ...node, type: "ClassDeclaration", id: id(name) }, giveBack(id(name))], node);
  });
}

/** What a class becomes: statements before and after what is left of it. */
function lowerClass(
  lowered: Lowered,
  node: Node,
  name: string,
  scopes: Scopes,
  statics: Map<string, Node[]>,
): { readonly before: Node[]; readonly after: Node[] } {
  const before: Node[] = [];
  const after: Node[] = [];
  const self = (): Node => id(name);
  const parent = superclass(lowered, node, scopes, before);
  lowerPrivateNames(lowered, node);
  lowerSuper(node, parent);
  const fields: Node[] = [];
  const kept: Node[] = [];
  const inherited: Node[] = [];
  for (const each of node.body.body as Node[]) {
    const { key, value, kind } = each;
    if (each.computed && key.type !== "Literal" && !isSimple(key)) {
      const name = lowered.fresh("k");
      before.push(declareLet(name, key));
      each.key = id(name);
    }
    const target = each.static ? self() : member(self(), "prototype");
    if (each.type === "StaticBlock") after.push(staticBlock(each, name));
    else if (each.type === "PropertyDefinition") {
      if (!each.static) fields.push(each);
      else {
        inherited.push(each);
        after.push(statement(assign(place(target, each), inStatic(value, name), each)));
      }
    } else if (!each.computed && isPlainName(key)) {
      kept.push(each);
      if (each.static) inherited.push(each);
    } else if (kind === "get" || kind === "set") {
      after.push(statement(defineAccessor(target, keyOf(each), kind, value)));
    } else {
      after.push(statement(assign(place(target, each), { ...value, id: null }, each)));
      if (each.static) inherited.push(each);
    }
  }
  node.body.body = kept;
  if (fields.length > 0) addFields(node, parent, fields);
  after.unshift(...inheritStatics(lowered, parent, self, inherited, statics));
  statics.set(name, [...inherited, ...(parent === null ? [] : statics.get(parent.name) ?? [])]);
  return { before, after };
}

function place(target: Node, { key, computed }: Node): Node {
  return computed || key.type !== "Identifier" ? element(target, key) : member(target, key.name);
}

/** The name of the class that is extended. */
function superclass(
  lowered: Lowered,
  node: Node,
  scopes: Scopes,
  before: Node[],
): Node | null {
  const { superClass } = node;
  if (superClass === null) return null;
  if (superClass.type === "Literal") {
    lowered.refuse(
      "Cannot extend null on Espruino: write a class that extends nothing",
      superClass,
    );
  }
  if (superClass.type !== "Identifier") {
    const name = lowered.fresh("Base");
    before.push(declareLet(name, superClass));
    node.superClass = id(name);
  } else if (scopes.isGlobal(superClass, ...ERRORS)) {
    node.superClass = lowered.helper("ErrorClass");
    if (superClass.name !== "Error") lowered.fills.add("error prototypes");
  } else if (scopes.isGlobal(superClass, ...CLOSED)) {
    lowered.refuse(
      `Cannot extend ${superClass.name} on Espruino: its constructor cannot be called for an ` +
        "object of another class; keep one in a field instead",
      superClass,
    );
  }
  return node.superClass;
}

/** Fields are assigned where the constructor begins, or behind `super()`. */
function addFields(node: Node, parent: Node | null, fields: readonly Node[]): void {
  const assigned = fields.map((each) =>
    statement(
      assign(
        place({ type: "ThisExpression" }, each),
        each.value ?? { type: "Identifier", name: "undefined" },
        each,
      ),
    )
  );
  let found: Node | undefined = node.body.body.find((each: Node) => each.kind === "constructor");
  if (found === undefined) {
    const first = parent === null ? [] : [statement(
      call(member(copyPath(parent), "apply"), [{ type: "ThisExpression" }, id("arguments")]),
    )];
    found = {
      type: "MethodDefinition",
      kind: "constructor",
      key: id("constructor"),
      computed: false,
      static: false,
      value: functionOf([], first),
    };
    node.body.body.unshift(found);
  }
  const body: Node[] = found!.value.body.body;
  const at = parent === null
    ? 0
    : body.findIndex((each) =>
      each.type === "ExpressionStatement" && isSuperCall(each.expression, parent)
    ) + 1;
  if (at > 0 || parent === null) return void body.splice(at, 0, ...assigned);
  // The call of the parent is somewhere inside: the fields follow it in a function of their own.
  let placed = false;
  const into = (outer: Node): void =>
    replaceChildren(outer, (one) => {
      if (placed) return one;
      if (isSuperCall(one, parent)) {
        placed = true;
        return sequence([one, ...assigned.map(({ expression }) => expression)]);
      }
      if (!isFunction(one) || one.type === "ArrowFunctionExpression") into(one);
      return one;
    });
  into(found!.value.body);
}

function isSuperCall(node: Node, parent: Node): boolean {
  return node.type === "CallExpression" && node.callee.type === "MemberExpression" &&
    node.callee.object.name === parent.name && node.arguments[0]?.type === "ThisExpression" &&
    ["call", "apply"].includes(node.callee.property.name);
}

/** `this` in the initializer of a static field is the class. */
function inStatic(value: Node | null, name: string): Node {
  if (value === null) return id("undefined");
  const holder: Node = { type: "Holder", value };
  replaceThis(holder, id(name));
  return holder.value;
}

function staticBlock(node: Node, name: string): Node {
  const body = inStatic(block(node.body), name);
  const declares = body.body.some(({ type }: Node) => /Declaration$/.test(type));
  if (!declares) return body;
  return statement(iife(body.body, node));
}

/** The interpreter's classes do not inherit what is static. */
function inheritStatics(
  lowered: Lowered,
  parent: Node | null,
  self: () => Node,
  own: readonly Node[],
  statics: ReadonlyMap<string, readonly Node[]>,
): Node[] {
  if (parent === null || lowered.wanted.get("ErrorClass")?.name === parent.name) return [];
  const known = statics.get(parent.name);
  if (known === undefined) {
    return [statement(call(lowered.helper("inherit"), [self(), copyPath(parent)]))];
  }
  const names = new Set(own.map(({ key }) => key.name ?? key.value));
  return known.filter(({ key }) => !names.has(key.name ?? key.value)).map((each) => {
    if (each.kind === "get") {
      const read = functionOf([], [giveBack(place(copyPath(parent), each))]);
      return statement(defineAccessor(self(), keyOf(each), "get", read));
    }
    return statement(assign(place(self(), each), place(copyPath(parent), each)));
  });
}
