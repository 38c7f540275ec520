/**
 * Whether the goals are met.
 *
 * @module
 */

import { type Case, type CaseName, cases, type Goal } from "./cases.ts";
import type { CaseResult, Figure } from "./measure.ts";
import { compared, type Paint, times, whole } from "./report.ts";

/** What was found about a goal. */
export interface Verdict {
  readonly goal: Goal;
  readonly met: boolean;
  /** For each case of the goal that was measured, what is bounded by `goal.atMost`. */
  readonly found: readonly { readonly case: Case; readonly value: number }[];
}

/** A verdict for each goal of which something was measured. */
export function judge(results: readonly CaseResult[], goals: readonly Goal[]): Verdict[] {
  return goals.flatMap((goal) => {
    const found = results.filter(({ case: { name } }) => goal.cases.includes(name))
      .flatMap((result) => {
        const value = bounded(goal, result.figures);
        return value === null ? [] : [{ case: result.case, value }];
      });
    const met = found.every(({ value }) => value <= goal.atMost);
    return found.length === 0 ? [] : [{ goal, met, found }];
  });
}

/** What a goal bounds, or `null` where it was not measured. */
function bounded({ subject, peer, of }: Goal, figures: readonly Figure[]): number | null {
  const figureOf = (name: string) => {
    const figure = figures.find((each) => each.subject === name);
    if (figure === undefined) return null;
    return of === "allocation" ? figure.bytesPerOp : compared(figure);
  };
  const own = figureOf(subject);
  if (own === null || peer === undefined) return own;
  const others = figureOf(peer);
  return others === null ? null : own / others;
}

/** A verdict as a line. */
export function verdictLine({ goal, met, found }: Verdict, paint: Paint): string {
  const verdict = met ? paint.green("met   ") : paint.red("missed");
  // A goal for every case is not told case by case.
  const told = goal.cases.length === cases.length
    ? found.filter(({ value }) => value > goal.atMost)
    : found;
  const figures = told.map(({ case: { name, unit }, value }) => {
    const text = `${name} ${inWords(goal, value, unit)}`;
    return value > goal.atMost && told.length > 1 ? paint.red(text) : text;
  });
  return `${verdict} ${words(goal)}${told.length > 0 ? `: ${figures.join(", ")}` : ""}`;
}

/** A verdict as what `--json` prints. */
export function verdictObject({ goal, met, found }: Verdict) {
  return {
    goal: words(goal),
    atMost: goal.atMost,
    met,
    ...Object.fromEntries(found.map(({ case: { name }, value }) => [name, value])),
  };
}

/** What a goal asks for. */
function words({ subject, peer, cases: names, of, atMost }: Goal): string {
  const where = names.length === cases.length ? "every case" : names.join(", ");
  const aim = peer === undefined
    ? `at most ${atMost} ${unitOf(names)}`
    : of === "allocation"
    ? `at most ${atMost} times the bytes of ${peer}`
    : atMost < 1
    ? `${Number((1 / atMost).toFixed(1))} times as fast as ${peer}`
    : atMost === 1
    ? `ahead of ${peer}`
    : `within ${atMost} times of ${peer}`;
  return `${subject} ${aim} in ${where}`;
}

function inWords({ peer, of, atMost }: Goal, value: number, unit: string): string {
  if (peer === undefined) return `${whole(value)} ${unit}`;
  return of === "figure" && atMost < 1 ? `${times(1 / value)}×` : `${times(value)}×`;
}

function unitOf([name]: readonly CaseName[]): string {
  return cases.find((each) => each.name === name)!.unit;
}
