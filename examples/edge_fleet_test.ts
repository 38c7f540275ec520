import { assertEquals } from "@std/assert";
import { createTask, currentTask } from "awaitio";
import { type LinkOptions, simulate, simulatedLink } from "awaitio/simulator";
import { device } from "./edge_device.ts";
import { hub, type Reading } from "./edge_hub.ts";

/** Runs a device and its hub for 20 seconds: a browser looks on, and tells the lamp to be on and off again. */
async function fleet(options: LinkOptions) {
  const server = hub();
  const link = simulatedLink(server, options);
  // What is near the hub loses nothing.
  const near = simulatedLink(server, { seed: 1, delay: [1, 1] });
  const seen: Reading[] = [];
  const sim = await simulate(device("shed", link), async (sim) => {
    sim.analog("SENSOR1", () => 0.4 + sim.time / 1_000_000);
    const browser = createTask(async () => {
      const response = await near("/devices/shed/events");
      const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
      const signal = currentTask()!.signal as AbortSignal;
      signal.addEventListener("abort", () => void reader.cancel());
      for (;;) {
        const { done, value } = await reader.read();
        if (done) return;
        // A comment says no more than that the hub is there.
        if (value.startsWith("data: ")) seen.push(JSON.parse(value.slice(6)));
      }
    });
    await sim.sleep(5_500);
    await near("/devices/shed/command", { method: "POST", body: "on" });
    await sim.sleep(6_000);
    await near("/devices/shed/command", { method: "POST", body: "off" });
    await sim.sleep(8_500);
    browser.cancel();
  }, { capture: true });
  return { seen, lamp: sim.history("LED1"), said: sim.output };
}

Deno.test("fleet: readings reach the browser, and commands the device", async () => {
  const { seen, lamp, said } = await fleet({ seed: 3 });
  assertEquals(
    seen.map(({ count }) => count),
    Array.from({ length: seen.length }, (_, i) => i + 1),
  );
  assertEquals(seen.length >= 18, true, `${seen.length} readings`);
  assertEquals(seen[0]!.celsius, 20.1);
  assertEquals(said.join("").includes('told "on"'), true);
  assertEquals(lamp.map(({ level }) => level).slice(-2), [1, 0]);
  assertEquals(seen.some((reading) => reading.lamp), true);
  assertEquals(seen.at(-1)!.lamp, false);
});

Deno.test("fleet: what is lost and overtaken leaves the newest, in order, and the same each time", async () => {
  const options = { seed: 11, delay: [50, 2_500], drop: 0.2, patience: 3_000 } as const;
  const { seen } = await fleet(options);
  const counts = seen.map(({ count }) => count);
  assertEquals(counts, counts.toSorted((a, b) => a - b));
  assertEquals(counts.length > 3 && counts.length < 18, true, counts.join());
  assertEquals((await fleet(options)).seen, seen);
  assertEquals((await fleet({ ...options, seed: 12 })).seen.length === 0, false);
});
