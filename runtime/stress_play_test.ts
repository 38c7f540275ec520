/** Plays a stress program: what its tasks share, and what they do. */

import { CancelledError, createTask, currentTask } from "awaitio";
import { BODIES } from "./stress_bodies_test.ts";
import { ConditionThing, LockThing, SemaphoreThing } from "./stress_holds_test.ts";
import { type Program, type Script, type Step, taskName } from "./stress_program_test.ts";
import { QueueThing } from "./stress_queue_test.ts";
import { BarrierThing, EventThing, FlagThing } from "./stress_signals_test.ts";
import { STEPS } from "./stress_steps_test.ts";
import { Chain, type Frame, intended, name } from "./stress_chain_test.ts";
import type { World } from "./stress_world_test.ts";

/** What a step does. */
export type Act = (play: Play, chain: Chain, step: Step) => PromiseLike<void> | void;

/** The shared things of a program, and its tasks. */
export class Play {
  readonly queues: readonly QueueThing[];
  readonly semaphores: readonly SemaphoreThing[];
  readonly locks: readonly LockThing[];
  readonly conditions: readonly ConditionThing[];
  readonly events: readonly EventThing[];
  readonly barriers: readonly BarrierThing[];
  readonly flags: readonly FlagThing[];

  constructor(readonly world: World, { things }: Program) {
    const several = <T>(count: number, make: (i: number) => T): T[] =>
      Array.from({ length: count }, (_, i) => make(i));
    this.queues = things.queues.map((shape, i) => new QueueThing(world, `queue ${i}`, shape));
    this.semaphores = things.semaphores.map((shape, i) =>
      new SemaphoreThing(world, `semaphore ${i}`, shape)
    );
    this.locks = several(things.locks, (i) => new LockThing(world, `lock ${i}`));
    const own: LockThing[] = [];
    this.conditions = things.conditions.map((lock, i) => {
      const shared = this.locks[lock];
      if (shared === undefined) own.push(new LockThing(world, `the lock of condition ${i}`));
      return new ConditionThing(world, `condition ${i}`, shared ?? own[own.length - 1]!);
    });
    this.events = several(things.events, (i) => new EventThing(world, `event ${i}`));
    this.barriers = things.barriers.map((n, i) => new BarrierThing(world, `barrier ${i}`, n));
    this.flags = several(things.flags, (i) => new FlagThing(world, `flag ${i}`));
    world.things.push(...this.queues, ...this.semaphores, ...this.locks, ...own);
    world.things.push(...this.conditions, ...this.events, ...this.barriers, ...this.flags);
  }

  /** Starts a task of the program. */
  start(script: Script, index: number): void {
    const label = taskName(index);
    this.world.register(createTask(() => this.task(label, null, script)), label);
  }

  /** What a task does. */
  async task(label: string, frame: Frame | null, script: Script, eager = false): Promise<void> {
    const { world } = this;
    const record = world.register(currentTask()!, label, frame, eager);
    const chain = record.root = new Chain(world, record, label);
    world.running++;
    try {
      await this.run(chain, script);
      record.outcome = "returned";
    } catch (error) {
      record.outcome = error instanceof CancelledError ? "cancelled" : "failed";
      if (record.outcome === "failed") {
        if (frame !== null) frame.failed++;
        if (!intended(error)) world.blame(`task ${label} threw ${name(error)}`);
      }
      throw error;
    } finally {
      world.running--;
    }
  }

  /** Runs the steps of a chain. */
  async run(chain: Chain, script: Script): Promise<void> {
    for (const step of script) {
      const act = BODIES[step.do] ?? STEPS[step.do];
      if (act === undefined) throw new TypeError(`Cannot run the step "${step.do}": no such step`);
      await act(this, chain, step);
    }
  }

  /** A name for a task that `chain` makes. */
  label(chain: Chain): string {
    return `${chain.name}.${this.world.records.length}`;
  }
}
