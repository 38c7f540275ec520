import { assert, assertEquals } from "@std/assert";
import { type Board, Event } from "awaitio";
import { simulate, type Simulation, type SimulationOptions } from "awaitio/simulator";
import main, { scenario } from "./thermostat.ts";

const MINUTE = 60_000;

/** Runs the thermostat with a sensor that is there before it. */
function withSensor(
  celsius: (sim: Simulation) => number,
  world: (sim: Simulation) => PromiseLike<void>,
  options: SimulationOptions = {},
) {
  const connected = new Event();
  return simulate(async (board: Board) => {
    await connected.wait();
    await main(board);
  }, async (sim) => {
    sim.analog("SENSOR1", () => celsius(sim) / 50);
    connected.set();
    await world(sim);
  }, { capture: true, ...options });
}

/** The temperatures of a room that the heater warms and the cold outside cools, every 100 ms. */
async function room(minutes: number, options: SimulationOptions = {}) {
  const temperatures: number[] = [];
  let celsius = 18;
  const sim = await withSensor(() => celsius, async (sim) => {
    while (sim.time < minutes * MINUTE) {
      await sim.sleep(100);
      celsius += 0.03 * sim.duty("HEATER1") - 0.01;
      temperatures.push(celsius);
    }
  }, options);
  return { temperatures, switched: sim.history("LED1"), said: sim.output };
}

Deno.test("thermostat: warms the room and then keeps it within the band and what the ramp adds", async () => {
  const { temperatures } = await room(10);
  const reached = temperatures.findIndex((celsius) => celsius >= 21);
  assert(reached > 0 && reached < 10 * 60);
  for (const celsius of temperatures.slice(reached)) {
    assert(celsius > 20.2 && celsius < 21.8, `${celsius} °C`);
  }
  // Half the band of 1 °C above and below 21 °C is really used.
  assert(Math.min(...temperatures.slice(reached)) < 20.5);
  assert(Math.max(...temperatures) > 21.5);
});

Deno.test("thermostat: switches at the edges of the band and nowhere else", async () => {
  const { temperatures, switched } = await room(10);
  assert(switched.length > 20);
  for (const { level, time } of switched.slice(1)) {
    const celsius = temperatures[Math.round(time / 100) - 1]!;
    const off = level === 1 ? 20.5 - celsius : celsius - 21.5;
    assert(off > 0 && off < 0.05, `${level} at ${celsius} °C`);
  }
});

Deno.test("thermostat: a noisy sensor does not make the heater chatter", async () => {
  for (let seed = 1; seed <= 5; seed++) {
    const { switched } = await room(10, { seed, noise: 0.004 }); // 0.2 °C either way
    const times = switched.map(({ time }) => time);
    const pauses = times.slice(1).map((time, i) => time - times[i]!);
    assert(Math.min(...pauses) > 2500, `seed ${seed}: ${Math.min(...pauses)} ms`);
  }
});

Deno.test("thermostat: rests in a warm room and in one within the band", async () => {
  for (const celsius of [20.6, 21, 21.4, 30]) {
    const sim = await withSensor(() => celsius, (sim) => sim.sleep(MINUTE));
    assertEquals([sim.history("LED1"), sim.duty("HEATER1")], [[], 0], `${celsius} °C`);
  }
});

Deno.test("thermostat: ramps the heater up within two seconds, and down again", async () => {
  const log: string[] = [];
  await withSensor((sim) => sim.time < 10_000 ? 15 : 25, async (sim) => {
    for (const time of [50, 550, 1050, 1550, 2050, 9950, 10_050, 10_550, 11_050, 12_050]) {
      await sim.sleep(time - sim.time);
      log.push(`${time}: ${Math.round(sim.duty("HEATER1") * 100)} %`);
    }
  });
  assertEquals(log, [
    "50: 0 %",
    "550: 25 %",
    "1050: 50 %",
    "1550: 75 %",
    "2050: 100 %",
    "9950: 100 %",
    "10050: 100 %",
    "10550: 75 %",
    "11050: 50 %",
    "12050: 0 %",
  ]);
});

Deno.test("thermostat: reports every ten seconds", async () => {
  const sim = await withSensor((sim) => 18 + sim.time / 10_000, (sim) => sim.sleep(35_000));
  assertEquals(sim.output, [
    "19.0 °C, heater at 100 %",
    "20.0 °C, heater at 100 %",
    "21.0 °C, heater at 100 %",
  ]);
});

Deno.test("thermostat: its own scenario keeps the room warm for two minutes", async () => {
  const sim = await simulate(main, scenario, { capture: true });
  assertEquals([sim.time, sim.output.length], [120_000, 12]);
  for (const line of sim.output) {
    const celsius = parseFloat(line);
    assert(celsius >= 20.4 && celsius <= 21.8, line);
  }
});
