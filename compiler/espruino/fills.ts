/**
 * Fills of the library: what the interpreter lacks is brought along where a program uses it, and only there.
 *
 * @module
 */

import {
  assign,
  binary,
  call,
  children,
  id,
  isKey,
  literal,
  member,
  type Node,
  replaceChildren,
} from "../ast.ts";
import { CONSTANTS, GLOBALS, known, METHODS, REFUSED, STATICS } from "./fill_texts.ts";
import { type Scopes } from "./scopes.ts";
import { array, type Lowered, object, rewrite, walk } from "./tree.ts";

/** Static functions that do nothing that the interpreter could tell. */
const IDENTITIES: ReadonlySet<string> = new Set([
  "Object.freeze",
  "Object.seal",
  "Object.preventExtensions",
]);
/** What is nowhere on the interpreter: a `typeof` of it is known when building. */
const MISSING: readonly string[] = Object.keys(REFUSED);

/** Supplies what the program uses and the interpreter lacks. */
export function lowerFills(lowered: Lowered): void {
  foldMissing(lowered);
  const scopes = lowered.scopes();
  const own = ownMethods(lowered.program);
  rewrite(lowered.program, (node, { parent }) => {
    switch (node.type) {
      case "CallExpression":
        return lowerCall(lowered, node, scopes, own);
      case "MemberExpression":
        return lowerMember(lowered, node, scopes, parent);
      case "AssignmentExpression":
        return lowerLength(lowered, node);
      case "BinaryExpression":
        if (node.operator === "instanceof" && scopes.isGlobal(node.right, "Error")) {
          lowered.fills.add("errors");
        }
        return node;
      case "Identifier":
        return lowerGlobal(lowered, node, scopes, parent);
      default:
        return node;
    }
  });
  if (readsErrorName(lowered.program)) lowered.fills.add("names");
}

/** Decides `typeof AbortSignal === "function"` and the like, so that what hangs on it can go. */
function foldMissing(lowered: Lowered): void {
  const scopes = lowered.scopes();
  const absent = lowered.level === "small" ? [...MISSING, "Promise"] : MISSING;
  const into = (node: Node): Node => {
    replaceChildren(node, into);
    if (node.type === "BinaryExpression" && /^[!=]==?$/.test(node.operator)) {
      const { left, right } = node;
      const missing = left.type === "UnaryExpression" && left.operator === "typeof" &&
        scopes.isGlobal(left.argument, ...absent) && right.type === "Literal";
      if (missing) {
        return literal((right.value === "undefined") === node.operator.startsWith("="));
      }
    }
    if (node.type === "ConditionalExpression" && typeof node.test.value === "boolean") {
      return node.test.value ? node.consequent : node.alternate;
    }
    if (node.type === "IfStatement" && typeof node.test.value === "boolean") {
      return (node.test.value ? node.consequent : node.alternate) ?? { type: "EmptyStatement" };
    }
    if (node.type === "LogicalExpression" && typeof node.left.value === "boolean") {
      if (node.operator === "&&") return node.left.value ? node.right : node.left;
      if (node.operator === "||") return node.left.value ? node.left : node.right;
    }
    return node;
  };
  replaceChildren(lowered.program, into);
}

/** Names of methods that the program's own classes and objects have. */
function ownMethods(program: Node): Set<string> {
  const names = new Set<string>();
  walk(program, (node) => {
    const isMethod = node.type === "MethodDefinition" ||
      (node.type === "Property" && /Function/.test(node.value.type));
    if (isMethod && !node.computed) names.add(node.key.name ?? node.key.value);
  });
  return names;
}

/** `Object.keys` of a member expression whose object is a global. */
function fullName(node: Node, scopes: Scopes): string | null {
  if (node.type !== "MemberExpression" || node.computed || node.object.type !== "Identifier") {
    return null;
  }
  return scopes.of(node.object) === undefined ? `${node.object.name}.${node.property.name}` : null;
}

function lowerCall(
  lowered: Lowered,
  node: Node,
  scopes: Scopes,
  own: ReadonlySet<string>,
): Node {
  const { callee } = node;
  const name = fullName(callee, scopes);
  if (name !== null && IDENTITIES.has(name) && node.arguments.length === 1) {
    return node.arguments[0];
  }
  if (name === "Object.assign" && !/^(?:Object|This)Expression$/.test(node.arguments[0]?.type)) {
    return call(lowered.helper("assignTo"), node.arguments, node);
  }
  if (name === "Object.isFrozen" || name === "Object.isSealed") return literal(false);
  if (name === "Array.of") return array(node.arguments);
  if (callee.type !== "MemberExpression" || callee.computed) return node;
  // `Promise.prototype.then.call(promise, f)`: the interpreter shows the methods of its own classes on objects only.
  if (callee.property.name === "call" && isMethodOf(callee.object, scopes, "Promise")) {
    const [self, ...args] = node.arguments;
    return call(member(self, callee.object.property.name), args, node);
  }
  const method: string = callee.property.name;
  if (known(METHODS, method) !== undefined && !own.has(method)) lowered.helper(`.${method}`);
  const lists = ["keys", "values", "entries"].includes(method) && node.arguments.length === 0;
  if (lists && !own.has(method) && name === null) {
    // An array's or a map's: who knows. A map has the method itself.
    lowered.program.iterates = true;
    return call(lowered.helper(`${method}Of`), [callee.object], node);
  }
  return node;
}

function lowerMember(lowered: Lowered, node: Node, scopes: Scopes, parent: Node): Node {
  // Every property can be enumerated.
  if (!node.computed && node.property.name === "propertyIsEnumerable") {
    node.property.name = "hasOwnProperty";
  }
  const name = fullName(node, scopes);
  if (name === null) return withoutPrototype(node, scopes, parent);
  if (known(CONSTANTS, name) !== undefined) {
    return { ...literal(known(CONSTANTS, name)!), loc: node.loc };
  }
  if (known(STATICS, name) !== undefined) return at(lowered.helper(name), node);
  if (name === "Number.parseFloat") return id("parseFloat", node);
  if (name === "Number.parseInt") return id("parseInt", node);
  if (known(REFUSED, name) !== undefined) refuse(lowered, name, node);
  return node;
}

/** Whether a node is `Name.prototype.method`. */
function isMethodOf(node: Node, scopes: Scopes, name: string): boolean {
  return node.type === "MemberExpression" && !node.computed &&
    node.object.type === "MemberExpression" &&
    node.object.property.name === "prototype" && scopes.isGlobal(node.object.object, name);
}

/** `Array.prototype.slice` is undefined; a value of the class has the method. */
function withoutPrototype(node: Node, scopes: Scopes, parent: Node): Node {
  const { object: inner } = node;
  const isMethod = !node.computed && inner.type === "MemberExpression" && !inner.computed &&
    inner.property.name === "prototype" && node.property.name !== "constructor";
  const written = parent.type === "AssignmentExpression" && parent.left === node;
  if (!isMethod || written) return node;
  const value = scopes.isGlobal(inner.object, "Array")
    ? array([])
    : scopes.isGlobal(inner.object, "Object")
    ? object([])
    : scopes.isGlobal(inner.object, "String")
    ? literal("")
    : null;
  return value === null ? node : { ...node, object: value };
}

function lowerGlobal(lowered: Lowered, node: Node, scopes: Scopes, parent: Node): Node {
  if (scopes.of(node) !== undefined || isKey(node, parent)) return node;
  const { name } = node;
  if (known(GLOBALS, name) !== undefined && isReference(node, scopes)) {
    if (name === "Map" || name === "Set") lowered.program.iterates = true;
    return at(lowered.helper(name), node);
  }
  const tested = parent.type === "UnaryExpression" && parent.operator === "typeof";
  if (known(REFUSED, name) !== undefined && !tested && isReference(node, scopes)) {
    refuse(lowered, name, node);
  }
  return node;
}

/** Whether an identifier is read as a variable. */
function isReference(node: Node, scopes: Scopes): boolean {
  return scopes.root.through.some(({ identifier }) => identifier === node);
}

function at(node: Node, like: Node): Node {
  return { ...node, loc: like.loc };
}

function refuse(lowered: Lowered, name: string, node: Node): never {
  lowered.refuse(`Cannot use ${name} on Espruino, which has none: ${known(REFUSED, name)}`, node);
}

/** `list.length = n` throws. */
function lowerLength(lowered: Lowered, node: Node): Node {
  const { left, right, operator } = node;
  if (left.type !== "MemberExpression" || left.computed || left.property.name !== "length") {
    return node;
  }
  if (left.object.type === "ThisExpression") return node;
  if (operator !== "=") {
    const value = binary(operator.slice(0, -1), { ...left, object: { ...left.object } }, right);
    return lowerLength(lowered, assign(left, value, node));
  }
  return call(lowered.helper("setLength"), [left.object, right], node);
}

/** Whether the name of something caught, or of something tested for being an error, is read. */
function readsErrorName(program: Node): boolean {
  const suspects = new Set<string>();
  walk(program, (node) => {
    if (node.type === "CatchClause" && node.param?.type === "Identifier") {
      suspects.add(node.param.name);
    }
    if (node.type === "BinaryExpression" && node.operator === "instanceof") {
      if (node.left.type === "Identifier") suspects.add(node.left.name);
    }
  });
  let found = false;
  const into = (node: Node): void => {
    if (node.type === "MemberExpression" && !node.computed && node.property.name === "name") {
      if (node.object.type === "Identifier" && suspects.has(node.object.name)) found = true;
    }
    children(node).forEach(into);
  };
  into(program);
  return found;
}

/** Statements that make the native errors what they are elsewhere. */
export function errorFills(fills: ReadonlySet<string>): string | null {
  const linked = fills.has("errors");
  const named = fills.has("names");
  if (!linked && !named) return null;
  const link = linked ? "type.prototype.__proto__ = Error.prototype;" : "";
  const name = named ? "type.prototype.name = names[i];" : "";
  const types = "[TypeError, ReferenceError, SyntaxError]";
  const names = named ? 'var names = ["TypeError", "ReferenceError", "SyntaxError"];' : "";
  const first = named ? 'Error.prototype.name = "Error";' : "";
  return `${first}${types}.forEach(function (type, i) { ${names} ${link} ${name} });`;
}
