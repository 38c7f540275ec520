/**
 * What is measured, and what the figures should be: data only, the same for every subject.
 *
 * @module
 */

/** The names of the cases, as `--case` takes them. */
export type CaseName =
  | "yield"
  | "event"
  | "queue"
  | "nested"
  | "task"
  | "timer"
  | "suspended";

/** One kind of work that every subject does in its own words. */
export interface Case {
  readonly name: CaseName;
  /** What one operation is. */
  readonly operation: string;
  /**
   * The figure the subjects are compared by: nanoseconds an operation takes, or bytes it holds. A case
   * measured in bytes has no nanoseconds, and runs a fixed number of operations a round.
   */
  readonly unit: "ns" | "B";
}

/** Every case, in the order in which it is run and shown. */
export const cases: readonly Case[] = [
  { name: "yield", unit: "ns", operation: "one of two tasks gives the other its turn" },
  { name: "event", unit: "ns", operation: "one task wakes another and waits to be woken by it" },
  {
    name: "queue",
    unit: "ns",
    operation: "an item goes from two producers to a consumer, with room for one",
  },
  {
    name: "nested",
    unit: "ns",
    operation: "a call that awaits a call that awaits what is settled",
  },
  { name: "task", unit: "ns", operation: "a task is created and its result awaited" },
  {
    name: "timer",
    unit: "ns",
    operation: "a timer is set and cancelled, among 1,000 pending ones",
  },
  { name: "suspended", unit: "B", operation: "memory held by a task that waits for an event" },
];

/**
 * The room in the `queue` case's queue, in items. There are two producers because one producer and one
 * consumer written in native code fall into step: every put finds room, every get an item, and no task
 * ever waits.
 */
export const queueSize = 1;

/** How many timers are pending while the `timer` case sets and cancels another. */
export const pendingTimers = 1_000;

/** When the `timer` case's own timer would fire, in ms: in the middle of the pending ones. */
export const timerDelay = 60_000;

/** When pending timer `index` of the `timer` case would fire, in ms. */
export function pendingDelay(index: number): number {
  return timerDelay / 2 + index * (timerDelay / pendingTimers);
}

/** How many tasks the `suspended` case lets wait at once. */
export const suspendedTasks = 4_000;

/** A bound on how much slower a subject may be than another. */
export interface Goal {
  readonly subject: string;
  /** Whom `subject` is compared with. */
  readonly peer: string;
  readonly cases: readonly CaseName[];
  /** The largest allowed quotient of the subject's figure and the peer's. */
  readonly within: number;
}

const everyCase = cases.map((each) => each.name);

/** What the project set out to reach. */
export const goals: readonly Goal[] = [
  { subject: "awaitio native", peer: "plain promises", cases: ["event"], within: 5 },
  { subject: "awaitio native", peer: "plain promises", cases: ["queue"], within: 5 },
  { subject: "awaitio native", peer: "plain promises", cases: ["task"], within: 5 },
  { subject: "awaitio native", peer: "plain promises", cases: ["nested"], within: 1.2 },
  { subject: "awaitio native", peer: "Effect", cases: everyCase, within: 1 },
  { subject: "awaitio native", peer: "Effection", cases: everyCase, within: 1 },
];
