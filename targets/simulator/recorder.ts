import type { Handle } from "../../runtime/handle.ts";
import type { LoopObserver } from "../../runtime/loop_observer.ts";
import { currentScope } from "../../runtime/platform.ts";
import type { Task } from "../../runtime/task.ts";
import type { Timed } from "../../runtime/timer_heap.ts";
import { Wait } from "../../runtime/wait_base.ts";
import type { TraceEvent } from "./trace.ts";

/** A trace event without what the recorder adds. */
type Happening = TraceEvent extends infer E
  ? E extends TraceEvent ? Omit<E, "n" | "t" | "cause" | "by">
  : never
  : never;

/**
 * Writes the trace: numbers the events and finds out what led to each. A task acts because of the event that
 * last let it go on; what settles a wait is why its task goes on.
 */
export class Recorder implements LoopObserver {
  private count = 0;
  private stopped = false;
  /** The number of the event that the board or the loop is dealing with; 0 for none. */
  private acting = 0;
  private readonly lastOf: WeakMap<Task<unknown>, number> = new WeakMap();
  /** Why a wait was woken, a callback scheduled, a timer set. */
  private readonly causeOf: WeakMap<object, number> = new WeakMap();
  /** Whether the loop runs a callback of the program's. */
  private calling = false;
  private readonly hidden: WeakMap<Task<unknown>, string> = new WeakMap();

  /**
   * @param now The simulator's clock.
   * @param sink Takes the events.
   */
  constructor(
    private readonly now: () => number,
    private readonly sink: (event: TraceEvent) => void,
  ) {}

  /** Records what somebody does; `by` says who, the running task unless given. */
  record(happening: Happening, by?: string): number {
    const task = currentScope()?.task ?? null;
    return this.write(
      happening,
      this.acting !== 0 || task === null ? this.acting : this.lastOf.get(task) ?? 0,
      by ??
        (task === null
          ? (this.calling ? "loop" : "board")
          : this.hidden.get(task) ?? `task ${task.id}`),
    );
  }

  /** Records something and lets `effect` have it as its cause. */
  during<T>(happening: Happening, effect: () => T, by?: string): T {
    const before = this.acting;
    this.acting = this.record(happening, by);
    try {
      return effect();
    } finally {
      this.acting = before;
    }
  }

  /** Records what went over a bus, and lets `effect` have it as its cause. */
  transfer(port: string, sent: Uint8Array, answered: Uint8Array, effect: () => void): void {
    this.during({ kind: "bus", port, sent: hex(sent), answered: hex(answered) }, effect);
  }

  /** Calls `later` with the cause that there is now. */
  keepCause<A extends unknown[]>(later: (...args: A) => void): (...args: A) => void {
    const cause = this.currentCause();
    return (...args) => {
      const { acting, calling } = this;
      this.acting = cause;
      this.calling = false;
      try {
        later(...args);
      } finally {
        this.acting = acting;
        this.calling = calling;
      }
    };
  }

  created(task: Task<unknown>): void {
    // Its name is set after this; the start tells it.
    this.lastOf.set(task, this.currentCause());
  }

  started(task: Task<unknown>): void {
    const name = task.getName();
    this.taskEvent(task, { kind: "task", task: task.id, name, state: "started" });
  }

  waits(task: Task<unknown>, wait: Wait): void {
    if (this.hidden.has(task)) return;
    const name = task.getName();
    this.write(
      { kind: "task", task: task.id, name, state: "waits", what: wait.describe() },
      this.lastOf.get(task) ?? 0,
      `task ${task.id}`,
    );
  }

  woken(wait: Wait): void {
    this.causeOf.set(wait, this.currentCause());
  }

  resumes(task: Task<unknown>, wait: Wait): void {
    const cause = this.causeOf.get(wait);
    if (cause !== undefined) this.lastOf.set(task, cause);
    this.taskEvent(task, {
      kind: "task",
      task: task.id,
      name: task.getName(),
      state: "resumed",
      what: wait.describe(),
    });
  }

  ended(task: Task<unknown>, state: string, outcome: unknown): void {
    this.taskEvent(task, {
      kind: "task",
      task: task.id,
      name: task.getName(),
      state: state === "result" ? "finished" : state === "exception" ? "failed" : "cancelled",
      ...(state === "exception" ? { what: nameOf(outcome) } : {}),
    });
  }

  scheduled(handle: Handle): void {
    this.causeOf.set(handle, this.currentCause());
  }

  calls(handle: Handle): void {
    this.acting = this.causeOf.get(handle) ?? 0;
    this.calling = true;
  }

  returned(): void {
    this.acting = 0;
    this.calling = false;
  }

  /** A timer is there because somebody set it: a task that sleeps, or who scheduled the callback. */
  fired(timer: Timed): void {
    const sleeper = timer instanceof Wait ? timer.scope?.task : undefined;
    const cause = sleeper === undefined ? this.causeOf.get(timer) : this.lastOf.get(sleeper);
    this.acting = this.write({ kind: "timer", at: timer.deadline }, cause ?? 0, "loop");
    this.causeOf.set(timer, this.acting);
  }

  dealtWith(): void {
    this.acting = 0;
  }

  /** Records nothing more. */
  stop(): void {
    this.stopped = true;
  }

  /** Leaves a task of the simulator's own out of the trace; what it does is done by `name`. */
  hide(task: Task<unknown>, name: string): void {
    this.hidden.set(task, name);
  }

  private currentCause(): number {
    if (this.acting !== 0) return this.acting;
    const task = currentScope()?.task ?? null;
    return task === null ? 0 : this.lastOf.get(task) ?? 0;
  }

  private taskEvent(task: Task<unknown>, happening: Happening): void {
    if (this.hidden.has(task)) return;
    this.lastOf.set(task, this.write(happening, this.lastOf.get(task) ?? 0, `task ${task.id}`));
  }

  private write(happening: Happening, cause: number, by: string): number {
    if (this.stopped) return 0;
    const n = ++this.count;
    this.sink({ n, t: this.now(), cause, by, ...happening } as TraceEvent);
    return n;
  }
}

/** A time as traces show it: to the nanosecond. */
export function inTrace(time: number): number {
  return Math.round(time * 1e6) / 1e6;
}

/** An error in a few words; many errors are told apart by their class only. */
function nameOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const name = error.name === "Error" ? error.constructor.name : error.name;
  return error.message === "" ? name : `${name}: ${error.message}`;
}

function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join(" ");
}
