import { assertEquals, assertThrows } from "@std/assert";
import { every, sleep } from "awaitio/edge";
import { forWorkers } from "./workers_entry.ts";
import { environment } from "./workers_environment.ts";
import { Schedule } from "./every.ts";

Deno.test("every: on workerd the platform's cron calls what is scheduled by its text", async () => {
  const log: string[] = [];
  const each = (name: string) => async () => {
    await Promise.resolve();
    log.push(name);
  };
  environment.cron("a", "*/5 * * * *", each("a"));
  environment.cron("b", "*/5 * * * *", each("b"));
  environment.cron("c", "0 * * * *", each("c"));
  const server = forWorkers({ fetch: () => new Response(), onListen() {} });
  await server.scheduled({ cron: "*/5 * * * *" });
  await server.scheduled({ cron: "1 1 1 1 1" });
  assertEquals(log, ["a", "b"]);
});

Deno.test("every: a run that is due while the one before still runs is left out and counted", async () => {
  const schedule = new Schedule(() => sleep(20));
  await Promise.all([schedule.run(), schedule.run(), schedule.run()]);
  await schedule.run();
  assertEquals([schedule.runs, schedule.skipped], [2, 2]);
});

Deno.test("every: what is no schedule is refused", () => {
  assertThrows(() => every(0, () => {}), RangeError, "pass a period above 0");
  assertThrows(() => every("often", () => {}), RangeError, "five fields");
});
