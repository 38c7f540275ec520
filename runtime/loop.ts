import { describeValue, requireCallable, requireTime } from "./checks.ts";
import { RuntimeError } from "./errors.ts";
import { Future } from "./future.ts";
import { Handle, TimerHandle } from "./handle.ts";
import { getHost, type Platform, setCallingLoop } from "./platform.ts";
import type { Ready } from "./ready.ts";
import { reaches } from "./reaches.ts";
import { ReadyQueue } from "./ready_queue.ts";
import { deliver, LATELY, parked } from "./scope.ts";
import { SMALL } from "./small.ts";
import { TaskList } from "./task_list.ts";
import { Task, type TaskOptions } from "./task.ts";
import { type Timed, TimerHeap } from "./timer_heap.ts";
import type { Wait } from "./wait_base.ts";
import { endStreak, stepNode } from "./native.ts";

/** What went wrong, for an {@linkcode ExceptionHandler}. */
export interface ExceptionContext {
  /** One line. */
  readonly message: string;
  /** What was thrown. */
  readonly exception?: unknown;
  /** The task that failed, or that was pending. */
  readonly task?: Task<unknown>;
  /** The callback that threw. */
  readonly handle?: Handle;
}

/** Hears of what nobody else handles. */
export type ExceptionHandler = (loop: EventLoop, context: ExceptionContext) => void;

/** Makes the tasks of a loop: see {@linkcode EventLoop.setTaskFactory}. */
export type TaskFactory = <T>(
  loop: EventLoop,
  fn: () => T,
  options: TaskOptions,
) => Task<Awaited<T>>;

/** @internal Watches what the loop does: the simulator's trace. */
export interface LoopObserver {
  created(task: Task<unknown>): void;
  started(task: Task<unknown>): void;
  waits(task: Task<unknown>, wait: Wait): void;
  woken(wait: Wait): void;
  resumes(task: Task<unknown>, wait: Wait): void;
  ended(task: Task<unknown>, state: string, outcome: unknown): void;
  /** A callback is scheduled, called, and has returned. */
  scheduled(handle: Handle): void;
  calls(handle: Handle): void;
  returned(handle: Handle): void;
  fired(timer: Timed): void;
  dealtWith(timer: Timed): void;
}

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
export class EventLoop {
  /** @internal Whether somebody watches: debug mode, or an observer. One test where nobody does. */
  watched = false;
  /** @internal Counts turns, and a rest as many: tells what was lately from what was long ago. */
  epoch = 0;
  /** @internal Counts what has been stepped. */
  steps = 0;
  /** How long a step may take before debug mode reports it, in milliseconds. */
  slowCallbackDuration = 100;

  private readonly platform: Platform;
  private readonly order: ((count: number) => number) | null;
  private readonly ready = new ReadyQueue();
  private readonly timers = new TimerHeap();
  private readonly tasks = new TaskList();
  private taskCount = 0;
  /** How many ready nodes are left of this turn. */
  private batch = 0;
  /** Whether the platform is going to call `turn()` soon. */
  private woken = false;
  /** When the clock was read last, for the deadlines. */
  private now = 0;
  /** The deadline that the platform was told last. */
  private told = NaN;
  private stopping = false;
  /** Whether this run has had a turn. */
  private turned = false;
  private closed = false;
  /** On boards it runs from the beginning, unless the program starts loops itself. */
  private running: boolean = SMALL && !reaches(this.runForever);
  private ended: { resolve(): void; reject(error: unknown): void } | null = null;
  private debug = false;
  private watcher: LoopObserver | null = null;
  private stepping: { readonly what: string; readonly since: number } | null = null;
  private handler: ExceptionHandler | null = null;
  private factory: TaskFactory | null = null;
  /** What the idle hook was told since something last ran. */
  private idleUntil = NaN;
  private idleHook: ((deadline: number) => void) | null = null;

  /**
   * Makes a loop that is open and does not run yet.
   *
   * @param options The platform and the order within a turn.
   */
  constructor(options: LoopOptions = {}) {
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
    if (!SMALL && this.isEmpty()) {
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

  /**
   * Runs what is first in the ready queue; with nothing ready, tells the platform the next deadline.
   * For platforms.
   *
   * @returns Whether to call again, as soon as what was resumed has run.
   */
  turn(): boolean {
    if (this.watched) this.checkSlow();
    this.woken = this.running;
    if (!this.running) return false;
    if (SMALL) return this.turnAll();
    if (this.batch === 0) {
      if (this.stopping && this.turned) return this.endRun();
      this.turned = true;
      this.fireTimers();
      this.batch = this.ready.size;
      if (this.batch === 0) return this.rest();
      this.epoch++;
      endStreak();
      if (this.order !== null && this.batch > 1) this.ready.reorder(this.batch, this.order);
    }
    this.batch--;
    if (this.idleHook !== null) this.idleUntil = NaN;
    const node = this.ready.shift()!;
    if (this.debug) this.stepping = { what: node.describeStep(), since: this.time() };
    this.steps++;
    stepNode(node);
    return true;
  }

  /** The same for all that is ready. */
  private turnAll(): boolean {
    if (this.stopping && this.turned) return this.endRun();
    this.turned = true;
    this.fireTimers();
    let left = this.ready.size;
    if (left === 0) return this.rest();
    this.epoch++;
    while (left-- > 0) {
      this.steps++;
      stepNode(this.ready.shift()!);
    }
    return true;
  }

  /** Nothing is ready: ends the run where it was stopped, else sleeps until the next deadline. */
  private rest(): boolean {
    if (this.stopping) return this.endRun();
    const first = this.timers.first();
    const deadline = first === null ? Infinity : first.deadline;
    // Besides what it is for, the comparison tells V8 that this is a number, which it then makes no object of.
    if (!SMALL && deadline !== Infinity && deadline <= this.time()) return true;
    this.woken = false;
    this.epoch += LATELY + 1;
    if (this.idleHook !== null && deadline !== this.idleUntil) this.tellIdle(deadline);
    if (SMALL || deadline !== this.told) {
      this.told = deadline;
      this.platform.wakeAt(deadline, this.now);
    }
    // Where a deadline is a timer, only that calls.
    return SMALL ? false : this.woken;
  }

  /** Tells the idle hook until when, in milliseconds of the loop's clock, nothing is due. */
  private tellIdle(deadline: number): void {
    this.idleUntil = deadline;
    try {
      this.idleHook?.(deadline);
    } catch (exception) {
      this.callExceptionHandler({ message: "Exception in the idle hook", exception });
    }
  }

  /** Ends the run: the platform need not wake us, and who started it goes on. */
  private endRun(): false {
    const ended = this.ended;
    this.ended = null;
    this.running = this.stopping = this.woken = false;
    this.told = NaN;
    this.platform.wakeAt(Infinity, this.now);
    ended?.resolve();
    return false;
  }

  /** Fires what is due, the earliest deadline first. */
  private fireTimers(): void {
    const { timers } = this;
    if (!SMALL && timers.size === 0) return;
    const now = this.now = this.time();
    while (timers.isDue(now)) {
      const timer = timers.shift();
      this.observer?.fired(timer);
      timer.due();
      this.observer?.dealtWith(timer);
    }
  }

  /** @internal Queues a node. */
  schedule(node: Ready): void {
    if (this.closed) return;
    this.ready.push(node);
    if (!this.woken) this.wake();
  }

  /** Asks the platform for a turn, once, while the loop runs. */
  private wake(): void {
    if (this.woken || !this.running) return;
    this.woken = true;
    this.platform.wakeSoon();
  }

  /** @internal */
  addTimer(timer: Timed): void {
    this.timers.add(timer);
    // Set from outside a turn, it may come before what the platform sleeps for.
    const outside = !SMALL || reaches(TimerHandle);
    if (outside && !this.woken && this.timers.first() === timer) this.wake();
  }

  /** @internal */
  removeTimer(timer: Timed): void {
    this.timers.remove(timer);
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

  /** Reports the step that has just ended where it took `slowCallbackDuration` or longer. */
  private checkSlow(): void {
    if (this.stepping === null) return;
    const { what, since } = this.stepping;
    this.stepping = null;
    const took = this.time() - since;
    if (took >= this.slowCallbackDuration) {
      getHost().report(`Executing ${what} took ${took.toFixed(0)} ms`);
    }
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
