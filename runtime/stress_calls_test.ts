/** How a stress program awaits: each call that waits, in each of the ways in which it can be awaited. */

import {
  CancelledError,
  createTask,
  shield,
  type Task,
  timeout,
  TimeoutError,
  waitFor,
} from "awaitio";
import type { Via } from "./stress_program_test.ts";
import {
  Chain,
  describe,
  type Frame,
  name,
  type Operation,
  type TaskRecord,
  type Thing,
} from "./stress_chain_test.ts";

/** A call on one of the shared things. */
export interface Call<T> {
  readonly thing: Thing | null;
  readonly kind: string;
  /** Makes the call; with `watched`, also notes at once what comes of it. */
  start(op: Operation, watched: boolean): PromiseLike<T>;
  /** The program has what it gives. */
  done?(op: Operation, value: T): void;
  /** A task of its own has what it gives, and is over. */
  dropped?(op: Operation, value: T): void;
  /** It has thrown. */
  missed?(op: Operation): void;
  /** Whether it may throw `error`. */
  refuses?(op: Operation, error: unknown): boolean;
}

/** Awaits a call in the way `via`; gives `undefined` where the call gave nothing. */
export async function perform<T>(
  chain: Chain,
  call: Call<T>,
  via: Via,
  ms: number,
): Promise<{ readonly op: Operation; readonly value: T } | undefined> {
  if (via !== "await" && via !== "timeout" && via !== "waitFor" && via !== "waitFor awaitable") {
    const { op, record } = inTask(chain, call, via);
    try {
      await awaitTask(
        chain,
        record,
        via === "waitFor task" || via === "shield" ? via : "await",
        ms,
      );
    } catch (error) {
      if (call.refuses?.(op, error) !== true) throw error;
    }
    return undefined;
  }
  const { world, record } = chain;
  const op = world.begin(chain, call.thing, call.kind, via);
  const outer = chain.frames;
  const frame = via === "await" ? null : world.enter(chain, ms);
  const before = record.task.cancelling();
  try {
    const value = await made(op, call, via, ms, frame);
    chain.frames = outer;
    world.succeeded(op);
    call.done?.(op, value);
    return { op, value };
  } catch (error) {
    chain.frames = outer;
    world.failed(op, error);
    checkExpiry(op, error, frame, before);
    if (error instanceof CancelledError) {
      // Another of the task's calls may have been cancelled at the same time: the two cannot be told apart.
      if (record.branched && frame !== null && world.due(frame)) op.doomed = "perhaps";
      call.missed?.(op);
      chain.cancelled(op);
      throw error;
    }
    refused(op, call, error, frame !== null && world.due(frame));
    return undefined;
  }
}

/** Makes a call in the task that awaits it. */
function made<T>(
  op: Operation,
  call: Call<T>,
  via: Via,
  ms: number,
  frame: Frame | null,
): PromiseLike<T> {
  const start = (): PromiseLike<T> => call.start(op, false);
  if (via === "waitFor") return waitFor(start, ms) as PromiseLike<T>;
  if (via === "waitFor awaitable") return waitFor(start(), ms);
  if (via !== "timeout") return start();
  return timeout(ms, (limit) => {
    frame!.limit = limit;
    return start();
  });
}

/** Checks that a call may have thrown `error`. */
function refused<T>(op: Operation, call: Call<T>, error: unknown, late: boolean): void {
  if (error instanceof TimeoutError && late) op.chain.timedOut();
  else if (call.refuses?.(op, error) !== true) {
    op.chain.world.blame(`${describe(op)} threw ${name(error)}`);
  }
  call.missed?.(op);
}

/** Makes a call in a task of its own, or hands a call that waits already to one. */
function inTask<T>(
  chain: Chain,
  call: Call<T>,
  via: Via,
): { readonly op: Operation; readonly record: TaskRecord } {
  const { world } = chain;
  const label = `${chain.name}.${world.records.length}`;
  // A function that is called at once and has what it asked for at once has not ended by then: cancelled
  // in the same turn it ends cancelled, as a task does that cancels itself and returns.
  const eager = via === "eager task" && call.missed === undefined;
  // Its chain is known when its task is: the call may be made before that.
  const op = world.begin(chain, call.thing, call.kind, via);
  // A call that is made here takes the cancel that its caller has not heard of.
  const { branched, cancels } = chain.record;
  const due = chain.pending || (branched && cancels > 0);
  if (via === "adopted" && due) op.doomed = "perhaps";
  const task = via === "adopted"
    ? createTask(called(op, call))
    : createTask({ eager }, () => call.start(op, true));
  const record = world.register(task, label, null, eager);
  record.outcome = "foreign";
  op.chain = new Chain(world, record, label);
  task.addDoneCallback(() => {
    const error = task.cancelled() ? CANCELLED : task.exception();
    if (error === null) {
      world.succeeded(op);
      call.done?.(op, task.result());
      call.dropped?.(op, task.result());
    } else {
      world.failed(op, error);
      if (error !== CANCELLED) return refused(op, call, error, false);
      call.missed?.(op);
      op.chain.cancelled(op);
    }
  });
  return { op, record };
}

/** Makes a call, which may throw before it gives anything to await. */
function called<T>(op: Operation, call: Call<T>): PromiseLike<T> {
  try {
    return call.start(op, true);
  } catch (error) {
    op.chain.world.failed(op, error);
    return Promise.reject(error);
  }
}

const CANCELLED = new CancelledError();

/** Awaits a task in the way `via`. */
export async function awaitTask(
  chain: Chain,
  awaited: TaskRecord,
  via: Via,
  ms: number,
): Promise<void> {
  const { world, record } = chain;
  const op = world.begin(chain, null, awaited.name, via, via === "shield" ? "shielded" : "loose");
  world.awaits(op, awaited);
  const limited = via === "waitFor task" || via === "timeout" || via === "waitFor";
  const outer = chain.frames;
  const frame = limited ? world.enter(chain, ms) : null;
  const before = record.task.cancelling();
  try {
    await awaiting(op, awaited.task, via, ms, frame);
    chain.frames = outer;
    world.succeeded(op);
  } catch (error) {
    chain.frames = outer;
    checkExpiry(op, error, frame, before);
    threw(op, error, frame !== null && world.due(frame));
  }
}

function awaiting(
  op: Operation,
  task: Task<unknown>,
  via: Via,
  ms: number,
  frame: Frame | null,
): PromiseLike<unknown> {
  const { chain } = op;
  if (via === "shield") return shield(task);
  if (via === "waitFor task") return waitFor(task, ms);
  if (via === "waitFor") return waitFor(() => task, ms);
  if (via === "timeout") {
    return timeout(ms, (limit) => {
      frame!.limit = limit;
      return task;
    });
  }
  if (via !== "adopted") return task;
  const adopting = createTask(task);
  const record = chain.world.register(adopting, `${chain.name}.${chain.world.records.length}`);
  record.outcome = "foreign";
  chain.world.awaits(op, record);
  return adopting;
}

/** A `timeout` whose limit ran out throws `TimeoutError`, unless its task was cancelled meanwhile. */
export function checkExpiry(
  op: Operation,
  error: unknown,
  frame: Frame | null,
  cancelsBefore: number,
): void {
  const { world, record } = op.chain;
  // Where a task awaits several calls at once, the cancels of one count in the others.
  if (record.branched) return;
  if (error instanceof CancelledError) {
    if (frame?.limit?.expired() === true && record.task.cancelling() <= cancelsBefore) {
      world.blame(`${describe(op)} threw CancelledError instead of TimeoutError`);
    }
  } else if (error instanceof TimeoutError && op.doomed === "yes") {
    world.blame(`${describe(op)} threw TimeoutError, though its task was cancelled`);
  }
}

/** A call that awaits tasks threw: throws on what is this task's to throw. */
export function threw(op: Operation, error: unknown, late: boolean): void {
  const { chain } = op;
  const { world } = chain;
  world.failed(op, error);
  if (error instanceof CancelledError) {
    // Otherwise what it awaited was cancelled, and this task goes on.
    if (chain.cancelled(op)) throw error;
    return;
  }
  if (op.doomed !== "no" || op.awaited.some((each) => each.record.cancels > each.cancels)) {
    chain.answer();
  }
  if (!(error instanceof TimeoutError && late)) throw error;
  chain.timedOut();
}
