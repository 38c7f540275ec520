/**
 * Makes a compiled program small: what of the runtime this program cannot reach is taken out, down to single fields and
 * branches.
 *
 * @module
 */

import { originalPositionFor, TraceMap } from "@jridgewell/trace-mapping";
import { children, type Node } from "../ast.ts";
import { Bindings } from "../coroutines/bindings.ts";
import type { Mapped } from "../source_map.ts";
import { parseModule, printProgram } from "../syntax.ts";
import { dropAliases } from "./aliases.ts";
import { Analysis } from "./analysis.ts";
import { inlineCalls } from "./inline.ts";
import { mergeClasses } from "./merge_classes.ts";
import { unwrapInstances } from "./unwrap.ts";
import { nameApart } from "./name_apart.ts";
import { shortenNames } from "./names.ts";
import { splitObjects } from "./split_objects.ts";
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
  const program = parseModule(code);
  const traced = new TraceMap(map);
  const ownership = new Map<Node, boolean>();
  for (const node of program.body as Node[]) {
    const source = sourceOf(node, traced);
    ownership.set(node, source !== null && isOwn(source));
  }
  let before = Infinity;
  let last = false;
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const count = renumber(program, 0);
    const done = count === before;
    if (done && last) break;
    if (done) last = true;
    before = count;
    const tops = program.body as Node[];
    // What is new was made here.
    const own = (node: Node): boolean => ownership.get(topOf(tops, node)) ?? true;
    const bindings = new Bindings(program);
    if (round === 0) nameApart(bindings, own);
    const analysis = new Analysis(program, bindings, own, round, last).run();
    if (analysis.blind) break;
    rewrite(analysis, own);
    inlineCalls(analysis, own);
    mergeClasses(analysis, own);
    unwrapInstances(analysis, own);
    renumber(program, 0);
    dropAliases(program, own);
    renumber(program, 0);
    splitObjects(program, own);
  }
  if (options.shortNames === true) {
    const analysis = new Analysis(program, new Bindings(program), () => true, 0, true).run();
    if (!analysis.blind) shortenNames(analysis);
  }
  return printProgram(program, code);
}

/** What falls out in one round lets more fall out in the next, six to ten times over. */
const MOST_ROUNDS = 30;

/** Numbers the nodes in their order, as a parser would: what was moved has the place where it is now. */
function renumber(node: Node, from: number): number {
  let next = from + 1;
  for (const child of children(node)) next = renumber(child, next);
  node.start = from;
  node.end = next;
  node.range = [from, next];
  return next + 1;
}

/** The statement of the module that a node is in. */
function topOf(tops: readonly Node[], node: Node): Node {
  let low = 0;
  let high = tops.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (tops[middle]!.start! <= node.start!) low = middle;
    else high = middle - 1;
  }
  return tops[low]!;
}

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
