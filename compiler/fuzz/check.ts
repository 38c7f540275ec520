/** Runs the programs of many seeds, and reports those whose logs differ, cut down. */

import { generate, type Program } from "./generate.ts";
import { textOf } from "./node.ts";
import { Runner } from "./run.ts";
import { shrink } from "./shrink.ts";
import type { Verdict, Way } from "./worker.ts";

/** Programs that are compiled and imported together. */
const BATCH = 50;
/** Programs that are cut down; how many seconds each may take. */
const SHRUNK = 3;
const SECONDS = 20;

/** A program whose runs differ. */
export interface Failure {
  readonly program: Program;
  readonly verdict: Verdict;
}

/** Runs the programs of seeds; gives those that fail. */
export async function failures(seeds: readonly number[], way: Way): Promise<Failure[]> {
  const batches: number[][] = [];
  for (let i = 0; i < seeds.length; i += BATCH) batches.push(seeds.slice(i, i + BATCH));
  const found: Failure[] = [];
  const lane = async (): Promise<void> => {
    const runner = new Runner(way);
    for (let batch = batches.shift(); batch !== undefined; batch = batches.shift()) {
      const verdicts = await runner.run(batch);
      verdicts.forEach((verdict, i) => {
        const { native, difference } = verdict;
        if (native === null) {
          throw new Error(`Program ${batch![i]} is no program: ${verdict.other[0]}`);
        }
        if (difference !== null) found.push({ program: generate(batch![i]!), verdict });
      });
    }
    runner.close();
  };
  await Promise.all([lane(), lane()]);
  return found.sort((a, b) => a.program.seed - b.program.seed);
}

/** Cuts a failing program down as long as it fails in the same way. */
export async function leastOf(failure: Failure, way: Way, seconds = SECONDS): Promise<Failure> {
  const { program, verdict: { difference } } = failure;
  const runner = new Runner(way);
  const root = await shrink(program.root, async (roots) => {
    const verdicts = await runner.run(roots.map(textOf));
    return verdicts.map((verdict) => verdict.native !== null && verdict.difference === difference);
  }, seconds);
  const [verdict] = await runner.run([textOf(root)]);
  runner.close();
  return { program: { ...program, root }, verdict: verdict! };
}

/** Throws a report if the programs of seeds do not run the same both ways. */
export async function check(seeds: readonly number[], way: Way): Promise<void> {
  const found = await failures(seeds, way);
  if (found.length === 0) return;
  const reports: string[] = [];
  for (const failure of found.slice(0, SHRUNK)) {
    reports.push(describe(await leastOf(failure, way)));
  }
  const all = found.map(({ program }) => program.seed).join(", ");
  throw new Error(
    `${found.length} of ${seeds.length} programs run differently when compiled: seeds ${all}\n\n` +
      reports.join("\n\n"),
  );
}

/** Writes a failure down: the program and its logs side by side. */
export function describe({ program, verdict }: Failure): string {
  const { seed, mode, root } = program;
  return [
    `seed ${seed}, mode ${mode}: ${verdict.difference}`,
    textOf(root),
    beside(verdict.native ?? [], verdict.other),
    `Replay it whole: AWAITIO_FUZZ_SEED=${seed} deno test -A compiler/fuzz`,
  ].join("\n");
}

/** Two logs side by side, with a mark where they differ; what they have in common at the ends is left out. */
function beside(native: readonly string[], other: readonly string[]): string {
  const length = Math.max(native.length, other.length);
  const rows = Array.from({ length }, (_, i) => [native[i] ?? "", other[i] ?? ""] as const);
  const first = rows.findIndex(([left, right]) => left !== right);
  const shown = rows.slice(Math.max(0, first - 8), first + 12);
  const width = Math.min(60, Math.max(6, ...shown.map(([left]) => left.length)));
  const line = ([left, right]: readonly [string, string]): string =>
    `${left === right ? " " : "≠"} ${left.slice(0, width).padEnd(width)} | ${right}`;
  return ["  " + "native".padEnd(width) + " | compiled", ...shown.map(line)].join("\n");
}
