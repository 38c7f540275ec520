/**
 * `switch`: `default` comes last, and variables of cases live around it.
 *
 * @module
 */

import { assign, block, id, literal, type Node, statement } from "../ast.ts";
import { declareLet, isJump, type Lowered, rewrite } from "./tree.ts";

/** Puts `default` last, and variables of cases in front: the interpreter's `switch` is no block. */
export function lowerSwitches(lowered: Lowered): void {
  rewrite(lowered.program, (node) => {
    if (node.type !== "SwitchStatement") return node;
    const first = takeDeclarations(node);
    const whole = defaultLast(lowered, node);
    return first.length === 0 ? whole : block([...first, whole]);
  });
}

/** Takes block variables of the cases out; they are assigned where they were declared. */
function takeDeclarations(node: Node): Node[] {
  const made: Node[] = [];
  for (const each of node.cases as Node[]) {
    each.consequent = each.consequent.flatMap((one: Node): Node[] => {
      if (one.type === "FunctionDeclaration") {
        made.push({
          ...declareLet(one.id.name, { ...one, type: "FunctionExpression", id: null }),
          loc: one.loc,
        });
        return [];
      }
      if (one.type !== "VariableDeclaration" || one.kind === "var") return [one];
      return one.declarations.map(({ id: target, init, loc }: Node) => {
        made.push(declareLet(target.name, null));
        return statement(assign({ ...target }, init ?? id("undefined"), { type: "", loc }));
      });
    });
  }
  return made;
}

function defaultLast(lowered: Lowered, node: Node): Node {
  const cases: Node[] = node.cases;
  const at = cases.findIndex(({ test }) => test === null);
  if (at < 0 || at === cases.length - 1) return node;
  const leaves = (each: Node): boolean => {
    const last = each.consequent.at(-1);
    return last !== undefined &&
      isJump(last.type === "BlockStatement" ? last.body.at(-1) ?? last : last);
  };
  // An empty case before it shares its body: nothing is lost when only `default` is left.
  let from = at;
  while (from > 0 && cases[from - 1]!.consequent.length === 0) from--;
  const free = from === 0 || leaves(cases[from - 1]!);
  if (free && leaves(cases[at]!)) {
    const moved = { ...cases[at]! };
    const kept = [...cases.slice(0, from), ...cases.slice(at + 1)];
    const last = kept.at(-1);
    if (last !== undefined && last.consequent.length > 0 && !leaves(last)) {
      last.consequent.push({ type: "BreakStatement", label: null });
    } else if (last !== undefined && last.consequent.length === 0) {
      last.consequent.push({ type: "BreakStatement", label: null });
    }
    // The tests of cases that share the body are evaluated for nothing.
    return { ...node, cases: [...kept, moved] };
  }
  // Which case it is, and then a switch over numbers in the order of the source.
  const name = lowered.fresh("n");
  const choose: Node[] = [];
  cases.forEach((each, i) => {
    if (each.test === null) return;
    choose.push({
      type: "SwitchCase",
      test: each.test,
      consequent: [statement(assign(id(name), literal(i))), {
        type: "BreakStatement",
        label: null,
      }],
    });
  });
  const numbered = cases.map((each, i): Node => ({ ...each, test: literal(i) }));
  return block([
    declareLet(name, literal(at)),
    { type: "SwitchStatement", discriminant: node.discriminant, cases: choose, loc: node.loc },
    { ...node, discriminant: id(name), cases: numbered },
  ]);
}
