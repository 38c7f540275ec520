import { assert, assertEquals, assertRejects } from "@std/assert";
import {
  CancelledError,
  createTask,
  currentTask,
  ExceptionGroup,
  Future,
  getRunningLoop,
  sleep,
  taskGroup,
  timeout,
  TimeoutError,
} from "awaitio";
import { virtual } from "../targets/simulator/virtual.ts";

const now = () => getRunningLoop().time();

/** The part of a limit that the tests keep beyond its body. */
interface Limit {
  when(): number | null;
  expired(): boolean;
  reschedule(time: number | null): void;
}

Deno.test("timeout: a task that was cut off by it is not cancelled and goes on", async () => {
  const log: string[] = [];
  await virtual(async () => {
    const task = createTask(async () => {
      await assertRejects(() => timeout(10, () => sleep(100)), TimeoutError);
      await sleep(5);
      log.push(`goes on at ${now()}`);
    });
    await task;
    log.push(`cancelled ${task.cancelled()}`);
  });
  assertEquals(log, ["goes on at 15", "cancelled false"]);
});

Deno.test("timeout: foreign_cancel_doesnt_timeout_if_not_expired - a cancel from elsewhere stays a cancel", async () => {
  await virtual(async () => {
    let kept: Limit | undefined;
    const task = createTask(() =>
      timeout(10, async (limit) => {
        kept = limit;
        currentTask()?.cancel("from elsewhere");
        await sleep(100);
      })
    );
    await assertRejects(() => task, CancelledError, "from elsewhere");
    assertEquals([task.cancelled(), kept?.expired(), now()], [true, false, 0]);
  });
});

Deno.test("timeout: a cancel from elsewhere in the turn of the expiry wins over the expiry", async () => {
  await virtual(async () => {
    const task = createTask(() => timeout(10, () => sleep(100)));
    await sleep(0);
    getRunningLoop().callAt(10, () => task.cancel());
    await assertRejects(() => task, CancelledError);
    assertEquals([task.cancelled(), now()], [true, 10]);
  });
});

Deno.test("timeout: timeout_after_cancellation - works in a task that was cancelled before", async () => {
  await virtual(async () => {
    const task = createTask(async () => {
      currentTask()?.cancel();
      await assertRejects(async () => await sleep(1), CancelledError);
      await assertRejects(() => timeout(0, () => sleep(1)), TimeoutError);
      return `requests ${currentTask()?.cancelling()}`;
    });
    assertEquals(await task, "requests 1");
  });
});

Deno.test("timeout: cancel_in_timeout_after_cancellation - a second cancel stays a cancel", async () => {
  await virtual(async () => {
    const task = createTask(async () => {
      currentTask()?.cancel();
      await assertRejects(async () => await sleep(1), CancelledError);
      await assertRejects(
        () =>
          timeout(1000, async () => {
            currentTask()?.cancel();
            await sleep(2000);
          }),
        CancelledError,
      );
      return `requests ${currentTask()?.cancelling()}`;
    });
    assertEquals(await task, "requests 2");
  });
});

Deno.test("timeout: timeout_taskgroup - a child that fails in cleanup after the expiry is what is thrown", async () => {
  await virtual(async () => {
    const failure = new Error("crash in cleanup");
    const group = await assertRejects(
      () =>
        timeout(10, () =>
          taskGroup(async (group) => {
            group.createTask(async () => {
              try {
                await sleep(100);
              } finally {
                await Promise.reject(failure);
              }
            });
            await sleep(1000);
          })),
      ExceptionGroup,
    );
    const errors = (group as ExceptionGroup).errors;
    assert(errors.length === 1 && errors[0] === failure);
    assertEquals([now(), currentTask()?.cancelling()], [10, 0]);
  });
});

Deno.test("timeout: a task or future that the body awaits is cancelled with it", async () => {
  await virtual(async () => {
    const task = createTask(() => sleep(100));
    const future = new Future<void>();
    await assertRejects(() => timeout(10, async () => await task), TimeoutError);
    await assertRejects(() => timeout(10, async () => await future), TimeoutError);
    assertEquals([task.cancelled(), future.cancelled(), now()], [true, true, 20]);
  });
});
