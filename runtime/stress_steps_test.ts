/** The steps of a stress program that are about one shared thing. */

import { getRunningLoop, type Held, sleep } from "awaitio";
import { perform } from "./stress_calls_test.ts";
import type { ConditionThing, HoldThing } from "./stress_holds_test.ts";
import type { Act, Play } from "./stress_play_test.ts";
import type { Step } from "./stress_program_test.ts";
import type { Item } from "./stress_queue_test.ts";
import type { Chain, Thing } from "./stress_chain_test.ts";

/** Each step by its name. */
export const STEPS: Record<string, Act> = {
  async sleep(_play, chain, { ms = 0, via = "await" }) {
    const began: { at: number } = { at: 0 };
    const call = {
      thing: null,
      kind: `sleep(${ms})`,
      start: () => {
        began.at = getRunningLoop().time();
        return sleep(ms, began);
      },
      done: (_op: unknown, value: unknown) => {
        const took = chain.world.now() - began.at;
        if (value !== began) chain.world.blame(`sleep() gave ${value} instead of its value`);
        if (took !== ms) chain.world.blame(`sleep(${ms}) took ${took} ms`);
      },
    };
    await perform(chain, call, via, 3);
  },

  async put(play, chain, step) {
    const { on = 0, via = "await", ms = 0 } = step;
    const queue = play.queues[on]!;
    const item = queue.newItem();
    const victims = waiting(chain, queue);
    await perform(
      chain,
      {
        thing: queue,
        kind: "put",
        start: (op, watched) => queue.put(op, item, watched),
        done: (op) => queue.wasPut(op, item),
        refuses: (_op, error) => queue.refuses(error),
      },
      via,
      ms,
    );
    pounce(chain, step, victims);
  },

  async get(play, chain, step) {
    const { on = 0, via = "await", ms = 0, n = 0 } = step;
    const queue = play.queues[on]!;
    const victims = waiting(chain, queue);
    const taken = await perform(
      chain,
      {
        thing: queue,
        kind: "get",
        start: (op, watched) => via === "iterator" ? queue.next(op) : queue.get(op, watched),
        done: (op, item: Item) => queue.got(op, item),
        dropped: () => queue.taskDone(),
        missed: (op) => queue.missed(op),
        refuses: (_op, error) => queue.refuses(error),
      },
      via === "iterator" ? "await" : via,
      ms,
    );
    pounce(chain, step, victims);
    if (taken === undefined) return;
    try {
      if (n === 1) await perform(chain, PAUSE, "await", 0);
    } finally {
      queue.taskDone();
    }
  },

  putNowait(play, chain, step) {
    const queue = play.queues[step.on ?? 0]!;
    const victims = waiting(chain, queue);
    queue.putNowait(chain, queue.newItem());
    pounce(chain, step, victims);
  },

  getNowait(play, chain, step) {
    const queue = play.queues[step.on ?? 0]!;
    const victims = waiting(chain, queue);
    if (queue.getNowait(chain.name)) queue.taskDone();
    pounce(chain, step, victims);
  },

  snatch(play, chain, { on = 0, n = 1 }) {
    const queue = play.queues[on]!;
    // Wakes who waits, and takes what they were woken for.
    const put = (): void => queue.putNowait(chain, queue.newItem());
    const get = (): void => {
      if (queue.getNowait(chain.name)) queue.taskDone();
    };
    const steps = queue.queue.empty() ? [put, get] : [get, put];
    for (const step of steps) for (let i = 0; i < n; i++) step();
  },

  async join(play, chain, { on = 0, via = "await", ms = 0 }) {
    const queue = play.queues[on]!;
    let emptied = -1;
    await perform(
      chain,
      {
        thing: queue,
        kind: "join",
        start: (op) => {
          op.settled = queue.finished;
          if (!queue.finished) emptied = queue.emptied;
          return queue.queue.join();
        },
        done: () => {
          if (queue.emptied === emptied) chain.world.blame("join() went on before all was done");
        },
      },
      via,
      ms,
    );
  },

  shutdown(play, chain, step) {
    const queue = play.queues[step.on ?? 0]!;
    const victims = waiting(chain, queue);
    queue.shutdown(step.n === 1);
    pounce(chain, step, victims);
  },

  semaphore: (play, chain, step) => hold(play, chain, play.semaphores[step.on ?? 0]!, step),
  lock: (play, chain, step) => hold(play, chain, play.locks[step.on ?? 0]!, step),

  release(play, chain, step) {
    const semaphore = play.semaphores[step.on ?? 0]!;
    const victims = waiting(chain, semaphore);
    semaphore.more(chain);
    pounce(chain, step, victims);
  },

  "condition wait": (play, chain, step) =>
    withCondition(
      play,
      chain,
      step,
      (condition, holder) => waitOnce(chain, condition, holder, step),
    ),

  "condition waitFor": (play, chain, step) =>
    withCondition(
      play,
      chain,
      step,
      (condition, holder) => waitUntil(chain, condition, holder, step),
    ),

  notify: (play, chain, step) =>
    withCondition(play, chain, step, async (condition) => {
      const { n = 0, ms = 0 } = step;
      const victims = waiting(chain, condition);
      condition.level++;
      chain.world.note(chain.name, `notify ${n === 0 ? "all" : n} of ${condition.name}`);
      condition.notify(n === 0 ? Infinity : n);
      pounce(chain, step, victims);
      if (ms === 1) await perform(chain, PAUSE, "await", 0);
    }),

  async "event wait"(play, chain, { on = 0, via = "await", ms = 0 }) {
    const event = play.events[on]!;
    await perform(
      chain,
      {
        thing: event,
        kind: "wait",
        start: (op) => event.wait(op),
        done: (op) => event.passed(op),
      },
      via,
      ms,
    );
  },

  "event set"(play, chain, step) {
    const event = play.events[step.on ?? 0]!;
    const victims = waiting(chain, event);
    event.change(true);
    pounce(chain, step, victims);
  },

  "event clear"(play, chain, { on = 0 }) {
    if (!chain.world.open) play.events[on]!.change(false);
  },

  async "flag wait"(play, chain, { on = 0, via = "await", ms = 0 }) {
    const flag = play.flags[on]!;
    await perform(
      chain,
      {
        thing: flag,
        kind: "wait",
        start: (op, watched) => flag.wait(op, watched),
        done: (op) => flag.passed(op),
        missed: (op) => flag.missed(op),
        refuses: (_op, error) => flag.refuses(error),
      },
      via,
      ms,
    );
  },

  "flag set"(play, chain, step) {
    const flag = play.flags[step.on ?? 0]!;
    const victims = waiting(chain, flag);
    flag.change(true);
    pounce(chain, step, victims);
  },

  "flag clear"(play, chain, { on = 0 }) {
    if (!chain.world.open) play.flags[on]!.change(false);
  },

  async "barrier wait"(play, chain, step) {
    const { on = 0, via = "await", ms = 0 } = step;
    const barrier = play.barriers[on]!;
    const victims = waiting(chain, barrier);
    await perform(
      chain,
      {
        thing: barrier,
        kind: "wait",
        start: (op) => barrier.wait(op),
        done: (op, index: number) => barrier.passed(op, index),
        refuses: (op, error) => barrier.refuses(op, error),
      },
      via,
      ms,
    );
    pounce(chain, step, victims);
  },

  "barrier reset"(play, chain, step) {
    const barrier = play.barriers[step.on ?? 0]!;
    const victims = waiting(chain, barrier);
    if (!chain.world.open) barrier.reset();
    pounce(chain, step, victims);
  },
};

/** A short wait with something in hand. */
const PAUSE = { thing: null, kind: "pause", start: () => sleep(1) };

/** The tasks that wait at `thing`. */
function waiting(chain: Chain, thing: Thing): readonly Chain[] {
  return chain.world.waiting(thing).map((op) => op.chain).filter((each) => each !== chain);
}

/** Cancels one of those whom the step has just woken, before it runs. */
function pounce(chain: Chain, { pounce }: Step, victims: readonly Chain[]): void {
  const victim = pounce === undefined ? undefined : victims[pounce % victims.length];
  if (victim === undefined) return;
  chain.world.note(chain.name, `pounces on ${victim.name}`);
  chain.world.cancel(victim.record);
}

/** Holds a lock or a semaphore while the step's body runs. */
async function hold(play: Play, chain: Chain, thing: HoldThing, step: Step): Promise<void> {
  const { via = "await", ms = 0, n = 0, body = [] } = step;
  const held = await perform(
    chain,
    {
      thing,
      kind: "acquire",
      start: (op, watched) => thing.acquire(op, watched),
      done: (op) => thing.got(op),
      dropped: (op, value: Held) => thing.release(op, value, n === 1),
      missed: (op) => thing.missed(op),
    },
    via,
    ms,
  );
  if (held === undefined) return;
  try {
    await play.run(chain, body);
  } finally {
    const victims = waiting(chain, thing);
    thing.release(held.op, held.value, n === 1);
    pounce(chain, step, victims);
  }
}

/** Runs `body` with the lock of a condition. */
async function withCondition(
  play: Play,
  chain: Chain,
  step: Step,
  body: (condition: ConditionThing, holder: object) => Promise<void>,
): Promise<void> {
  const condition = play.conditions[step.on ?? 0]!;
  const { lock } = condition;
  const held = await perform(
    chain,
    {
      thing: lock,
      kind: "acquire",
      start: (op, watched) => lock.acquire(op, watched),
      done: (op) => lock.got(op),
      missed: (op) => lock.missed(op),
    },
    "await",
    0,
  );
  if (held === undefined) return;
  try {
    await body(condition, held.op);
  } finally {
    lock.release(held.op, held.value, step.on === 0);
  }
}

async function waitOnce(
  chain: Chain,
  thing: ConditionThing,
  holder: object,
  { via = "await", ms = 0 }: Step,
): Promise<void> {
  let asleep = false;
  await perform(
    chain,
    {
      thing,
      kind: "wait",
      start: (op) => {
        asleep = true;
        thing.sleep(op, holder);
        return thing.condition.wait();
      },
      done: (op) => thing.wake(op, holder, false),
      missed: (op) => {
        if (asleep) thing.wake(op, holder, true);
      },
    },
    via,
    ms,
  );
}

/** Waits until the level is so much higher. */
async function waitUntil(
  chain: Chain,
  thing: ConditionThing,
  holder: object,
  { via = "await", ms = 0, n = 1 }: Step,
): Promise<void> {
  const goal = thing.level + n;
  let asleep = false;
  await perform(
    chain,
    {
      thing,
      kind: "waitFor",
      start: (op) =>
        thing.condition.waitFor(() => {
          if (asleep) thing.wake(op, holder, false);
          asleep = thing.level < goal && !chain.world.open;
          if (asleep) thing.sleep(op, holder);
          return asleep ? null : goal;
        }),
      done: (_op, value: number | null) => {
        if (value !== goal) {
          chain.world.blame(`condition.waitFor() gave ${value} instead of ${goal}`);
        }
      },
      missed: (op) => {
        if (asleep) thing.wake(op, holder, true);
      },
    },
    via,
    ms,
  );
}
