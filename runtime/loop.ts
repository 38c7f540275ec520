import { describeValue, requireCallable, requireTime } from "./checks.ts";
import { RuntimeError } from "./errors.ts";
import type { ExceptionContext, ExceptionHandler } from "./exceptions.ts";
import { Future } from "./future.ts";
import { Handle, TimerHandle } from "./handle.ts";
import type { LoopObserver } from "./loop_observer.ts";
import { getHost, type Platform, setCallingLoop } from "./platform.ts";
import type { Ready } from "./ready.ts";
import { deliver, parked } from "./scope.ts";
import { TaskList } from "./task_list.ts";
import { Task, type TaskOptions } from "./task.ts";
import type { Timed } from "./timer_heap.ts";
import { Turns } from "./turns.ts";

/** Makes the tasks of a loop: see {@linkcode EventLoop.setTaskFactory}. */
export type TaskFactory = <T>(
  loop: EventLoop,
  fn: () => T,
  options: TaskOptions,
) => Task<Awaited<T>>;

/** How to make a loop. */
export interface LoopOptions {
  /** Makes the loop's platform; the target's own unless given. */
  readonly newPlatform?: (loop: EventLoop) => Platform;
  /**
   * Picks the order within a turn: given how many ready nodes are left, which of them comes next.
   * First in, first out unless given; the simulator passes a seeded one to find races.
   */
  readonly order?: (count: number) => number;
}

/**
 * The event loop: a ready queue, a heap of deadlines and the tasks that live on it. Several loops can
 * live side by side; {@linkcode run} makes one for you.
 *
 * @example
 * ```ts
 * import { newEventLoop, sleep } from "awaitio";
 *
 * const loop = newEventLoop();
 * await loop.runUntilComplete(async () => {
 *   loop.callLater(5, () => console.log("later"));
 *   await sleep(10);
 * });
 * loop.close();
 * ```
 */
export class EventLoop extends Turns {
  /** How long a step may take before debug mode reports it, in milliseconds. */
  slowCallbackDuration = 100;

  /** @internal */
  protected readonly platform: Platform;
  /** @internal */
  protected readonly order: ((count: number) => number) | null;
  private readonly tasks = new TaskList();
  private taskCount = 0;
  private ended: { resolve(): void; reject(error: unknown): void } | null = null;
  /** @internal */
  protected debug = false;
  private watcher: LoopObserver | null = null;
  private handler: ExceptionHandler | null = null;
  private factory: TaskFactory | null = null;

  /**
   * Makes a loop that is open and does not run yet.
   *
   * @param options The platform and the order within a turn.
   */
  constructor(options: LoopOptions = {}) {
    super();
    this.order = options.order ?? null;
    this.platform = (options.newPlatform ?? getHost().newPlatform)(this);
  }

  /** The loop's clock: monotonic milliseconds. */
  time(): number {
    return this.platform.now();
  }

  /** Calls `callback(...args)` on the next turn. */
  callSoon<A extends unknown[]>(callback: (...args: A) => unknown, ...args: A): Handle {
    this.requireOpen("callSoon");
    requireCallable("callSoon", callback);
    const handle = new Handle(this, callback, args);
    this.schedule(handle);
    return handle;
  }

  /** Calls `callback(...args)` in `delay` milliseconds; never earlier. */
  callLater<A extends unknown[]>(
    delay: number,
    callback: (...args: A) => unknown,
    ...args: A
  ): TimerHandle {
    requireTime("callLater", "delay", delay);
    return this.setTimer(this.time() + Math.max(delay, 0), "callLater", callback, args);
  }

  /** Calls `callback(...args)` when the loop's clock shows `when`. */
  callAt<A extends unknown[]>(
    when: number,
    callback: (...args: A) => unknown,
    ...args: A
  ): TimerHandle {
    requireTime("callAt", "time", when);
    return this.setTimer(when, "callAt", callback, args);
  }

  /** Makes the timer of `callLater` and `callAt`. */
  private setTimer(
    when: number,
    action: string,
    callback: Callable,
    args: readonly unknown[],
  ): TimerHandle {
    this.requireOpen(action);
    requireCallable(action, callback);
    const timer = new TimerHandle(this, when, callback, args);
    this.addTimer(timer);
    return timer;
  }

  /** A future of this loop. */
  createFuture<T>(): Future<T> {
    return new Future<T>(this);
  }

  /** Calls `fn(...args)` in a new task on the next turn; see {@linkcode createTask}. */
  createTask<A extends unknown[], R>(fn: (...args: A) => R, ...args: A): Task<Awaited<R>>;
  /** The same with a name, a context, or an eager start. */
  createTask<A extends unknown[], R>(
    options: TaskOptions,
    fn: (...args: A) => R,
    ...args: A
  ): Task<Awaited<R>>;
  createTask(first: TaskOptions | Callable, ...rest: unknown[]): Task<unknown> {
    this.requireOpen("createTask");
    if (typeof first === "function") {
      return this.spawn(first, rest.length === 0 ? null : rest, NO_OPTIONS);
    }
    const fn = rest.shift();
    if (typeof fn !== "function") {
      throw new TypeError(
        `Cannot create a task from ${typeof fn}: createTask takes a function and its arguments`,
      );
    }
    return this.spawn(fn as Callable, rest, first);
  }

  /** @internal */
  spawn(fn: Callable, args: readonly unknown[] | null, options: TaskOptions): Task<unknown> {
    if (this.factory !== null) {
      return this.factory(this, () => (fn as (...args: unknown[]) => unknown)(...args ?? []), {
        ...(fn.name === "" ? {} : { name: fn.name }),
        ...options,
      });
    }
    return new Task(this, fn, args, options);
  }

  /** Sets what makes this loop's tasks; `null` for the usual. See {@linkcode eagerTaskFactory}. */
  setTaskFactory(factory: TaskFactory | null): void {
    this.factory = factory;
  }

  /** What makes this loop's tasks, or `null`. */
  getTaskFactory(): TaskFactory | null {
    return this.factory;
  }

  /** Runs until {@linkcode EventLoop.stop}. */
  runForever(): Promise<void> {
    this.requireOpen("runForever");
    if (this.running) throw new RuntimeError("Cannot run the loop: it is running already");
    return new Promise((resolve, reject) => {
      this.ended = { resolve, reject };
      this.start();
    });
  }

  /** @internal Runs for as long as nothing stops it. */
  start(): void {
    this.running = true;
    this.turned = false;
    this.wake();
  }

  /**
   * Runs until `main` is done.
   *
   * @param main A function, called in a new task with `args`; or a task, future or promise.
   * @returns Its result. JavaScript cannot block, so it is a promise.
   */
  runUntilComplete<A extends unknown[], R>(
    main: ((...args: A) => R) | PromiseLike<R>,
    ...args: A
  ): Promise<Awaited<R>> {
    this.requireOpen("runUntilComplete");
    if (this.running) throw new RuntimeError("Cannot run the loop: it is running already");
    const future = this.ensureFuture(main as Callable | PromiseLike<unknown>, args);
    future.observed = true; // its failure is thrown at who runs the loop
    const stop = (): void => this.stop();
    future.addDoneCallback(stop);
    const check = (): Awaited<R> => {
      future.removeDoneCallback(stop);
      if (!future.done()) {
        throw new RuntimeError(`The loop was stopped before ${future.describe()} was done`);
      }
      return future.result() as Awaited<R>;
    };
    return this.runForever().then(check);
  }

  /** @internal A future for a function, which is called in a new task, or for an awaitable. */
  ensureFuture(source: Callable | PromiseLike<unknown>, args: readonly unknown[]): Future<unknown> {
    if (source instanceof Future) return source;
    if (typeof source === "function") return this.spawn(source, args, NO_OPTIONS);
    if (typeof (source as { then?: unknown } | null)?.then !== "function") {
      throw new TypeError(`Cannot await ${describeValue(source)}: pass a function or an awaitable`);
    }
    return this.adopt(source, NO_OPTIONS);
  }

  /** @internal A task for what already runs. */
  adopt(awaitable: PromiseLike<unknown>, options: TaskOptions): Task<unknown> {
    return new Task(this, null, [awaitable], options);
  }

  /** Ends the run after what is ready now. */
  stop(): void {
    this.stopping = true;
    this.wake();
  }

  /** @internal Ends the run with an error: nothing can go on. */
  abort(error: unknown): void {
    const ended = this.ended;
    this.ended = null;
    this.running = false;
    ended?.reject(error);
  }

  /** @internal Ends the run: the platform need not wake us, and who started it goes on. */
  protected endRun(): false {
    const ended = this.ended;
    this.ended = null;
    this.running = this.stopping = this.woken = false;
    this.told = NaN;
    this.platform.wakeAt(Infinity, this.now);
    ended?.resolve();
    return false;
  }

  /** Whether it runs. */
  isRunning(): boolean {
    return this.running;
  }

  /** Whether it was closed. */
  isClosed(): boolean {
    return this.closed;
  }

  /**
   * Closes it for good and gives up what it holds. What was still pending goes to the exception
   * handler, by name.
   *
   * @throws `RuntimeError` where it runs.
   */
  close(): void {
    if (this.closed) return;
    if (this.running) throw new RuntimeError("Cannot close the loop: it is running");
    if (this.isEmpty()) {
      this.closed = true;
      return this.platform.close?.();
    }
    const tasks = this.allTasks();
    const pending = tasks.map((task) => {
      const [inner] = task.getStack();
      return `task "${task.getName()}"${inner === undefined ? "" : ` waiting for ${inner}`}`;
    });
    const waiting = (node: Timed | Ready): node is Handle => node instanceof Handle;
    for (let node = this.ready.shift(); node !== null; node = this.ready.shift()) {
      if (waiting(node) && !node.cancelled()) pending.push(`callback ${node.describe()}`);
    }
    for (const timer of this.timers.all()) {
      if (timer instanceof TimerHandle) pending.push(`timer ${timer.describe()}`);
    }
    this.closed = true;
    for (const task of [...tasks, ...this.tasks.leftovers()]) {
      for (const wait of parked(task)) wait.drop();
    }
    for (const timer of this.timers.all()) this.timers.remove(timer);
    this.platform.close?.();
    if (pending.length > 0) {
      this.callExceptionHandler({
        message: `The loop was closed with work pending: ${pending.join(", ")}`,
        ...(tasks[0] === undefined ? {} : { task: tasks[0] }),
      });
    }
  }

  /** @internal Whether nothing is left that could run. */
  isEmpty(): boolean {
    return this.ready.size === 0 && this.timers.size === 0 && this.tasks.isEmpty();
  }

  /** Sets who hears of what nobody else handles; `null` for the target's report. */
  setExceptionHandler(handler: ExceptionHandler | null): void {
    this.handler = handler;
  }

  /** Who hears of what nobody else handles, or `null`. */
  getExceptionHandler(): ExceptionHandler | null {
    return this.handler;
  }

  /** Tells the exception handler. */
  callExceptionHandler(context: ExceptionContext): void {
    if (this.handler === null) return this.defaultExceptionHandler(context);
    const before = setCallingLoop(this);
    try {
      this.handler(this, context);
    } catch (exception) {
      this.defaultExceptionHandler({ message: "The exception handler itself failed", exception });
      this.defaultExceptionHandler(context);
    } finally {
      setCallingLoop(before);
    }
  }

  /** Reports through the target: the message and what was thrown. */
  defaultExceptionHandler(context: ExceptionContext): void {
    getHost().report(context.message, context.exception);
  }

  /**
   * Debug mode reports steps longer than `slowCallbackDuration` and calls that were left waiting when
   * their task ended, and notes where each wait began.
   */
  setDebug(enabled: boolean): void {
    this.debug = enabled;
    this.watched = enabled || this.watcher !== null;
  }

  /** @internal Who watches what it does. */
  get observer(): LoopObserver | null {
    return this.watcher;
  }

  /** @internal */
  set observer(observer: LoopObserver | null) {
    this.watcher = observer;
    this.watched = this.debug || observer !== null;
  }

  /** Whether debug mode is on. */
  getDebug(): boolean {
    return this.debug;
  }

  /**
   * Sets what is called whenever nothing is ready, with the next deadline (`Infinity` where there is
   * none), so that a board can sleep until then; `null` for nothing.
   */
  setIdleHook(hook: ((deadline: number) => void) | null): void {
    if (hook === null) this.idleUntil = NaN;
    this.idleHook = hook;
  }

  /** @internal */
  addTask(task: Task<unknown>): number {
    this.tasks.add(task);
    if (this.watched) this.observer?.created(task);
    return ++this.taskCount;
  }

  /** @internal */
  removeTask(task: Task<unknown>): void {
    if (this.tasks.remove(task) || !this.debug) return;
    getHost().report(
      `Task "${task.getName()}" ended, but calls that it started and did not await still wait: ` +
        parked(task).map((wait) => wait.describe()).join(", "),
    );
  }

  /** @internal A call that an ended task started begins to wait. */
  leaveBehind(task: Task<unknown>): void {
    this.tasks.leave(task);
  }

  /** @internal The unfinished tasks in the order in which they were made. */
  allTasks(): Task<unknown>[] {
    return this.tasks.all();
  }

  /** @internal Cancels the calls that ended tasks have left waiting. */
  cancelLeftovers(): void {
    for (const task of this.tasks.leftovers()) deliver(task, "its task has ended");
  }

  /** Refuses what a closed loop cannot do. */
  private requireOpen(action: string): void {
    if (this.closed) throw new RuntimeError(`Cannot call ${action}: the loop is closed`);
  }
}

/** Any function. */
export type Callable = (...args: never[]) => unknown;

/** @internal A task like any other. */
export const NO_OPTIONS: TaskOptions = {};
