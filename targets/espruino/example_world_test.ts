/** What tests share that compare an example's artefact with the example on the simulator. */

import { assert } from "@std/assert";
import { type BuildOptions, buildProgram } from "../../compiler/build_program.ts";
import { ROOT } from "../../compiler/paths.ts";
import { espruino } from "./target.ts";

/** Builds an example for a board. */
export async function artefactOf(name: string, board: string): Promise<string> {
  const program = `${ROOT}examples/${name}.ts`;
  const build: BuildOptions = { program, target: espruino, board, coroutines: "compiled" };
  return (await buildProgram(build)).code;
}

const NUMBER = /-?\d+(?:\.\d+)?(?:e[-+]?\d+)?/g;

/** A text whose numbers may differ. */
export function withoutNumbers(text: string): string {
  return text.replace(NUMBER, "#");
}

/** Compares the numbers of texts that are the same without them. */
export function assertNear(
  actual: string,
  expected: string,
  near: (actual: number, expected: number) => boolean,
): void {
  const numbers = (text: string) => Array.from(text.matchAll(NUMBER), ([number]) => Number(number));
  const wanted = numbers(expected);
  for (const [i, number] of numbers(actual).entries()) {
    assert(near(number, wanted[i]!), `${number} instead of ${wanted[i]} in ${expected}`);
  }
}
