/**
 * Runs the cases: a process for each subject, one of them at work at a time, and the rounds go from
 * subject to subject, so that whatever else the machine does meets all of them alike.
 *
 * @module
 */

import { Builds } from "./builds.ts";
import { type Case, type CaseName, suspendedTasks } from "./cases.ts";
import type { Subject } from "./subject.ts";
import { SubjectProcess } from "./subject_process.ts";

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
  readonly subjects: readonly Subject[];
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

/** Memory hardly varies, so fewer rounds do. */
const memoryRounds = 3;

/** How many operations a roomy process runs without a collection, even at a few kilobytes each. */
const roomyRun = 20_000;

/**
 * Measures case after case.
 *
 * @throws {Error} when a subject's process fails, having said why on standard error, or is stuck
 */
export async function* measure(plan: Plan): AsyncGenerator<CaseResult> {
  plan.onProgress("building");
  using builds = await Builds.of(plan.subjects);
  const processes: SubjectProcess[] = [];
  try {
    for (const subject of plan.subjects) {
      plan.onProgress(`starting ${subject.name}`);
      processes.push(await SubjectProcess.start(subject, builds));
    }
    for (const each of plan.cases) {
      yield {
        case: each,
        figures: each.unit === "ns"
          ? await spent(each, processes, builds, plan)
          : await held(each, processes, plan),
        words: processes.map(({ words }) => words[each.name]),
      };
    }
  } finally {
    for (const process of processes) await process.end();
  }
}

/**
 * The time and the bytes that an operation takes. Disturbances only ever add to both, so the smallest
 * sample is the truest.
 */
async function spent(
  { name }: Case,
  processes: readonly SubjectProcess[],
  builds: Builds,
  { subjects, rounds, sampleTime, onProgress }: Plan,
): Promise<Figure[]> {
  const counts: number[] = [];
  for (const process of processes) {
    onProgress(`${name}: warming up ${process.name}`);
    counts.push(await calibrate(name, process, sampleTime));
  }
  const times = processes.map(() => Infinity);
  const bytes = processes.map(() => Infinity);
  for (let round = 1; round <= rounds; round++) {
    for (const [i, process] of processes.entries()) {
      onProgress(`${name}: round ${round} of ${rounds}, ${process.name}`);
      const count = counts[i]!;
      const sample = await process.sample({ case: name, count, meter: "spent" });
      times[i] = Math.min(times[i]!, sample.ns / count);
      if (sample.bytes !== null) bytes[i] = Math.min(bytes[i]!, sample.bytes / count);
    }
  }
  for (const [i, subject] of subjects.entries()) {
    if (bytes[i] === Infinity) bytes[i] = await growth(name, subject, builds);
  }
  return processes.map((process, i) => ({
    case: name,
    subject: process.name,
    nsPerOp: rounded(times[i]!),
    bytesPerOp: rounded(bytes[i]!),
  }));
}

/** Warms a program up and finds how many operations make a sample. */
async function calibrate(
  name: CaseName,
  process: SubjectProcess,
  sampleTime: number,
): Promise<number> {
  let count = 16;
  let spent = 0;
  for (;;) {
    const ms = (await process.sample({ case: name, count, meter: "spent" })).ns / 1e6;
    spent += ms;
    if (ms < sampleTime / 2) count *= 2;
    else if (spent >= warmUp * sampleTime) return 2 * Math.ceil(count * sampleTime / ms / 2);
  }
}

/**
 * The bytes that an operation allocates on an engine that does not count them: by how much the heap grows
 * in a process that has room for all of them.
 */
async function growth(name: CaseName, subject: Subject, builds: Builds): Promise<number> {
  const process = await SubjectProcess.start(subject, builds, "roomy");
  try {
    const samples: number[] = [];
    for (let round = 0; round <= memoryRounds; round++) {
      const { bytes } = await process.sample({ case: name, count: roomyRun, meter: "grown" });
      samples.push(bytes! / roomyRun);
    }
    return Math.min(...samples);
  } finally {
    await process.end();
  }
}

/** The memory that an operation holds. It can also shrink by what was held before, so the middle sample counts. */
async function held(
  { name }: Case,
  processes: readonly SubjectProcess[],
  { rounds, onProgress }: Plan,
): Promise<Figure[]> {
  const samples: number[][] = processes.map(() => []);
  // The first round only warms up.
  for (let round = 0; round <= Math.min(rounds, memoryRounds); round++) {
    for (const [i, process] of processes.entries()) {
      onProgress(`${name}: round ${round}, ${process.name}`);
      const sample = await process.sample({ case: name, count: suspendedTasks, meter: "held" });
      if (round > 0) samples[i]!.push(sample.bytes! / suspendedTasks);
    }
  }
  return processes.map((process, i) => ({
    case: name,
    subject: process.name,
    nsPerOp: null,
    bytesPerOp: rounded(median(samples[i]!)),
  }));
}

/** The value in the middle. */
export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1]!;
}

/** With as many digits as mean something. */
function rounded(value: number): number {
  return Number(value.toPrecision(4));
}
