/**
 * How the passes read and write JavaScript.
 *
 * @module
 */

import { type Options, Parser } from "acorn";
import { print } from "esrap";
import printer from "esrap/languages/ts";
import { block, children, giveBack, type Node } from "./ast.ts";
import type { Mapped } from "./source_map.ts";

/** A text that is no JavaScript. */
export class CannotParse extends Error {
  /** @param line From 1. @param column From 0. */
  constructor(message: string, readonly line: number, readonly column: number) {
    super(message);
  }
}

/**
 * Reads a module.
 *
 * @throws {CannotParse} At the first thing that is wrong.
 */
export function parseModule(code: string): Node {
  return parse(code, { sourceType: "module" });
}

/**
 * Reads a script, in which a `return` may stand outside of functions.
 *
 * @throws {CannotParse} At the first thing that is wrong.
 */
export function parseScript(code: string): Node {
  return parse(code, { sourceType: "script", allowReturnOutsideFunction: true });
}

/** Acorn takes a `/` behind the `yield` of a method for a division. */
class YieldParser extends Parser {
  declare readonly inGenerator: boolean;

  inGeneratorContext(): boolean {
    return this.inGenerator;
  }
}

function parse(code: string, options: Partial<Options>): Node {
  try {
    return YieldParser.parse(code, {
      ecmaVersion: "latest",
      locations: true,
      ranges: true,
      ...options,
    }) as unknown as Node;
  } catch (error) {
    const { loc, message } = error as { loc?: { line: number; column: number }; message: string };
    if (loc === undefined) throw error;
    throw new CannotParse(message.replace(/ \(\d+:\d+\)$/, ""), loc.line, loc.column);
  }
}

/**
 * Writes a program.
 *
 * @param code What it was read from.
 * @param file What its map calls that.
 */
export function printProgram(program: Node, code: string, file = "bundle.js"): Mapped {
  const printed = printWith(program, { sourceMapSource: file, sourceMapContent: code });
  return { code: printed.code, map: JSON.stringify(printed.map) };
}

/** Writes a program that nobody looks up in its source. */
export function printCode(program: Node): string {
  return printWith(program).code;
}

function printWith(
  program: Node,
  source?: { readonly sourceMapSource: string; readonly sourceMapContent: string },
): { code: string; map: unknown } {
  guardArrows(program);
  return print(program as never, printer({ quotes: "double" }) as never, source as never);
}

/** The printer forgets the parentheses of `() => ({}) in x`. */
function guardArrows(node: Node): void {
  for (const child of children(node)) guardArrows(child);
  if (node.type !== "ArrowFunctionExpression" || node.body.type === "BlockStatement") return;
  let first: Node = node.body;
  for (;;) {
    const next: Node | undefined = first.left ?? first.object ?? first.callee ?? first.tag ??
      first.test ?? first.expressions?.[0] ??
      (first.prefix === false ? first.argument : undefined) ??
      (first.type === "ChainExpression" ? first.expression : undefined);
    if (next === undefined || first.type === "NewExpression" || first.type === "TemplateLiteral") {
      break;
    }
    first = next;
  }
  if (first === node.body || first.type !== "ObjectExpression") return;
  node.body = block([giveBack(node.body)]);
  node.expression = false;
}
