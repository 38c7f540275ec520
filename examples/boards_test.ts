import { assert, assertEquals } from "@std/assert";
import { boards } from "awaitio/boards";
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
  serialConsole,
  thermostat,
  trafficLight,
  usageGuide,
};

for (const [name, { default: program, scenario = null }] of Object.entries(examples)) {
  Deno.test(`every board runs ${name} with its own scenario, in any order and with bounce and noise`, async () => {
    const outputs: string[] = [];
    for (const board of Object.keys(boards)) {
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
