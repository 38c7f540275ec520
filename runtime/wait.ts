import type { Awaitable } from "./wait_base.ts";
import { requireLoop } from "./platform.ts";
import { TimeoutError } from "./errors.ts";
import { Future } from "./future.ts";
import type { TimerHandle } from "./handle.ts";
import { describeValue, requireTime } from "./checks.ts";
import { requireScope, type Scope } from "./scope.ts";
import { isAwaitable } from "./task.ts";
import { Settled, Wait } from "./wait_base.ts";

/** {@linkcode wait} returns when one is done or cancelled. */
export const FIRST_COMPLETED = "FIRST_COMPLETED";
/** {@linkcode wait} returns when one has failed, or all are done. */
export const FIRST_EXCEPTION = "FIRST_EXCEPTION";
/** {@linkcode wait} returns when all are done. */
export const ALL_COMPLETED = "ALL_COMPLETED";

/** When to return, and after how long at the latest. */
export interface WaitOptions {
  /** The limit in milliseconds; none unless given. */
  readonly timeout?: number | null;
  /** {@linkcode ALL_COMPLETED} unless given. */
  readonly returnWhen?: typeof FIRST_COMPLETED | typeof FIRST_EXCEPTION | typeof ALL_COMPLETED;
}

/**
 * Waits for several tasks and cancels none (asyncio: `wait`).
 *
 * @param tasks Tasks and futures; at least one.
 * @returns Those that are done and those that are not, in the order given.
 *
 * @example
 * ```ts
 * import { createTask, run, sleep, wait } from "awaitio";
 *
 * await run(async () => {
 *   const tasks = [createTask(() => sleep(10)), createTask(() => sleep(20))];
 *   const [done, pending] = await wait(tasks, { returnWhen: "FIRST_COMPLETED" });
 *   console.log(done.length, pending.length); // 1 1
 *   for (const task of pending) task.cancel();
 * });
 * ```
 */
export function wait<F extends Future<unknown>>(
  tasks: Iterable<F>,
  options: WaitOptions = {},
): Awaitable<[done: F[], pending: F[]]> {
  const scope = requireScope("wait()");
  const list = [...tasks].filter((task, i, all) => all.indexOf(task) === i);
  const { returnWhen = ALL_COMPLETED, timeout = null } = options;
  if (list.length === 0) throw new RangeError("Cannot wait for no tasks: pass at least one");
  for (const task of list) {
    if (!(task instanceof Future)) {
      throw new TypeError(
        `Cannot wait for ${describeValue(task)}: wait() takes tasks and futures; see createTask()`,
      );
    }
  }
  if (![FIRST_COMPLETED, FIRST_EXCEPTION, ALL_COMPLETED].includes(returnWhen)) {
    throw new RangeError(
      `Cannot wait until ${describeValue(returnWhen)}: returnWhen is FIRST_COMPLETED, ` +
        `FIRST_EXCEPTION or ALL_COMPLETED`,
    );
  }
  if (timeout !== null) requireTime("wait", "a limit of", timeout);
  return new Waiting(scope, list, returnWhen, timeout).begin();
}

class Waiting<F extends Future<unknown>> extends Wait<[F[], F[]]> {
  private left: number;
  private timer: TimerHandle | null = null;
  private readonly taskDone = (task: Future<unknown>): void => {
    this.left--;
    if (this.enough(task)) this.end();
  };

  constructor(
    scope: Scope,
    private readonly tasks: F[],
    private readonly returnWhen: string,
    private readonly limit: number | null,
  ) {
    super(scope);
    this.left = tasks.filter((task) => !task.done()).length;
  }

  begin(): Awaitable<[F[], F[]]> {
    const enough = this.left === 0 || this.tasks.some((task) => task.done() && this.enough(task));
    if (enough) return new Settled(this.split());
    for (const task of this.tasks) {
      task.observed = true;
      if (!task.done()) task.addDoneCallback(this.taskDone);
    }
    if (this.limit !== null) this.timer = this.loop.callLater(this.limit, () => this.end());
    return this.park();
  }

  private enough(task: Future<unknown>): boolean {
    if (this.left === 0 || this.returnWhen === FIRST_COMPLETED) return true;
    return this.returnWhen === FIRST_EXCEPTION && !task.cancelled() && !task.settledWell();
  }

  private end(): void {
    this.unpark();
    this.settle([[], []]);
  }

  protected override unpark(): void {
    this.timer?.cancel();
    for (const task of this.tasks) task.removeDoneCallback(this.taskDone);
  }

  /** What is done is looked at when the caller goes on. */
  protected override claim(): boolean {
    this.value = this.split();
    return true;
  }

  private split(): [F[], F[]] {
    return [this.tasks.filter((task) => task.done()), this.tasks.filter((task) => !task.done())];
  }

  override awaits(): readonly unknown[] {
    return this.tasks;
  }

  override describe(): string {
    return `wait(${this.tasks.map((task) => task.describe()).join(", ")})`;
  }
}

/** What {@linkcode asCompleted} gives: awaitables in the order in which they finish. */
export interface Completions<T> extends AsyncIterable<Future<T>>, AsyncIterator<Future<T>> {
  /**
   * Waits for the next that finishes.
   *
   * @throws `TimeoutError` where the time ran out.
   */
  next(): Promise<IteratorResult<Future<T>>>;
  /** Itself: a loop that was left can be resumed. */
  [Symbol.asyncIterator](): Completions<T>;
}

/**
 * Gives awaitables in the order in which they finish (asyncio: `as_completed`). Their failures throw
 * where they are awaited. Leaving the loop cancels nothing; another loop over the same object goes on.
 *
 * @param sources Functions, called in new tasks, and awaitables; tasks come out as they are.
 * @param options `timeout`: the limit for all of them, in milliseconds.
 * @throws `TimeoutError` at the loop's head where the time ran out.
 *
 * @example
 * ```ts
 * import { asCompleted, run, sleep } from "awaitio";
 *
 * await run(async () => {
 *   for await (const task of asCompleted([() => sleep(20, "b"), () => sleep(10, "a")])) {
 *     console.log(await task);
 *   }
 * });
 * ```
 */
export function asCompleted<T>(
  sources: Iterable<(() => T | PromiseLike<T>) | PromiseLike<T>>,
  options: { readonly timeout?: number | null } = {},
): Completions<T> {
  const loop = requireLoop("asCompleted()");
  const { timeout = null } = options;
  if (timeout !== null) requireTime("asCompleted", "a limit of", timeout);
  const list = [...sources].filter((source, i, all) => all.indexOf(source) === i);
  for (const source of list) {
    if (typeof source !== "function" && !isAwaitable(source)) {
      throw new TypeError(
        `Cannot wait for ${describeValue(source)}: pass functions and awaitables`,
      );
    }
  }
  const futures = list.map((source) => loop.ensureFuture(source, []) as Future<T>);
  const finished: Future<T>[] = [];
  const asking: NextDone[] = [];
  let left = futures.length;
  let expired = false;
  const timer = timeout === null ? null : loop.callLater(timeout, () => {
    expired = true;
    for (const future of futures) future.removeDoneCallback(done);
    for (const next of asking.splice(0)) next.fail(overdue());
  });
  const overdue = (): TimeoutError =>
    new TimeoutError(`${left} of ${futures.length} were not done in ${timeout} ms`);
  const done = (future: Future<T>): void => {
    finished.push(future);
    asking.shift()?.settle();
    if (finished.length === left) timer?.cancel();
  };
  for (const future of futures) {
    future.observed = true;
    future.addDoneCallback(done);
  }
  return {
    async next() {
      if (left === 0) return { done: true, value: undefined };
      while (finished.length === 0) {
        if (expired) throw overdue();
        await new NextDone(requireScope("asCompleted()"), asking);
      }
      const value = finished.shift()!;
      left--;
      if (left === 0) timer?.cancel();
      return { done: false, value };
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}

/** Waits until something has finished; which, is seen when the loop goes on. */
class NextDone extends Wait<void> {
  constructor(scope: Scope, private readonly asking: NextDone[]) {
    super(scope);
    asking.push(this);
    this.park();
  }

  protected override unpark(): void {
    const place = this.asking.indexOf(this);
    if (place >= 0) this.asking.splice(place, 1);
  }

  protected override giveBack(): void {
    this.asking.shift()?.settle();
  }

  override describe(): string {
    return "asCompleted()";
  }
}
