import { assertEquals, assertRejects } from "@std/assert";
import { CancelledError, createTask, currentTask, Future, getRunningLoop, sleep } from "awaitio";
import { virtual } from "../targets/simulator/virtual.ts";

const now = () => getRunningLoop().time();

Deno.test("cancelling and uncancel: count requests, and a new cancel after uncancel bites again", async () => {
  const log: string[] = [];
  await virtual(async () => {
    const task = createTask(async () => {
      try {
        await sleep(100);
      } catch {
        log.push(`uncancel ${currentTask()?.uncancel()}`);
        await sleep(100);
      }
    });
    await sleep(1);
    task.cancel();
    log.push(`cancelling ${task.cancelling()}`);
    await sleep(1);
    log.push(`cancelling ${task.cancelling()}, done ${task.done()}`);
    task.cancel();
    log.push(`cancelling ${task.cancelling()}`);
    await assertRejects(() => task, CancelledError);
    task.uncancel();
    log.push(`still cancelled ${task.cancelled()}`);
  });
  assertEquals(log, [
    "cancelling 1",
    "uncancel 0",
    "cancelling 0, done false",
    "cancelling 1",
    "still cancelled true",
  ]);
});

Deno.test("cancelling and uncancel: never go below zero, and add up", async () => {
  await virtual(async () => {
    const task = createTask(async () => await sleep(100));
    assertEquals([task.cancelling(), task.uncancel()], [0, 0]);
    await sleep(0);
    task.cancel();
    task.cancel();
    assertEquals(task.cancelling(), 2);
    assertEquals([task.uncancel(), task.uncancel(), task.uncancel()], [1, 0, 0]);
    await assertRejects(() => task, CancelledError);
  });
});

Deno.test("uncancel: uncancel_resets_must_cancel - a cancel taken back before the task runs is gone", async () => {
  await virtual(async () => {
    const future = new Future<void>();
    const task = createTask(async () => {
      await future;
      return 42;
    });
    await sleep(0);
    future.setResult();
    task.cancel();
    assertEquals(task.cancelling(), 1);
    task.uncancel();
    assertEquals(task.cancelling(), 0);
    assertEquals(await task, 42);
  });
});

Deno.test("uncancel: uncancel_structured_blocks - a hand-made time limit leaves the code after it alone", async () => {
  const log: string[] = [];
  await virtual(async () => {
    const limited = async (work: number, limit: number) => {
      const task = currentTask()!;
      let expired = false;
      const handle = getRunningLoop().callLater(limit, () => {
        expired = true;
        task.cancel();
      });
      try {
        await sleep(work);
      } catch (error) {
        if (!(expired && task.uncancel() === 0 && error instanceof CancelledError)) throw error;
      } finally {
        handle.cancel();
      }
      await sleep(1);
      return `expired ${expired}, cancelling ${task.cancelling()}, at ${now()}`;
    };
    log.push(await createTask(limited, 100, 10));
    log.push(await createTask(limited, 0, 10));
  });
  assertEquals(log, [
    "expired true, cancelling 0, at 11",
    "expired false, cancelling 0, at 12",
  ]);
});
