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
    : sitesOf(analysis, given) > 1;
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

/** At how many places the program calls one of these functions. */
function sitesOf(analysis: Analysis, values: readonly Value[]): number {
  analysis.askAgain();
  const fns = values.flatMap(({ things }) => [...things]).filter((each) => each instanceof Fn);
  for (const fn of fns) analysis.askedAbout.add(fn);
  return fns.reduce((sum, { sites, open }) => sum + sites.size + (open ? 2 : 0), 0);
}
