import type { BoardSpec } from "../../runtime/io/spec.ts";
import { describeError } from "../describe_error.ts";
import { EXIT } from "../exit.ts";
import { startProcess } from "../host/start.ts";
import { simulate } from "./simulate.ts";
import type { Program, Scenario } from "./simulation.ts";

/** How long a run without a scenario is unless something else is asked for, in milliseconds. */
export const DEFAULT_LENGTH = 10_000;

/** Plays a program with its scenario and ends the process: what an artefact for the simulator does. */
export function play(program: unknown, scenario: unknown, board: BoardSpec, url: string): void {
  const world = typeof scenario === "function" ? scenario as Scenario : null;
  startProcess(url, program, async () => {
    try {
      const limit = world === null ? DEFAULT_LENGTH : Infinity;
      const { outcome } = await simulate(program as Program, world, { board, for: limit });
      return outcome === "interrupt" ? EXIT.interrupted : EXIT.fine;
    } catch (error) {
      console.error(describeError(error));
      return EXIT.failed;
    }
  });
}
