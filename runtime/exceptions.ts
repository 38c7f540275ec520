import type { Handle } from "./handle.ts";
import type { EventLoop } from "./loop.ts";
import type { Task } from "./task.ts";

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
