import { type Bindings, Context, currentBindings } from "./context.ts";
import { CancelledError, RuntimeError } from "./errors.ts";
import { CANCELLED, type Ending, EXCEPTION, Future, MARK, RESULT } from "./future.ts";
import type { Callable, EventLoop } from "./loop.ts";
import { currentScope, runInScope, type Signal } from "./platform.ts";
import { SMALL } from "./small.ts";
import {
  deliver,
  forgiveAll,
  giveUp,
  NEVER,
  parked,
  type Rare,
  rarely,
  type Scope,
  signalOf,
  takeOwed,
} from "./scope.ts";
import { afterAwaits, COMPILED, enter, outcomeOf } from "./native.ts";
import { ForeignWait } from "./foreign_wait.ts";
import {
  describeWait,
  follow,
  Postponed,
  type Wait,
  waitBehind,
  type Waiter,
} from "./wait_base.ts";

/** How to create a task. */
export interface TaskOptions {
  /** Its name in messages and traces; its function's name (or `Task`) and its number unless given. */
  readonly name?: string;
  /** Its context; a copy of the creator's unless given. */
  readonly context?: Context;
  /** Whether the function is called at once instead of on the loop's next turn. Default `false`. */
  readonly eager?: boolean;
}

/**
 * How many tasks that await each other are cancelled within one call; the next one is on the next turn, so that
 * a long chain does not overflow the stack.
 */
const DEEPEST = 200;
let depth = 0;

/** What observers are told. */
const ENDINGS: { readonly [ending in Ending]: string } = {
  [RESULT]: "result",
  [EXCEPTION]: "exception",
  [CANCELLED]: "cancelled",
};

/** It is being cancelled. */
const REACHING = MARK;

/** Calls the task's function in its scope; what it gives ends the task. */
function start<T>(task: Task<T>, fn: () => unknown): void {
  const result = fn();
  if (isAwaitable(result)) follow(result, task);
  else task.complete(result as T);
}

/** A function of its own: V8 makes room for what a closure holds wherever one might be made. */
function withArgs(fn: Callable, args: readonly unknown[]): () => unknown {
  return () => (fn as (...args: unknown[]) => unknown)(...args);
}

/** Whether `value` can be awaited. */
export function isAwaitable(value: unknown): value is PromiseLike<unknown> {
  return (typeof value === "object" || typeof value === "function") && value !== null &&
    typeof (value as { then?: unknown }).then === "function";
}

/**
 * A function that runs beside the others on a loop, and the future of its result. Made by
 * {@linkcode createTask}, {@linkcode TaskGroup.createTask} and {@linkcode EventLoop.createTask}.
 *
 * A task that fails while nobody waits for it, and is not awaited within that turn of the loop, reaches
 * the loop's exception handler.
 *
 * @typeParam T What its function results in.
 */
export class Task<T> extends Future<T> {
  /** @internal */
  declare waits: Wait | null;
  /** @internal */
  declare turn: Wait | null;
  /** @internal */
  declare rare: Rare | null;
  /** @internal */
  declare resumedIn?: number;
  /** @internal Who else awaits the call whose outcome is the task's. */
  declare nextWaiter: Waiter | null;
  /** @internal Neighbours in the loop's list of unfinished tasks. */
  declare nextTask: Task<unknown> | null;
  /** @internal */
  declare previousTask: Task<unknown> | null;
  /** A number of its own on its loop, counted from 1. */
  declare readonly id: number;
  /** Its name, or the function that it is named after. */
  declare private label: string | Callable | null;
  /** What it is to call, until it does. */
  declare private fn: (() => unknown) | null;

  /** @internal */
  constructor(
    loop: EventLoop,
    fn: Callable | null,
    args: readonly unknown[] | null,
    options: TaskOptions,
  ) {
    super(loop);
    this.waits = null;
    this.turn = null;
    this.rare = null;
    if (!COMPILED) this.resumedIn = NEVER;
    this.nextWaiter = null;
    this.nextTask = null;
    this.previousTask = null;
    this.label = options.name ?? fn;
    const inherited = options.context === undefined ? currentBindings() : null;
    if (inherited !== null) rarely(this).inherited = inherited;
    else if (options.context !== undefined) rarely(this).context = options.context;
    this.id = loop.addTask(this as Task<unknown>);
    if (fn === null) {
      this.fn = null;
      this.adopt(args![0] as PromiseLike<unknown>);
    } else {
      this.fn = args === null ? fn as () => unknown : withArgs(fn, args);
      if (options.eager === true) this.begin();
      else loop.schedule(this);
    }
  }

  /** @internal A task is its own outermost scope. */
  get task(): Task<unknown> {
    return this as Task<unknown>;
  }

  /** @internal */
  get scope(): Scope {
    return this as Task<unknown>;
  }

  /** @internal */
  get parent(): null {
    return null;
  }

  /** @internal */
  get ended(): boolean {
    return this.done();
  }

  /** Its name. */
  getName(): string {
    const { label } = this;
    if (typeof label === "string") return label;
    return this.label = `${label?.name || "Task"}-${this.id}`;
  }

  /** Names it. */
  setName(name: string): void {
    this.label = name;
  }

  /** The context its function runs in. */
  getContext(): Context {
    return this.context;
  }

  /** @internal */
  get context(): Context {
    const rare = rarely(this);
    if (rare.context === null) {
      rare.context = new Context();
      rare.context.bindings = rare.inherited;
    }
    return rare.context;
  }

  /** @internal The values of its context variables. */
  get bindings(): Bindings {
    if (this.rare === null) return null;
    const { context, inherited } = this.rare;
    return context === null ? inherited : context.bindings;
  }

  /** @internal What the last cancel said. */
  get cancelMessage(): string | undefined {
    return this.rare?.cancelMessage;
  }

  /**
   * Asks it to stop: what it awaits throws `CancelledError` once. It may catch that, clean up and
   * await while it does. A task that has not begun never enters its function.
   *
   * @param message Arrives as the message of the `CancelledError`.
   * @returns `false` where it was done already.
   */
  override cancel(message?: string): boolean {
    if (this.done()) return false;
    if ((this.marks & REACHING) !== 0) return true; // two tasks that await each other
    if (depth === DEEPEST) {
      this.loop.callSoon(() => this.cancel(message));
      return true;
    }
    this.marks |= REACHING;
    const rare = rarely(this);
    rare.cancels++;
    rare.cancelMessage = message;
    depth++;
    try {
      deliver(this, message);
    } finally {
      depth--;
      this.marks &= ~REACHING;
    }
    return true;
  }

  /**
   * Refuses: a task ends with what its function gives.
   *
   * @throws `RuntimeError`, always.
   */
  override setResult(_value: T): never {
    throw new RuntimeError(`Cannot set the result of ${this.describe()}: its function decides`);
  }

  /**
   * Refuses: a task fails with what its function throws.
   *
   * @throws `RuntimeError`, always.
   */
  override setException(_error: unknown): never {
    throw new RuntimeError(`Cannot set the exception of ${this.describe()}: its function decides`);
  }

  /** How many cancels are pending: those asked for less those taken back. */
  cancelling(): number {
    return this.rare === null ? 0 : this.rare.cancels;
  }

  /**
   * Takes one cancel back; who swallows a `CancelledError` for good calls it.
   *
   * @returns How many are left.
   */
  uncancel(): number {
    const { rare } = this;
    if (rare === null) return 0;
    if (rare.cancels > 0 && --rare.cancels === 0) forgiveAll(this);
    return rare.cancels;
  }

  /** @internal A scope inside the task is cancelled: it counts as a cancel of the task. */
  countCancel(): void {
    rarely(this).cancels++;
  }

  /**
   * Aborts when the task is cancelled, or the `timeout` or group whose body asks for it. For what is
   * not ours to unwind: hand it to the `fetch` that you await next.
   */
  get signal(): Signal {
    const scope = currentScope();
    return signalOf(scope !== null && scope.task === this as unknown ? scope : this);
  }

  /** What it awaits, the innermost first: one line a wait, with its origin in debug mode. */
  getStack(): string[] {
    return parked(this).reverse().map(describeWait);
  }

  /** Makes an awaitable that already runs the task's own. */
  private adopt(awaitable: PromiseLike<unknown>): void {
    this.loop.observer?.started(this as Task<unknown>);
    const own = waitBehind(awaitable);
    const there = outcomeOf(awaitable);
    const wait = own !== null
      ? own.moveTo(this)
      : there !== null
      ? new Postponed(this, there)
      : awaitable instanceof Future
      ? awaitable.wait(this)
      : new ForeignWait(this, awaitable, false).park();
    wait.awaitBy({
      nextWaiter: null,
      // What the call gives is not lost to a cancel that comes too late for it.
      resume: (value) => {
        if (!this.done()) this.finish(RESULT, value);
      },
      throw: (error) => this.break(error),
    });
  }

  /** @internal First the start; after a failure the look whether anybody has noticed. */
  override step(): void {
    if (this.fn !== null) this.begin();
    else if (!this.observed) {
      afterAwaits(() => {
        if (this.observed) return;
        this.loop.callExceptionHandler({
          message: SMALL
            ? `${this.getName()} failed`
            : `Task "${this.getName()}" failed and nobody awaited it`,
          exception: this.outcome,
          task: this as Task<unknown>,
        });
      });
    }
  }

  /** Calls its function, unless a cancel came first. */
  private begin(): void {
    const fn = this.fn!;
    this.fn = null;
    const owed = takeOwed(this);
    if (owed !== null) return this.break(owed);
    if (this.loop.watched) this.loop.observer?.started(this as Task<unknown>);
    if (COMPILED) return this.beginCompiled(fn);
    try {
      runInScope(this.scope, start<T>, this as Task<T>, fn);
    } catch (error) {
      this.break(error);
    }
  }

  /** The same where the current scope is a variable. */
  private beginCompiled(fn: () => unknown): void {
    const outer = enter(this as Task<unknown>);
    try {
      start(this, fn);
    } catch (error) {
      enter(outer);
      this.break(error);
    }
    enter(outer);
  }

  /** @internal What its function awaits at last is there. */
  resume(value: unknown): void {
    this.complete(value as T);
  }

  /** @internal What its function awaits at last has failed. */
  throw(error: unknown): void {
    this.break(error);
  }

  /** @internal Its function has returned. */
  complete(value: T): void {
    if (this.done()) return;
    const owed = takeOwed(this);
    if (owed !== null) this.finish(CANCELLED, owed);
    else this.finish(RESULT, value);
  }

  /** @internal Its function has thrown. */
  break(error: unknown): void {
    if (this.done()) return;
    if (error instanceof CancelledError) return this.finish(CANCELLED, error);
    this.finish(EXCEPTION, error);
    if (!this.observed) this.loop.schedule(this);
  }

  /** @internal */
  protected override finish(ending: Ending, outcome: unknown): void {
    if (this.rare !== null) giveUp(this);
    if (this.loop.watched) {
      this.loop.observer?.ended(this as Task<unknown>, ENDINGS[ending], outcome);
    }
    super.finish(ending, outcome);
    this.loop.removeTask(this as Task<unknown>);
  }

  /** @internal */
  override describe(): string {
    return `task "${this.getName()}"`;
  }
}
