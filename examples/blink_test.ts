import { assertEquals } from "@std/assert";
import { simulate } from "awaitio/simulator";
import blink from "./blink.ts";

Deno.test("blink: the LED changes every half second", async () => {
  const sim = await simulate(blink, null, { for: 2000 });
  assertEquals(sim.history("LED1").map(({ time }) => time), [0, 500, 1000, 1500]);
});
