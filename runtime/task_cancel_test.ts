// deno-lint-ignore-file require-await -- a body that never waits is part of what is tested
import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
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
