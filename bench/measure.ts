/**
 * Runs the cases: a process for each subject, one of them at work at a time, and the rounds go from
 * subject to subject, so that whatever else the machine does meets all of them alike.
 *
 * @module
 */

import { type Case, type CaseName, suspendedTasks } from "./cases.ts";
import { linesOf } from "./lines.ts";
import type { Sample } from "./worker.ts";

/** What was found for one case and one subject. */
export interface Figure {
  readonly case: CaseName;
  readonly subject: string;
  /** Nanoseconds an operation takes; `null` where only memory is measured. */
  readonly nsPerOp: number | null;
  /** Bytes an operation allocates, or holds where only memory is measured. */
  readonly bytesPerOp: number | null;
}

/** What to measure, and how patiently. */
export interface Plan {
  readonly cases: readonly Case[];
  readonly subjects: readonly string[];
  /** How many samples are taken of each case and subject; one of them counts. */
  readonly rounds: number;
  /** How long a sample should last, in ms. */
  readonly sampleTime: number;
  /** Told what is about to be measured. */
  readonly onProgress: (text: string) => void;
}

/** The figures of one case, with the words each subject does it in. */
export interface CaseResult {
  readonly case: Case;
  readonly figures: readonly Figure[];
  readonly words: readonly string[];
}

/** Before the first round a program runs for this many sample times, so that it is compiled. */
const warmUp = 5;

/** How long a sample may take before its program counts as stuck, in ms. */
const sampleLimit = 30_000;

/** Memory held hardly varies, so fewer rounds do. */
const heldRounds = 3;

/**
 * Measures case after case.
 *
 * @throws {Error} when a subject's process fails, having said why on standard error, or is stuck
 */
export async function* measure(plan: Plan): AsyncGenerator<CaseResult> {
  const processes: SubjectProcess[] = [];
  try {
    for (const name of plan.subjects) {
      plan.onProgress(`starting ${name}`);
      processes.push(await SubjectProcess.start(name));
    }
    for (const each of plan.cases) {
      const samples = await sampleCase(each, processes, plan);
      yield {
        case: each,
        figures: processes.map(({ name }, i) => figure(each, name, samples[i]!)),
        words: processes.map(({ words }) => words[each.name]),
      };
    }
  } finally {
    for (const process of processes) await process.end();
  }
}

/** Samples that say how many operations they took. */
interface Counted extends Sample {
  readonly count: number;
}

/** Takes the samples of one case: for each process, in order, its list. */
async function sampleCase(
  each: Case,
  processes: readonly SubjectProcess[],
  plan: Plan,
): Promise<Counted[][]> {
  const counts: number[] = [];
  for (const process of processes) {
    plan.onProgress(`${each.name}: warming up ${process.name}`);
    counts.push(await calibrate(each, process, plan.sampleTime));
  }
  const samples: Counted[][] = processes.map(() => []);
  const rounds = each.unit === "ns" ? plan.rounds : Math.min(plan.rounds, heldRounds);
  for (let round = 1; round <= rounds; round++) {
    for (const [i, process] of processes.entries()) {
      plan.onProgress(`${each.name}: round ${round} of ${rounds}, ${process.name}`);
      const count = counts[i]!;
      samples[i]!.push({ ...await process.sample(each.name, count), count });
    }
  }
  return samples;
}

/** Warms a program up and finds how many operations make a sample. */
async function calibrate(each: Case, process: SubjectProcess, sampleTime: number): Promise<number> {
  if (each.unit === "B") {
    await process.sample(each.name, suspendedTasks);
    return suspendedTasks;
  }
  let count = 16;
  let spent = 0;
  for (;;) {
    const ms = (await process.sample(each.name, count)).ns / 1e6;
    spent += ms;
    if (ms < sampleTime / 2) count *= 2;
    else if (spent >= warmUp * sampleTime) return 2 * Math.ceil(count * sampleTime / ms / 2);
  }
}

/**
 * Disturbances only ever add to the time and to the bytes allocated, so the smallest sample is the
 * truest; memory held can also shrink by what was held before, so there it is the middle one.
 */
function figure(each: Case, subject: string, samples: readonly Counted[]): Figure {
  const pick = (values: number[]) => {
    values.sort((a, b) => a - b);
    const picked = values[each.unit === "ns" ? 0 : values.length >> 1]!;
    return Number(picked.toPrecision(4));
  };
  return {
    case: each.name,
    subject,
    nsPerOp: each.unit === "ns" ? pick(samples.map(({ ns, count }) => ns / count)) : null,
    bytesPerOp: pick(samples.map(({ bytes, count }) => bytes / count)),
  };
}

/** A running `worker.ts`. */
class SubjectProcess {
  readonly name: string;
  words: Readonly<Record<CaseName, string>>;
  #child: Deno.ChildProcess;
  #requests: WritableStreamDefaultWriter<Uint8Array>;
  #answers: AsyncGenerator<string>;

  static async start(name: string): Promise<SubjectProcess> {
    const process = new SubjectProcess(name);
    process.words = await process.#answer();
    return process;
  }

  private constructor(name: string) {
    this.name = name;
    this.words = {} as Record<CaseName, string>;
    const worker = import.meta.resolve("./worker.ts");
    this.#child = new Deno.Command(Deno.execPath(), {
      args: ["run", "--allow-all", "--v8-flags=--expose-gc", worker, name],
      stdin: "piped",
      stdout: "piped",
      stderr: "inherit",
    }).spawn();
    this.#requests = this.#child.stdin.getWriter();
    this.#answers = linesOf(this.#child.stdout);
  }

  /** Runs `count` operations of a case. */
  async sample(name: CaseName, count: number): Promise<Sample> {
    const request = JSON.stringify({ case: name, count }) + "\n";
    await this.#requests.write(new TextEncoder().encode(request));
    return await this.#answer();
  }

  /** Ends the process, whatever it is at. */
  async end(): Promise<void> {
    await this.#answers.return(undefined);
    try {
      this.#child.kill();
    } catch {
      // It has ended by itself.
    }
    await this.#requests.abort().catch(() => {});
    await this.#child.status;
  }

  async #answer<T>(): Promise<T> {
    let stuck = false;
    const limit = setTimeout(() => {
      stuck = true;
      this.#child.kill();
    }, sampleLimit);
    const { value, done } = await this.#answers.next();
    clearTimeout(limit);
    if (!done) return JSON.parse(value);
    throw new Error(
      stuck
        ? `Cannot measure ${this.name}: no answer within ${sampleLimit / 1000} s`
        : `Cannot measure ${this.name}: its process ended; see its message above`,
    );
  }
}
