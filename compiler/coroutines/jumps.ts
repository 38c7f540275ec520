/**
 * Where `break`, `continue` and `return` go, also out of statements that stay as they are.
 *
 * @module
 */

import { block, type Node } from "../ast.ts";
import type { Label } from "./blocks.ts";
import { leave, returning } from "./exits.ts";
import type { Lowering } from "./lowering.ts";
import type { Names } from "./statements.ts";

/** A statement as it is, but for the jumps out of it: they are jumps of the machine. */
export function keepWithJumps(lowering: Lowering, node: Node): Node {
  return keepInside(lowering, node, { names: [], loop: false, choice: false });
}

/** What a jump inside a statement that stays as it is can mean there. */
interface Inside {
  readonly names: Names;
  readonly loop: boolean;
  readonly choice: boolean;
}

function keepInside(lowering: Lowering, node: Node, inside: Inside): Node {
  const { machine } = lowering;
  const one = (child: Node, within: Inside = inside): Node => keepInside(lowering, child, within);
  switch (node.type) {
    case "ReturnStatement":
      return block(returning(machine, node.argument));
    case "BreakStatement":
    case "ContinueStatement": {
      const own = node.label !== null
        ? inside.names.includes(node.label.name)
        : inside.loop || (node.type === "BreakStatement" && inside.choice);
      return own ? node : block(leave(machine, targetOf(lowering, node)));
    }
    case "BlockStatement":
      return { ...node, body: node.body.map((each: Node) => one(each)) };
    case "IfStatement":
      return {
        ...node,
        consequent: one(node.consequent),
        alternate: node.alternate === null ? null : one(node.alternate),
      };
    case "LabeledStatement":
      return {
        ...node,
        body: one(node.body, { ...inside, names: [...inside.names, node.label.name] }),
      };
    case "TryStatement":
      return {
        ...node,
        block: one(node.block),
        handler: node.handler === null ? null : { ...node.handler, body: one(node.handler.body) },
        finalizer: node.finalizer === null ? null : one(node.finalizer),
      };
    case "SwitchStatement":
      return {
        ...node,
        cases: node.cases.map((each: Node) => ({
          ...each,
          consequent: each.consequent.map((child: Node) => one(child, { ...inside, choice: true })),
        })),
      };
    case "WhileStatement":
    case "DoWhileStatement":
    case "ForStatement":
    case "ForInStatement":
    case "ForOfStatement":
      return { ...node, body: one(node.body, { ...inside, loop: true }) };
    default:
      return node;
  }
}

/** Where a `break` or `continue` goes. */
export function targetOf({ machine, refuse }: Lowering, node: Node): Label {
  const name: string | undefined = node.label?.name;
  for (let i = machine.contexts.length - 1; i >= 0; i--) {
    const context = machine.contexts[i]!;
    if (context.kind !== "target") continue;
    const meant = name === undefined
      ? node.type === "ContinueStatement" || context.plain
      : context.names.includes(name);
    const label = node.type === "BreakStatement" ? context.onBreak : context.onContinue;
    if (meant && label !== null) return label;
  }
  return refuse("Cannot find where this jumps to", node);
}
