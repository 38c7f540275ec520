/**
 * Puts constants where nothing else can come, and what they decide in the place of conditions.
 *
 * @module
 */

import { literal, type Node, nothing } from "../ast.ts";
import type { Analysis } from "./analysis.ts";
import { answerTo } from "./questions.ts";
import { visit } from "./rewrite.ts";
import { FALSE, NULLISH, TRUE, type Value } from "./value.ts";

/** A condition that can only go one way says so. */
export function visitTest(analysis: Analysis, node: Node): Node {
  const value = analysis.values.get(node);
  if (value === undefined || value.isNever || value.mayBeTrue === value.mayBeFalse) {
    return visit(analysis, node);
  }
  const known = literal(value.mayBeTrue);
  if (analysis.effects.isPure(node)) return known;
  return { type: "SequenceExpression", expressions: [visit(analysis, node), known] };
}

/** `a ? b : c`, of which one may be all that is needed. */
export function visitConditional(analysis: Analysis, node: Node): Node {
  const found = constantOf(analysis, node);
  if (found !== null) return found;
  node.test = visitTest(analysis, node.test);
  if (node.test.type === "Literal") {
    return visit(analysis, node.test.value ? node.consequent : node.alternate);
  }
  node.consequent = visit(analysis, node.consequent);
  node.alternate = visit(analysis, node.alternate);
  return node;
}

/** `a && b` and the like, of which one side may be all that is needed. */
export function visitLogical(analysis: Analysis, node: Node): Node {
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

/** The literal that an expression always gives. */
export function constantOf(analysis: Analysis, node: Node): Node | null {
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

/** Whether this is the only place where a variable is read. */
function isReadOnce(analysis: Analysis, node: Node): boolean {
  const variable = node.type === "Identifier" ? analysis.bindings.of(node) : undefined;
  return variable !== undefined && variable.references.filter((each) => each.isRead()).length === 1;
}
