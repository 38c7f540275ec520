import { findBoard, uno } from "../../boards/mod.ts";
import { allTasks, createTask, currentTask, getRunningLoop } from "../../runtime/create_task.ts";
import { CancelledError, RuntimeError } from "../../runtime/errors.ts";
import type { BoardSpec } from "../../runtime/io/spec.ts";
import type { ExceptionContext } from "../../runtime/exceptions.ts";
import { runWith } from "../../runtime/run.ts";
import { sleep } from "../../runtime/sleep.ts";
import type { Task } from "../../runtime/task.ts";
import { wait } from "../../runtime/wait.ts";
import { capture } from "./console.ts";
import { type Program, type Scenario, Simulation, type SimulationOptions } from "./simulation.ts";
import { virtualLoop } from "./virtual.ts";

/** How long a program may clean up, in milliseconds. */
const CLEANUP = 60_000;

/**
 * Runs a program on a simulated board, on a virtual clock, until the scenario ends (or, without one, the
 * program); then cancels the program and lets it clean up.
 *
 * @param program The program: what its module exports as default.
 * @param scenario What the world does meanwhile.
 * @param options The board, the time, the seed.
 * @returns The simulation, to look at.
 * @throws What the program or the scenario throws; the first failure that nobody handled.
 *
 * @example A test
 * ```ts
 * import { type Board, sleep } from "awaitio";
 * import { simulate } from "awaitio/simulator";
 *
 * async function blink(board: Board) {
 *   for (const led = board.output("LED1");; led.toggle()) await sleep(500);
 * }
 *
 * await simulate(blink, async (sim) => {
 *   await sim.until({ LED1: 1 });
 *   await sim.until({ LED1: 0 });
 * });
 * ```
 */
export async function simulate<S extends BoardSpec = typeof uno>(
  program: Program<S>,
  scenario?: Scenario<S> | null,
  options: SimulationOptions<S> = {},
): Promise<Simulation<S>> {
  const { board = uno, seed = 0, speed, for: limit = Infinity } = options;
  if (!(limit >= 0)) throw new RangeError(`Cannot simulate for ${limit} ms: pass 0 or more`);
  const spec = (typeof board === "string" ? findBoard(board) : board) as S;
  const booted = await options.firmware?.boot(spec) ?? null;
  const loop = virtualLoop({ seed, ...(speed === undefined ? {} : { speed }) });
  const sim = new Simulation<S>(loop, spec, options, booted);
  const release = options.capture === true ? capture(loop, sim) : () => {};
  try {
    await runWith({ loopFactory: () => loop }, async function simulator() {
      sim.recorder.hide(currentTask()!, "simulator");
      loop.observer = sim.recorder;
      try {
        await control(sim, program, scenario ?? null, limit);
      } catch (error) {
        // A program can be cancelled by itself; who cancels us is Ctrl-C.
        if (!(error instanceof CancelledError) || currentTask()!.cancelling() === 0) throw error;
        sim.outcome = "interrupt";
      }
    });
  } catch (error) {
    throw because(error, sim.faults[0]);
  } finally {
    release();
  }
  const [fault] = sim.faults;
  if (fault !== undefined) throw fault.exception ?? new Error(fault.message);
  return sim;
}

/** What nobody handled is likely why the rest failed later. */
function because(error: unknown, fault: ExceptionContext | undefined): unknown {
  if (error instanceof Error && fault !== undefined && fault.exception !== error) {
    error.cause ??= fault.exception;
  }
  return error;
}

async function control<S extends BoardSpec>(
  sim: Simulation<S>,
  program: Program<S>,
  scenario: Scenario<S> | null,
  limit: number,
): Promise<void> {
  const loop = getRunningLoop();
  const main = createTask({ name: "main" }, program, sim.board);
  // The last moment before the end: what is due at the end itself is left out. A trace shows the end.
  const last = limit * (1 - 4 * Number.EPSILON);
  let world: Task<unknown> | null = null;
  try {
    // Whatever the seed, the program has begun when the world meets it.
    await sleep(0);
    if (scenario !== null) {
      world = createTask({ name: "scenario" }, scenario, sim);
      sim.recorder.hide(world, "scenario");
    }
    let running: Task<unknown>[] = world === null ? [main] : [main, world];
    const decides = world ?? main;
    while (!decides.done() && sim.outcome === null) {
      const [done, pending] = await wait(running, {
        returnWhen: "FIRST_COMPLETED",
        timeout: last === Infinity ? null : last - loop.time(),
      });
      if (done.length === 0) sim.outcome = "time";
      for (const task of done) await task;
      running = pending;
    }
    sim.outcome ??= world === null ? "program" : "scenario";
  } finally {
    try {
      if (world !== null) await end([world]);
      await end([main]);
      // What the program has started beside itself ends with it.
      await end(allTasks().filter((task) => task !== currentTask()));
    } finally {
      sim.stop();
    }
  }
  if (!main.cancelled()) await main;
}

/**
 * Cancels tasks and waits for them; what fails meanwhile goes to the exception handler.
 *
 * @throws `RuntimeError` where one goes on for ever all the same.
 */
async function end(tasks: readonly Task<unknown>[]): Promise<void> {
  const left = tasks.filter((task) => task.cancel("the simulation has ended"));
  if (left.length === 0) return;
  const [ended, [stubborn]] = await wait(left, { timeout: CLEANUP });
  if (stubborn !== undefined) {
    const error = new RuntimeError(
      `Cannot end task "${stubborn.getName()}": it goes on ${CLEANUP} ms after it was cancelled; ` +
        `who catches CancelledError has to throw it on`,
    );
    // Closing the loop cancels it once more, and would wait for it.
    stubborn.loop.callLater(CLEANUP, () => stubborn.loop.abort(error));
    throw error;
  }
  for (const task of ended) {
    if (task.cancelled() || task.settledWell()) continue;
    task.loop.callExceptionHandler({
      message: `Task "${task.getName()}" failed while the simulation ended`,
      exception: task.exception(),
      task,
    });
  }
}
