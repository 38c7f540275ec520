import { describeProgram, generate, type Program } from "./stress_program_test.ts";
import { shrink } from "./stress_shrink_test.ts";
import { trial } from "./stress_trial_test.ts";

/** Replays one program, with its trace; or the first of several where their number is given too. */
const SEED = Deno.env.get("AWAITIO_SEED");
/** How many programs to run. */
const PROGRAMS = Number(Deno.env.get("AWAITIO_PROGRAMS") ?? (SEED === undefined ? 4000 : 1));
const FIRST = Number(SEED ?? 1);
/** How many seconds to look for a smaller program that fails too. */
const PATIENCE = 15;

/** Runs the program of a seed; throws what somebody needs to know who has to find the mistake. */
async function check(seed: number, replay: boolean): Promise<void> {
  const program = generate(seed);
  const lines: string[] = [];
  const found = await trial(program, replay ? lines : null);
  if (replay) console.log(`${describeProgram(program)}\n\n${lines.join("\n")}`);
  if (found.length === 0) return;
  const kind = kindOf(found[0]!);
  const fails = async (each: Program): Promise<boolean> =>
    (await trial(each)).some((what) => kindOf(what) === kind);
  const least = await shrink(program, fails, PATIENCE);
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

/** What went wrong, without the names and numbers that change when the program does. */
function kindOf(violation: string): string {
  return violation.replaceAll(/"[^"]*"|\b[A-Z]\b[^ :]*|[0-9]+/g, "");
}

Deno.test(`stress: whatever programs do at once, nothing is lost, held twice or left behind`, async () => {
  const replay = SEED !== undefined && PROGRAMS === 1;
  console.log(`stress: ${PROGRAMS} programs from seed ${FIRST}`);
  for (let seed = FIRST; seed < FIRST + PROGRAMS; seed++) await check(seed, replay);
});
