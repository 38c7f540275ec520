// deno-lint-ignore-file require-await -- a body that never waits is part of what is tested
import { assertEquals } from "@std/assert";
import { getRunningLoop, sleep } from "awaitio";
import { virtual } from "../targets/simulator/virtual.ts";

const now = () => getRunningLoop().time();

Deno.test("time: stands still within a callback and jumps when the loop is idle", async () => {
  const log: number[] = [];
  await virtual(async () => {
    log.push(now());
    for (let i = 0; i < 1000; i++) await Promise.resolve();
    log.push(now());
    await sleep(86_400_000);
    log.push(now());
  });
  assertEquals(log, [0, 0, 86_400_000]);
});

Deno.test("exception handler: gets a failing callback's error, and the loop goes on", async () => {
  const log: string[] = [];
  await virtual(async () => {
    const loop = getRunningLoop();
    const failure = new Error("bad edge");
    loop.setExceptionHandler((where, context) => {
      log.push(`${where === loop} ${context.exception === failure} ${context.message !== ""}`);
    });
    loop.callSoon(() => {
      throw failure;
    });
    loop.callLater(5, () => {
      throw failure;
    });
    loop.callSoon(() => log.push("next"));
    await sleep(10);
  });
  assertEquals(log, ["true true true", "next", "true true true"]);
});

Deno.test("exception handler: gets the failure of an async callback too", async () => {
  const log: string[] = [];
  await virtual(async () => {
    const loop = getRunningLoop();
    loop.setExceptionHandler((_loop, context) => log.push((context.exception as Error).message));
    loop.callSoon(async () => {
      await Promise.resolve();
      throw new Error("async callback failed");
    });
    await sleep(1);
  });
  assertEquals(log, ["async callback failed"]);
});

Deno.test("exception handler: callExceptionHandler calls it, and one that throws does not stop the loop", async () => {
  const log: string[] = [];
  await virtual(async () => {
    const loop = getRunningLoop();
    loop.setExceptionHandler((_loop, context) => {
      log.push(context.message);
      if (context.message === "worse") throw new Error("handler broken");
    });
    loop.callExceptionHandler({ message: "bad" });
    loop.callExceptionHandler({ message: "worse", exception: new Error("x") });
    loop.callExceptionHandler({ message: "still here" });
  });
  assertEquals(log, ["bad", "worse", "still here"]);
});
