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

/** A bound on a figure of a subject, in each of some cases. */
export interface Goal {
  readonly subject: string;
  /** Whom `subject` is compared with; without one, the bound is a figure itself. */
  readonly peer?: string;
  readonly cases: readonly CaseName[];
  /** What is bounded: the figure that subjects are compared by, or the bytes an operation allocates. */
  readonly of: "figure" | "allocation";
  /** The largest allowed quotient of the subject's figure and the peer's, or the largest figure. */
  readonly atMost: number;
}

const everyCase = cases.map((each) => each.name);

/** What the project set out to reach without a compiler. */
const nativeGoals: readonly Goal[] = [
  native("plain promises", ["event"], 5),
  native("plain promises", ["queue"], 5),
  native("plain promises", ["task"], 5),
  native("plain promises", ["nested"], 1.2),
  native("Effect", everyCase, 1),
  native("Effection", everyCase, 1),
];

function native(peer: string, cases: readonly CaseName[], atMost: number): Goal {
  return { subject: "awaitio native", peer, cases, of: "figure", atMost };
}

/** What it set out to reach with one, on each engine. */
function compiledGoals(subject: string, peer: string): Goal[] {
  const timesAsFast = { yield: 1.5, event: 2.5, queue: 2.5, nested: 1.8, task: 2 } as const;
  const faster = Object.entries(timesAsFast) as [CaseName, number][];
  return [
    ...faster.map(([name, times]): Goal => (
      { subject, peer, cases: [name], of: "figure", atMost: 1 / times }
    )),
    { subject, peer, cases: faster.map(([name]) => name), of: "allocation", atMost: 1 / 4 },
    { subject, cases: ["timer"], of: "figure", atMost: 150 },
    { subject, cases: ["suspended"], of: "figure", atMost: 300 },
  ];
}

/** What the project set out to reach. */
export const goals: readonly Goal[] = [
  ...nativeGoals,
  ...compiledGoals("awaitio compiled", "plain promises"),
  ...compiledGoals("awaitio compiled on Node", "plain promises on Node"),
];
