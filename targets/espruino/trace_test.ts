import { assert, assertEquals } from "@std/assert";
import { endBundlerAtTheEnd } from "../../compiler/world_test.ts";
import { EXAMPLES } from "../../examples/world_test.ts";
import { simulateArtefact } from "../simulator/espruino/artefact.ts";
import { simulate } from "../simulator/simulate.ts";
import type { Scenario, SimulationOptions } from "../simulator/simulation.ts";
import type { TraceEvent } from "../simulator/trace.ts";
import { artefactOf, assertNear, withoutNumbers } from "./example_world_test.ts";

endBundlerAtTheEnd();

/** What a scope at the board would show: no tasks, and not who did it. */
const SEEN: readonly string[] = ["pin", "pwm", "analog", "serial", "bus", "print"];

/** Collects what is seen until the scenario ends: then the program cleans up, and an artefact does not. */
async function trace(
  scenario: Scenario | null,
  run: (scenario: Scenario | null, options: SimulationOptions) => Promise<unknown>,
  options: SimulationOptions,
): Promise<string[]> {
  const lines: string[] = [];
  let ended = false;
  const world: Scenario | null = scenario === null ? null : async (sim) => {
    // Out of step: what board and world do at the same moment could come in either order.
    await sim.sleep(0.37);
    await scenario(sim);
    ended = true;
  };
  const onEvent = (event: TraceEvent): void => {
    if (ended || !SEEN.includes(event.kind)) return;
    lines.push(shown(event));
  };
  await run(world, {
    ...options,
    capture: true,
    onEvent,
    ...(scenario === null ? { for: 3000 } : {}),
  });
  return lines;
}

/** An event as text, without who did it and why. */
function shown(event: TraceEvent): string {
  const { n: _n, cause: _cause, by: _by, ...rest } = event;
  return JSON.stringify(rest);
}

/** Compares traces; numbers, also those in what was said, to the microsecond: a clock in seconds knows no more. */
function assertSame(actual: readonly string[], expected: readonly string[]): void {
  assertEquals(actual.map(withoutNumbers), expected.map(withoutNumbers));
  for (const [i, line] of expected.entries()) {
    assertNear(actual[i]!, line, (number, wanted) => Math.abs(number - wanted) < 0.002);
  }
}

for (const [name, { default: program, scenario = null }] of Object.entries(EXAMPLES)) {
  Deno.test(`the artefact of ${name} does on a virtual interpreter what the program does on the simulator`, async () => {
    for (const board of ["puckjs", "nucleof401re"]) {
      const code = await artefactOf(name, board);
      for (const options of [{ board }, { board, bounce: 5, noise: 0.002, seed: 0 }]) {
        const expected = await trace(
          scenario,
          (world, options) => simulate(program, world, options),
          options,
        );
        const [first, ...rest] = await trace(
          scenario,
          (world, options) => simulateArtefact(code, world, options),
          options,
        );
        assert(first?.includes(`"text":"${name} (awaitio `), first);
        assertSame(rest, expected);
      }
    }
  });
}
