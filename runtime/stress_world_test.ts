/** What the stress test knows about a running program from outside, and what it must never see. */

import {
  BrokenBarrierError,
  CancelledError,
  currentTask,
  type EventLoop,
  type ExceptionContext,
  ExceptionGroup,
  QueueShutDown,
  type Task,
  type TaskGroup,
  type Timeout,
} from "awaitio";

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

/** One run of a program. */
export class World {
  readonly violations: string[] = [];
  readonly things: Thing[] = [];
  readonly records: TaskRecord[] = [];
  readonly ops: Set<Operation> = new Set();
  /** Groups whose children have not all ended. */
  readonly groups: Set<Frame> = new Set();
  /** Scripts that have begun and not ended. */
  running = 0;
  /** The program is being let go to its end. */
  open = false;
  private readonly byTask = new Map<Task<unknown>, TaskRecord>();
  private tickets = 0;
  /** Whom the program is cancelling. */
  private victim: TaskRecord | null = null;

  /** @param lines Takes what happens, one line each, where somebody wants to read it. */
  constructor(
    readonly loop: EventLoop,
    readonly shuffled: boolean,
    private readonly lines: string[] | null,
  ) {}

  now(): number {
    return this.loop.time();
  }

  /** Notes what happens. */
  note(who: string, what: string): void {
    this.lines?.push(`${String(this.now()).padStart(4)} ms  ${who}: ${what}`);
  }

  /** Something is wrong. */
  blame(what: string): void {
    if (this.violations.length >= 5) return;
    this.violations.push(`at ${this.now()} ms: ${what}`);
    this.note("!!", what);
  }

  ticket(): number {
    return ++this.tickets;
  }

  /** Whether `frame` has a reason to cancel what is in it. */
  due(frame: Frame): boolean {
    return frame.failed > 0 || frame.deadline <= this.now();
  }

  /** Enters a `timeout`, `waitFor` or group body. */
  enter(chain: Chain, ms: number): Frame {
    return chain.frames = {
      outer: chain.frames,
      chain,
      deadline: this.now() + Math.max(ms, 0),
      failed: 0,
      over: false,
      aborted: false,
      members: [],
      group: null,
      limit: null,
    };
  }

  /** Begins to watch a task. */
  register(
    task: Task<unknown>,
    name: string,
    frame: Frame | null = null,
    fresh = false,
  ): TaskRecord {
    const known = this.byTask.get(task);
    if (known !== undefined) return known;
    const record: TaskRecord = {
      name,
      task,
      cancels: 0,
      net: 0,
      answered: 0,
      fresh,
      over: false,
      watched: frame !== null,
      shielded: false,
      reports: 0,
      outcome: "none",
      root: null,
      branched: false,
      unsure: false,
      beside: 0,
      frame,
    };
    this.byTask.set(task, record);
    this.records.push(record);
    frame?.members.push(record);
    const cancel = task.cancel.bind(task);
    task.cancel = (message) => {
      const before = task.cancelling();
      const answer = cancel(message);
      if (task.cancelling() > before) this.cancelAsked(record);
      return answer;
    };
    task.addDoneCallback(() => this.taskDone(record));
    return record;
  }

  /** The unfinished tasks. */
  live(): TaskRecord[] {
    return this.records.filter((record) => !record.task.done());
  }

  begin(
    chain: Chain,
    thing: Thing | null,
    kind: string,
    way = "await",
    grip: Grip = "own",
  ): Operation {
    const ticket = this.ticket();
    const op: Operation = {
      chain,
      thing,
      kind,
      way,
      grip,
      ticket,
      settled: false,
      doomed: "no",
      awaited: [],
    };
    this.ops.add(op);
    this.note(chain.name, describeCall(op));
    return op;
  }

  /** Says which task `op` waits for. */
  awaits(op: Operation, record: TaskRecord): void {
    record.shielded = op.grip === "shielded" && !record.watched;
    record.watched = true;
    op.awaited.push({ record, cancels: record.cancels, done: record.task.done() });
  }

  /** `op` has given a value. */
  succeeded(op: Operation): void {
    const { chain, grip } = op;
    this.ops.delete(op);
    this.note(chain.name, `${describeCall(op)} went on`);
    const passed = op.awaited.some(({ record, cancels }) => record.cancels > cancels);
    // The task that it waited for was cancelled in its place, and has swallowed that.
    if (passed && grip === "loose") chain.answer();
    else if (op.doomed === "yes" && !op.settled) {
      this.blame(`${describe(op)} went on although its task had been cancelled`);
    }
  }

  /** `op` has thrown. */
  failed(op: Operation, error: unknown): void {
    this.ops.delete(op);
    this.note(op.chain.name, `${describeCall(op)} threw ${name(error)}`);
  }

  /** The calls that wait at `thing`, in the order in which they were made. */
  waiting(thing: Thing, kind?: string): Operation[] {
    const found = [...this.ops].filter((op) =>
      op.thing === thing && (kind === undefined || op.kind === kind)
    );
    return found.sort((a, b) => a.ticket - b.ticket);
  }

  /** Whether `op` has taken over what came earlier and is still waiting. */
  overtakes(op: Operation, latest: number): number {
    if (op.ticket < latest) this.blame(`${describe(op)} was overtaken by a later one`);
    return Math.max(op.ticket, latest);
  }

  /** A program takes up to `most` cancels of its task back. */
  uncancel(record: TaskRecord, most: number): void {
    const { task } = record;
    for (let i = 0; i < most && record.net > 0; i++) {
      record.net--;
      const left = task.uncancel();
      this.note(record.name, `uncancel, ${left} left`);
      if (record.net > 0) continue;
      record.answered = record.cancels;
      for (const op of this.ops) {
        if (op.chain.record === record && op.doomed === "yes") op.doomed = "perhaps";
      }
    }
  }

  /** The program cancels a task. */
  cancel(record: TaskRecord, message?: string): void {
    this.victim = record;
    record.task.cancel(message);
    this.victim = null;
  }

  private cancelAsked(record: TaskRecord): void {
    const by = currentTask();
    const awaited = record.watched && !record.shielded;
    if (!awaited && by !== record.task && this.victim !== record) {
      this.blame(`task ${record.name} was cancelled, though nothing that awaits it was`);
    }
    for (const frame of this.groups) {
      if (frame.over && frame.chain.record === record && !record.branched) frame.aborted = true;
    }
    record.cancels++;
    record.net++;
    this.note(record.name, "is cancelled");
    // A task that cancels itself runs, and so may one that an eager child cancels, or that has just
    // begun eagerly: its next await that suspends throws.
    const fresh = by !== null && this.byTask.get(by)?.fresh === true;
    if (by === record.task || record.fresh || fresh) return;
    for (const op of this.ops) {
      if (op.chain.record === record && op.doomed === "no") op.doomed = "yes";
    }
  }

  /** Nothing is ready to run. */
  idle(): void {
    for (const record of this.records) record.fresh = false;
    for (const op of this.ops) this.checkAwaited(op);
    for (const frame of this.groups) this.checkChildren(frame);
    for (const op of this.ops) {
      if ((op.grip !== "own" && op.grip !== "shielded") || op.thing?.excuses?.(op) === true) {
        continue;
      }
      if (op.doomed === "yes") this.blame(`${describe(op)} waits although its task was cancelled`);
      const frame = this.mustThrow(op.chain);
      if (frame === null) continue;
      const why = frame.failed > 0 ? "a child of its group failed" : "its time limit ran out";
      this.blame(`${describe(op)} waits although ${why}`);
    }
    for (const thing of this.things) thing.checkIdle();
  }

  /** The frame that has cancelled what `chain` awaits. */
  private mustThrow({ frames, served }: Chain): Frame | null {
    let frame = frames;
    while (frame !== null && (frame.over || served.has(frame) || !this.due(frame))) {
      frame = frame.outer;
    }
    return frame;
  }

  /** A call that was cancelled has cancelled the tasks that it waits for. */
  private checkAwaited(op: Operation): void {
    const { chain, grip, doomed, awaited } = op;
    if (grip === "own" || grip === "shielded") return;
    if (doomed !== "yes" && this.mustThrow(chain) === null) return;
    for (const { record, cancels } of awaited) {
      if (record.task.done() || record.cancels > cancels) continue;
      this.blame(`${describe(op)} was cancelled, and task ${record.name} was not`);
    }
  }

  /** A group that is being cancelled has cancelled its children. */
  private checkChildren(frame: Frame): void {
    const { chain, members } = frame;
    const late = frame.over && this.mustThrow(chain) !== null;
    if (!late && !frame.aborted && frame.failed === 0) return;
    for (const { task, cancels, name } of members) {
      if (task.done() || cancels > 0) continue;
      this.blame(`task ${name} goes on, though its group is being cancelled`);
    }
  }

  private taskDone(record: TaskRecord): void {
    const { name, task, outcome, root, cancels, net } = record;
    // It may have been cancelled while it ran, and have awaited nothing after that.
    const owed = root?.pending === true;
    const cancelled = task.cancelled();
    record.over = true;
    this.note(name, cancelled ? "ended cancelled" : "ended");
    const wanted = outcome === "cancelled" || (outcome === "returned" && owed) ||
      (outcome === "none" && cancels > 0);
    const known = outcome !== "foreign" && !(cancels > 0 && record.branched) && !record.unsure;
    if (known && cancelled !== wanted) {
      const how = outcome === "none" ? "had not begun" : outcome;
      this.blame(`task ${name} ${how}, yet it ${cancelled ? "was" : "was not"} cancelled`);
    }
    if (task.cancelling() !== net && record.beside === 0) {
      this.blame(`task ${name} ended with ${task.cancelling()} cancels pending instead of ${net}`);
    }
  }

  /** Hears what reaches the loop's exception handler. */
  heard(context: ExceptionContext): void {
    const { message, exception, task } = context;
    this.note("loop", message);
    const record = task === undefined ? undefined : this.byTask.get(task);
    if (record !== undefined) record.reports++;
    if (!intended(exception)) this.blame(`the loop reported: ${message} (${name(exception)})`);
  }

  /** The program has ended. */
  checkEnd(): void {
    if (this.ops.size > 0) this.blame(`${describe([...this.ops][0]!)} never ended`);
    for (const { name, outcome, watched, reports } of this.records) {
      const least = outcome === "failed" && !watched ? 1 : 0;
      if (reports >= least && reports <= 1) continue;
      this.blame(`the failure of task ${name} was reported ${reports} times`);
    }
    for (const thing of this.things) thing.checkEnd();
  }
}

/** Names a call and who made it. */
export function describe(op: Operation): string {
  return `"${describeCall(op)}" in ${op.chain.name}`;
}

function describeCall({ way, kind, thing }: Operation): string {
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
