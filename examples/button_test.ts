import { assertEquals } from "@std/assert";
import { simulate, type Simulation, type SimulationOptions } from "awaitio/simulator";
import main from "./button.ts";

/** What LED1 does while somebody plays with the button, and what the program says about it. */
async function play(
  gestures: (sim: Simulation) => PromiseLike<void>,
  options: SimulationOptions = {},
) {
  const sim = await simulate(main, async (sim) => {
    await sim.sleep(1000 - sim.time);
    await gestures(sim);
    await sim.sleep(2000);
  }, { capture: true, ...options });
  const led = sim.history("LED1").map(({ level, time }) => `${level} at ${time}`);
  return { led, said: sim.output };
}

/** Presses the button at these times for as long. */
const presses = (...times: (readonly [at: number, ms: number])[]) => async (sim: Simulation) => {
  for (const [at, ms] of times) {
    await sim.sleep(at - sim.time);
    await sim.press("BTN1", ms);
  }
};

Deno.test("button: a press toggles the LED once no second one can follow", async () => {
  const { led, said } = await play(presses([1000, 100], [3000, 100]));
  // The contact rests for 20 ms before it counts; a second press may begin 250 ms later.
  assertEquals(led, ["1 at 1370", "0 at 3370"]);
  assertEquals(said, ["press", "press"]);
});

Deno.test("button: two presses within a quarter of a second make the LED blink three times", async () => {
  const { led, said } = await play(presses([1000, 100], [1300, 100]));
  assertEquals(led, [
    "1 at 1420",
    "0 at 1500",
    "1 at 1580",
    "0 at 1660",
    "1 at 1740",
    "0 at 1820",
  ]);
  assertEquals(said, ["double press"]);
});

Deno.test("button: two presses further apart are two presses", async () => {
  const { led, said } = await play(presses([1000, 100], [1380, 100]));
  assertEquals(led, ["1 at 1370", "0 at 1750"]);
  assertEquals(said, ["press", "press"]);
});

Deno.test("button: a long press switches the LED off when the button is released", async () => {
  const { led, said } = await play(presses([1000, 100], [2000, 1500]));
  assertEquals(led, ["1 at 1370", "0 at 3520"]);
  assertEquals(said, ["press", "long press"]);
});

Deno.test("button: a long press leaves an LED that is off alone", async () => {
  const { led, said } = await play(presses([1000, 601]));
  assertEquals(led, []);
  assertEquals(said, ["long press"]);
});

Deno.test("button: a touch that is shorter than the debounce time is nothing", async () => {
  const { led, said } = await play(presses([1000, 19], [1100, 5]));
  assertEquals([led, said], [[], []]);
});

Deno.test("button: a bouncing contact makes no more and no other gestures", async () => {
  for (let seed = 0; seed < 30; seed++) {
    const { said } = await play(
      presses([1000, 100], [2000, 100], [2300, 100], [4000, 900]),
      { bounce: 15, seed },
    );
    assertEquals(said, ["press", "double press", "long press"], `seed ${seed}`);
  }
});

Deno.test("button: a button that is held for ever is one long press, when it is let go", async () => {
  const { said } = await play(async (sim) => {
    await sim.hold("BTN1");
    await sim.sleep(60_000);
    assertEquals(sim.output, []);
    await sim.release("BTN1");
  });
  assertEquals(said, ["long press"]);
});

Deno.test("button: its own scenario shows each gesture", async () => {
  const { scenario } = await import("./button.ts");
  const sim = await simulate(main, scenario, { capture: true });
  assertEquals(sim.output, ["press", "double press", "long press"]);
});
