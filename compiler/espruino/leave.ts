/**
 * Statements that become those of a function, and say how they were left.
 *
 * @module
 */

import {
  arrow,
  assign,
  binary,
  call,
  declareVar,
  giveBack,
  id,
  isFunction,
  isLoop,
  literal,
  type Node,
  replaceChildren,
  statement,
  when,
} from "../ast.ts";
import { array, declareLet, type Lowered, sequence, walkOwn } from "./tree.ts";

/** Runs the body of a loop in a function of its own. */
export function runInFunction(lowered: Lowered, body: Node): Node[] {
  return asFunction(
    lowered,
    body,
    (jump) => jump.type === "ContinueStatement" && jump.label === null ? null : undefined,
  );
}

/**
 * Runs statements in a function of their own and does outside what they jump to.
 *
 * @param own What a jump with a label means: `null` where it ends the statements, `undefined` where it goes on.
 */
export function asFunction(
  lowered: Lowered,
  body: Node,
  own: (jump: Node) => null | undefined,
): Node[] {
  const out: Node[] = [];
  const result = lowered.fresh("r");
  leave(body, (jump) => {
    if (jump.type === "ReturnStatement") {
      return giveBack(array(jump.argument === null ? [] : [jump.argument]));
    }
    if (own(jump) === null) return giveBack(null);
    out.push({ ...jump });
    return giveBack(literal(out.length));
  });
  return [
    ...takeVariables(body),
    declareLet(result, call(arrow([], body), [])),
    ...outcomes(result, out, hasReturn(body)),
  ];
}

/** Whether statements give back what they were to return. */
export function hasReturn(body: Node): boolean {
  let found = false;
  walkOwn({ type: "Holder", body }, (node) => {
    found ||= node.type === "ReturnStatement" && node.argument?.type === "ArrayExpression";
  });
  return found;
}

/** What to do when such a function has said where to go. */
export function outcomes(result: string, jumps: readonly Node[], returns: boolean): Node[] {
  const made = jumps.map((jump, i) => when(binary("===", id(result), literal(i + 1)), jump));
  if (returns) {
    const value: Node = {
      type: "MemberExpression",
      object: id(result),
      property: literal(0),
      computed: true,
      optional: false,
    };
    made.push(when(id(result), giveBack(value)));
  }
  return made;
}

/** Takes `var`s out of statements that become a function's. */
export function takeVariables(body: Node): Node[] {
  const names: string[] = [];
  const into = (one: Node, parent: Node): Node => {
    if (isFunction(one)) return one;
    replaceChildren(one, (child) => into(child, one));
    if (one.type !== "VariableDeclaration" || one.kind !== "var") return one;
    names.push(...one.declarations.map((each: Node) => each.id.name));
    if (parent.left === one) return one.declarations[0].id;
    const assigned = one.declarations.filter((each: Node) => each.init !== null)
      .map((each: Node) => assign(each.id, each.init, each));
    if (assigned.length === 0) {
      return parent.type === "ForStatement" ? literal(0) : { type: "EmptyStatement" };
    }
    return parent.init === one ? sequence(assigned) : statement(sequence(assigned));
  };
  into(body, body);
  return names.length === 0
    ? []
    : [declareVar([...new Set(names)].map((name) => ({ name, init: null })))];
}

/** Replaces the jumps that leave `body`. */
export function leave(body: Node, replace: (jump: Node) => Node): void {
  const into = (one: Node, loops: boolean, switches: boolean, labels: readonly string[]): Node => {
    if (isFunction(one) || /^Class/.test(one.type)) return one;
    if (one.type === "ReturnStatement") return replace(one);
    if (one.type === "BreakStatement" || one.type === "ContinueStatement") {
      const stays = one.label !== null
        ? labels.includes(one.label.name)
        : loops || (switches && one.type === "BreakStatement");
      return stays ? one : replace(one);
    }
    const inner = one.type === "LabeledStatement" ? [...labels, one.label.name as string] : labels;
    const inLoop = loops || isLoop(one);
    const inSwitch = switches || inLoop || one.type === "SwitchStatement";
    replaceChildren(one, (child) => into(child, inLoop, inSwitch, inner));
    return one;
  };
  into(body, false, false, []);
}
