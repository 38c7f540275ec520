/** The steps of a stress program that hold other steps, or are about tasks. */

import {
  CancelledError,
  createTask,
  currentTask,
  ExceptionGroup,
  gather,
  getRunningLoop,
  RuntimeError,
  shield,
  taskGroup,
  timeout,
  TimeoutError,
  wait,
  waitFor,
} from "awaitio";
import { awaitTask, perform, threw } from "./stress_calls_test.ts";
import { checkGathered, Ending, groupThrew } from "./stress_endings_test.ts";
import type { Act, Play } from "./stress_play_test.ts";
import type { Script } from "./stress_program_test.ts";
import {
  type Chain,
  type Frame,
  name,
  type Operation,
  StressFailure,
} from "./stress_chain_test.ts";

/** Each step by its name. */
export const BODIES: Record<string, Act> = {
  fail(_play, chain) {
    throw new StressFailure(`${chain.name} fails`);
  },

  cancel({ world }, chain, { n = 0, times = 1 }) {
    const live = world.live();
    const victim = live[n % live.length];
    for (let i = 0; i < times && victim !== undefined; i++) {
      world.cancel(victim, `${chain.name} said so`);
    }
  },

  "cancel self"({ world }, chain, { times = 1 }) {
    for (let i = 0; i < times; i++) world.cancel(chain.record);
  },

  async catch(play, chain, { n = 0, body = [] }) {
    try {
      await play.run(chain, body);
    } catch (error) {
      play.world.note(chain.name, `swallows ${name(error)}`);
      if (!(error instanceof CancelledError) || n === 2) return;
      play.world.uncancel(chain.record, n === 0 ? Infinity : 1);
    }
  },

  async finally(play, chain, { body = [], scripts = [] }) {
    try {
      await play.run(chain, body);
    } finally {
      await play.run(chain, scripts[0] ?? []);
    }
  },

  async both(play, chain, { scripts = [] }) {
    const forks = scripts.map((_, i) => chain.fork(`/${i + 1}`));
    chain.record.branched = true;
    const ends = await Promise.allSettled(forks.map((fork, i) => play.run(fork, scripts[i]!)));
    for (const fork of forks) chain.absorb(fork);
    for (const end of ends) if (end.status === "rejected") throw end.reason;
  },

  create(play, chain, { n = 0, body = [] }) {
    const label = play.label(chain);
    const eager = n === 1;
    const task = createTask({ name: label, eager }, () => play.task(label, null, body, eager));
    chain.spawned.push(play.world.register(task, label, null, eager));
  },

  "create adopted"(play, chain, { body = [] }) {
    const { world } = play;
    const fork = chain.fork("~");
    chain.record.branched = true;
    const call = async (): Promise<void> => {
      world.running++;
      fork.record.beside++;
      try {
        await play.run(fork, body);
      } finally {
        world.running--;
        fork.record.beside--;
      }
    };
    const record = world.register(createTask(call()), play.label(chain));
    record.outcome = "foreign";
    chain.spawned.push(record);
  },

  async "await task"(_play, chain, { n = 0, via = "await", ms = 0 }) {
    const record = chain.spawned[n % chain.spawned.length];
    if (record !== undefined) await awaitTask(chain, record, via, ms);
  },

  async "wait for tasks"({ world }, chain, { n = 0, ms = 0 }) {
    const tasks = chain.spawned.map((record) => record.task);
    if (tasks.length === 0) return;
    for (const record of chain.spawned) record.watched = true;
    const returnWhen = (["ALL_COMPLETED", "FIRST_COMPLETED", "FIRST_EXCEPTION"] as const)[n]!;
    await perform(
      chain,
      {
        thing: null,
        kind: "wait()",
        start: () => wait(tasks, { returnWhen, timeout: ms }),
        done: (_op, [done, pending]) => {
          const right = done.every((task) => task.done()) &&
            tasks.every((task) => done.includes(task) !== pending.includes(task));
          if (!right) world.blame(`wait() in ${chain.name} mistook what is done`);
        },
      },
      "await",
      0,
    );
  },

  async shield(play, chain, { n = 0, body = [] }) {
    const label = play.label(chain);
    const op = play.world.begin(chain, null, label, "shield", "shielded");
    const source = starting(play, op, label, body);
    try {
      await shield(n === 0 ? source : createTask(source));
      play.world.succeeded(op);
    } catch (error) {
      threw(op, error, false);
    }
  },

  async gather(play, chain, { n = 0, ms = 0, scripts = [] }) {
    const { world } = play;
    const op = world.begin(chain, null, `${scripts.length} tasks`, "gather", "gathered");
    const sources = scripts.map((script, i) => {
      const source = starting(play, op, `${play.label(chain)}.${i}`, script);
      return i === 1 ? createTask(source) : source;
    });
    const all = n === 1 ? gather(sources, { returnExceptions: true }) : gather(...sources);
    let byHand = false;
    const hand = ms < 0 ? null : getRunningLoop().callLater(ms, () => {
      world.note("loop", `cancels the gather in ${chain.name}`);
      byHand = all.cancel();
    });
    try {
      await all;
      if (byHand) world.blame(`gather() in ${chain.name} was cancelled, and it gave its results`);
      world.succeeded(op);
    } catch (error) {
      checkGathered(op, error, byHand, n === 1, scripts.length);
      threw(op, error, false);
    } finally {
      hand?.cancel();
    }
  },

  reschedule({ world }, chain, { ms = 0 }) {
    let frame = chain.frames;
    while (frame !== null && (frame.limit === null || frame.over)) frame = frame.outer;
    if (frame === null || frame.limit!.expired()) return;
    frame.deadline = world.now() + ms;
    frame.limit!.reschedule(frame.deadline);
    chain.used.delete(frame);
    chain.served.delete(frame);
    world.note(chain.name, `moves its deadline to ${frame.deadline}`);
  },

  async timeout(play, chain, { ms = 0, body = [] }) {
    const { world } = play;
    const { task } = chain.record;
    const before = task.cancelling();
    const frame = world.enter(chain, ms);
    const ending = new Ending(frame);
    world.note(chain.name, `timeout(${ms})`);
    try {
      await timeout(ms, (limit) => {
        frame.limit = limit;
        return ending.of(play.run(chain, body));
      });
      ending.requireWell(chain, "timeout()");
    } catch (error) {
      world.note(chain.name, `timeout(${ms}) threw ${name(error)}`);
      const expired = frame.limit!.expired();
      if (expired && world.now() < frame.deadline) world.blame("timeout() expired early");
      if (!(ending.error instanceof CancelledError)) {
        ending.requireSame(chain, "timeout()", error);
      } else {
        const late = expired && task.cancelling() <= before;
        const right = error instanceof (late ? TimeoutError : CancelledError);
        if (!right && !chain.record.branched) {
          world.blame(
            `timeout() in ${chain.name} threw ${name(error)}, though it ${
              late ? "" : "not "
            }expired`,
          );
        }
        if (error instanceof TimeoutError) return chain.timedOut();
      }
      throw error;
    } finally {
      chain.frames = frame.outer;
    }
  },

  async waitFor(play, chain, { ms = 0, body = [] }) {
    const { world } = play;
    const { task } = chain.record;
    const before = task.cancelling();
    const inner = chain.fork("'");
    const frame = world.enter(inner, ms);
    const ending = new Ending(frame);
    world.note(chain.name, `waitFor(${ms})`);
    try {
      await waitFor(() => ending.of(play.run(inner, body)), ms);
      ending.requireWell(chain, "waitFor()");
    } catch (error) {
      world.note(chain.name, `waitFor(${ms}) threw ${name(error)}`);
      if (error instanceof TimeoutError) {
        if (!world.due(frame)) world.blame(`waitFor() in ${chain.name} expired early`);
        if (ms > 0 && task.cancelling() > before && !chain.record.branched) {
          world.blame(
            `waitFor() in ${chain.name} threw TimeoutError, though its task was cancelled`,
          );
        }
        return chain.timedOut();
      }
      chain.absorb(inner);
      if (!(error instanceof CancelledError)) ending.requireSame(chain, "waitFor()", error);
      else if (!(ending.error instanceof CancelledError)) chain.interrupted("waitFor()");
      else if (
        inner.used.has(frame) && task.cancelling() <= before && chain.dueFrame(NONE) === null
      ) world.blame(`waitFor() in ${chain.name} threw CancelledError instead of TimeoutError`);
      throw error;
    } finally {
      frame.over = true;
      chain.absorb(inner);
    }
  },

  async group(play, chain, { scripts = [], body = [] }) {
    const { world } = play;
    const frame = world.enter(chain, Infinity);
    const ending = new Ending(frame);
    world.note(chain.name, "taskGroup()");
    try {
      await taskGroup((group) => {
        frame.group = group;
        world.groups.add(frame);
        for (const script of scripts) addChild(play, chain, frame, script);
        return ending.of(play.run(chain, body));
      });
      ending.requireWell(chain, "taskGroup()");
      if (ending.unsure && chain.pending) chain.record.unsure = true;
      if (frame.failed > 0) world.blame(`taskGroup() in ${chain.name} hid the failure of a child`);
      const { unsure, branched } = chain.record;
      if (ending.waited && chain.pending && !unsure && !branched) {
        world.blame(`taskGroup() in ${chain.name} swallowed a cancel`);
      }
    } catch (error) {
      world.note(chain.name, `taskGroup() threw ${name(error)}`);
      groupThrew(chain, frame, ending, error);
      throw error;
    } finally {
      chain.frames = frame.outer;
      leaveGroup(chain, frame);
    }
  },

  async "group of a task"(play, chain, { scripts = [], body = [] }) {
    const { world } = play;
    const { record } = chain;
    const frame = world.enter(chain, Infinity);
    const label = play.label(chain);
    const op = world.begin(chain, null, label, "group of", "loose");
    const task = createTask(() => play.task(label, null, body));
    world.awaits(op, world.register(task, label));
    try {
      await taskGroup((group) => {
        frame.group = group;
        world.groups.add(frame);
        for (const script of scripts) addChild(play, chain, frame, script);
        return task;
      });
      if (frame.failed > 0) world.blame(`taskGroup() in ${chain.name} hid the failure of a child`);
      world.succeeded(op);
    } catch (error) {
      try {
        threw(op, error, false);
      } finally {
        if (error instanceof ExceptionGroup && record.task.cancelling() > 0) {
          record.net--;
          chain.answer(1);
        }
      }
    } finally {
      chain.frames = frame.outer;
      frame.over = true;
      leaveGroup(chain, frame);
    }
  },

  "create child"(play, chain, { n = 0, body = [] }) {
    let frame = chain.frames;
    while (frame !== null && frame.group === null) frame = frame.outer;
    const { record } = chain;
    const chosen = n === 1 ? record.frame ?? frame : frame ?? record.frame;
    if (chosen === null) return;
    try {
      addChild(play, chain, chosen, body);
    } catch (error) {
      if (!(error instanceof RuntimeError)) throw error;
      play.world.note(chain.name, error.message);
    }
  },
};

const NONE: ReadonlySet<Frame> = new Set();

/** A function for `gather` or `shield`: its task is known when it begins. */
function starting(play: Play, op: Operation, label: string, script: Script): () => Promise<void> {
  return () => {
    play.world.awaits(op, play.world.register(currentTask()!, label));
    return play.task(label, null, script);
  };
}

/** A group has ended, and with it every child. */
function leaveGroup({ world, name: who }: Chain, frame: Frame): void {
  world.groups.delete(frame);
  for (const { task, name } of frame.members) {
    if (!task.done()) world.blame(`taskGroup() in ${who} left ${name} behind`);
  }
}

function addChild(play: Play, chain: Chain, frame: Frame, script: Script): void {
  const label = play.label(chain);
  const task = frame.group!.createTask({ name: label }, () => play.task(label, frame, script));
  play.world.register(task, label, frame);
}
