/** The tasks, bodies and calls of a running stress program, as they look from outside. */

import {
  BrokenBarrierError,
  CancelledError,
  ExceptionGroup,
  QueueShutDown,
  type Task,
  type TaskGroup,
  type Timeout,
} from "awaitio";
import type { World } from "./stress_world_test.ts";

/** What a program throws on purpose. */
export class StressFailure extends Error {}

/** Something that tasks share: the queue, lock, ... under test, beside a model of what it must do. */
export interface Thing {
  readonly name: string;
  /** Says what is wrong now that nothing is ready to run. */
  checkIdle(): void;
  /** Lets who waits go on, so that the program can end. */
  open(round: number): void;
  /** Says what is wrong now that the program has ended. */
  checkEnd(): void;
  /** Whether a call that was cancelled may have to wait before it throws. */
  excuses?(op: Operation): boolean;
}

/** A `timeout`, `waitFor` or group body that a call is in: what may cancel it beside its task. */
export interface Frame {
  readonly outer: Frame | null;
  readonly chain: Chain;
  /** When it cancels; `Infinity` for a group. */
  deadline: number;
  /** How many children have failed. */
  failed: number;
  over: boolean;
  /** Its group has a reason to cancel its children. */
  aborted: boolean;
  readonly members: TaskRecord[];
  group: TaskGroup | null;
  limit: Timeout | null;
}

/** A task of the program. */
export interface TaskRecord {
  readonly name: string;
  readonly task: Task<unknown>;
  /** How often it was cancelled, by whomever. */
  cancels: number;
  /** Those that its program has not taken back. */
  net: number;
  /** How many there had been when any of its calls last heard of them, or all were taken back. */
  answered: number;
  /** It was called at once, and nothing has been idle since. */
  fresh: boolean;
  /** Whether its done callbacks have been called. */
  over: boolean;
  /** Somebody waits for it or has. */
  watched: boolean;
  /** Whoever waits for it shields it. */
  shielded: boolean;
  reports: number;
  outcome: "none" | "returned" | "cancelled" | "failed" | "foreign";
  /** Its own calls, where it has begun. */
  root: Chain | null;
  /** It awaits, or has awaited, several calls at once: a cancel may have been for any of them. */
  branched: boolean;
  /** Whether it has heard of its last cancel cannot be told from outside. */
  unsure: boolean;
  /** How many calls run beside its own. */
  beside: number;
  /** The group that it is a child of. */
  readonly frame: Frame | null;
}

/**
 * How firmly a call is held by its task: a cancel makes its own call throw at once, and so a shielded
 * one, which may also throw because what is shielded was cancelled; a gathered one throws when its
 * children have ended; a loose one may be answered by a task that swallows the cancel.
 */
export type Grip = "own" | "shielded" | "gathered" | "loose";

/** A call that waits. */
export interface Operation {
  chain: Chain;
  /** How it is awaited. */
  readonly way: string;
  readonly thing: Thing | null;
  readonly kind: string;
  readonly grip: Grip;
  /** The order of calling. */
  ticket: number;
  /** It had what it asked for at once. */
  settled: boolean;
  /** Its task was cancelled while it waited; `"perhaps"` when that was taken back. */
  doomed: "no" | "yes" | "perhaps";
  /** The tasks that it waits for, and what they had been through by then. */
  readonly awaited: {
    readonly record: TaskRecord;
    readonly cancels: number;
    readonly done: boolean;
  }[];
}

/** Calls that follow each other in one task; a task has several where it awaits two things at once. */
export class Chain {
  frames: Frame | null = null;
  spawned: TaskRecord[] = [];
  /** How many of its task's cancels it has seen. */
  seen: number;
  /** Frames that have given a reason for a `CancelledError`. */
  used: Set<Frame> = new Set();
  /** Frames that may have cancelled it already. */
  served: Set<Frame> = new Set();

  constructor(readonly world: World, readonly record: TaskRecord, readonly name: string) {
    this.seen = 0;
  }

  /** Calls that run beside it in the same task. */
  fork(name: string): Chain {
    const chain = new Chain(this.world, this.record, `${this.name}${name}`);
    chain.frames = this.frames;
    chain.seen = this.seen;
    chain.spawned = this.spawned;
    chain.used = new Set(this.used);
    chain.served = new Set(this.served);
    return chain;
  }

  /** They have ended and been awaited. */
  absorb(chain: Chain): void {
    this.seen = Math.max(this.seen, chain.seen);
    for (const frame of chain.used) this.used.add(frame);
    for (const frame of chain.served) this.served.add(frame);
  }

  /** The frame around it, innermost first, that is due and has not been `known`. */
  dueFrame(known: ReadonlySet<Frame>): Frame | null {
    for (let frame = this.frames; frame !== null; frame = frame.outer) {
      if (!known.has(frame) && this.world.due(frame)) return frame;
    }
    return null;
  }

  /** Whether its task was cancelled and it has not seen that yet. */
  get pending(): boolean {
    const { task, cancels, answered } = this.record;
    return cancels > Math.max(this.seen, answered) && task.cancelling() > 0;
  }

  /**
   * A call threw `CancelledError`.
   *
   * @returns Whether there was a reason for it; where there must be one, its lack is a mistake.
   */
  cancelled(op: Operation): boolean {
    const late = this.dueFrame(this.served) !== null;
    // What is settled goes on at once: a cancel that its task has not heard of is still to come.
    const settled = op.awaited.length > 0 && op.awaited.every(({ done }) => done);
    if (settled && op.doomed === "no") return false;
    if (this.hears() || op.doomed !== "no") return true;
    if (op.grip !== "own") return late;
    this.needsFrame(describe(op));
    return true;
  }

  /** What holds a body threw a `CancelledError` that did not come out of the body. */
  interrupted(what: string): void {
    if (!this.hears()) this.needsFrame(`${what} in ${this.name}`);
  }

  /** @returns Whether its task was cancelled and it had not heard of that. */
  private hears(): boolean {
    const explicit = this.record.cancels > this.seen;
    this.answer();
    return explicit;
  }

  /**
   * A call ran out of time. As in asyncio, a cancel from before and a limit that runs out at once may be
   * told as one.
   */
  timedOut(): void {
    if (this.pending) this.record.unsure = true;
    // The count of a task's cancels cannot tell which of several calls a limit belongs to.
    if (this.record.branched) this.answer();
  }

  /** Whatever has cancelled it by now has been heard of, but for the latest `left`. */
  answer(left = 0): void {
    this.seen = this.record.answered = this.record.cancels - left;
    for (let frame = this.frames; frame !== null; frame = frame.outer) {
      if (this.world.due(frame)) this.served.add(frame);
    }
  }

  private needsFrame(who: string): void {
    const frame = this.dueFrame(this.used);
    if (frame !== null) this.used.add(frame);
    // Where it awaits several calls at once, a cancel may have gone from one of them to another.
    else if (this.record.branched && this.record.cancels > 0) return;
    else this.world.blame(`${who} threw a CancelledError that nobody asked for`);
  }
}

/** Names a call and who made it. */
export function describe(op: Operation): string {
  return `"${describeCall(op)}" in ${op.chain.name}`;
}

/** Names a call. */
export function describeCall({ way, kind, thing }: Operation): string {
  return `${way} ${kind}${thing === null ? "" : ` ${thing.name}`}`;
}

/** Whether a program threw `error` on purpose, or may have been refused with it. */
export function intended(error: unknown): boolean {
  if (error instanceof ExceptionGroup) return error.errors.every(intended);
  return error instanceof StressFailure || error instanceof QueueShutDown ||
    error instanceof BrokenBarrierError;
}

/** Names an error. */
export function name(error: unknown): string {
  if (error instanceof CancelledError) return "CancelledError";
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}
