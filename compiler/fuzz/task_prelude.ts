/** What a generated program that uses the runtime finds in its scope. */

import { hideInside } from "./format.ts";
import { names, type Prelude, prelude } from "./prelude.ts";
import type { Runtime } from "./runtime_bundle.ts";

/** When a program that waits for what never comes is cancelled, in virtual milliseconds; how often after that. */
const LONGEST = 60;
const AGAIN = 10;
const TIMES = 40;

const API = [
  "asCompleted",
  "CancelledError",
  "Condition",
  "ContextVar",
  "createTask",
  "currentTask",
  "Event",
  "gather",
  "Lock",
  "Queue",
  "Semaphore",
  "shield",
  "sleep",
  "taskGroup",
  "timeout",
  "TimeoutError",
  "wait",
  "waitFor",
] as const;

/** The names that a program gets. */
export const taskNames: readonly string[] = [...names, ...API, "stop", "later", "left"];

/** Makes the prelude of the program that the running task is; it logs into `lines`, with times and tasks. */
export function taskPrelude(lines: string[], { api }: Pick<Runtime, "api">): Prelude {
  const { allTasks, currentTask } = api;
  const loop = api.getRunningLoop();
  const main = currentTask()!;
  const nameOf = (task: { getName(): string } | null | undefined): string =>
    task === null || task === undefined ? "no task" : task.getName().replace(/-\d+$/, "");
  const base = prelude(lines, () => `${loop.time()} ${nameOf(currentTask())} `);
  const { log } = base;
  const others = () => allTasks(loop).filter((task) => task !== main);

  loop.setExceptionHandler((_loop, { message, exception, task }) => {
    log("handler", [message?.replace(/-\d+/g, ""), exception, nameOf(task)]);
  });
  hideInside(Object.values(api));
  let times = 0;
  const watch = (): void => {
    if (++times > TIMES) return;
    main.cancel("too long");
    watching = loop.callLater(AGAIN, watch);
  };
  let watching = loop.callLater(LONGEST, watch);
  main.addDoneCallback(() => watching.cancel());

  /** Cancels a task by its name. */
  const stop = (name: string, message?: string): void => {
    const task = others().find((each) => each.getName() === name);
    log(`stop ${name}`, task?.cancel(message));
  };
  const tools = {
    stop,
    /** Does something from outside of every task. */
    later: (ms: number, act: () => void): void => void loop.callLater(ms, act),
    /** The tasks that have not ended, other than the program's own. */
    left: others,
  };
  return { ...base, ...Object.fromEntries(API.map((name) => [name, api[name]])), ...tools };
}
