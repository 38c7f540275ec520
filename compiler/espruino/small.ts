/**
 * The stricter level, for firmware that was cut small: no classes, arrow functions, block variables, shorthands.
 *
 * @module
 */

import {
  assign,
  block,
  call,
  children,
  copyPath,
  element,
  id,
  isFunction,
  isLoop,
  literal,
  member,
  type Node,
  statement,
} from "../ast.ts";
import { runInFunction } from "./leave.ts";
import { Scopes } from "./scopes.ts";
import { bodyOf, eachList, functionOf, type Lowered, rewrite, walk } from "./tree.ts";

/** Gives the turns of a loop whose variables functions keep a function of their own. */
export function separateTurns(lowered: Lowered): void {
  const scopes = new Scopes(lowered.program);
  rewrite(lowered.program, (node) => {
    if (!isLoop(node) || !keepsOwn(node.body, scopes)) return node;
    return { ...node, body: block(runInFunction(lowered, node.body)) };
  });
}

/** Whether a function inside a loop's body keeps a variable that is declared there. */
function keepsOwn(body: Node, scopes: Scopes): boolean {
  let found = false;
  const into = (node: Node): void => {
    if (isFunction(node)) return;
    if (node.type === "VariableDeclaration" && node.kind !== "var") {
      for (const each of node.declarations) {
        const variable = scopes.of(each.id);
        found ||= variable?.references.some(({ from }) =>
          from.variableScope !== variable.scope.variableScope
        ) ?? false;
      }
    }
    children(node).forEach(into);
  };
  into(body);
  return found;
}

/** Writes out what is left that the firmware does not have. */
export function lowerToSmall(lowered: Lowered): void {
  lowerClassesToFunctions(lowered);
  rewrite(lowered.program, (node, { parent }) => {
    switch (node.type) {
      case "ArrowFunctionExpression":
        return { ...functionOf(node.params, bodyOf(node), node) };
      case "VariableDeclaration":
        return lowerDeclaration(node, parent);
      case "Property":
        return lowerProperty(lowered, node);
      case "Literal":
        if (node.regex !== undefined) {
          lowered.refuse(
            "Cannot use a regular expression on this board: its firmware has none; search the text with indexOf",
            node,
          );
        }
        return node;
      default:
        return node;
    }
  });
}

/** Block variables are the function's; without a value they are undefined again in every turn. */
function lowerDeclaration(node: Node, parent: Node): Node {
  if (node.kind === "var") return node;
  const isHead = /^For(?:In|Of)/.test(parent.type) && parent.left === node;
  const declarations = node.declarations.map((each: Node) =>
    each.init === null && !isHead ? { ...each, init: id("undefined") } : each
  );
  return { ...node, kind: "var", declarations };
}

function lowerProperty(lowered: Lowered, node: Node): Node {
  if (node.kind !== "init") {
    lowered.refuse(
      "Cannot use an accessor on this board: its firmware has none; write a method",
      node,
    );
  }
  return { ...node, shorthand: false, method: false };
}

/** `class A extends B {}` as a function and what is on its prototype. */
function lowerClassesToFunctions(lowered: Lowered): void {
  eachList(lowered.program, (list) =>
    list.flatMap((each) => {
      const init = each.type === "VariableDeclaration" ? each.declarations[0].init : null;
      const node = each.type === "ClassDeclaration" ? each : init;
      if (node?.type !== "ClassDeclaration" && node?.type !== "ClassExpression") return [each];
      const name: string = each.id?.name ?? each.declarations[0].id.name;
      return written(lowered, node, name, each.type === "ClassDeclaration", each);
    }));
}

function written(
  lowered: Lowered,
  node: Node,
  name: string,
  isDeclaration: boolean,
  like: Node,
): Node[] {
  const { superClass, body } = node;
  const members: Node[] = body.body;
  const constructor = members.find(({ kind }) => kind === "constructor");
  const fn: Node = constructor?.value ?? functionOf(
    [],
    superClass === null ? [] : [
      statement(
        call(member(copyPath(superClass), "apply"), [{ type: "ThisExpression" }, id("arguments")]),
      ),
    ],
  );
  const made: Node[] = isDeclaration
    ? [{ ...fn, type: "FunctionDeclaration", id: id(name), loc: like.loc }]
    : [{ ...like, declarations: [{ ...like.declarations[0], init: { ...fn, id: null } }] }];
  const prototype = (): Node => member(id(name), "prototype");
  if (superClass !== null) {
    made.push(
      statement(
        assign(member(prototype(), "__proto__"), member(copyPath(superClass), "prototype")),
      ),
    );
  }
  for (const each of members) {
    if (each.kind === "constructor") continue;
    if (each.kind === "get" || each.kind === "set") {
      lowered.refuse(
        "Cannot use an accessor on this board: its firmware has none; write a method",
        each,
      );
    }
    const owner = each.static ? id(name) : prototype();
    const place = each.key.type === "Identifier"
      ? member(owner, each.key.name)
      : element(owner, literal(each.key.value));
    made.push(statement(assign(place, { ...each.value, id: null }, each)));
  }
  return made;
}

/** Refuses what the firmware's library lacks. */
export function requireSmallLibrary(lowered: Lowered): void {
  const { through } = new Scopes(lowered.program).root;
  const tested = new Set<Node>();
  walk(lowered.program, (node) => {
    if (node.type === "UnaryExpression" && node.operator === "typeof") tested.add(node.argument);
  });
  for (const { identifier } of through) {
    if (identifier.name === "Promise" && !tested.has(identifier)) {
      lowered.refuse(
        "Cannot use Promise on this board: its firmware has none; await tasks and futures of awaitio",
        identifier,
      );
    }
  }
}
