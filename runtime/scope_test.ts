import { assert, assertEquals, assertRejects } from "@std/assert";
import { CancelledError, createTask, currentTask, Future, sleep } from "awaitio";
import { call, now } from "./scope_world_test.ts";
import { virtual } from "../targets/simulator/virtual.ts";

Deno.test("scope: a call started and not awaited is cancelled with its task", async () => {
  const log: string[] = [];
  await virtual(async () => {
    const task = createTask(async () => {
      const side = call(log, "side", 50);
      await call(log, "main", 100);
      await side;
    });
    await sleep(10);
    task.cancel();
    await assertRejects(() => task, CancelledError);
    assert(task.cancelled());
    await sleep(100);
  });
  assertEquals(log.sort(), ["main cancelled at 10", "side cancelled at 10"]);
});

Deno.test("scope: a call of a call is cancelled with the task too, each once", async () => {
  const log: string[] = [];
  await virtual(async () => {
    const nested = async () => {
      const side = call(log, "inner side", 50);
      await call(log, "inner", 60);
      await side;
    };
    const task = createTask(async () => {
      const side = nested();
      await call(log, "outer", 100);
      await side;
    });
    await sleep(10);
    task.cancel();
    await assertRejects(() => task, CancelledError);
    await sleep(100);
  });
  assertEquals(log.sort(), [
    "inner cancelled at 10",
    "inner side cancelled at 10",
    "outer cancelled at 10",
  ]);
});

Deno.test("scope: calls run together by Promise.all are all cancelled with their task", async () => {
  const log: string[] = [];
  await virtual(async () => {
    const task = createTask(async () => {
      await Promise.all([call(log, "a", 50), call(log, "b", 60), call(log, "c", 5)]);
    });
    await sleep(10);
    task.cancel();
    await assertRejects(() => task, CancelledError);
    assert(task.cancelled());
    await sleep(100);
  });
  assertEquals(log, ["c done at 5", "a cancelled at 10", "b cancelled at 10"]);
});

Deno.test("scope: a call that catches the cancel is not cancelled a second time", async () => {
  const log: string[] = [];
  await virtual(async () => {
    const task = createTask(async () => {
      const side = call(log, "side", 50).catch(() => call(log, "side again", 50));
      try {
        await call(log, "main", 100);
      } catch { /* waits for its call */ }
      await side;
    });
    await sleep(10);
    task.cancel();
    await task;
    assertEquals(task.cancelled(), false);
  });
  assertEquals(log.slice(0, 2).sort(), ["main cancelled at 10", "side cancelled at 10"]);
  assertEquals(log.slice(2), ["side again done at 60"]);
});

Deno.test("scope: a call started after the cancel was thrown is not touched by it", async () => {
  const log: string[] = [];
  await virtual(async () => {
    const task = createTask(async () => {
      try {
        await call(log, "work", 100);
      } finally {
        await Promise.all([call(log, "closing", 5), call(log, "saving", 7)]);
      }
    });
    await sleep(10);
    task.cancel();
    await assertRejects(() => task, CancelledError);
  });
  assertEquals(log, ["work cancelled at 10", "closing done at 15", "saving done at 17"]);
});

Deno.test("scope: two cancels in one turn are thrown once", async () => {
  const log: string[] = [];
  await virtual(async () => {
    const task = createTask(async () => {
      await call(log, "first", 100).catch(() => {});
      await call(log, "second", 10);
    });
    await sleep(10);
    task.cancel();
    task.cancel();
    await task;
    assertEquals([task.cancelled(), task.cancelling()], [false, 2]);
  });
  assertEquals(log, ["first cancelled at 10", "second done at 20"]);
});

Deno.test("scope: tasks that a task awaits through Promise.all are cancelled with it", async () => {
  await virtual(async () => {
    const awaited = [createTask(() => sleep(100)), createTask(() => sleep(100))];
    const apart = createTask(() => sleep(20));
    const task = createTask(async () => await Promise.all(awaited));
    await sleep(10);
    task.cancel();
    await assertRejects(() => task, CancelledError);
    assertEquals([...awaited, task].map((each) => each.cancelled()), [true, true, true]);
    await apart;
    assertEquals(now(), 20);
  });
});

Deno.test("scope: a cancel that comes while the task runs waits for its next await that suspends", async () => {
  const log: string[] = [];
  await virtual(async () => {
    const settled = new Future<string>();
    settled.setResult("settled");
    const passing = async () => await settled;
    const task = createTask(async () => {
      currentTask()?.cancel();
      log.push("runs on");
      log.push(await settled);
      log.push(await passing());
      await call(log, "sleep", 10);
    });
    await assertRejects(() => task, CancelledError);
  });
  assertEquals(log, ["runs on", "settled", "settled", "sleep cancelled at 0"]);
});

Deno.test("scope: a task that cancels itself is cancelled at its next wait, its waiting calls at once", async () => {
  const log: string[] = [];
  await virtual(async () => {
    const task = createTask(async () => {
      const side = call(log, "side", 50);
      await sleep(10);
      currentTask()?.cancel();
      await call(log, "next", 50);
      await side;
    });
    await assertRejects(() => task, CancelledError);
    assertEquals([task.cancelled(), now()], [true, 10]);
  });
  assertEquals(log.sort(), ["next cancelled at 10", "side cancelled at 10"]);
});
