/**
 * Labels: a variable says how far a jump goes.
 *
 * @module
 */

import {
  assign,
  binary,
  block,
  children,
  id,
  isFunction,
  isLoop,
  literal,
  type Node,
  replaceChildren,
  statement,
  when,
} from "../ast.ts";
import { asFunction } from "./leave.ts";
import { declareLet, eachList, type Lowered, rewrite } from "./tree.ts";

/** Replaces labels by a variable that says how far a jump goes. */
export function lowerLabels(lowered: Lowered): void {
  eachList(lowered.program, (list) => list.flatMap((each) => labelled(lowered, each)));
  // A label below another statement, as in `if (a) outer: for (;;) {}`.
  rewrite(lowered.program, (node) => {
    if (node.type !== "LabeledStatement") return node;
    return block(labelled(lowered, node));
  });
}

function labelled(lowered: Lowered, node: Node): Node[] {
  if (node.type !== "LabeledStatement") return [node];
  const names = [node.label.name as string];
  let body: Node = node.body;
  while (body.type === "LabeledStatement") {
    names.push(body.label.name);
    body = body.body;
  }
  const ofLoop = isLoop(body);
  const flag = lowered.fresh("to");
  let used = false;
  /** Jumps to the label become jumps out of what is around them, one after the other. */
  const into = (one: Node, depth: number, inSwitch: boolean): Node => {
    if (isFunction(one) || one.type === "ClassDeclaration" || one.type === "ClassExpression") {
      return one;
    }
    const isTarget = (one.type === "BreakStatement" || one.type === "ContinueStatement") &&
      names.includes(one.label?.name);
    if (isTarget) {
      const goesOn = one.type === "ContinueStatement";
      if (depth === 0 && (goesOn || !inSwitch) && ofLoop) return { ...one, label: null };
      if (depth === 1 && !inSwitch && !ofLoop) return { ...one, label: null };
      used = true;
      // A `continue` of the loop itself passes a switch, a `break` does not.
      return block([
        statement(assign(id(flag), literal(goesOn ? 2 : 1))),
        { type: "BreakStatement", label: null },
      ]);
    }
    const loops = isLoop(one);
    const switches = one.type === "SwitchStatement";
    const before = used;
    used = false;
    descend(one, depth + (loops ? 1 : 0), switches || (inSwitch && !loops));
    const inside = used;
    used ||= before;
    if (!inside || !(loops || switches)) return one;
    return block([one, onwards(depth, inSwitch)]);
  };
  const onwards = (depth: number, inSwitch: boolean): Node => {
    const out: Node = { type: "BreakStatement", label: null };
    if (depth > 0 || !ofLoop) return when(id(flag), out);
    if (inSwitch) {
      return {
        ...when(binary("==", id(flag), literal(2)), { type: "ContinueStatement", label: null }),
        alternate: when(id(flag), out),
      };
    }
    return {
      ...when(binary("==", id(flag), literal(1)), out),
      alternate: when(id(flag), { type: "ContinueStatement", label: null }),
    };
  };
  const descend = (one: Node, depth: number, inSwitch: boolean): void =>
    replaceChildren(one, (child) => into(child, depth, inSwitch));
  if (ofLoop) {
    descend(body, 0, false);
    if (!used) return [body];
    // Every turn begins without a jump under way.
    const inner = body.body.type === "BlockStatement" ? body.body.body : [body.body];
    body.body = block([statement(assign(id(flag), literal(0))), ...inner]);
    return [declareLet(flag, literal(0)), body];
  }
  // A block is a loop of one turn.
  const once = { type: "DoWhileStatement", body, test: literal(false) };
  const free = hasFreeJumps(body);
  if (free) return outOfBlock(lowered, body, names);
  descend(once, 1, false);
  if (body.type !== "BlockStatement") once.body = block([once.body]);
  return used ? [declareLet(flag, literal(0)), once] : [once];
}

/** Whether a statement has jumps of its own out of loops around it. */
function hasFreeJumps(node: Node, inLoop = false, inSwitch = false): boolean {
  if (isFunction(node)) return false;
  if (node.type === "BreakStatement" && node.label === null) return !inLoop && !inSwitch;
  if (node.type === "ContinueStatement" && node.label === null) return !inLoop;
  const loops = inLoop || isLoop(node);
  const switches = inSwitch || node.type === "SwitchStatement";
  return children(node).some((child) => hasFreeJumps(child, loops, switches));
}

/** A labelled block that also jumps out of a loop around it: a function that says where to go. */
function outOfBlock(lowered: Lowered, body: Node, names: readonly string[]): Node[] {
  return asFunction(
    lowered,
    body.type === "BlockStatement" ? body : block([body]),
    (one) => names.includes(one.label?.name) ? null : undefined,
  );
}
