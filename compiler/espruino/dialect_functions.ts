/**
 * What the interpreter does otherwise with functions, classes and the members of objects.
 *
 * @module
 */

import { children, isFunction, type Node, usesArguments } from "../ast.ts";
import { type Around, type Note, PARSE } from "./dialect.ts";
import { isPlainName } from "./operators.ts";
import { mayBeSkipped } from "./settle.ts";

/** Notes what is wrong with a function. */
export function functionFaults(node: Node, { above }: Around, fault: Note): void {
  if (node.generator) fault("a generator");
  if (node.async) fault("an async function");
  for (const param of node.params) {
    if (param.type === "AssignmentPattern") fault("a default value of a parameter", PARSE, param);
    if (param.type === "RestElement") fault("a rest parameter", PARSE, param);
  }
  if (node.type === "ArrowFunctionExpression") {
    if (usesArguments(node)) {
      fault("arguments in an arrow function", "takes those of the arrow function itself");
    }
    if (node.body.type !== "BlockStatement" && losesThis(node)) {
      fault("this before a function in the expression of an arrow function", "forgets this");
    }
  }
  const parent = above.at(-1);
  if (node.type === "FunctionDeclaration" && parent?.type !== "Program") {
    const inFunction = parent?.type === "BlockStatement" && isFunctionBody(parent, above);
    if (!inFunction) {
      fault("a function declared in a block", "changes the one that an earlier turn has declared");
    }
  }
}

function isFunctionBody(block: Node, above: readonly Node[]): boolean {
  const owner = above.at(-2);
  return owner !== undefined && isFunction(owner) && owner.body === block;
}

/** The interpreter looks for `this` from the last function on that begins inside. */
function losesThis(arrow: Node): boolean {
  let begins = -1;
  const starts: number[] = [];
  const into = (node: Node, own: boolean): void => {
    if (node.type === "ThisExpression" && own) starts.push(node.start!);
    if (isFunction(node)) begins = Math.max(begins, node.body.start!);
    const inner = own && (!isFunction(node) || node.type === "ArrowFunctionExpression");
    for (const child of children(node)) into(child, inner);
  };
  into(arrow.body, true);
  return starts.length > 0 && starts.every((start) => start < begins);
}

/** Notes what is wrong with a class. */
export function classFaults(node: Node, around: Around, fault: Note): void {
  const { superClass, body } = node;
  if (superClass !== null && superClass.type !== "Identifier") {
    fault("a class that extends an expression", PARSE, superClass);
  }
  if (superClass !== null && /^(?:\w*Error|Array|Promise|Map|Set)$/.test(superClass.name)) {
    const { name } = superClass;
    if (!new RegExp(`\\bclass ${name}\\b|\\b${name} ?= ?class\\b`).test(around.code)) {
      fault(`a class that extends ${superClass.name}`, "cannot call the constructor", superClass);
    }
  }
  if (node.type === "ClassExpression" && mayBeSkipped(around.above)) {
    fault("a class where an expression may be passed over");
  }
  const parent = around.above.at(-1);
  if (
    node.type === "ClassDeclaration" && parent?.type === "BlockStatement" &&
    !isFunctionBody(parent, around.above)
  ) {
    fault("a class declared in a block", "declares it for the whole function");
  }
  for (const each of body.body as Node[]) {
    if (each.type === "StaticBlock") fault("a static block", PARSE, each);
    else if (each.key.type === "PrivateIdentifier") fault("a private member", PARSE, each);
    else if (each.computed || !isPlainName(each.key)) {
      fault("a member of a class whose name is no plain one", PARSE, each);
    } else if (each.type === "PropertyDefinition") {
      if (each.value === null) fault("a field without a value", PARSE, each);
      else if (!each.static) fault("a field of a class", "puts it on the prototype", each);
    }
  }
}

/** Notes what is wrong with a property of an object. */
export function propertyFaults(node: Node, { above }: Around, fault: Note): void {
  if (above.at(-1)?.type === "ObjectPattern") return;
  if (node.computed) fault("a computed key");
  if ((node.kind === "get" || node.kind === "set") && !isPlainName(node.key)) {
    fault("an accessor whose name is no plain one");
  }
}
