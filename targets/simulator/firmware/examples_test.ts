import { assert, assertEquals } from "@std/assert";
import { firmata } from "awaitio/firmware";
import { simulate, type SimulationOptions } from "awaitio/simulator";
import { EXAMPLES } from "../../../examples/world_test.ts";

/** How much later something may happen than on the plain simulator, in milliseconds. */
const LATE = 8;
/**
 * The thermostat regulates what it measures. The converter's steps are coarser than the plain simulator's, so that
 * it switches a reading earlier or later, and after a while another number of times.
 */
const COARSE: { readonly [program: string]: { readonly for: number; readonly late: number } } = {
  thermostat: { for: 35_000, late: 250 },
};

for (const [name, { default: program, scenario = null }] of Object.entries(EXAMPLES)) {
  Deno.test(`${name} does the same through Firmata on an emulated Uno as on the plain simulator`, async () => {
    const { for: limit = scenario === null ? 3000 : Infinity, late = LATE } = COARSE[name] ?? {};
    const options: SimulationOptions = { board: "uno", capture: true, for: limit };
    const plain = await simulate(program, scenario, options);
    const real = await simulate(program, scenario, { ...options, firmware: firmata });
    const said = real.output.filter((line) => !line.startsWith("Note:")).map(withoutTimes);
    assertEquals(said, plain.output.map(withoutTimes));
    for (const role of ["LED1", "LED2", "LED3"]) {
      // Levels that last; a pulse of no time at all is none where writing takes one.
      const expected = plain.history(role).filter(({ time }, i, all) => all[i + 1]?.time !== time)
        .filter(({ level }, i, all) => level !== (all[i - 1]?.level ?? 0))
        .filter(({ time }) => time < plain.time - late);
      const found = real.history(role).slice(0, expected.length);
      assertEquals(found.map(({ level }) => level), expected.map(({ level }) => level), role);
      for (const [i, { time }] of found.entries()) {
        const delay = time - expected[i]!.time;
        assert(Math.abs(delay) <= late, `${role} ${i}: ${delay} ms after ${expected[i]!.time} ms`);
      }
    }
  });
}

/** Times of edges are those at which the host hears of them, and a step of the converter is 0.15 °C. */
function withoutTimes(line: string): string {
  return line.replace(/[\d.]+ ms/g, "ms").replace(/\.\d °C/, " °C");
}
