import { assert, assertEquals } from "@std/assert";
import { boards, type BoardSpec } from "awaitio/boards";
import { type Program, type Scenario, simulate } from "awaitio/simulator";
import * as blink from "./blink.ts";
import * as button from "./button.ts";
import * as demo from "./demo.ts";
import * as serialConsole from "./serial_console.ts";
import * as thermostat from "./thermostat.ts";
import * as trafficLight from "./traffic_light.ts";
import * as usageGuide from "./usage_guide.ts";

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

/** The boards that have every part that a program names. */
async function boardsFor(program: string): Promise<string[]> {
  const text = await Deno.readTextFile(new URL(`${program}.ts`, import.meta.url));
  const names = text.match(/(?<=")(?:LED|BTN|SENSOR|HEATER|Serial)\d(?=")/g) ?? [];
  return Object.values<BoardSpec>(boards)
    .filter(({ roles, serials }) => names.every((name) => name in roles || name in serials))
    .map(({ id }) => id);
}

for (const [name, { default: program, scenario = null }] of Object.entries(examples)) {
  Deno.test(`every board that has its parts runs ${name} with its own scenario, in any order and with bounce and noise`, async () => {
    const outputs: string[] = [];
    const able = await boardsFor(name);
    assert(able.length >= 25, `only ${able.join(", ")}`);
    for (const board of able) {
      for (const options of [{}, { seed: 5, bounce: 5, noise: 0.002 }]) {
        const sim = await simulate(program, scenario, {
          board,
          capture: true,
          ...(scenario === null ? { for: 3000 } : {}),
          ...options,
        });
        assertEquals(sim.faults, [], board);
        assert(sim.outcome !== "interrupt");
        if (!("seed" in options)) outputs.push(sim.output.join("\n"));
      }
    }
    // A program does the same on every board.
    assertEquals(new Set(outputs).size, 1);
  });
}
