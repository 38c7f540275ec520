import { assertEquals, assertMatch, assertRejects } from "@std/assert";
import {
  CancelledError,
  createTask,
  currentTask,
  Event,
  gather,
  getRunningLoop,
  sleep,
} from "awaitio";
import { virtual } from "../targets/simulator/virtual.ts";

const now = () => getRunningLoop().time();

Deno.test("sleep: gives its value after its time", async () => {
  const log: string[] = [];
  await virtual(async () => {
    log.push(`${await sleep(10, "ten")} at ${now()}`);
    log.push(`${await sleep(0, "zero")} at ${now()}`);
    log.push(`${await sleep(-5, "less")} at ${now()}`);
  });
  assertEquals(log, ["ten at 10", "zero at 10", "less at 10"]);
});

Deno.test("sleep: refuses a time that is not a number", async () => {
  await virtual(async () => {
    const error = await assertRejects(async () => await sleep(Number.NaN), Error);
    assertMatch((error as Error).message, /NaN/);
  });
});

Deno.test("sleep: sleepers with one deadline wake in the order in which they fell asleep", async () => {
  const log: string[] = [];
  await virtual(async () => {
    const nap = async (name: string, before: number, ms: number) => {
      await sleep(before);
      await sleep(ms);
      log.push(`${name} at ${now()}`);
    };
    await gather(() => nap("a", 5, 15), () => nap("b", 0, 20), () => nap("c", 10, 10));
  });
  assertEquals(log, ["b at 20", "a at 20", "c at 20"]);
});

Deno.test("sleep: a cancelled one leaves no deadline behind", async () => {
  await virtual(async () => {
    const task = createTask(async () => await sleep(10_000));
    await sleep(1);
    task.cancel();
    await assertRejects(() => task, CancelledError);
    assertEquals(now(), 1);
    await sleep(1);
    assertEquals(now(), 2);
  });
});

Deno.test("sleep(0): several at once take a turn each, and each gives its own value", async () => {
  const given = await virtual(() =>
    Promise.all([sleep(0), sleep(0, "a"), sleep(0), sleep(0, "b"), sleep(0)])
  );
  assertEquals(given, [undefined, "a", undefined, "b", undefined]);
});

Deno.test("sleep(0): one that is over can be awaited again, also while another waits", async () => {
  await virtual(async () => {
    const first = sleep(0);
    assertEquals(await first, undefined);
    const second = sleep(0);
    assertEquals(await first, undefined);
    assertEquals(await second, undefined);
    assertEquals(await sleep(0, 1), 1);
    assertEquals(await first, undefined);
  });
});

Deno.test("sleep(0): one that another task has taken over stays with it", async () => {
  await virtual(async () => {
    await sleep(0);
    const taken = createTask(sleep(0));
    const own = sleep(0);
    taken.cancel();
    assertEquals(await own, undefined);
    assertEquals(taken.cancelled(), true);
    assertEquals(await sleep(0), undefined);
  });
});

Deno.test("sleep(0): cancelled, it is as good as new for the cleanup", async () => {
  const log: string[] = [];
  await virtual(async () => {
    const task = createTask(async () => {
      try {
        for (;;) await sleep(0);
      } catch {
        await sleep(0);
        log.push("cleaned up");
      }
    });
    await sleep(0);
    await sleep(0);
    task.cancel();
    await task;
  });
  assertEquals(log, ["cleaned up"]);
});

Deno.test("a task with many calls that wait lets them go in any order", async () => {
  await virtual(async () => {
    const calls = [...Array(2000).keys()];
    for (const order of [calls, calls.toReversed(), calls.map((i) => (i * 7) % 2000)]) {
      const start = getRunningLoop().time();
      await Promise.all(order.map((i) => sleep(i)));
      assertEquals(getRunningLoop().time() - start, 1999);
    }
    assertEquals(currentTask()!.getStack(), []);
  });
});

Deno.test("waiters on an event can be cancelled in any order; the others still hear of it", async () => {
  await virtual(async () => {
    const event = new Event();
    const tasks = [...Array(9).keys()].map((i) => createTask(() => event.wait().then(() => i)));
    await sleep(0);
    for (const i of [8, 0, 4, 3]) tasks[i]!.cancel();
    event.set();
    await sleep(0);
    await sleep(0);
    const ended = tasks.map((task) => task.cancelled() ? "-" : task.result()).join("");
    assertEquals(ended, "-12--567-");
  });
});
