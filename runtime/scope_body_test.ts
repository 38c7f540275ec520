import { assert, assertEquals, assertRejects } from "@std/assert";
import {
  CancelledError,
  createTask,
  currentTask,
  shield,
  sleep,
  taskGroup,
  timeout,
  TimeoutError,
} from "awaitio";
import { call, now } from "./scope_world_test.ts";
import { virtual } from "../targets/simulator/virtual.ts";

Deno.test("scope: a timeout's body owns the calls started in it, awaited or not", async () => {
  const log: string[] = [];
  await virtual(async () => {
    const body = async () => {
      const side = call(log, "side", 50);
      await call(log, "main", 100);
      await side;
    };
    await assertRejects(() => timeout(10, body), TimeoutError);
    await sleep(100);
  });
  assertEquals(log.sort(), ["main cancelled at 10", "side cancelled at 10"]);
});

Deno.test("scope: a call started before a timeout's body is not touched when that expires", async () => {
  const log: string[] = [];
  await virtual(async () => {
    const before = call(log, "before", 50);
    await assertRejects(() => timeout(10, () => call(log, "body", 100)), TimeoutError);
    log.push(`timed out at ${now()}`);
    assertEquals(await before, "before");
  });
  assertEquals(log, ["body cancelled at 10", "timed out at 10", "before done at 50"]);
});

Deno.test("scope: nor is it when the body awaits it; it ends in its own time with its own result", async () => {
  const log: string[] = [];
  await virtual(async () => {
    const before = call(log, "before", 50);
    try {
      await timeout(10, async () => await before);
    } catch (error) {
      assert(error instanceof TimeoutError);
    }
    assertEquals(await before, "before");
    assertEquals(currentTask()?.cancelling(), 0);
  });
  assertEquals(log, ["before done at 50"]);
});

Deno.test("scope: cancelling the task reaches calls from before the body and in it", async () => {
  const log: string[] = [];
  await virtual(async () => {
    const task = createTask(async () => {
      const before = call(log, "before", 50);
      await timeout(30, () => call(log, "body", 100));
      await before;
    });
    await sleep(10);
    task.cancel();
    await assertRejects(() => task, CancelledError);
    await sleep(100);
  });
  assertEquals(log.sort(), ["before cancelled at 10", "body cancelled at 10"]);
});

Deno.test("scope: timeouts side by side in one task cut off each its own body only", async () => {
  const log: string[] = [];
  await virtual(async () => {
    const ends = await Promise.allSettled([
      timeout(10, () => call(log, "short", 15)),
      timeout(20, () => call(log, "enough", 15)),
      timeout(20, () => call(log, "long", 100)),
    ]);
    log.push(ends.map((end) => end.status).join(" "));
    for (const end of ends) {
      if (end.status === "rejected") assert(end.reason instanceof TimeoutError);
    }
    assertEquals([currentTask()?.cancelling(), now()], [0, 20]);
    await sleep(1);
  });
  assertEquals(log, [
    "short cancelled at 10",
    "enough done at 15",
    "long cancelled at 20",
    "rejected fulfilled rejected",
  ]);
});

Deno.test("scope: a taskGroup's body owns the calls started in it, those before it are not touched", async () => {
  const log: string[] = [];
  await virtual(async () => {
    const before = call(log, "before", 50);
    const group = taskGroup(async (group) => {
      group.createTask(async () => {
        await sleep(10);
        throw new Error("child failed");
      });
      const side = call(log, "side", 80);
      await call(log, "body", 100);
      await side;
    });
    await assertRejects(() => group, AggregateError);
    assertEquals(now(), 10);
    await before;
  });
  assertEquals(log.slice(0, 2).sort(), ["body cancelled at 10", "side cancelled at 10"]);
  assertEquals(log.slice(2), ["before done at 50"]);
});

Deno.test("scope: shield keeps the cancel of a scope from what it shields", async () => {
  const log: string[] = [];
  await virtual(async () => {
    const body = async () => await shield(() => call(log, "saving", 50));
    await assertRejects(() => timeout(10, body), TimeoutError);
    log.push(`timed out at ${now()}`);
    await sleep(100);
  });
  assertEquals(log, ["timed out at 10", "saving done at 50"]);
});

Deno.test("scope: a task cancelled while it cleans up after an expiry ends cancelled", async () => {
  const log: string[] = [];
  await virtual(async () => {
    const body = async () => {
      try {
        await call(log, "body", 100);
      } finally {
        await call(log, "cleanup", 20);
      }
    };
    const task = createTask(() => timeout(10, body));
    await sleep(15);
    task.cancel("from outside");
    await assertRejects(() => task, CancelledError, "from outside");
    assertEquals([task.cancelled(), task.cancelling()], [true, 1]);
  });
  assertEquals(log, ["body cancelled at 10", "cleanup cancelled at 15"]);
});
