/**
 * What the runtime asks the compiler: whether a program reaches something, and whether from more than one place.
 *
 * @module
 */

import type { Node } from "../ast.ts";
import type { Analysis } from "./analysis.ts";
import { Class, Fn } from "./thing.ts";
import { NEVER, type Value } from "./value.ts";

/** Which question to the compiler a function is; `null` where it is none. */
export function intrinsicOf(name: string): "reaches" | "reachesTwice" | null {
  const [, intrinsic] = /^(reaches|reachesTwice)\d*$/.exec(name) ?? [];
  return intrinsic === undefined ? null : intrinsic as "reaches" | "reachesTwice";
}

/** What the compiler answers, as far as it knows by now; `null` where it was not asked. */
export function answerTo(analysis: Analysis, { callee, arguments: asked }: Node): boolean | null {
  const intrinsic = callee.type === "Identifier" ? intrinsicOf(callee.name) : null;
  if (intrinsic === null) return null;
  const given = (asked as Node[]).map((each) => analysis.values.get(each) ?? NEVER);
  return intrinsic === "reaches"
    ? reaches(analysis, given[0] ?? NEVER)
    : mayBeCalledTwice(analysis, given);
}

/** Whether a function is called, or an instance of a class made. */
function reaches(analysis: Analysis, { things, isAny }: Value): boolean {
  analysis.askAgain();
  for (const thing of things) analysis.askedAbout.add(thing);
  return isAny ||
    [...things].some((thing) =>
      thing instanceof Fn ? thing.called : thing instanceof Class && thing.instantiated
    );
}

/** Whether one of these functions is called twice, or two of them are, as far as can be told. */
function mayBeCalledTwice(analysis: Analysis, values: readonly Value[]): boolean {
  analysis.askAgain();
  const fns = values.flatMap(({ things }) => [...things]).filter((each) => each instanceof Fn);
  for (const fn of fns) analysis.askedAbout.add(fn);
  if (fns.some(({ open }) => open)) return true;
  const [site, other] = fns.flatMap(({ sites }) => [...sites]);
  if (site === undefined) return false;
  return other !== undefined || !isStartedOnce(analysis, analysis.calls.callers.get(site)!);
}

/** Whether a function of the program is what the target starts, and is called by nobody else. */
function isStartedOnce(analysis: Analysis, { node, open, sites }: Fn): boolean {
  const [site, other] = sites;
  if (analysis.isOwn(node) || open || site === undefined || other !== undefined) return false;
  const starter = analysis.calls.callers.get(site)!;
  if (!analysis.isOwn(starter.node) || !starter.isArrow) return false;
  // Around that function of the target is only what runs once.
  return starter.outer === null || starter.outer.node === analysis.program ||
    [...starter.outer.sites].every((each) =>
      analysis.calls.callers.get(each)?.node === analysis.program
    );
}
