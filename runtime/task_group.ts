import { CancelledError, ExceptionGroup, RuntimeError } from "./errors.ts";
import type { Callable } from "./loop.ts";
import { runInScope } from "./platform.ts";
import { deliver, endBody, InnerScope, requireScope, type Scope } from "./scope.ts";
import type { Task, TaskOptions } from "./task.ts";
import { requireBody } from "./timeout.ts";
import { Wait } from "./wait_base.ts";

/**
 * Tasks that end together: made by {@linkcode taskGroup}. It never leaves a child behind: the first
 * child that fails cancels the others and the body.
 */
export class TaskGroup {
  private readonly scope: InnerScope;
  private readonly children: Task<unknown>[] = [];
  private readonly errors: unknown[] = [];
  private waiting: ChildrenWait | null = null;
  private aborting = false;
  private bodyCancelled = false;
  private state: "open" | "waiting" | "ended" = "open";

  /** @internal */
  constructor(private readonly outer: Scope) {
    this.scope = new InnerScope(outer);
  }

  /**
   * Runs a function as a child of the group, on the loop's next turn.
   *
   * @throws `RuntimeError` where the group has ended or is being cancelled.
   */
  createTask<A extends unknown[], R>(fn: (...args: A) => R, ...args: A): Task<Awaited<R>>;
  /** The same with a name, a context, or an eager start. */
  createTask<A extends unknown[], R>(
    options: TaskOptions,
    fn: (...args: A) => R,
    ...args: A
  ): Task<Awaited<R>>;
  createTask(first: Callable | TaskOptions, ...rest: unknown[]): Task<unknown> {
    if (this.aborting || this.state === "ended") {
      throw new RuntimeError(
        `Cannot create a task in a group that ${
          this.aborting ? "is being cancelled" : "has finished"
        }`,
      );
    }
    const { loop } = this.outer;
    const task = (loop.createTask as (...args: unknown[]) => Task<unknown>)
      .call(loop, first, ...rest);
    this.children.push(task);
    task.observed = true;
    task.addDoneCallback((done) => this.childDone(done));
    return task;
  }

  /** @internal Runs the body and then waits for the children. */
  async run<T>(body: (group: TaskGroup) => T | PromiseLike<T>): Promise<T> {
    let result: T | undefined;
    let failure: { readonly error: unknown } | null = null;
    let cancellation: CancelledError | null = null;
    try {
      result = await runInScope(this.scope, async () => await body(this));
    } catch (error) {
      if (error instanceof CancelledError) cancellation = error;
      else failure = { error };
      if (!this.aborting) this.abort();
    }
    this.state = "waiting";
    endBody(this.scope);
    const { task } = this.outer;
    // The cancel that we asked for ourselves is ours to take back.
    if (this.bodyCancelled && task.uncancel() === 0) cancellation = null;
    while (this.children.length > 0) {
      try {
        await (this.waiting = new ChildrenWait(this.outer, this.children));
      } catch (error) {
        if (!(error instanceof CancelledError)) throw error;
        if (!this.aborting) {
          cancellation = error;
          this.abort();
        }
      }
      this.waiting = null;
    }
    this.state = "ended";
    if (failure !== null) this.errors.push(failure.error);
    if (this.errors.length > 0) {
      // The errors come first; a cancel from outside then meets the caller at its next await.
      if (task.cancelling() > 0) {
        task.uncancel();
        task.cancel(task.cancelMessage);
      }
      throw new ExceptionGroup("A task group failed", this.errors);
    }
    if (cancellation !== null) throw cancellation;
    return result as T;
  }

  /** Notes how a child ended; the first that failed has the others and the body cancelled. */
  private childDone(task: Task<unknown>): void {
    this.children.splice(this.children.indexOf(task), 1);
    if (this.children.length === 0) this.waiting?.settle(undefined);
    if (task.cancelled() || task.settledWell()) return;
    this.errors.push(task.error());
    if (this.aborting) return;
    this.abort();
    if (this.state === "open") {
      this.bodyCancelled = true;
      this.outer.task.countCancel();
      deliver(this.scope, "a task of its group failed");
    }
  }

  /** Cancels the children. */
  private abort(): void {
    this.aborting = true;
    for (const child of this.children.slice()) child.cancel("its task group is being cancelled");
  }
}

/** The group's wait for its children. */
class ChildrenWait extends Wait<void> {
  constructor(scope: Scope, private readonly children: readonly Task<unknown>[]) {
    super(scope);
    this.park();
  }

  override awaits(): readonly unknown[] {
    return this.children;
  }

  protected override unpark(): void {}

  override describe(): string {
    return `the children of its group: ${
      this.children.map((child) => `"${child.getName()}"`).join(", ")
    }`;
  }
}

/**
 * Runs `body` with a group of tasks and waits for all of them (asyncio: `TaskGroup`). When a child
 * fails, the others and the body are cancelled, and an {@linkcode ExceptionGroup} with the errors, in
 * the order in which they came, is thrown when all have ended. When the caller is cancelled, so are the
 * children. It takes a body because `await using` is not told that the body threw.
 *
 * @param body Called at once in the caller's task.
 * @returns What `body` gives, after the children have ended.
 * @throws `ExceptionGroup` where a child or the body failed.
 *
 * @example
 * ```ts
 * import { run, sleep, taskGroup } from "awaitio";
 *
 * await run(async () => {
 *   await taskGroup(async (group) => {
 *     group.createTask(() => sleep(10));
 *     group.createTask(() => sleep(20));
 *   });
 *   console.log("both have ended");
 * });
 * ```
 */
export function taskGroup<T>(body: (group: TaskGroup) => T | PromiseLike<T>): Promise<T> {
  const scope = requireScope("taskGroup()");
  requireBody("taskGroup", body);
  return new TaskGroup(scope).run(body);
}
