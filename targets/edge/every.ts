import { describeValue } from "../../runtime/checks.ts";
import { newEventLoop, Runner } from "../../runtime/run.ts";
import { getHost } from "../../runtime/platform.ts";
import { cronOf, nextTime, parseCron } from "./cron.ts";
import { environment } from "./environment.ts";
import { endings } from "./shutdown.ts";

/** What runs again and again; made by {@linkcode every}. */
export class Schedule {
  /** How often it has begun. */
  runs = 0;
  /** How often it was due while it still ran, and was left out. */
  skipped = 0;
  private running = false;

  /** @internal */
  constructor(private readonly fn: () => unknown) {}

  /** @internal It is due. */
  async run(): Promise<void> {
    if (this.running) {
      this.skipped++;
      return;
    }
    this.running = true;
    this.runs++;
    try {
      await using runner = new Runner({ loopFactory: newEventLoop });
      await runner.run(this.fn);
    } catch (error) {
      getHost().report(`What was scheduled (${this.fn.name || "a function"}) failed`, error);
    } finally {
      this.running = false;
    }
  }
}

/**
 * Runs a function again and again, each time on a loop of its own. A run that is due while the one before still runs is
 * left out and counted; runs that were missed, because nothing was there to run them, are not made up for. An error is
 * logged, and ends that run only.
 *
 * Call it at the top level of a module: Deno Deploy and workerd look there. With a cron expression it is the platform's
 * cron where there is one (Deno with `--unstable-cron`, workerd), and a timer of this process elsewhere. With an
 * interval it is such a timer on Deno, and on workerd, where nothing goes on between requests, the cron expression that
 * means the same.
 *
 * @param schedule Five fields of cron, in UTC, or milliseconds.
 * @throws `RangeError` for another schedule, or one that the platform cannot keep.
 *
 * @example
 * ```ts ignore
 * import { every } from "awaitio/edge";
 *
 * every("0 * * * *", async () => {
 *   await fetch("https://example.com/hourly");
 * });
 * ```
 */
export function every(schedule: string | number, fn: () => unknown): Schedule {
  if (typeof schedule === "number" && !(schedule > 0 && schedule < Infinity)) {
    throw new RangeError(`Cannot run every ${describeValue(schedule)} ms: pass a period above 0`);
  }
  const made = new Schedule(fn);
  const run = (): Promise<void> => made.run();
  const ticks = typeof schedule === "number" && environment.ticks;
  const cron = ticks ? null : cronOf(schedule);
  if (cron !== null && environment.cron(nameOf(fn), cron, run)) return made;
  if (!environment.ticks) {
    throw new RangeError(
      `Cannot run every ${describeValue(schedule)} ms on ${environment.name}: it has nothing but ` +
        "cron; pass whole minutes that divide an hour, or hours that divide a day",
    );
  }
  const next = typeof schedule === "number"
    ? (time: number) => time + schedule
    : nextTime.bind(null, parseCron(schedule));
  tick(next, run);
  return made;
}

/** Deno takes letters, digits, blanks, `-` and `_`, and each name once. */
function nameOf(fn: { readonly name: string }): string {
  return `${fn.name.replace(/[^\w-]/g, "") || "every"}-${++count}`;
}

let count = 0;

/** The longest that `setTimeout` takes. */
const LONGEST_TIMEOUT = 2 ** 31 - 1;

/** Calls `run` at one time after the other, until the process is told to end. */
function tick(next: (after: number) => number, run: () => Promise<void>): void {
  let due = next(Date.now());
  let timer: ReturnType<typeof setTimeout>;
  const arm = (): void => {
    timer = setTimeout(fire, Math.min(Math.max(due - Date.now(), 0), LONGEST_TIMEOUT));
  };
  const fire = (): void => {
    const now = Date.now();
    if (now >= due) {
      void run();
      // Missed ones are left out; the grid stays.
      while (due <= now) due = next(due);
    }
    arm();
  };
  arm();
  endings.add(() => clearTimeout(timer));
}
