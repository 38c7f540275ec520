import { assertEquals } from "@std/assert";
import { simulate, type Simulation, type TraceEvent } from "awaitio/simulator";
import main, { scenario } from "./demo.ts";

/** The lamp's duty in percent at these times. */
async function lampAt(sim: Simulation, ...times: number[]): Promise<string[]> {
  const log: string[] = [];
  for (const time of times) {
    await sim.sleep(time - sim.time);
    log.push(`${time}: ${Math.round(sim.duty("HEATER1") * 100)} %`);
  }
  return log;
}

Deno.test("demo: the LED blinks whatever else goes on", async () => {
  const sim = await simulate(main, async (sim) => {
    await sim.sleep(700);
    sim.serial("Serial1").type("a\nb\nc\n".repeat(20));
    await sim.press("BTN1", 400);
    await sim.sleep(3000);
  }, { capture: true });
  assertEquals(
    sim.history("LED1").map(({ time }) => time),
    Array.from({ length: 9 }, (_, i) => 500 * i),
  );
});

Deno.test("demo: a press makes the lamp fade in, and out again after a second and a half", async () => {
  const sim = await simulate(main, async (sim) => {
    await sim.sleep(1000);
    await sim.press("BTN1", 100);
    // The press counts after 25 ms: up until 1625, on until 3125, down until 4025.
    assertEquals(await lampAt(sim, 1200, 1326, 1700, 3120, 3576, 4100), [
      "1200: 27 %",
      "1326: 50 %",
      "1700: 100 %",
      "3120: 100 %",
      "3576: 51 %",
      "4100: 0 %",
    ]);
  }, { capture: true });
  assertEquals(sim.output, ["pressed at 1000 ms"]);
});

Deno.test("demo: another press keeps the lamp bright", async () => {
  await simulate(main, async (sim) => {
    await sim.sleep(1000);
    await sim.press("BTN1", 100);
    await sim.sleep(1400);
    await sim.press("BTN1", 100); // at 2500, counts at 2525
    assertEquals(await lampAt(sim, 3900, 4020, 5000), ["3900: 100 %", "4020: 100 %", "5000: 0 %"]);
  }, { capture: true });
});

Deno.test("demo: presses during a fade are kept for the lamp", async () => {
  const sim = await simulate(main, async (sim) => {
    await sim.sleep(1000);
    for (let i = 0; i < 3; i++) {
      await sim.press("BTN1", 50);
      await sim.sleep(50);
    }
    assertEquals(await lampAt(sim, 3120, 3130, 3600), ["3120: 100 %", "3130: 100 %", "3600: 49 %"]);
  }, { capture: true });
  assertEquals(sim.output, [1000, 1100, 1200].map((time) => `pressed at ${time} ms`));
});

Deno.test("demo: the serial line says what it was told, line by line", async () => {
  const sim = await simulate(main, async (sim) => {
    const terminal = sim.serial("Serial1");
    terminal.type("hello\ngrüße 🙂\r\n\n");
    await terminal.expect("you said hello\nyou said grüße 🙂\nyou said \n");
  }, { capture: true });
  assertEquals(sim.faults, []);
});

Deno.test("demo: what lights the lamp is the press, through the queue", async () => {
  const events: TraceEvent[] = [];
  await simulate(main, scenario, { capture: true, onEvent: (event) => events.push(event) });
  const lit = events.find((event) =>
    event.kind === "task" && event.name === "lamp" &&
    event.state === "resumed"
  )!;
  const put = events.find(({ n }) => n === lit.cause)!;
  const press = events.find(({ n }) => n === put.cause)!;
  assertEquals([put.kind === "task" && put.name, press.kind === "pin" && press.pin], [
    "button",
    "D2",
  ]);
});
