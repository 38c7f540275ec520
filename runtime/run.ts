import { type Context, copyContext } from "./context.ts";
import { RuntimeError } from "./errors.ts";
import { EventLoop, type LoopOptions } from "./loop.ts";
import { getHost, runningLoop } from "./platform.ts";
import type { Task } from "./task.ts";
import { requireBody } from "./timeout.ts";

/** How to run a program. */
export interface RunnerOptions {
  /** Whether the loop is in debug mode. */
  readonly debug?: boolean;
  /** Makes the loop; {@linkcode newEventLoop} unless given. */
  readonly loopFactory?: () => EventLoop;
}

/**
 * Runs several functions one after the other on one loop (asyncio: `Runner`).
 *
 * @example
 * ```ts
 * import { Runner, sleep } from "awaitio";
 *
 * await using runner = new Runner();
 * await runner.run(() => sleep(10));
 * ```
 */
export class Runner implements AsyncDisposable {
  private loop: EventLoop | null = null;
  private readonly context: Context = copyContext();
  private closed = false;

  /**
   * Makes a runner; its loop is made when it is first needed.
   *
   * @param options Debug mode and the loop.
   */
  constructor(private readonly options: RunnerOptions = {}) {}

  /** The loop, made when it is first asked for. */
  getLoop(): EventLoop {
    if (this.closed) throw new RuntimeError("Cannot use the runner: it is closed");
    if (this.loop === null) {
      this.loop = this.options.loopFactory?.() ?? newEventLoop();
      if (this.options.debug !== undefined) this.loop.setDebug(this.options.debug);
    }
    return this.loop;
  }

  /**
   * Calls `main(...args)` in a new task and runs the loop until it is done. Ctrl-C cancels it.
   *
   * @returns What `main` gives.
   * @throws `RuntimeError` where a loop runs already at this place.
   */
  async run<A extends unknown[], R>(main: (...args: A) => R, ...args: A): Promise<Awaited<R>> {
    requireBody("run", main);
    if (runningLoop() !== null) {
      throw new RuntimeError("Cannot call run() inside a running loop: await the function instead");
    }
    const loop = this.getLoop();
    const task = loop.createTask({ context: this.context }, main, ...args);
    const quiet = getHost().onInterrupt?.(() => task.cancel("interrupted"));
    try {
      return await loop.runUntilComplete(task) as Awaited<R>;
    } finally {
      quiet?.();
    }
  }

  /** Cancels what still runs, waits for it, and closes the loop. */
  async close(): Promise<void> {
    if (this.closed) return;
    this.closed = true;
    const { loop } = this;
    if (loop === null) return;
    try {
      await cancelAll(loop);
    } finally {
      loop.close();
    }
  }

  /** The same as {@linkcode Runner.close}. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}

/** Cancels every task and waits for all; what fails meanwhile goes to the exception handler. */
async function cancelAll(loop: EventLoop): Promise<void> {
  const tasks = loop.allTasks();
  loop.cancelLeftovers();
  for (const task of tasks) task.cancel("the program has ended");
  await loop.runUntilComplete(() => allDone(loop, tasks));
  for (const task of tasks) {
    if (task.cancelled() || task.settledWell()) continue;
    loop.callExceptionHandler({
      message: `Task "${task.getName()}" failed while the program ended`,
      exception: task.error(),
      task,
    });
  }
}

async function allDone(loop: EventLoop, tasks: readonly Task<unknown>[]): Promise<void> {
  for (let i = 0; i < tasks.length; i++) {
    const task = tasks[i]!;
    const ended = loop.createFuture<void>();
    task.observed = true;
    task.addDoneCallback(() => ended.setResult());
    await ended;
  }
}

/**
 * Runs a program: calls `main(...args)` in a task on a loop of its own; when it is done, cancels what
 * still runs, waits for that, and closes the loop (asyncio: `run`). Ctrl-C cancels `main`.
 *
 * @returns What `main` gives.
 * @throws What `main` throws; `RuntimeError` inside a running loop.
 *
 * @example
 * ```ts
 * import { run, sleep } from "awaitio";
 *
 * await run(async () => {
 *   await sleep(100);
 *   console.log("done");
 * });
 * ```
 */
export function run<A extends unknown[], R>(
  main: (...args: A) => R,
  ...args: A
): Promise<Awaited<R>> {
  return runWith({}, main, ...args);
}

/** @internal Runs `main` with a runner of its own. */
export async function runWith<A extends unknown[], R>(
  options: RunnerOptions,
  main: (...args: A) => R,
  ...args: A
): Promise<Awaited<R>> {
  const runner = new Runner(options);
  let result: Awaited<R>;
  try {
    result = await runner.run(main, ...args);
  } catch (error) {
    await runner.close().catch((second) =>
      getHost().report(`Could not close the loop: ${String(second)}`)
    );
    throw error;
  }
  await runner.close();
  return result;
}

let defaultLoop: EventLoop | null = null;

/** A new loop (asyncio: `new_event_loop`). Close it when it is not needed any more. */
export function newEventLoop(options?: LoopOptions): EventLoop {
  return new EventLoop(options);
}

/** The loop that runs the caller, or else the program's default loop, made when first asked for. */
export function getEventLoop(): EventLoop {
  const running = runningLoop();
  if (running !== null) return running;
  if (defaultLoop === null || defaultLoop.isClosed()) defaultLoop = newEventLoop();
  return defaultLoop;
}

/** Makes `loop` the default loop; `null` for a new one when it is next asked for. */
export function setEventLoop(loop: EventLoop | null): void {
  defaultLoop = loop;
}
