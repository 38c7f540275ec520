import { currentTask } from "./create_task.ts";
import { RuntimeError } from "./errors.ts";
import type { Future } from "./future.ts";
import type { EventLoop } from "./loop.ts";
import { getHost, requireLoop } from "./platform.ts";
import { parked } from "./scope.ts";
import { Task } from "./task.ts";

/** A future or task, what it waits for, and who waits for it. */
export interface CallGraph {
  /** The future or task. */
  readonly future: Future<unknown>;
  /** What a task awaits, the innermost first. */
  readonly callStack: readonly string[];
  /** The graphs of the tasks that await it. */
  readonly awaitedBy: readonly CallGraph[];
}

/**
 * Who awaits whom, upwards from a future or task, the running task unless given (asyncio:
 * `capture_call_graph`).
 *
 * @throws `RuntimeError` where none is given and no task runs.
 *
 * @example
 * ```ts
 * import { captureCallGraph, run } from "awaitio";
 *
 * await run(async () => {
 *   const graph = captureCallGraph();
 *   console.log(graph.callStack.length);
 * });
 * ```
 */
export function captureCallGraph(future: Future<unknown> | null = currentTask()): CallGraph {
  if (future === null) {
    throw new RuntimeError("Cannot capture the call graph: no task runs here; pass one");
  }
  return capture(future, []);
}

function capture(future: Future<unknown>, above: readonly Future<unknown>[]): CallGraph {
  const seen = [...above, future];
  const awaitedBy = future.getLoop().allTasks()
    .filter((task) => !seen.includes(task) && awaited(task).includes(future))
    .map((task) => capture(task, seen));
  return { future, callStack: future instanceof Task ? future.getStack() : [], awaitedBy };
}

/** What a task awaits, through gathers and shields, down to the next tasks. */
function awaited(task: Task<unknown>): unknown[] {
  const found: unknown[] = [];
  const visit = (future: unknown): void => {
    if (found.includes(future)) return;
    found.push(future);
    if (!(future instanceof Task)) {
      for (const inner of (future as Future<unknown>).awaits()) visit(inner);
    }
  };
  for (const wait of parked(task)) for (const future of wait.awaits()) visit(future);
  return found;
}

/** A call graph as text, one line a task and a wait (asyncio: `format_call_graph`). */
export function formatCallGraph(future: Future<unknown> | null = currentTask()): string {
  const lines: string[] = [];
  const visit = (graph: CallGraph, indent: string): void => {
    lines.push(`${indent}* ${graph.future.describe()}`);
    for (const line of graph.callStack) lines.push(`${indent}  + awaits ${line}`);
    if (graph.awaitedBy.length > 0) lines.push(`${indent}  + awaited by:`);
    for (const by of graph.awaitedBy) visit(by, `${indent}    `);
  };
  visit(captureCallGraph(future), "");
  return lines.join("\n");
}

/** Reports a call graph to the developer (asyncio: `print_call_graph`). */
export function printCallGraph(future: Future<unknown> | null = currentTask()): void {
  getHost().report(formatCallGraph(future));
}

/** One unfinished task in {@linkcode ps}. */
export interface TaskStatus {
  /** The task's number. */
  readonly id: number;
  /** What `getName()` gives: the name it was given, or its function's and its number. */
  readonly name: string;
  /** What it awaits, the innermost first; empty where it runs or awaits something foreign. */
  readonly awaits: readonly string[];
  /** The numbers of the tasks that await it. */
  readonly awaitedBy: readonly number[];
}

/** The unfinished tasks of a loop, what they await and who awaits them. */
export function ps(loop: EventLoop = requireLoop("ps()")): TaskStatus[] {
  const tasks = loop.allTasks();
  return tasks.map((task) => ({
    id: task.id,
    name: task.getName(),
    awaits: task.getStack(),
    awaitedBy: tasks.filter((other) => other !== task && awaited(other).includes(task))
      .map((other) => other.id),
  }));
}
