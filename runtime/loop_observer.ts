import type { Handle } from "./handle.ts";
import type { Task } from "./task.ts";
import type { Timed } from "./timer_heap.ts";
import type { Wait } from "./wait_base.ts";

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
