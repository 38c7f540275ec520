// deno-lint-ignore-file require-await -- a body that never waits is part of what is tested
import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import {
  CancelledError,
  createTask,
  currentTask,
  Future,
  getRunningLoop,
  sleep,
  wait,
} from "awaitio";
import { virtual } from "../targets/simulator/virtual.ts";

const now = () => getRunningLoop().time();

function messageOf(error: unknown): string {
  return error instanceof CancelledError ? `cancelled: ${error.message}` : `not: ${error}`;
}

Deno.test("cancel: makes what the task awaits throw CancelledError", async () => {
  const log: string[] = [];
  await virtual(async () => {
    const task = createTask(async () => {
      try {
        await sleep(100);
        log.push("slept");
      } catch (error) {
        log.push(`${error instanceof CancelledError} at ${now()}`);
        throw error;
      }
    });
    await sleep(10);
    log.push(`asked ${task.cancel()}, done ${task.done()}`);
    await assertRejects(() => task, CancelledError);
    log.push(`cancelled ${task.cancelled()}, done ${task.done()}, again ${task.cancel()}`);
    assertThrows(() => task.result(), CancelledError);
    assertThrows(() => task.exception(), CancelledError);
  });
  assertEquals(log, [
    "asked true, done false",
    "true at 10",
    "cancelled true, done true, again false",
  ]);
});

Deno.test("cancel: before the first turn the body is never entered", async () => {
  const log: string[] = [];
  await virtual(async () => {
    const task = createTask(async () => {
      log.push("entered");
    });
    task.cancel("not needed");
    try {
      await task;
    } catch (error) {
      log.push(messageOf(error));
    }
    log.push(`cancelled ${task.cancelled()}`);
  });
  assertEquals(log, ["cancelled: not needed", "cancelled true"]);
});

Deno.test("cancel: its message arrives at the await, at awaiters and in result and exception", async () => {
  const log: string[] = [];
  await virtual(async () => {
    const task = createTask(async () => {
      try {
        await sleep(100);
      } catch (error) {
        log.push(messageOf(error));
        throw error;
      }
    });
    await sleep(0);
    task.cancel("power low");
    await wait([task]);
    const reads = [() => task.result(), () => task.exception()];
    for (const read of reads) {
      try {
        read();
      } catch (error) {
        log.push(messageOf(error));
      }
    }
    try {
      await task;
    } catch (error) {
      log.push(messageOf(error));
    }
  });
  assertEquals(log, Array(4).fill("cancelled: power low"));
});

Deno.test("cancel: a task may catch it and return, or go on waiting", async () => {
  const log: string[] = [];
  await virtual(async () => {
    const catching = createTask(async () => {
      try {
        await sleep(100);
      } catch {
        return 42;
      }
      return 0;
    });
    const ignoring = createTask(async () => {
      try {
        await sleep(100);
      } catch { /* goes on */ }
      await sleep(30);
      return now();
    });
    await sleep(10);
    catching.cancel();
    ignoring.cancel();
    log.push(`catching gives ${await catching}, cancelled ${catching.cancelled()}`);
    log.push(`ignoring gives ${await ignoring}, cancelled ${ignoring.cancelled()}`);
  });
  assertEquals(log, [
    "catching gives 42, cancelled false",
    "ignoring gives 40, cancelled false",
  ]);
});

Deno.test("cancel: cleanup can await, and the error travels on after finally", async () => {
  const log: string[] = [];
  await virtual(async () => {
    const task = createTask(async () => {
      try {
        await sleep(100);
      } finally {
        log.push(`closing at ${now()}`);
        await sleep(5);
        await sleep(5);
        log.push(`closed at ${now()}`);
      }
    });
    await sleep(10);
    task.cancel();
    await assertRejects(() => task, CancelledError);
    log.push(`cancelled ${task.cancelled()} at ${now()}`);
  });
  assertEquals(log, ["closing at 10", "closed at 20", "cancelled true at 20"]);
});

Deno.test("cancel: cleanup through a generator's return() keeps the cancel when finally awaits", async () => {
  const log: string[] = [];
  await virtual(async () => {
    async function* readings() {
      try {
        for (let i = 0;; i++) yield i;
      } finally {
        await sleep(5);
        log.push(`generator closed at ${now()}`);
      }
    }
    const task = createTask(async () => {
      for await (const reading of readings()) {
        if (reading > 0) log.push("too far");
        await sleep(100);
      }
    });
    await sleep(10);
    task.cancel();
    await assertRejects(() => task, CancelledError);
    log.push(`cancelled ${task.cancelled()} at ${now()}`);
  });
  assertEquals(log, ["generator closed at 15", "cancelled true at 15"]);
});

Deno.test("cancel: an error thrown in answer to it becomes the task's failure", async () => {
  await virtual(async () => {
    const task = createTask(async () => {
      try {
        await sleep(100);
      } catch {
        throw new TypeError("cleanup went wrong");
      }
    });
    await sleep(1);
    task.cancel();
    await assertRejects(() => task, TypeError, "cleanup went wrong");
    assertEquals(task.cancelled(), false);
  });
});

Deno.test("cancel: a second cancel during cleanup is thrown there", async () => {
  const log: string[] = [];
  await virtual(async () => {
    const task = createTask(async () => {
      try {
        await sleep(100);
      } catch {
        try {
          await sleep(50);
        } catch (error) {
          log.push(`cleanup ${messageOf(error)} at ${now()}`);
          throw error;
        }
      }
    });
    await sleep(10);
    task.cancel("one");
    await sleep(10);
    task.cancel("two");
    await assertRejects(() => task, CancelledError, "two");
  });
  assertEquals(log, ["cleanup cancelled: two at 20"]);
});

Deno.test("cancel: the innermost await throws, calls around it see how that call ends", async () => {
  const log: string[] = [];
  await virtual(async () => {
    const inner = async () => {
      try {
        await sleep(100);
      } catch (error) {
        log.push(`inner ${error instanceof CancelledError}`);
        await sleep(5);
      }
      return "mended";
    };
    const task = createTask(async () => {
      log.push(`outer got ${await inner()} at ${now()}`);
    });
    await sleep(10);
    task.cancel();
    await task;
    log.push(`cancelled ${task.cancelled()}`);
  });
  assertEquals(log, ["inner true", "outer got mended at 15", "cancelled false"]);
});

Deno.test("cancel: a task that cancels itself throws at its next await that suspends", async () => {
  const log: string[] = [];
  await virtual(async () => {
    const task = createTask(async () => {
      const settled = new Future<string>();
      settled.setResult("settled");
      currentTask()?.cancel();
      log.push(await settled);
      await sleep(100);
      log.push("not reached");
    });
    await assertRejects(() => task, CancelledError);
    log.push(`cancelled ${task.cancelled()} at ${now()}`);
  });
  assertEquals(log, ["settled", "cancelled true at 0"]);
});

Deno.test("cancel: a task that cancels itself and returns without waiting ends cancelled", async () => {
  await virtual(async () => {
    const task = createTask(async () => {
      currentTask()?.cancel("enough");
      return 12;
    });
    await assertRejects(() => task, CancelledError, "enough");
    assert(task.cancelled());
  });
});
