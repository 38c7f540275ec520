import { assert, assertEquals, assertRejects } from "@std/assert";
import {
  CancelledError,
  createTask,
  currentTask,
  Future,
  getRunningLoop,
  sleep,
  type Task,
  wait,
} from "awaitio";
import { virtual } from "../targets/simulator/virtual.ts";

const now = () => getRunningLoop().time();

Deno.test("cancel: of a task that awaits a future cancels the future, and the other way", async () => {
  await virtual(async () => {
    const future = new Future<void>();
    const task = createTask(async () => await future);
    await sleep(0);
    task.cancel();
    assert(future.cancelled());
    await assertRejects(() => task, CancelledError);

    const other = new Future<void>();
    const waiting = createTask(async () => await other);
    await sleep(0);
    other.cancel("gone");
    await assertRejects(() => waiting, CancelledError, "gone");
    assert(waiting.cancelled());
    assertEquals(waiting.cancelling(), 0);
  });
});

Deno.test("cancel: of both the task and the future it awaits ends the task once", async () => {
  const log: string[] = [];
  await virtual(async () => {
    const future = new Future<void>();
    const task = createTask(async () => {
      try {
        await future;
      } catch (error) {
        log.push("thrown");
        throw error;
      }
    });
    await sleep(0);
    future.cancel();
    task.cancel();
    await assertRejects(() => task, CancelledError);
    assert(task.cancelled() && future.cancelled());
  });
  assertEquals(log, ["thrown"]);
});

Deno.test("cancel: reaches the awaited task, and through it whoever else awaits that", async () => {
  const log: string[] = [];
  await virtual(async () => {
    const work = createTask({ name: "work" }, async () => {
      try {
        await sleep(100);
      } catch (error) {
        await sleep(5);
        throw error;
      }
    });
    const one = createTask({ name: "one" }, async () => await work);
    const two = createTask({ name: "two" }, async () => await work);
    for (const task of [work, one, two]) {
      task.addDoneCallback((done) => {
        log.push(`${done.getName()} cancelled ${done.cancelled()} at ${now()}`);
      });
    }
    await sleep(10);
    one.cancel();
    await wait([one, two]);
  });
  assertEquals(log, [
    "work cancelled true at 15",
    "one cancelled true at 15",
    "two cancelled true at 15",
  ]);
});

Deno.test("cancel: does not touch tasks that the cancelled one started but does not await", async () => {
  const log: string[] = [];
  await virtual(async () => {
    const parent = createTask(async () => {
      createTask(async () => {
        await sleep(20);
        log.push(`child done at ${now()}`);
      });
      await sleep(100);
    });
    await sleep(10);
    parent.cancel();
    await assertRejects(() => parent, CancelledError);
    await sleep(50);
  });
  assertEquals(log, ["child done at 20"]);
});

Deno.test("cancel: the task next awaited after cancelling oneself is cancelled too", async () => {
  await virtual(async () => {
    const future = new Future<void>();
    const nested = createTask(async () => await future);
    const task = createTask(async () => {
      await sleep(0);
      currentTask()?.cancel();
      await nested;
    });
    await assertRejects(() => task, CancelledError);
    assert(task.cancelled() && nested.cancelled() && future.cancelled());
  });
});

Deno.test("cancel: reaches the far end of a chain of 10,000 tasks that await each other", async () => {
  await virtual(async () => {
    let innermost = "";
    let last: Task<unknown> = createTask(async () => {
      try {
        await sleep(1000);
      } catch (error) {
        innermost = (error as Error).message;
        throw error;
      }
    });
    for (let i = 0; i < 10_000; i++) {
      const next = last;
      last = createTask(async () => await next);
    }
    await sleep(1);
    last.cancel("all of you");
    await assertRejects(() => last, CancelledError);
    assertEquals(innermost, "all of you");
  });
});
