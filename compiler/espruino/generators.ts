/**
 * Generator functions: the coroutine pass makes state machines of them too.
 *
 * @module
 */

import { compileCoroutines, DRIVER_PREFIX, driverNames } from "../coroutines/mod.ts";
import { block, id, isFunction, type Node, statement } from "../ast.ts";
import { composeMaps, type Mapped } from "../source_map.ts";
import { printProgram } from "../syntax.ts";
import { declareLet, type Lowered, rewrite, walk } from "./tree.ts";
import { lowerIteration } from "./loops.ts";

/** Whether a program has generator functions. */
export function hasGenerators(program: Node): boolean {
  let found = false;
  walk(program, (node) => found ||= isFunction(node) && node.generator);
  return found;
}

/**
 * Turns generator functions into functions that start a state machine: a `yield` gives up control as an `await` does.
 * The functions of the coroutine pass' driver are wanted from `lowered` under their names.
 */
export function compileGenerators(code: string, lowered: Lowered): Mapped {
  const { program } = lowered;
  program.iterates = true;
  lowerDelegates(lowered);
  lowerIteration(lowered);
  rewrite(program, (node) => {
    if (node.type === "YieldExpression") {
      const argument = node.argument ?? id("undefined");
      if (node.delegate) {
        lowered.refuse(
          "Cannot use what yield* gives on Espruino: write for (const each of source) yield each",
          node,
        );
      }
      return { ...node, type: "AwaitExpression", argument };
    }
    if (isFunction(node) && node.generator) return { ...node, generator: false, async: true };
    return node;
  });
  const printed = printProgram(program, code);
  const passed = compileCoroutines(printed.code, { driver: "generators" });
  return { code: passed.code, map: composeMaps([passed.map, printed.map]) };
}

/** `yield* source;` as a loop that yields. */
function lowerDelegates(lowered: Lowered): void {
  rewrite(lowered.program, (node) => {
    const { expression } = node;
    if (node.type !== "ExpressionStatement" || expression.type !== "YieldExpression") return node;
    if (!expression.delegate) return node;
    const name = lowered.fresh("each");
    const argument = id(name);
    return {
      type: "ForOfStatement",
      left: declareLet(name, null, "const"),
      right: expression.argument,
      body: block([statement({ ...expression, delegate: false, argument })]),
      await: false,
      loc: node.loc,
    };
  });
}

/** Gives the driver's functions the names of helpers. */
export function takeDriver(lowered: Lowered): void {
  const { program } = lowered;
  const imported = new Set<string>();
  program.body = program.body.filter((node: Node) => {
    if (node.type !== "ImportDeclaration" || node.source.value !== "generators") return true;
    for (const each of node.specifiers) imported.add(each.local.name);
    return false;
  });
  const known = new Map(driverNames.map((name) => [`${DRIVER_PREFIX}${name}`, name] as const));
  walk(program, (node) => {
    if (node.type !== "Identifier" || !imported.has(node.name)) return;
    const name = known.get(node.name as `$awaitio_${typeof driverNames[number]}`)!;
    node.name = lowered.helper(/^start/.test(name) ? "start" : name).name;
  });
}
