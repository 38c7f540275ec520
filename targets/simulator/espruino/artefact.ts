import { World } from "../../../compiler/espruino/harness/run.ts";
import { sleep } from "../../../runtime/sleep.ts";
import type { Board } from "../../../runtime/io/board.ts";
import type { BoardSpec } from "../../../runtime/io/spec.ts";
import type { uno } from "../../../boards/mod.ts";
import { hardwareOf } from "../hardware.ts";
import { simulate } from "../simulate.ts";
import type { Scenario, Simulation, SimulationOptions } from "../simulation.ts";
import { type Globals, VirtualInterpreter } from "./interpreter.ts";

/** Runs an artefact with the globals of an interpreter. */
export type RunArtefact = (code: string, globals: Globals) => void;

/**
 * Simulates an artefact for Espruino as {@linkcode simulate} does a program: the file that would be
 * flashed, against the interpreter's API. When the scenario ends, the board is switched off: unlike a
 * program's, its tasks do not clean up.
 *
 * @param code The artefact.
 * @param scenario What the world does meanwhile.
 * @param options The board, the time, the seed.
 * @param run Runs it; in a context of its own unless given.
 */
export function simulateArtefact<S extends BoardSpec = typeof uno>(
  code: string,
  scenario: Scenario<S> | null,
  options: SimulationOptions<S> = {},
  run: RunArtefact = runInItsContext,
): Promise<Simulation<S>> {
  let interpreter: VirtualInterpreter | null = null;
  const program = async (board: Board<S>): Promise<void> => {
    interpreter = new VirtualInterpreter(hardwareOf(board));
    try {
      run(code, interpreter.globals);
      await interpreter.idle();
    } finally {
      interpreter.stop();
    }
  };
  const world = scenario === null ? null : async (sim: Simulation<S>): Promise<void> => {
    // As with a program: it has begun when the world meets it.
    while (interpreter?.isBusy() !== false) await sleep(0);
    await scenario(sim);
  };
  return simulate<S>(program, world, options);
}

/** With the gaps that the interpreter has, too. */
function runInItsContext(code: string, globals: Globals): void {
  // What it prints looks as on the interpreter's console.
  const { print, console: _, ...others } = globals;
  const world = new World({
    globals: others,
    onLine: (line) => (print as (line: string) => void)(line),
  });
  world.run(code);
  for (const { error } of world.errors) throw error;
}
