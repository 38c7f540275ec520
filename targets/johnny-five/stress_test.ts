import { assert, assertEquals } from "@std/assert";
import { createTask, getRunningLoop, sleep } from "awaitio";
import { onFirmware } from "./world_test.ts";

const EDGES = 1000;

/** Changes D2 so often, a change every `period` ms, and gives what a program has seen of it. */
async function toggle(period: number) {
  const seen: (readonly [level: number, time: number])[] = [];
  const sent: number[] = [];
  let dropped = 0;
  let value: number | undefined;
  await onFirmware(async ({ board, arduino }) => {
    const input = board.input("D2", { pull: "up" });
    await input.read();
    const edges = input.edges("both");
    const reader = createTask(async () => {
      for await (const { level, time } of edges) seen.push([level, time]);
    });
    await sleep(1);
    for (let i = 0; i < EDGES; i++) {
      arduino.setLevel("D2", i % 2 as 0 | 1);
      sent.push(getRunningLoop().time());
      await sleep(period);
    }
    await sleep(50);
    dropped = edges.dropped;
    value = input.value;
    reader.cancel();
  });
  return { seen, sent, dropped, value };
}

Deno.test(`${EDGES} edges, as fast as the line carries them, all come, in order and soon`, async () => {
  const { seen, sent, dropped } = await toggle(1);
  assertEquals(dropped, 0);
  assertEquals(seen.map(([level]) => level), sent.map((_, i) => i % 2));
  const delays = seen.map(([, time], i) => time - sent[i]!);
  assert(Math.max(...delays) < 2, `${Math.max(...delays)} ms`);
});

Deno.test("of edges that are faster than the line some are missed, and the last level is right", async () => {
  const { seen, dropped, value } = await toggle(0.2);
  assertEquals(dropped, 0);
  assert(seen.length > 100 && seen.length < EDGES, `${seen.length}`);
  // An edge is told where the level was another one before.
  assertEquals(seen.map(([level]) => level), seen.map((_, i) => i % 2));
  assertEquals(value, 1);
});
