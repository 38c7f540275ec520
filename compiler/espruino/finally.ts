/**
 * `finally`, written out where the interpreter would get it wrong.
 *
 * @module
 */

import {
  arrow,
  assign,
  block,
  call,
  giveBack,
  id,
  literal,
  type Node,
  statement,
  when,
} from "../ast.ts";
import { isHarmless } from "./harmless.ts";
import { hasReturn, leave, outcomes, takeVariables } from "./leave.ts";
import { array, declareLet, eachList, type Lowered } from "./tree.ts";

/**
 * Writes `finally` out where its statements may throw or jump. The interpreter forgets an error that is thrown there,
 * and a `return`, and lets another `try` there take away the error that is on its way.
 */
export function lowerFinally(lowered: Lowered): void {
  eachList(lowered.program, (list) =>
    list.flatMap((each) => {
      if (each.type !== "TryStatement" || each.finalizer === null) return [each];
      if (each.finalizer.body.every(isHarmless)) return [each];
      const failed = lowered.fresh("failed");
      const error = lowered.fresh("e");
      const result = lowered.fresh("r");
      const inner: Node = each.handler === null
        ? each.block
        : block([{ ...each, finalizer: null }]);
      const jumps: Node[] = [];
      leave(inner, (jump) => {
        if (jump.type === "ReturnStatement") {
          return giveBack(array(jump.argument === null ? [] : [jump.argument]));
        }
        jumps.push({ ...jump });
        return giveBack(literal(jumps.length));
      });
      const leaves = jumps.length > 0 || hasReturn(inner);
      const handler = (kept: string): Node => ({
        type: "CatchClause",
        param: id(error),
        body: block([
          statement(assign(id(failed), literal(true))),
          statement(assign(id(kept), id(error))),
        ]),
      });
      const run = statement(assign(id(result), call(arrow([], inner), [])));
      const attempted: Node = {
        type: "TryStatement",
        block: leaves ? block([run]) : inner,
        handler: handler(result),
        finalizer: null,
        loc: each.loc,
      };
      return [
        ...(leaves ? takeVariables(inner) : []),
        declareLet(failed, literal(false)),
        declareLet(result, null),
        attempted,
        ...each.finalizer.body,
        when(id(failed), { type: "ThrowStatement", argument: id(result) }),
        ...outcomes(result, jumps, hasReturn(inner)),
      ];
    }));
}
