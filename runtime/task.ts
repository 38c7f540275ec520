import { type Bindings, Context, currentBindings } from "./context.ts";
import { CancelledError, RuntimeError } from "./errors.ts";
import { Future } from "./future.ts";
import type { EventLoop } from "./loop.ts";
import { currentScope, runInScope, type Signal } from "./platform.ts";
import { Scope } from "./scope.ts";
import { afterAwaits, outcomeOf } from "./native.ts";
import { ForeignWait } from "./foreign_wait.ts";
import { describeWait, follow, Postponed, waitBehind, type Waiter } from "./wait_base.ts";

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

/** Calls the task's function in its scope; what it gives ends the task. */
function start<T>(
  task: Task<T>,
  fn: (...args: never[]) => unknown,
  args: readonly unknown[],
): void {
  const result = (fn as (...args: unknown[]) => unknown)(...args);
  if (isAwaitable(result)) follow(result, task);
  else task.complete(result as T);
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
export class Task<T> extends Future<T> implements Waiter {
  /** @internal */
  readonly scope: Scope;
  /** @internal */
  nextWaiter: Waiter | null = null;
  /** Its context once somebody has asked for it; until then what it began with is enough. */
  private ownContext: Context | null;
  private readonly inherited: Bindings;
  /** @internal What cancels owe it: see {@linkcode Scope}. */
  debts = 0;
  /** @internal */
  cancelMessage: string | undefined = undefined;
  /** @internal Neighbours in the loop's list of unfinished tasks. */
  nextTask: Task<unknown> | null = null;
  /** @internal */
  previousTask: Task<unknown> | null = null;
  /** A number of its own on its loop, counted from 1. */
  readonly id: number;

  private name: string | null;
  private readonly label: string;
  private cancels = 0;
  private phase: "new" | "started" | "failed" = "new";
  private reaching = false;

  /** @internal */
  constructor(
    loop: EventLoop,
    private fn: ((...args: never[]) => unknown) | null,
    private args: readonly unknown[],
    options: TaskOptions,
  ) {
    super(loop);
    this.name = options.name ?? null;
    this.label = fn?.name ?? "";
    this.ownContext = options.context ?? null;
    this.inherited = options.context === undefined ? currentBindings() : null;
    this.scope = new Scope(loop, this as Task<unknown>, null);
    this.id = loop.addTask(this as Task<unknown>);
    if (fn === null) this.adopt(args[0] as PromiseLike<unknown>);
    else if (options.eager === true) this.begin();
    else loop.schedule(this);
  }

  /** Its name. */
  getName(): string {
    return this.name ??= `${this.label || "Task"}-${this.id}`;
  }

  /** Names it. */
  setName(name: string): void {
    this.name = name;
  }

  /** The context its function runs in. */
  getContext(): Context {
    return this.context;
  }

  /** @internal */
  get context(): Context {
    if (this.ownContext === null) {
      this.ownContext = new Context();
      this.ownContext.bindings = this.inherited;
    }
    return this.ownContext;
  }

  /** @internal The values of its context variables. */
  get bindings(): Bindings {
    return this.ownContext === null ? this.inherited : this.ownContext.bindings;
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
    if (this.reaching) return true; // two tasks that await each other
    if (depth === DEEPEST) {
      this.loop.callSoon(() => this.cancel(message));
      return true;
    }
    this.reaching = true;
    this.cancels++;
    this.cancelMessage = message;
    depth++;
    try {
      this.scope.deliver(message);
    } finally {
      depth--;
      this.reaching = false;
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
    return this.cancels;
  }

  /**
   * Takes one cancel back; who swallows a `CancelledError` for good calls it.
   *
   * @returns How many are left.
   */
  uncancel(): number {
    if (this.cancels > 0 && --this.cancels === 0) this.scope.forgiveAll();
    return this.cancels;
  }

  /** @internal A scope inside the task is cancelled: it counts as a cancel of the task. */
  countCancel(): void {
    this.cancels++;
  }

  /**
   * Aborts when the task is cancelled, or the `timeout` or group whose body asks for it. For what is
   * not ours to unwind: hand it to the `fetch` that you await next.
   */
  get signal(): Signal {
    const scope = currentScope();
    return scope !== null && scope.task === this as unknown ? scope.signal : this.scope.signal;
  }

  /** What it awaits, the innermost first: one line a wait, with its origin in debug mode. */
  getStack(): string[] {
    return this.scope.parked().reverse().map(describeWait);
  }

  /** Makes an awaitable that already runs the task's own. */
  private adopt(awaitable: PromiseLike<unknown>): void {
    this.phase = "started";
    this.loop.observer?.started(this as Task<unknown>);
    const { scope } = this;
    const own = waitBehind(awaitable);
    const there = outcomeOf(awaitable);
    const wait = own !== null
      ? own.moveTo(scope)
      : there !== null
      ? new Postponed(scope, there)
      : awaitable instanceof Future
      ? awaitable.wait(scope)
      : new ForeignWait(scope, awaitable, false).park();
    wait.awaitBy({
      nextWaiter: null,
      // What the call gives is not lost to a cancel that comes too late for it.
      resume: (value) => {
        if (!this.done()) this.finish("result", value);
      },
      throw: (error) => this.break(error),
    });
  }

  /** @internal First the start; after a failure the look whether anybody has noticed. */
  override step(): void {
    if (this.phase === "new") this.begin();
    else if (this.phase === "failed" && !this.observed) {
      afterAwaits(() => {
        if (this.observed) return;
        this.loop.callExceptionHandler({
          message: `Task "${this.getName()}" failed and nobody awaited it`,
          exception: this.exception(),
          task: this as Task<unknown>,
        });
      });
    }
  }

  /** Calls its function, unless a cancel came first. */
  private begin(): void {
    this.phase = "started";
    const { fn, args } = this;
    this.fn = null;
    this.args = [];
    const owed = this.scope.takeOwed();
    if (owed !== null) return this.break(owed);
    this.loop.observer?.started(this as Task<unknown>);
    try {
      runInScope(this.scope, start<T>, this as Task<T>, fn!, args);
    } catch (error) {
      this.break(error);
    }
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
    const owed = this.scope.takeOwed();
    if (owed !== null) this.finish("cancelled", owed);
    else this.finish("result", value);
  }

  /** @internal Its function has thrown. */
  break(error: unknown): void {
    if (this.done()) return;
    if (error instanceof CancelledError) return this.finish("cancelled", error);
    this.finish("exception", error);
    if (!this.observed) {
      this.phase = "failed";
      this.loop.schedule(this);
    }
  }

  /** @internal */
  protected override finish(state: "result" | "exception" | "cancelled", outcome: unknown): void {
    this.scope.end();
    this.loop.observer?.ended(this as Task<unknown>, state, outcome);
    super.finish(state, outcome);
    this.loop.removeTask(this as Task<unknown>);
  }

  /** @internal */
  override describe(): string {
    return `task "${this.getName()}"`;
  }
}
