// deno-lint-ignore-file require-await -- a body that never waits is part of what is tested
import { assert, assertEquals, assertRejects } from "@std/assert";
import {
  asCompleted,
  CancelledError,
  createTask,
  currentTask,
  Future,
  gather,
  getRunningLoop,
  Queue,
  shield,
  sleep,
  timeout,
  TimeoutError,
  wait,
  waitFor,
} from "awaitio";
import { COMPILED } from "./native.ts";
import { virtual } from "../targets/simulator/virtual.ts";

const now = () => getRunningLoop().time();

async function after<T>(ms: number, value: T): Promise<T> {
  await sleep(ms);
  return value;
}

Deno.test("waitFor: gives the result in time, or throws TimeoutError at the limit", async () => {
  const log: string[] = [];
  await virtual(async () => {
    log.push(`${await waitFor(() => after(10, "in time"), 20)} at ${now()}`);
    const late = createTask(after, 100, "late");
    try {
      await waitFor(late, 20);
    } catch (error) {
      log.push(`${error instanceof TimeoutError} at ${now()}, cancelled ${late.cancelled()}`);
    }
    log.push(`requests ${currentTask()?.cancelling()}`);
  });
  assertEquals(log, ["in time at 10", "true at 30, cancelled true", "requests 0"]);
});

Deno.test("waitFor: takes functions, calls, tasks and futures", async () => {
  await virtual(async () => {
    const future = new Future<string>();
    getRunningLoop().callSoon(() => future.setResult("future"));
    assertEquals(await waitFor(future, 20), "future");
    assertEquals(await waitFor(after(5, "call"), 20), "call");
    assertEquals(await waitFor(createTask(after, 5, "task"), 20), "task");
    assertEquals(await waitFor(() => after(5, "function"), null), "function");
  });
});

Deno.test("waitFor: passes a failure on", async () => {
  await virtual(async () => {
    const failing = async () => {
      await sleep(5);
      throw new TypeError("no such device");
    };
    await assertRejects(async () => await waitFor(failing, 10), TypeError, "no such device");
    assertEquals(now(), 5);
  });
});

Deno.test("waitFor: no time at all does not start a function, but takes a result that is there", async () => {
  let started = false;
  await virtual(async () => {
    for (const limit of [0, -1]) {
      await assertRejects(
        async () =>
          await waitFor(async () => {
            started = true;
          }, limit),
        TimeoutError,
      );
      const ready = new Future<string>();
      ready.setResult("there");
      assertEquals(await waitFor(ready, limit), "there");
    }
  });
  assertEquals(started, false);
});

Deno.test("waitFor: no time at all cancels a task that runs", async () => {
  const log: string[] = [];
  await virtual(async () => {
    const task = createTask(async () => {
      try {
        await sleep(10);
      } finally {
        log.push(`ended at ${now()}`);
      }
    });
    await sleep(1);
    await assertRejects(async () => await waitFor(task, 0), TimeoutError);
    log.push(`cancelled ${task.cancelled()}`);
  });
  assertEquals(log, ["ended at 1", "cancelled true"]);
});

Deno.test("waitFor: waits for the cleanup of what it cancels", async () => {
  const log: string[] = [];
  await virtual(async () => {
    const task = createTask(async () => {
      try {
        await sleep(100);
      } finally {
        await sleep(7);
        log.push("cleaned up");
      }
    });
    await assertRejects(async () => await waitFor(task, 10), TimeoutError);
    log.push(`at ${now()}`);
  });
  assertEquals(log, ["cleaned up", "at 17"]);
});

Deno.test("waitFor: wait_for_waits_for_task_cancellation_w_timeout_0", async () => {
  const log: string[] = [];
  await virtual(async () => {
    const task = createTask(async () => {
      try {
        await sleep(100);
      } finally {
        await sleep(7);
        log.push("cleaned up");
      }
    });
    await sleep(1);
    await assertRejects(async () => await waitFor(task, 0), TimeoutError);
    log.push(`at ${now()}`);
  });
  assertEquals(log, ["cleaned up", "at 8"]);
});

Deno.test("waitFor: wait_for_reraises_exception_during_cancellation", async () => {
  await virtual(async () => {
    const task = createTask(async () => {
      try {
        await sleep(100);
      } catch {
        throw new RangeError("cleanup failed");
      }
    });
    await assertRejects(async () => await waitFor(task, 10), RangeError, "cleanup failed");
    assertEquals(currentTask()?.cancelling(), 0);
  });
});

Deno.test("waitFor: wait_for_cancellation_race_condition - a task that answers the cancel with a value gives it", async () => {
  await virtual(async () => {
    const value = await waitFor(async () => {
      try {
        await sleep(100);
      } catch (error) {
        assert(error instanceof CancelledError);
      }
      return 1;
    }, 10);
    assertEquals([value, now(), currentTask()?.cancelling()], [1, 10, 0]);
  });
});

Deno.test("waitFor: wait_for_race_condition - a result set before the limit is given", async () => {
  await virtual(async () => {
    const future = new Future<string>();
    getRunningLoop().callLater(10, () => future.setResult("just in time"));
    assertEquals(await waitFor(future, 10.5), "just in time");
    await sleep(20);
    assertEquals(currentTask()?.cancelling(), 0);
  });
});

Deno.test("waitFor: a result that comes at the very limit is late but stays with its future", async () => {
  await virtual(async () => {
    const future = new Future<string>();
    getRunningLoop().callLater(10, () => future.setResult("kept"));
    await assertRejects(async () => await waitFor(future, 10), TimeoutError);
    assertEquals([now(), future.result(), currentTask()?.cancelling()], [10, "kept", 0]);
  });
});

Deno.test("waitFor: wait_for_issue86296 - a cancel is not swallowed when the inner task ends in the same turn", async () => {
  const log: string[] = [];
  await virtual(async () => {
    const inner = createTask(async () => "done");
    const outer = createTask(async () => {
      await waitFor(inner, 100);
      await sleep(1);
      log.push("reached the end");
    });
    await sleep(0);
    outer.cancel();
    await assertRejects(() => outer, CancelledError);
    log.push(`inner gives ${await inner}, outer cancelled ${outer.cancelled()}`);
  });
  assertEquals(log, ["inner gives done, outer cancelled true"]);
});

Deno.test("waitFor: a cancel that finds its function at something foreign is not swallowed by the result", async () => {
  const log: string[] = [];
  await virtual(async () => {
    const foreign = new Promise<void>((resolve) => void getRunningLoop().callLater(30, resolve));
    const work = async () => {
      await sleep(10);
      await foreign;
      return "value";
    };
    const outer = createTask(async () => {
      await waitFor(work, 100);
      await sleep(1);
      log.push("reached the end");
    });
    await sleep(10);
    await sleep(0);
    await sleep(0);
    outer.cancel();
    await assertRejects(() => outer, CancelledError);
    log.push(`cancelled ${outer.cancelled()}`);
    await sleep(50);
  });
  assertEquals(log, ["cancelled true"]);
});

Deno.test("waitFor: cancelling it cancels what it waits for, with a limit and without", async () => {
  await virtual(async () => {
    for (const limit of [null, 60_000]) {
      const task = createTask(async () => await new Future<void>());
      const waiting = createTask(async () => await waitFor(task, limit));
      await sleep(1);
      waiting.cancel();
      await assertRejects(() => waiting, CancelledError);
      assert(task.cancelled() && waiting.cancelled());
    }
    assertEquals(now(), 2);
  });
});

Deno.test("waitFor: cancelled while a task ignores cancels, it waits for that task", async () => {
  const log: string[] = [];
  await virtual(async () => {
    const slow = async () => {
      const end = now() + 20;
      while (now() < end) {
        try {
          await sleep(end - now());
        } catch { /* ignores cancels */ }
      }
      log.push(`slow exits at ${now()}`);
      return "kept on";
    };
    const waiting = createTask(async () => await waitFor(slow, 40));
    await sleep(1);
    waiting.cancel();
    await wait([waiting]);
    log.push(`waited until ${now()}, gives ${waiting.result()}`);
  });
  assertEquals(log, ["slow exits at 20", "waited until 20, gives kept on"]);
});

Deno.test("waitFor: a wait of ours handed over by value is cancelled with its limit", async () => {
  await virtual(async () => {
    const queue = new Queue<string>();
    await assertRejects(async () => await waitFor(queue.get(), 10), TimeoutError);
    queue.putNowait("late");
    assertEquals([queue.qsize(), now()], [1, 10]);
    assertEquals(await waitFor(queue.get(), 10), "late");
  });
});

Deno.test("waitFor: a function held up by something foreign is cancelled at its next wait", async () => {
  const log: string[] = [];
  await virtual(async () => {
    const queue = new Queue<string>();
    const held = async () => {
      await new Promise<void>((resolve) => void getRunningLoop().callLater(50, resolve));
      log.push(`foreign is over at ${now()}`);
      try {
        await queue.get();
      } catch (error) {
        log.push(`cancelled ${error instanceof CancelledError}`);
        throw error;
      }
    };
    await assertRejects(async () => await waitFor(held, 10), TimeoutError);
    await sleep(100);
    queue.putNowait("kept");
    await sleep(1);
    log.push(`in the queue: ${queue.qsize()}`);
  });
  // Compiled code leaves the foreign promise at once.
  const held = COMPILED ? [] : ["foreign is over at 50", "cancelled true"];
  assertEquals(log, [...held, "in the queue: 1"]);
});

Deno.test("shield: cancelled before the next turn it still lets its function run", async () => {
  const log: string[] = [];
  await virtual(async () => {
    const guard = shield(async () => {
      await sleep(1);
      log.push("ran");
    });
    guard.cancel();
    await assertRejects(() => guard, CancelledError);
    await sleep(5);
  });
  assertEquals(log, ["ran"]);
});

Deno.test("waitFor, wait, asCompleted, timeout: a limit that was not reached leaves no timer behind", async () => {
  const log: string[] = [];
  await virtual(async () => {
    getRunningLoop().setExceptionHandler((_loop, context) => log.push(context.message));
    const task = createTask(after, 1, "done");
    await waitFor(task, 1000);
    await waitFor(() => after(1, "done"), 1000);
    await wait([createTask(after, 1, "done")], { timeout: 1000 });
    for await (const next of asCompleted([() => after(1, "done")], { timeout: 1000 })) await next;
    await timeout(1000, () => sleep(1));
  });
  assertEquals(log, []); // a loop that is closed with timers pending says so
});

Deno.test("shield: passes result and failure on", async () => {
  await virtual(async () => {
    assertEquals(await shield(() => after(5, 42)), 42);
    const ready = new Future<number>();
    ready.setResult(1);
    assertEquals(await shield(ready), 1);
    const inner = new Future<number>();
    const outer = shield(inner);
    const failure = new Error("expected");
    inner.setException(failure);
    await assertRejects(() => outer, Error, "expected");
    assert(outer.exception() === failure);
  });
});

Deno.test("shield: a cancel of the waiting task does not reach the shielded one", async () => {
  const log: string[] = [];
  await virtual(async () => {
    const inner = createTask(async () => {
      await sleep(20);
      log.push(`inner done at ${now()}`);
      return "kept";
    });
    const outer = createTask(async () => await shield(inner));
    await sleep(10);
    outer.cancel();
    await assertRejects(() => outer, CancelledError);
    log.push(`outer cancelled at ${now()}, inner done ${inner.done()}`);
    log.push(await inner);
  });
  assertEquals(log, ["outer cancelled at 10, inner done false", "inner done at 20", "kept"]);
});

Deno.test("shield: the cancel of the shielded task goes outwards", async () => {
  await virtual(async () => {
    const inner = new Future<void>();
    const outer = shield(inner);
    await sleep(0);
    inner.cancel();
    await sleep(0);
    assert(outer.cancelled());
  });
});

Deno.test("shield: shield_cancel_outer_exception - a failure after the outer cancel is reported, not lost", async () => {
  const log: string[] = [];
  await virtual(async () => {
    getRunningLoop().setExceptionHandler((loop, context) => {
      log.push(`reported ${(context.exception as Error).message} at ${loop.time()}`);
    });
    const outer = shield(async () => {
      await sleep(10);
      throw new Error("flash worn out");
    });
    await sleep(1);
    outer.cancel();
    await assertRejects(() => outer, CancelledError);
    await sleep(20);
  });
  assertEquals(log, ["reported flash worn out at 10"]);
});

Deno.test("shield: shield_gather - the gather inside outlives the cancel outside", async () => {
  await virtual(async () => {
    const children = [new Future<number>(), new Future<number>()];
    const all = gather(children);
    const outer = shield(all);
    await sleep(0);
    outer.cancel();
    await sleep(0);
    assert(outer.cancelled() && !all.done());
    children[0]?.setResult(1);
    children[1]?.setResult(2);
    assertEquals(await all, [1, 2]);
  });
});

Deno.test("shield: gather_shield - a cancelled gather cancels the shields, not what they shield", async () => {
  await virtual(async () => {
    const children = [new Future<number>(), new Future<number>()];
    const shields = children.map((child) => shield(child));
    const all = gather(shields);
    await sleep(0);
    all.cancel();
    await assertRejects(() => all, CancelledError);
    assertEquals(shields.map((each) => each.cancelled()), [true, true]);
    assertEquals(children.map((each) => each.done()), [false, false]);
    children[0]?.setResult(1);
    children[1]?.setResult(2);
    await sleep(0);
  });
});

Deno.test("shield: under waitFor the limit holds and the task goes on", async () => {
  const log: string[] = [];
  await virtual(async () => {
    for (const limit of [10, 0]) {
      const task = createTask(after, 20, "done");
      const guard = shield(task);
      await assertRejects(async () => await waitFor(guard, limit), TimeoutError);
      log.push(`shield cancelled ${guard.cancelled()}, task done ${task.done()} at ${now()}`);
      log.push(`${await task} at ${now()}`);
    }
  });
  assertEquals(log, [
    "shield cancelled true, task done false at 10",
    "done at 20",
    "shield cancelled true, task done false at 20",
    "done at 40",
  ]);
});
