/** Cuts a failing stress program down to what is needed to make it fail. */

import type { Program, Script, Step } from "./stress_program_test.ts";

/**
 * Leaves tasks and steps out of a program for as long as it still fails.
 *
 * @param fails Runs a program and tells whether it fails.
 * @param seconds How long to go on.
 */
export async function shrink(
  program: Program,
  fails: (program: Program) => Promise<boolean>,
  seconds: number,
): Promise<Program> {
  let least = program;
  const end = performance.now() + 1000 * seconds;
  for (let smaller = true; smaller;) {
    smaller = false;
    // What could not be left out before is tried again when everything else has been.
    let place = 0;
    for (let cut = nth(least, place); cut !== null; cut = nth(least, place)) {
      if (performance.now() > end) return least;
      if (await fails(cut)) {
        least = cut;
        smaller = true;
      } else place++;
    }
  }
  return least;
}

function nth(program: Program, place: number): Program | null {
  let left = place;
  for (const scripts of cuts(program.scripts)) if (left-- === 0) return { ...program, scripts };
  return null;
}

/** The lists of scripts with one thing left out, the largest first. */
function* cuts(scripts: readonly Script[]): Generator<readonly Script[]> {
  for (let i = 0; i < scripts.length; i++) yield scripts.toSpliced(i, 1);
  for (let i = 0; i < scripts.length; i++) {
    for (const script of cutsOf(scripts[i]!)) yield scripts.with(i, script);
  }
}

/** A script with a step left out, put in place of what it holds, or cut in itself. */
function* cutsOf(script: Script): Generator<Script> {
  for (let i = 0; i < script.length; i++) yield script.toSpliced(i, 1);
  for (let i = 0; i < script.length; i++) {
    const step = script[i]!;
    const { body = [], scripts = [] } = step;
    for (const inner of [body, ...scripts]) {
      if (inner.length > 0) yield script.toSpliced(i, 1, ...inner);
    }
    for (const smaller of simpler(step)) yield script.with(i, smaller);
  }
}

function* simpler(step: Step): Generator<Step> {
  const { body, scripts, pounce, ...rest } = step;
  const inner = { ...(body && { body }), ...(scripts && { scripts }) };
  if (pounce !== undefined) yield { ...rest, ...inner };
  const same = { ...rest, ...(pounce !== undefined && { pounce }) };
  if (rest.via !== undefined && rest.via !== "await") yield { ...same, ...inner, via: "await" };
  if (rest.times === 2) yield { ...same, ...inner, times: 1 };
  if (body !== undefined) {
    for (const cut of cutsOf(body)) yield { ...same, ...inner, body: cut };
  }
  if (scripts !== undefined) {
    for (const cut of cuts(scripts)) {
      if (cut.length === scripts.length) yield { ...same, ...inner, scripts: cut };
    }
  }
}
