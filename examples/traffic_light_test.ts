import { assert, assertEquals } from "@std/assert";
import { simulate, type Simulation, type SimulationOptions } from "awaitio/simulator";
import main, { scenario } from "./traffic_light.ts";

const COLOURS = { LED1: "red", LED2: "yellow", LED3: "green" } as const;

/** Which lights are lit, at the end of each moment in which that changes. */
function lights(sim: Simulation): string[] {
  const leds = Object.keys(COLOURS) as (keyof typeof COLOURS)[];
  const times = leds.flatMap((led) => sim.history(led).map(({ time }) => time));
  const lit = (time: number) =>
    leds.filter((led) => sim.history(led).findLast((edge) => edge.time <= time)?.level === 1)
      .map((led) => COLOURS[led]).join(" and ");
  return [...new Set(times)].sort((a, b) => a - b).map((time) => `${lit(time)} at ${time}`);
}

const timeOf = (line: string) => Number(line.split(" at ")[1]);

/** Presses the button at these times for as long, and looks on for `length` ms in all. */
async function cross(
  length: number,
  presses: readonly (readonly [at: number, ms: number])[],
  options: SimulationOptions = {},
) {
  const sim = await simulate(main, async (sim) => {
    for (const [at, ms] of presses) {
      await sim.sleep(at - sim.time);
      await sim.press("BTN1", ms);
    }
    await sim.sleep(length * 10);
  }, { capture: true, for: length, ...options });
  return { lights: lights(sim).filter((line) => !line.endsWith(` at ${length}`)), sim };
}

Deno.test("traffic light: without pedestrians eight seconds green, one yellow, three red", async () => {
  const { lights, sim } = await cross(25_000, []);
  assertEquals(lights, [
    "green at 0",
    "yellow at 8000",
    "red at 9000",
    "green at 12000",
    "yellow at 20000",
    "red at 21000",
    "green at 24000",
  ]);
  assertEquals(sim.output, []);
});

Deno.test("traffic light: a pedestrian ends the green, but not before the cars had two seconds", async () => {
  const early = await cross(7000, [[500, 200]]);
  assertEquals(early.lights, ["green at 0", "yellow at 2000", "red at 3000", "green at 6000"]);
  assertEquals(early.sim.output, ["walk"]);
  // The button counts when it is released, and after its debouncing.
  const late = await cross(9000, [[4000, 200]]);
  assertEquals(late.lights, ["green at 0", "yellow at 4225", "red at 5225", "green at 8225"]);
});

Deno.test("traffic light: who presses at red shortens the next green, who presses at yellow walks at once", async () => {
  const red = await cross(15_000, [[10_000, 200]]);
  assertEquals(red.lights.slice(3), ["green at 12000", "yellow at 14000"]);
  const yellow = await cross(21_000, [[8200, 200]]);
  assertEquals(yellow.lights.slice(3), ["green at 12000", "yellow at 20000"]);
  assertEquals(yellow.sim.output, ["walk"]);
});

Deno.test("traffic light: impatience does not help", async () => {
  const times = Array.from({ length: 10 }, (_, i) => [100 + 150 * i, 60] as const);
  const { lights, sim } = await cross(13_000, times);
  assertEquals(lights, ["green at 0", "yellow at 2000", "red at 3000", "green at 6000"]);
  assertEquals(sim.output, ["walk"]);
});

for (
  const [phase, at] of [
    ["the first two seconds of green", 300],
    ["green", 3000],
    ["yellow", 7500],
    ["red", 8500],
    ["the second green", 12_500],
  ] as const
) {
  Deno.test(`traffic light: an emergency in ${phase} stops all, and then the light begins anew`, async () => {
    const began = at + 1025; // a press of a second, debounced
    const over = at + 1525 + 4000;
    const { lights, sim } = await cross(over + 9500, [[at, 1500]]);
    assertEquals(sim.output, ["emergency: all stop"]);
    const before = lights.filter((line) => timeOf(line) <= began);
    assert(before.at(-1)!.startsWith("red"), `${before}`);
    assertEquals(lights.slice(before.length), [
      `green at ${over}`,
      `yellow at ${over + 8000}`,
      `red at ${over + 9000}`,
    ]);
  });
}

Deno.test("traffic light: the cars see yellow before an emergency's red", async () => {
  const { sim } = await cross(3000, [[300, 1500]]);
  assertEquals(sim.history("LED2").slice(0, 2), [
    { level: 1, time: 1325 },
    { level: 0, time: 1325 },
  ]);
  assertEquals(sim.history("LED1")[0], { level: 1, time: 1325 });
});

Deno.test("traffic light: an emergency lasts until four seconds after the button is released", async () => {
  const { lights } = await cross(40_000, [[1000, 30_000]]);
  assertEquals(lights.slice(0, 3), ["green at 0", "red at 2025", "green at 35025"]);
});

Deno.test("traffic light: a second emergency is one too, and forgets who wanted to walk", async () => {
  const { lights, sim } = await cross(22_000, [[500, 100], [1000, 1500], [8000, 1500]]);
  assertEquals(lights, [
    "green at 0",
    "yellow at 2000", // for who pressed first
    "red at 2025",
    "green at 6525",
    "red at 9025",
    "green at 13525",
    "yellow at 21525",
  ]);
  assertEquals(sim.output, ["emergency: all stop", "emergency: all stop"]);
});

Deno.test("traffic light: shows one light at a time, whatever happens in whichever order", async () => {
  for (let seed = 1; seed <= 10; seed++) {
    const presses = [[700, 100], [2500, 1300], [9000, 150], [12_000, 1200], [19_000, 90]] as const;
    const { lights } = await cross(30_000, presses, { seed, bounce: 12 });
    for (const line of lights) assert(/^(red|yellow|green) at/.test(line), `${seed}: ${line}`);
  }
});

Deno.test("traffic light: its own scenario has a pedestrian and an ambulance", async () => {
  const sim = await simulate(main, scenario, { capture: true });
  assertEquals(sim.output, ["walk", "emergency: all stop"]);
});
