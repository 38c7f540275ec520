/**
 * Functions: defined before anything is run, and arrow functions that keep what they mean.
 *
 * @module
 */

import { assign, id, isFunction, type Node, statement } from "../ast.ts";
import { bodyOf, declareLet, eachList, type Lowered, walk, walkOwn } from "./tree.ts";

/** Brings function declarations to the beginning of what they are in. */
export function hoistFunctions(lowered: Lowered): void {
  const bodies = new Set<Node>();
  walk(lowered.program, (node) => {
    if (isFunction(node)) bodies.add(node.body);
  });
  eachList(lowered.program, (list, owner) => {
    const functions = list.filter(({ type }) => type === "FunctionDeclaration");
    if (functions.length === 0) return list;
    const rest = list.filter((each) => !functions.includes(each));
    if (owner.type === "Program" || bodies.has(owner)) return [...functions, ...rest];
    // In a block the interpreter would declare it for the whole function, and change the one that is there.
    const declared = functions.map((each) => {
      const made = declareLet(each.id.name, { ...each, type: "FunctionExpression", id: null });
      return { ...made, loc: each.loc };
    });
    return [...declared, ...rest];
  });
}

/**
 * Declares the first variable of a block at its beginning, where a function is made before it: the interpreter makes
 * the block's scope with the first declaration, and functions made before do not see it.
 */
export function openScopes(lowered: Lowered): void {
  const bodies = new Set<Node>([lowered.program]);
  walk(lowered.program, (node) => {
    if (isFunction(node)) bodies.add(node.body);
  });
  eachList(lowered.program, (list, owner) => {
    if (bodies.has(owner) || owner.type === "SwitchCase") return list;
    const isScoped = (node: Node): boolean =>
      (node.type === "VariableDeclaration" && node.kind !== "var") ||
      node.type === "ClassDeclaration";
    const first = list.findIndex(isScoped);
    if (first < 1 || !list.slice(0, first).some(makesFunction)) return list;
    const { declarations } = list[first]!;
    if (declarations === undefined) return list;
    const [{ id: name, init }, ...others] = declarations;
    const made: Node[] = [...list.slice(0, first)];
    if (init !== null) made.push(statement(assign({ ...name }, init, list[first])));
    if (others.length > 0) made.push({ ...list[first]!, kind: "let", declarations: others });
    return [declareLet(name.name, null), ...made, ...list.slice(first + 1)];
  });
}

function makesFunction(node: Node): boolean {
  let found = false;
  walk(node, (each) => found ||= isFunction(each));
  return found;
}

/** Classes in blocks become variables of the block: as declarations they are the whole function's. */
export function scopeClasses(lowered: Lowered): void {
  const bodies = new Set<Node>([lowered.program]);
  walk(lowered.program, (node) => {
    if (isFunction(node)) bodies.add(node.body);
  });
  eachList(lowered.program, (list, owner) =>
    bodies.has(owner) ? list : list.map((each) => {
      if (each.type !== "ClassDeclaration") return each;
      const made = declareLet(each.id.name, { ...each, type: "ClassExpression", id: null });
      return { ...made, loc: each.loc };
    }));
}

/**
 * Keeps `this` and `arguments` for arrow functions in variables: the interpreter gives them `arguments` of their own, no
 * `this` where another function follows in an expression, and trips over `this` in one that it passes over.
 */
export function captureThis(lowered: Lowered): void {
  const into = (node: Node): void => {
    const names = new Map<string, string>();
    const capture = (field: string): string => {
      let name = names.get(field);
      if (name === undefined) {
        name = lowered.fresh(field === "this" ? "self" : "args");
        names.set(field, name);
      }
      return name;
    };
    walkOwn(node, (arrow) => {
      if (arrow.type !== "ArrowFunctionExpression") return;
      walkOwn(arrow, (each) => {
        if (each.type === "Identifier" && each.name === "arguments") {
          each.name = capture("arguments");
        } else if (each.type === "ThisExpression") {
          each.type = "Identifier";
          each.name = capture("this");
        }
      }, true);
    }, true);
    if (names.size === 0) return;
    const first = [...names].map(([field, name]) =>
      declareLet(name, field === "this" ? { type: "ThisExpression" } : id("arguments"))
    );
    bodyOf(node).unshift(...first);
  };
  const functions: Node[] = [];
  walk(lowered.program, (node) => {
    if (isFunction(node) && node.type !== "ArrowFunctionExpression") functions.push(node);
  });
  functions.forEach(into);
}
