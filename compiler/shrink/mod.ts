/**
 * Makes a compiled program small: what of the runtime this program cannot reach is taken out, down to single fields and
 * branches.
 *
 * @module
 */

import { originalPositionFor, TraceMap } from "@jridgewell/trace-mapping";
import { parse } from "acorn";
import { print } from "esrap";
import printer from "esrap/languages/ts";
import type { Node } from "../coroutines/ast.ts";
import { Bindings } from "../coroutines/bindings.ts";
import type { Mapped } from "../source_map.ts";
import { Analysis } from "./analysis.ts";
import { shortenNames } from "./names.ts";
import { rewrite } from "./rewrite.ts";

/**
 * Shrinks a compiled bundle.
 *
 * @param given The bundle, with its map to the sources.
 * @param isOwn Whether a source is the runtime's or a target's: only there anything is changed.
 * @returns The code and its map to the bundle.
 */
export function shrink(
  { code, map }: Mapped,
  isOwn: (source: string) => boolean,
  options: { readonly shortNames?: boolean } = {},
): Mapped {
  const program = parse(code, {
    ecmaVersion: "latest",
    sourceType: "module",
    locations: true,
    ranges: true,
  }) as unknown as Node;
  const traced = new TraceMap(map);
  const known = new Map<Node, boolean>();
  const tops = program.body as Node[];
  const own = (node: Node): boolean => {
    let answer = known.get(node);
    if (answer === undefined) {
      const top = node.start === undefined
        ? node
        : tops.find(({ start, end }) => start! <= node.start! && node.end! <= end!) ?? node;
      const source = sourceOf(top, traced);
      answer = source !== null && isOwn(source);
      known.set(node, answer);
    }
    return answer;
  };
  for (let round = 0; round < ROUNDS; round++) {
    const analysis = new Analysis(program, new Bindings(program), own).run();
    if (analysis.blind) break;
    if (round < ROUNDS - 1) rewrite(analysis, own);
    else if (options.shortNames === true) shortenNames(analysis);
  }
  const printed = print(program as never, printer({ quotes: "double" }) as never, {
    sourceMapSource: "bundle.js",
    sourceMapContent: code,
  } as never);
  return { code: printed.code, map: JSON.stringify(printed.map) };
}

/** What falls out in one round lets more fall out in the next; after these nothing is left that pays. */
const ROUNDS = 5;

/** Where a statement was written: the first place in it that is known. */
function sourceOf(node: Node, traced: TraceMap): string | null {
  const { start, end } = node.loc!;
  for (let { line } = start; line <= end.line; line++) {
    for (const column of line === start.line ? [start.column, start.column + 9] : [0, 2, 4, 8]) {
      const { source } = originalPositionFor(traced, { line, column });
      if (source !== null) return source;
    }
  }
  return null;
}
