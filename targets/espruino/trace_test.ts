import { assert, assertEquals } from "@std/assert";
import { type BuildOptions, buildProgram } from "../../compiler/build_program.ts";
import { endBundlerAtTheEnd } from "../../compiler/world_test.ts";
import * as blink from "../../examples/blink.ts";
import * as button from "../../examples/button.ts";
import * as demo from "../../examples/demo.ts";
import * as serialConsole from "../../examples/serial_console.ts";
import * as thermostat from "../../examples/thermostat.ts";
import * as trafficLight from "../../examples/traffic_light.ts";
import * as usageGuide from "../../examples/usage_guide.ts";
import { simulateArtefact } from "../simulator/espruino/artefact.ts";
import {
  type Program,
  type Scenario,
  simulate,
  type SimulationOptions,
} from "../simulator/simulation.ts";
import type { TraceEvent } from "../simulator/trace.ts";
import { espruino } from "./target.ts";

endBundlerAtTheEnd();

interface Example {
  readonly default: Program;
  readonly scenario?: Scenario;
}
const examples: { readonly [name: string]: Example } = {
  blink,
  button,
  demo,
  serial_console: serialConsole,
  thermostat,
  traffic_light: trafficLight,
  usage_guide: usageGuide,
};

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

const NUMBER = /-?\d+(?:\.\d+)?(?:e-?\d+)?/g;

/** Compares traces; numbers, also those in what was said, to the microsecond: a clock in seconds knows no more. */
function assertSame(actual: readonly string[], expected: readonly string[]): void {
  const words = (lines: readonly string[]) => lines.map((line) => line.replace(NUMBER, "#"));
  const numbers = (lines: readonly string[]) =>
    lines.flatMap((line) => [...line.matchAll(NUMBER)].map(([text]) => Number(text)));
  assertEquals(words(actual), words(expected));
  const wanted = numbers(expected);
  for (const [i, number] of numbers(actual).entries()) {
    assert(Math.abs(number - wanted[i]!) < 0.002, `${number} instead of ${wanted[i]}`);
  }
}

async function artefactOf(name: string, board: string): Promise<string> {
  const program = new URL(`../../examples/${name}.ts`, import.meta.url).pathname;
  const build: BuildOptions = { program, target: espruino, board, coroutines: "compiled" };
  return (await buildProgram(build)).code;
}

for (const [name, { default: program, scenario = null }] of Object.entries(examples)) {
  Deno.test(`the artefact of ${name} does on a virtual interpreter what the program does on the simulator`, async () => {
    for (const board of ["puckjs", "nucleof401re"]) {
      const code = await artefactOf(name, board);
      for (const options of [{ board }, { board, bounce: 5, noise: 0.002, seed: 0 }]) {
        const expected = await trace(
          scenario,
          (world, options) => simulate(program as Program, world, options as SimulationOptions),
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
