/**
 * What a subject of the benchmark is, and which there are. To add one, write its file and name it
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
  run(count: number, meter: Meter): Promise<number>;
}

/** One way to write concurrent programs. */
export interface Subject {
  readonly programs: Readonly<Record<CaseName, Program>>;
}

/** The subject the others are compared with. */
export const baseline = "plain promises";

/** Every subject by name, in the order of the table; each is loaded only in its own process. */
export const subjects: Readonly<Record<string, () => Promise<Subject>>> = {
  "awaitio native": async () => (await import("./subject_awaitio.ts")).awaitio,
  [baseline]: async () => (await import("./subject_promises.ts")).promises,
  "Effect": async () => (await import("./subject_effect.ts")).effect,
  "Effection": async () => (await import("./subject_effection.ts")).effection,
};
