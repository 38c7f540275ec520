/** One run of a stress program: what is known of it, and what it must never do. */

import { currentTask, type EventLoop, type ExceptionContext, type Task } from "awaitio";
import {
  type Chain,
  describe,
  describeCall,
  type Frame,
  type Grip,
  intended,
  name,
  type Operation,
  type TaskRecord,
  type Thing,
} from "./stress_chain_test.ts";

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
      // One that has not been thrown yet is forgotten when none is left, a time limit's included.
      if (left === 0) record.answered = record.cancels;
      if (record.net > 0) continue;
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
