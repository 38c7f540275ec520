/** Runs the programs of many seeds, and reports those whose logs differ, cut down. */

import { generate, type Program, type Subject } from "./generate.ts";
import { type Node, textOf } from "./node.ts";
import { Runner } from "./run.ts";
import { compiledRuntime } from "./runtime_bundle.ts";
import { shrink } from "./shrink.ts";
import type { Verdict, Way } from "./worker.ts";

/** Programs that are compiled and loaded together. */
const BATCH = 50;
/** Workers that run beside each other. */
const WORKERS = 2;
/** Programs that are cut down; how many seconds each may take. */
const SHRUNK = 3;
const SECONDS = 20;

/** A program whose runs differ. */
export interface Failure {
  readonly program: Program;
  readonly verdict: Verdict;
}

/** Workers for programs of one kind; they get faster as they go, so they are kept. */
export class Fuzzer {
  private constructor(
    private readonly runners: readonly [Runner, ...Runner[]],
    private readonly subject: Subject,
    private readonly end: () => Promise<void>,
  ) {}

  /** Starts workers; `await using` ends them. */
  static async start(way: Way, subject: Subject = "language"): Promise<Fuzzer> {
    const compiled = subject === "language" ? null : await compiledRuntime();
    const runner = (): Runner => new Runner({ way, subject, runtime: compiled?.url ?? null });
    const more = Array.from({ length: WORKERS - 1 }, runner);
    return new Fuzzer([runner(), ...more], subject, async () => await compiled?.remove());
  }

  /** Ends the workers. */
  async [Symbol.asyncDispose](): Promise<void> {
    for (const runner of this.runners) runner[Symbol.dispose]();
    await this.end();
  }

  /** Runs the programs of seeds; gives those that fail. */
  async failures(seeds: readonly number[]): Promise<Failure[]> {
    const batches: number[][] = [];
    for (let i = 0; i < seeds.length; i += BATCH) batches.push(seeds.slice(i, i + BATCH));
    const found: Failure[] = [];
    const lane = async (runner: Runner): Promise<void> => {
      for (let batch = batches.shift(); batch !== undefined; batch = batches.shift()) {
        const verdicts = await runner.run(batch);
        for (const [i, verdict] of verdicts.entries()) {
          const seed = batch[i]!;
          if (verdict.native === null) {
            throw new Error(`Program ${seed} is no program: ${verdict.other[0]}`);
          }
          if (verdict.difference === null) continue;
          found.push({ program: generate(seed, this.subject), verdict });
        }
      }
    };
    await Promise.all(this.runners.map(lane));
    return found.sort((a, b) => a.program.seed - b.program.seed);
  }

  /** Runs a program once more. */
  async run(root: Node): Promise<Verdict> {
    const [verdict] = await this.runners[0].run([textOf(root)]);
    return verdict!;
  }

  /** Cuts a failing program down as long as it fails in the same way. */
  async leastOf(failure: Failure, seconds = SECONDS): Promise<Failure> {
    const { program, verdict: { difference, other } } = failure;
    const root = await shrink(program.root, async (roots) => {
      const verdicts = await this.runners[0].run(roots.map(textOf));
      return verdicts.map((each) =>
        each.native !== null && each.difference === difference &&
        (difference !== "does not load" || each.other[0] === other[0])
      );
    }, seconds);
    return { program: { ...program, root }, verdict: await this.run(root) };
  }

  /** Throws a report if the programs of seeds do not run the same both ways. */
  async check(seeds: readonly number[]): Promise<void> {
    const found = await this.failures(seeds);
    if (found.length === 0) return;
    const reports: string[] = [];
    for (const failure of found.slice(0, SHRUNK)) {
      reports.push(describe(await this.leastOf(failure)));
    }
    const all = found.map(({ program }) => program.seed).join(", ");
    throw new Error(
      `${found.length} of ${seeds.length} programs run differently when compiled: seeds ${all}\n\n` +
        reports.join("\n\n"),
    );
  }
}

/** Writes a failure down: the program and its logs side by side. */
export function describe({ program, verdict }: Failure): string {
  const { seed, subject, mode, root } = program;
  return [
    `seed ${seed}, ${subject} (${mode}): ${verdict.difference}`,
    textOf(root),
    beside(verdict.native ?? [], verdict.other),
    `Replay it whole: AWAITIO_FUZZ_MODE=${subject} AWAITIO_FUZZ_SEED=${seed} ` +
    "deno test -A compiler/fuzz/fuzz_test.ts",
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
