/**
 * Tests of the runtime that end otherwise as artefacts for Espruino, each with the reason.
 *
 * @module
 */

/** A test that differs. */
export interface Difference {
  /** Whether the harness acts it out, or only the interpreter shows it. */
  readonly where: "both" | "interpreter";
  readonly why: string;
}

const NO_EVENTS: Difference = {
  where: "both",
  why: "it listens to the process' own event of rejections, and there is none",
};
const NO_SIGNAL: Difference = { where: "both", why: "there is no AbortSignal" };

/** By the names of the tests. */
export const differences: { readonly [name: string]: Difference } = {
  "Barrier: who has been let through is through, whatever comes in the same turn": {
    where: "both",
    why: "it asks a class for its name, and classes have none",
  },
  "scope: a call never awaited that ends cancelled is no unhandled rejection": NO_EVENTS,
  "scope: tasks, gathers and groups that end cancelled unseen are no unhandled rejections":
    NO_EVENTS,
  "scope: a failed task that is reported is no unhandled rejection of the host as well": NO_EVENTS,
  "signal: aborts with the task's cancel, and so ends what is foreign": NO_SIGNAL,
  "signal: in a timeout's body aborts when that expires, outside of it does not": NO_SIGNAL,
  "a task with many calls that wait lets them go in any order": {
    where: "interpreter",
    why: "it takes the interpreter longer than a test may",
  },
  "cancel: reaches the far end of a chain of 10,000 tasks that await each other": {
    where: "interpreter",
    why: "it takes the interpreter longer than a test may",
  },
};
