import { assert, assertEquals } from "@std/assert";
import { boards, type BoardSpec } from "awaitio/boards";
import { simulate } from "awaitio/simulator";
import { EXAMPLES } from "./world_test.ts";

/** The boards that have every part that a program names. */
async function boardsFor(program: string): Promise<string[]> {
  const text = await Deno.readTextFile(new URL(`${program}.ts`, import.meta.url));
  const names = text.match(/(?<=")(?:LED|BTN|SENSOR|HEATER|Serial)\d(?=")/g) ?? [];
  return Object.values<BoardSpec>(boards)
    .filter(({ roles, serials }) => names.every((name) => name in roles || name in serials))
    .map(({ id }) => id);
}

for (const [name, { default: program, scenario = null }] of Object.entries(EXAMPLES)) {
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
