/**
 * Runs thousands of random programs over everything that tasks share, on a virtual clock, and checks
 * after each what must hold for all: nothing is lost, held twice or left behind.
 *
 * `AWAITIO_PROGRAMS` sets how many. `AWAITIO_SEED` replays one, with all that happens in it; with both, it
 * is the seed of the first.
 */

import { describeProgram, generate, type Program } from "./stress_program_test.ts";
import { shrink } from "./stress_shrink_test.ts";
import { trial } from "./stress_trial_test.ts";

const SEED = Deno.env.get("AWAITIO_SEED");
const COUNT = Deno.env.get("AWAITIO_PROGRAMS");
const REPLAY = SEED !== undefined && COUNT === undefined;
const FIRST = Number(SEED ?? 1);
const PROGRAMS = REPLAY ? 1 : Number(COUNT ?? 8000);
/** Programs a test: where one of them hangs, the name of the test tells roughly which. */
const BATCH = 1000;
/** How many seconds to look for a smaller program that fails too. */
const PATIENCE = 15;

for (let first = FIRST; first < FIRST + PROGRAMS; first += BATCH) {
  const last = Math.min(first + BATCH, FIRST + PROGRAMS) - 1;
  Deno.test(`stress: nothing is lost, held twice or left behind, seeds ${first} to ${last}`, async () => {
    for (let seed = first; seed <= last; seed++) await check(seed);
  });
}

/** Runs the program of a seed; throws what somebody needs to know who has to find the mistake. */
async function check(seed: number): Promise<void> {
  const program = generate(seed);
  const lines: string[] = [];
  const found = await trial(program, REPLAY ? lines : null);
  if (REPLAY) console.log(`${describeProgram(program)}\n\n${lines.join("\n")}`);
  if (found.length === 0) return;
  const least = await shrink(program, (each) => failsLike(each, found[0]!), PATIENCE);
  const trace: string[] = [];
  const still = await trial(least, trace);
  throw new Error(
    [
      `Program ${seed} broke a promise: ${found.join("; ")}`,
      "",
      `Cut down, it breaks: ${still.join("; ")}`,
      describeProgram(least),
      "",
      ...trace,
      "",
      `Replay it whole: AWAITIO_SEED=${seed} deno test -A runtime/stress_test.ts`,
    ].join("\n"),
  );
}

/** Whether a program breaks the same promise. */
async function failsLike(program: Program, violation: string): Promise<boolean> {
  const found = await trial(program);
  return found.some((each) => kindOf(each) === kindOf(violation));
}

/** What went wrong, without the names and numbers that change when the program does. */
function kindOf(violation: string): string {
  return violation.replaceAll(/"[^"]*"|\b[A-Z]\b[^ :]*|[0-9]+/g, "");
}
