import { isQuiet } from "./scope.ts";
import { reaches } from "./reaches.ts";
import type { Task } from "./task.ts";

/** The unfinished tasks of a loop, in the order in which they were made. */
export class TaskList {
  private first: Task<unknown> | null = null;
  private last: Task<unknown> | null = null;
  /** Tasks that have ended while a call that they started still waits. */
  private left: Task<unknown>[] = [];

  /** Takes a new task in. */
  add(task: Task<unknown>): void {
    if (!reaches(listOf)) return;
    task.previousTask = this.last;
    if (this.last === null) this.first = task;
    else this.last.nextTask = task;
    this.last = task;
  }

  /** Lets a task go that has ended; `false` where calls that it started still wait. */
  remove(task: Task<unknown>): boolean {
    if (reaches(listOf)) this.takeOut(task);
    if (isQuiet(task)) return true;
    this.leave(task);
    return false;
  }

  private takeOut(task: Task<unknown>): void {
    const { previousTask, nextTask } = task;
    if (previousTask === null) this.first = nextTask;
    else previousTask.nextTask = nextTask;
    if (nextTask === null) this.last = previousTask;
    else nextTask.previousTask = previousTask;
    task.previousTask = task.nextTask = null;
  }

  /** A call that an ended task started waits. */
  leave(task: Task<unknown>): void {
    if (this.left.includes(task)) return;
    this.left = this.leftovers();
    this.left.push(task);
  }

  /** Whether there are none, and none that have left calls waiting. */
  isEmpty(): boolean {
    return this.first === null && this.left.length === 0;
  }

  /** The unfinished tasks. */
  all(): Task<unknown>[] {
    return listOf(this.first);
  }

  /** The ended tasks that have left calls waiting. */
  leftovers(): Task<unknown>[] {
    return this.left.filter((task) => !isQuiet(task));
  }
}

function listOf(first: Task<unknown> | null): Task<unknown>[] {
  const tasks: Task<unknown>[] = [];
  for (let task = first; task !== null; task = task.nextTask) tasks.push(task);
  return tasks;
}
