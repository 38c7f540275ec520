import type { Future } from "./future.ts";
import { describeValue } from "./checks.ts";
import { type Callable, type EventLoop, NO_OPTIONS, type TaskFactory } from "./loop.ts";
import { currentScope, requireLoop } from "./platform.ts";
import { isAwaitable, Task, type TaskOptions } from "./task.ts";

/** What `gather`, `waitFor`, `shield` and `ensureFuture` take: a function, called in a new task, or an awaitable. */
export type Source<T> = (() => T | PromiseLike<T>) | PromiseLike<T>;

/** What a {@linkcode Source} results in. */
export type ResultOf<S> = S extends (...args: never[]) => infer R ? Awaited<R> : Awaited<S>;

/**
 * The loop of the running code.
 *
 * @throws `RuntimeError` where none runs.
 */
export function getRunningLoop(): EventLoop {
  return requireLoop("getRunningLoop()");
}

/**
 * Runs a function beside the caller (asyncio: `create_task`). It is called on the loop's next turn, in
 * the new task; cancelled before that, it is never called. Handing over what already runs,
 * `createTask(fn())`, makes a task that adopts it; a native promise cannot be unwound, so cancelling
 * such a task ends the task and leaves the call.
 *
 * @param fn The function.
 * @param args Its arguments.
 * @returns The task: await it for the result.
 * @throws `RuntimeError` where no loop runs.
 *
 * @example
 * ```ts
 * import { createTask, run, sleep } from "awaitio";
 *
 * async function add(a: number, b: number) {
 *   await sleep(10);
 *   return a + b;
 * }
 *
 * await run(async () => {
 *   const task = createTask({ name: "sum" }, add, 1, 2);
 *   console.log(await task); // 3
 * });
 * ```
 */
export function createTask<A extends unknown[], R>(
  fn: (...args: A) => R,
  ...args: A
): Task<Awaited<R>>;
/** The same with a name, a context, or an eager start. */
export function createTask<A extends unknown[], R>(
  options: TaskOptions,
  fn: (...args: A) => R,
  ...args: A
): Task<Awaited<R>>;
/** Adopts what already runs. */
export function createTask<T>(awaitable: PromiseLike<T>, options?: TaskOptions): Task<T>;
export function createTask(
  first: Callable | TaskOptions | PromiseLike<unknown>,
): Task<unknown> {
  const loop = requireLoop("createTask()");
  // V8 makes the array of a rest parameter even where it stays empty.
  let rest: unknown[] | null = null;
  if (arguments.length > 1) {
    rest = [];
    for (let i = 1; i < arguments.length; i++) rest.push(arguments[i]);
  }
  if (typeof first === "function" && !loop.isClosed()) return loop.spawn(first, rest, NO_OPTIONS);
  if (typeof first !== "function" && isAwaitable(first)) {
    return loop.adopt(first, (rest?.[0] ?? {}) as TaskOptions);
  }
  return (loop.createTask as (...args: unknown[]) => Task<unknown>).call(
    loop,
    first,
    ...rest ?? [],
  );
}

/**
 * A future for anything that can be waited for: a function is called in a new task, a future or task
 * comes back as it is, another awaitable gets a task that adopts it (asyncio: `ensure_future`).
 */
export function ensureFuture<T>(source: Source<T>): Future<T> {
  if (typeof source !== "function" && !isAwaitable(source)) {
    throw new TypeError(`Cannot await ${describeValue(source)}: pass a function or an awaitable`);
  }
  return requireLoop("ensureFuture()").ensureFuture(source, []) as Future<T>;
}

/** The task of the running code; `null` in callbacks and outside tasks. */
export function currentTask(): Task<unknown> | null {
  return currentScope()?.task ?? null;
}

/** The unfinished tasks of a loop, the running one unless given, in the order in which they were made. */
export function allTasks(loop: EventLoop = requireLoop("allTasks()")): Task<unknown>[] {
  return loop.allTasks();
}

/**
 * Makes tasks that are called at once instead of on the next turn (asyncio: `eager_task_factory`).
 * Give it to {@linkcode EventLoop.setTaskFactory}.
 */
export const eagerTaskFactory: TaskFactory = <T>(
  loop: EventLoop,
  fn: () => T,
  options: TaskOptions,
): Task<Awaited<T>> => new Task<Awaited<T>>(loop, fn, [], { ...options, eager: true });
