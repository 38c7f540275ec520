/** The random programs of the stress test: data, so that they can be printed, replayed and cut down. */

import { Random } from "../targets/simulator/random.ts";

/** How a call that waits is awaited. */
export type Via =
  | "await"
  | "waitFor"
  | "waitFor awaitable"
  | "waitFor task"
  | "timeout"
  | "task"
  | "eager task"
  | "adopted"
  | "shield"
  | "iterator";

/** One step of a program; which of the fields mean something depends on `do`. */
export interface Step {
  readonly do: string;
  /** The number of the queue, lock, ... that it is about. */
  readonly on?: number;
  /** A sleep or a limit in milliseconds. */
  readonly ms?: number;
  readonly via?: Via;
  /** A count, a choice or the number of a victim. */
  readonly n?: number;
  /** How often to cancel. */
  readonly times?: number;
  /** Cancel, in the same turn, the task that waits there in this place. */
  readonly pounce?: number;
  readonly body?: readonly Step[];
  readonly scripts?: readonly Script[];
}

/** The steps of one task or call. */
export type Script = readonly Step[];

/** What the tasks of a program share. */
export interface Things {
  readonly queues: readonly {
    readonly kind: "fifo" | "lifo" | "priority";
    readonly size: number;
  }[];
  readonly semaphores: readonly { readonly n: number; readonly bounded: boolean }[];
  readonly locks: number;
  /** The lock of each condition; -1 for one of its own. */
  readonly conditions: readonly number[];
  readonly events: number;
  readonly barriers: readonly number[];
  readonly flags: number;
}

/** A program: tasks that run side by side for a while and are then let go to their ends. */
export interface Program {
  readonly seed: number;
  /** The seed of the order within a turn; 0 leaves it as it is. */
  readonly order: number;
  readonly things: Things;
  readonly scripts: readonly Script[];
  /** Milliseconds until everything is opened so that every task can end. */
  readonly length: number;
}

/** Makes the program of a seed. */
export function generate(seed: number): Program {
  return new Generator(seed).program();
}

const LIMITS = [0, 0, 1, 1, 2, 2, 3, 4, 6, 500];
const PLAIN: readonly Via[] = ["await", "waitFor", "timeout"];
const ANY: readonly Via[] = [
  ...PLAIN,
  "waitFor awaitable",
  "waitFor task",
  "task",
  "eager task",
  "adopted",
  "shield",
];

class Generator {
  private readonly random: Random;
  private readonly things: Things;
  /** The steps that this program may have, as often as they are likely. */
  private readonly choices: ((depth: number) => Step)[] = [];

  constructor(private readonly seed: number) {
    this.random = new Random(seed);
    for (let i = 0; i < 3; i++) this.random.next();
    this.things = this.newThings();
    this.offer();
  }

  program(): Program {
    const { seed, things, random } = this;
    const count = 2 + random.below(5);
    const scripts = Array.from({ length: count }, () => this.script(0, 5));
    return {
      seed,
      order: seed % 2 === 0 ? 0 : seed,
      things,
      scripts,
      length: 4 + random.below(12),
    };
  }

  private newThings(): Things {
    const { random } = this;
    const kinds = ["queues", "semaphores", "locks", "conditions", "events", "barriers", "flags"];
    const chosen = new Set<string>();
    for (let i = random.below(3); i >= 0; i--) chosen.add(this.pick(kinds));
    const some = <T>(kind: string, make: () => T): T[] =>
      chosen.has(kind) ? Array.from({ length: random.below(4) === 0 ? 2 : 1 }, make) : [];
    const locks = some("locks", () => 0).length;
    return {
      queues: some("queues", () => ({
        kind: this.pick(["fifo", "fifo", "fifo", "lifo", "priority"] as const),
        size: this.pick([0, 1, 1, 2, 3]),
      })),
      semaphores: some("semaphores", () => {
        const bounded = random.below(2) === 0;
        return { n: bounded ? 1 + random.below(3) : random.below(4), bounded };
      }),
      locks,
      conditions: some("conditions", () => locks > 0 && random.below(2) === 0 ? 0 : -1),
      events: some("events", () => 0).length,
      barriers: some("barriers", () => 1 + random.below(4)),
      flags: some("flags", () => 0).length,
    };
  }

  private pick<T>(list: readonly T[]): T {
    return list[this.random.below(list.length)]!;
  }

  private limit(): number {
    return this.pick(LIMITS);
  }

  private script(depth: number, most: number): Step[] {
    return Array.from(
      { length: 1 + this.random.below(most) },
      () => this.pick(this.choices)(depth),
    );
  }

  private body(depth: number): Step[] {
    const steps = this.script(depth + 1, 3);
    // Cancelled by itself, or failing, before anything suspends: rare unless it is asked for.
    const { random } = this;
    if (random.below(12) === 0) steps.unshift({ do: "cancel self", times: 1 });
    if (random.below(12) === 0) steps.push({ do: "fail" });
    return steps;
  }

  private bodies(depth: number): Step[][] {
    return Array.from({ length: 1 + this.random.below(3) }, () => this.body(depth));
  }

  private pounce(): { pounce?: number } {
    return this.random.below(3) === 0 ? { pounce: this.random.below(3) } : {};
  }

  /** A way to await and its limit. */
  private way(ways: readonly Via[]): { via: Via; ms: number } {
    return { via: this.random.below(2) === 0 ? "await" : this.pick(ways), ms: this.limit() };
  }

  /** Adds a step `weight` times to what can be chosen. */
  private add(weight: number, make: (depth: number) => Step): void {
    for (let i = 0; i < weight; i++) this.choices.push(make);
  }

  private offer(): void {
    const { random } = this;
    const on = (count: number): { on: number } => ({ on: random.below(count) });
    this.add(6, () => ({ do: "sleep", via: "await", ms: random.below(4) }));
    // This one ends when it is cancelled.
    if (random.below(4) === 0) this.add(1, () => ({ do: "sleep", via: this.pick(ANY), ms: 500 }));
    this.add(1, () => ({ do: "sleep", via: this.pick(ANY), ms: random.below(4) }));
    this.offerQueues(on);
    this.offerHolds(on);
    this.offerSignals(on);
    this.add(4, () => ({ do: "cancel", n: random.below(8), times: this.pick([1, 1, 2]) }));
    this.add(1, () => ({ do: "cancel self", times: this.pick([1, 1, 2]) }));
    this.add(1, () => ({ do: "fail" }));
    this.add(1, () => ({ do: "reschedule", ms: this.limit() }));
    this.add(1, () => ({ do: "create child", n: random.below(2), body: this.script(2, 2) }));
    this.add(
      3,
      () => ({ do: "await task", n: random.below(4), via: this.pick(ANY), ms: this.limit() }),
    );
    this.add(1, () => ({ do: "wait for tasks", n: random.below(3), ms: this.limit() }));
    const few = this.choices.length;
    const nested: ((depth: number) => Step)[] = [
      (depth) => ({ do: "timeout", ms: this.limit(), body: this.body(depth) }),
      (depth) => ({ do: "timeout", ms: this.limit(), body: this.body(depth) }),
      (depth) => ({ do: "waitFor", ms: this.limit(), body: this.body(depth) }),
      (depth) => ({ do: "waitFor", ms: this.limit(), body: this.body(depth) }),
      (depth) => ({ do: "shield", n: random.below(2), body: this.body(depth) }),
      (depth) => ({
        do: "gather",
        n: random.below(2),
        ms: random.below(3) === 0 ? random.below(4) : -1,
        scripts: this.bodies(depth),
      }),
      (depth) => ({ do: "group", scripts: this.bodies(depth), body: this.body(depth) }),
      (depth) => ({ do: "group", scripts: this.bodies(depth), body: this.body(depth) }),
      (depth) => ({
        do: "group of a task",
        scripts: this.bodies(depth),
        body: this.body(depth),
      }),
      (depth) => ({ do: "both", scripts: [this.body(depth), this.body(depth)] }),
      (depth) => ({ do: "create", n: random.below(2), body: this.body(depth) }),
      (depth) => ({ do: "create", n: random.below(2), body: this.body(depth) }),
      // A call that its task may leave behind: it must not hold anything while it waits.
      () => ({ do: "create adopted", body: this.script(3, 3) }),
      (depth) => ({ do: "catch", n: random.below(3), body: this.body(depth) }),
      (depth) => ({ do: "finally", body: this.body(depth), scripts: [this.body(depth)] }),
    ];
    this.offerTraps();
    for (const make of nested) {
      const weight = Math.ceil(few / 30);
      this.add(weight, (depth) => depth < 3 ? make(depth) : { do: "sleep", via: "await", ms: 0 });
    }
  }

  /** What races need together, and chance alone brings together seldom. */
  private offerTraps(): void {
    const again: Step = { do: "cancel self", times: 1 };
    // A cancel while another one is on its way out, out of bodies within bodies.
    this.add(1, () => ({
      do: "waitFor",
      ms: this.limit(),
      body: [{
        do: this.pick(["timeout", "group"]),
        ms: this.limit(),
        scripts: [this.script(3, 2)],
        body: [{
          do: "finally",
          body: this.script(3, 2),
          scripts: [[again, ...this.script(3, 1)]],
        }],
      }],
    }));
    // Two cancels that are taken back together, the second before anything has thrown it.
    this.add(1, () => ({
      do: "catch",
      n: 0,
      body: [{ do: "finally", body: [again, ...this.script(3, 2)], scripts: [[again]] }],
    }));
    // A call that outlives the body that made it, and waits again after that.
    this.add(1, () => ({
      do: this.pick(["timeout", "waitFor", "group"]),
      ms: this.limit(),
      scripts: [],
      body: [{ do: "create adopted", body: this.script(3, 3) }],
    }));
  }

  private offerQueues(on: (count: number) => { on: number }): void {
    const { random } = this;
    const { length } = this.things.queues;
    if (length === 0) return;
    this.add(8, () => ({ do: "put", ...on(length), ...this.way(ANY), ...this.pounce() }));
    this.add(8, () => ({
      do: "get",
      ...on(length),
      ...this.way([...ANY, "iterator"]),
      n: random.below(2),
      ...this.pounce(),
    }));
    this.add(3, () => ({ do: "putNowait", ...on(length), ...this.pounce() }));
    this.add(3, () => ({ do: "getNowait", ...on(length), ...this.pounce() }));
    this.add(2, () => ({ do: "snatch", ...on(length), n: 1 + random.below(3) }));
    this.add(2, () => ({ do: "join", ...on(length), ...this.way(ANY) }));
    if (random.below(3) === 0) {
      this.add(1, () => ({ do: "shutdown", ...on(length), n: random.below(2), ...this.pounce() }));
    }
  }

  private offerHolds(on: (count: number) => { on: number }): void {
    const { random } = this;
    const { semaphores, locks, conditions } = this.things;
    // A cancelled condition.wait() needs its lock: who holds it must not wait for others meanwhile.
    const shared = conditions.includes(0);
    const hold = (what: string, count: number, alone = false): void => {
      if (count === 0) return;
      this.add(9, (depth) => ({
        do: what,
        ...on(count),
        ...this.way(ANY),
        n: random.below(2),
        body: depth >= 3 ? [] : alone ? [{ do: "sleep", ms: 1 }] : this.body(depth),
        ...this.pounce(),
      }));
    };
    hold("semaphore", semaphores.length);
    hold("lock", locks, shared);
    if (semaphores.length > 0) {
      this.add(3, () => ({ do: "release", ...on(semaphores.length), ...this.pounce() }));
    }
    if (conditions.length > 0) {
      this.add(9, () => ({ do: "condition wait", ...on(conditions.length), ...this.way(PLAIN) }));
      this.add(4, () => ({
        do: "condition waitFor",
        ...on(conditions.length),
        ...this.way(PLAIN),
        n: 1 + random.below(3),
      }));
      this.add(9, () => ({
        do: "notify",
        ...on(conditions.length),
        n: random.below(4),
        ms: random.below(2),
        ...this.pounce(),
      }));
    }
  }

  private offerSignals(on: (count: number) => { on: number }): void {
    const { events, barriers, flags } = this.things;
    if (events > 0) {
      this.add(6, () => ({ do: "event wait", ...on(events), ...this.way(ANY) }));
      this.add(4, () => ({ do: "event set", ...on(events), ...this.pounce() }));
      this.add(4, () => ({ do: "event clear", ...on(events) }));
    }
    if (barriers.length > 0) {
      this.add(12, () => ({
        do: "barrier wait",
        ...on(barriers.length),
        ...this.way(ANY),
        ...this.pounce(),
      }));
      this.add(1, () => ({ do: "barrier reset", ...on(barriers.length), ...this.pounce() }));
    }
    if (flags > 0) {
      this.add(7, () => ({ do: "flag wait", ...on(flags), ...this.way(ANY) }));
      this.add(7, () => ({ do: "flag set", ...on(flags), ...this.pounce() }));
      this.add(1, () => ({ do: "flag clear", ...on(flags) }));
    }
  }
}

/** Writes a program down, one step a line. */
export function describeProgram(program: Program): string {
  const { seed, order, things, scripts, length } = program;
  const lines = [
    `program ${seed}, order ${order}, opened after ${length} ms`,
    `  shared: ${JSON.stringify(things)}`,
  ];
  scripts.forEach((script, i) => {
    lines.push(`  task ${taskName(i)}`);
    describeScript(script, "    ", lines);
  });
  return lines.join("\n");
}

/** The name of a program's task. */
export function taskName(index: number): string {
  return String.fromCharCode(65 + index);
}

function describeScript(script: Script, indent: string, lines: string[]): void {
  for (const { do: what, body, scripts, ...rest } of script) {
    const details = Object.entries(rest).map(([key, value]) => `${key}=${value}`);
    lines.push(`${indent}${[what, ...details].join(" ")}`);
    if (body !== undefined) describeScript(body, `${indent}  `, lines);
    scripts?.forEach((each) => {
      lines.push(`${indent}  with`);
      describeScript(each, `${indent}    `, lines);
    });
  }
}
