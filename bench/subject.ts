/**
 * What a subject of the benchmark is, and which there are. To add one, write its file and list it
 * in {@linkcode subjects}.
 *
 * @module
 */

import type { CaseName } from "./cases.ts";

/** Marks where the measured stretch of a program begins and ends. */
export interface Meter {
  start(): void;
  stop(): void;
}

/** How one subject does the work of one case. */
export interface Program {
  /** The words in which the subject says it, as the table shows them. */
  readonly words: string;
  /**
   * Enters the subject's world, does `count` operations between `meter.start()` and `meter.stop()`, and
   * leaves nothing behind. `count` is even.
   *
   * @returns how many operations took place, counted where they end
   */
  run(count: number, meter: Meter): PromiseLike<number>;
}

/** One way to write concurrent programs: what a subject's module exports as `programs`. */
export type Programs = Readonly<Record<CaseName, Program>>;

/** What runs a subject. */
export type Engine = "Deno" | "Node";

/** A way to write concurrent programs, and what runs them. */
export interface Subject {
  /** As the table shows it and `--subject` takes it. */
  readonly name: string;
  /** The module beside this one that exports its {@linkcode Programs}. */
  readonly module: string;
  readonly engine: Engine;
  /** Whether the compiler makes state machines of its async functions. */
  readonly compiled: boolean;
  /** Whether the others on its engine are compared with it. */
  readonly baseline: boolean;
}

function subject(name: string, module: string, traits: Partial<Subject> = {}): Subject {
  return { name, module, engine: "Deno", compiled: false, baseline: false, ...traits };
}

/** Every subject, in the order of the table. */
export const subjects: readonly Subject[] = [
  subject("awaitio native", "subject_awaitio.ts"),
  subject("awaitio compiled", "subject_awaitio.ts", { compiled: true }),
  subject("plain promises", "subject_promises.ts", { baseline: true }),
  subject("Effect", "subject_effect.ts"),
  subject("Effection", "subject_effection.ts"),
  subject("awaitio compiled on Node", "subject_awaitio.ts", { engine: "Node", compiled: true }),
  subject("plain promises on Node", "subject_promises.ts", { engine: "Node", baseline: true }),
];

/** The subject that the one of this name is compared with. */
export function baselineOf(name: string): string | undefined {
  const engine = subjects.find((each) => each.name === name)?.engine;
  return subjects.find((each) => each.baseline && each.engine === engine)?.name;
}
