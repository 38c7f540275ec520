/**
 * Operands that are evaluated one after the other while some of them await.
 *
 * @module
 */

import type { Node } from "../ast.ts";
import { lowerExpression } from "./expressions.ts";
import { again, isMovable, isUnchanged, type Lowering, save } from "./lowering.ts";

/** Lowers operands that are evaluated one after the other; `null` stands for a hole. */
export function lowerList(lowering: Lowering, nodes: readonly (Node | null)[]): Node[] {
  return lowerOperands(lowering, nodes.map((node) => ({ node, asText: false })));
}

/** Lowers operands, of which some are made text as soon as they are there. */
export function lowerOperands(
  lowering: Lowering,
  operands: readonly { readonly node: Node | null; readonly asText: boolean }[],
): Node[] {
  let last = operands.length - 1;
  while (
    last >= 0 && !(operands[last]!.node !== null && lowering.apart.has(operands[last]!.node!))
  ) {
    last--;
  }
  return operands.map(({ node, asText }, i) => {
    if (node === null || i > last) return node as Node;
    const value = lowerExpression(lowering, node);
    if (i === last) return value;
    if (node.type === "SpreadElement") return saveSpread(lowering, value);
    // A template turns each value into text before it evaluates the next.
    if (asText && value.type !== "Literal") {
      return save(lowering, {
        type: "TemplateLiteral",
        expressions: [value],
        quasis: [EMPTY, EMPTY],
      });
    }
    const stays = isMovable(lowering, value) ||
      operands.every((other) => other.node === null || isUnchanged(lowering, value, other.node));
    return stays ? value : save(lowering, value);
  });
}

const EMPTY = { type: "TemplateElement", value: { raw: "", cooked: "" }, tail: false };

/** Spreads now what is used later. */
function saveSpread(lowering: Lowering, spread: Node): Node {
  const list: Node = { type: "ArrayExpression", elements: [spread] };
  return { type: "SpreadElement", argument: save(lowering, list) };
}

/** A property that is read, written or called later: its object and key are evaluated now. */
export interface Target {
  readonly parts: Node[];
  readonly object: Node | null;
  use(): Node;
}

/**
 * Lowers the object and the key of a property.
 *
 * @param early Whether something happens between now and its use.
 */
export function lowerTarget(lowering: Lowering, node: Node, early: boolean): Target {
  const keep = (each: Node) => early ? save(lowering, each) : each;
  const { object, property, computed } = node;
  if (object.type === "Super") {
    if (!computed) return { parts: [], object: null, use: () => ({ ...node }) };
    const key = keep(lowerExpression(lowering, property));
    return { parts: [key], object: null, use: () => ({ ...node, property: again(lowering, key) }) };
  }
  if (!computed) {
    const held = keep(lowerExpression(lowering, object));
    const use = (): Node => ({ ...node, object: again(lowering, held) });
    return { parts: [held], object: held, use };
  }
  const [held, key] = lowerList(lowering, [object, property]).map(keep) as [Node, Node];
  const use = (): Node => ({
    ...node,
    object: again(lowering, held),
    property: again(lowering, key),
  });
  return { parts: [held, key], object: held, use };
}
