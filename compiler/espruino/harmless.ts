import type { Node } from "../ast.ts";

/** Whether a statement can neither throw nor jump. */
export function isHarmless(node: Node): boolean {
  if (node.type === "EmptyStatement") return true;
  if (node.type === "BlockStatement") return node.body.every(isHarmless);
  if (node.type === "IfStatement") {
    return isQuiet(node.test) && isHarmless(node.consequent) &&
      (node.alternate === null || isHarmless(node.alternate));
  }
  return node.type === "ExpressionStatement" && isQuiet(node.expression);
}

function isQuiet(node: Node): boolean {
  switch (node.type) {
    case "Identifier":
    case "ThisExpression":
      return true;
    case "Literal":
      return node.regex === undefined;
    case "AssignmentExpression":
      return isQuiet(node.left) && isQuiet(node.right);
    case "UpdateExpression":
      return isQuiet(node.argument);
    case "UnaryExpression":
      return node.operator !== "delete" && isQuiet(node.argument);
    case "BinaryExpression":
    case "LogicalExpression":
      return node.operator !== "in" && isQuiet(node.left) && isQuiet(node.right);
    case "ConditionalExpression":
      return isQuiet(node.test) && isQuiet(node.consequent) && isQuiet(node.alternate);
    case "MemberExpression":
      return node.object.type === "ThisExpression" ||
        (node.object.type === "Identifier" && !node.computed);
    case "SequenceExpression":
      return node.expressions.every(isQuiet);
    default:
      return false;
  }
}
