import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import {
  CancelledError,
  Condition,
  createTask,
  gather,
  getRunningLoop,
  Lock,
  sleep,
  timeout,
  TimeoutError,
  waitFor,
} from "awaitio";
import { virtual } from "../targets/simulator/virtual.ts";

const now = () => getRunningLoop().time();

/** Waits on `condition` once under its lock and notes when it is through. */
async function waiter(condition: Condition, log: string[], name: string) {
  await condition.acquire();
  try {
    await condition.wait();
    log.push(`${name} at ${now()}, locked ${condition.locked()}`);
  } finally {
    condition.release();
  }
}

async function notify(condition: Condition, n?: number) {
  await condition.acquire();
  if (n === undefined) condition.notifyAll();
  else condition.notify(n);
  condition.release();
}

Deno.test("Condition: wait gives the lock up while it waits and holds it when it returns", async () => {
  const log: string[] = [];
  await virtual(async () => {
    const condition = new Condition();
    const task = createTask(waiter, condition, log, "a");
    await sleep(5);
    log.push(`locked ${condition.locked()} while it waits`);
    await notify(condition, 1);
    await task;
    log.push(`locked ${condition.locked()} afterwards`);
  });
  assertEquals(log, [
    "locked false while it waits",
    "a at 5, locked true",
    "locked false afterwards",
  ]);
});

Deno.test("Condition: notify wakes as many as asked for, in order, and one by default", async () => {
  const log: string[] = [];
  await virtual(async () => {
    const condition = new Condition();
    const names = ["a", "b", "c", "d", "e"];
    const tasks = names.map((name) => createTask(waiter, condition, log, name));
    await sleep(10);
    await condition.acquire();
    condition.notify();
    condition.release();
    await sleep(10);
    await notify(condition, 2);
    await sleep(10);
    await notify(condition, 2048);
    for (const task of tasks) await task;
  });
  assertEquals(log, [
    "a at 10, locked true",
    "b at 20, locked true",
    "c at 20, locked true",
    "d at 30, locked true",
    "e at 30, locked true",
  ]);
});

Deno.test("Condition: who is notified runs only when the notifier has released the lock", async () => {
  const log: string[] = [];
  await virtual(async () => {
    const condition = new Condition();
    const task = createTask(waiter, condition, log, "a");
    await sleep(1);
    await condition.acquire();
    condition.notify();
    await sleep(10);
    log.push(`notifier lets go at ${now()}`);
    condition.release();
    await task;
  });
  assertEquals(log, ["notifier lets go at 11", "a at 11, locked true"]);
});

Deno.test("Condition: notifyAll wakes all, one after the other holding the lock", async () => {
  const log: string[] = [];
  await virtual(async () => {
    const condition = new Condition();
    const slow = async (name: string) => {
      using _held = await condition.acquire();
      await condition.wait();
      log.push(`${name} at ${now()}`);
      await sleep(5);
    };
    const all = gather(() => slow("a"), () => slow("b"), () => slow("c"));
    await sleep(10);
    await notify(condition);
    await all;
  });
  assertEquals(log, ["a at 10", "b at 15", "c at 20"]);
});

Deno.test("Condition: a notification nobody waits for is not kept", async () => {
  await virtual(async () => {
    const condition = new Condition();
    await notify(condition);
    await assertRejects(
      () =>
        timeout(10, async () => {
          using _held = await condition.acquire();
          await condition.wait();
        }),
      TimeoutError,
    );
    assertEquals(condition.locked(), false);
  });
});

Deno.test("Condition: waitFor goes on when the predicate holds, and gives what it gave", async () => {
  const log: string[] = [];
  await virtual(async () => {
    const condition = new Condition();
    let level = 0;
    const task = createTask(async () => {
      using _held = await condition.acquire();
      log.push(`${await condition.waitFor(() => level > 2 && `level ${level}`)} at ${now()}`);
    });
    for (level = 1; level <= 3; level++) {
      await sleep(10);
      await notify(condition, 1);
      await sleep(0);
    }
    await task;
  });
  assertEquals(log, ["level 3 at 30"]);
});

Deno.test("Condition: waitFor returns at once when the predicate holds already", async () => {
  await virtual(async () => {
    const condition = new Condition();
    assertEquals(await condition.waitFor(() => "ready"), "ready");
    assertEquals(now(), 0);
    await assertRejects(async () => await condition.waitFor(() => false), Error);
  });
});

Deno.test("Condition: wait, notify and notifyAll need the lock", async () => {
  await virtual(async () => {
    const condition = new Condition();
    await assertRejects(async () => await condition.wait(), Error);
    assertThrows(() => condition.notify(), Error);
    assertThrows(() => condition.notifyAll(), Error);
  });
});

Deno.test("Condition: shares the lock it is given", async () => {
  const log: string[] = [];
  await virtual(async () => {
    const lock = new Lock();
    const filled = new Condition(lock);
    const drained = new Condition(lock);
    const both = () => `${lock.locked()} ${filled.locked()} ${drained.locked()}`;
    log.push(both());
    {
      using _held = await filled.acquire();
      log.push(both());
    }
    {
      using _held = await lock.acquire();
      log.push(both());
      filled.notify();
      drained.notifyAll();
    }
    log.push(both());
  });
  assertEquals(log, ["false false false", "true true true", "true true true", "false false false"]);
});

Deno.test("Condition: a cancelled wait holds the lock again before it throws", async () => {
  const log: string[] = [];
  await virtual(async () => {
    const condition = new Condition();
    const task = createTask(async () => {
      using _held = await condition.acquire();
      try {
        await condition.wait();
      } catch (error) {
        log.push(`${error instanceof CancelledError} at ${now()}, locked ${condition.locked()}`);
        throw error;
      }
    });
    await sleep(5);
    await condition.acquire();
    task.cancel();
    await sleep(5);
    log.push("other lets go");
    condition.release();
    await assertRejects(() => task, CancelledError);
    log.push(`locked ${condition.locked()}`);
  });
  assertEquals(log, ["other lets go", "true at 10, locked true", "locked false"]);
});

Deno.test("Condition: wait_cancel_after_notify - notified, waiting for the lock, then cancelled: ends cancelled", async () => {
  const log: string[] = [];
  await virtual(async () => {
    const condition = new Condition();
    const task = createTask(waiter, condition, log, "not reached");
    await sleep(0);
    await condition.acquire();
    condition.notify();
    await sleep(0);
    task.cancel();
    await sleep(0);
    condition.release();
    await assertRejects(() => task, CancelledError);
    assertEquals([task.cancelled(), condition.locked()], [true, false]);
  });
  assertEquals(log, []);
});

Deno.test("Condition: cancelled_error_wakeup - the cancel that ends the wait is thrown as it came", async () => {
  await virtual(async () => {
    const condition = new Condition();
    let seen: unknown;
    const task = createTask(async () => {
      using _held = await condition.acquire();
      try {
        await condition.waitFor(() => false);
      } catch (error) {
        seen = error;
        throw error;
      }
    });
    await sleep(0);
    task.cancel("foo");
    await assertRejects(() => task, CancelledError, "foo");
    assert(seen instanceof CancelledError && seen.message === "foo");
  });
});

Deno.test("Condition: cancelled_error_re_aquire - a cancel during the re-acquire is thrown as it came, with the lock held", async () => {
  const log: string[] = [];
  await virtual(async () => {
    const condition = new Condition();
    let wake = false;
    const task = createTask(async () => {
      using _held = await condition.acquire();
      try {
        await condition.waitFor(() => wake);
        log.push("not reached");
      } catch (error) {
        log.push(`${(error as Error).message}, locked ${condition.locked()}`);
        throw error;
      }
    });
    await sleep(0);
    await condition.acquire();
    wake = true;
    condition.notify();
    await sleep(0);
    task.cancel("foo");
    condition.release();
    await assertRejects(() => task, CancelledError, "foo");
    log.push(`locked ${condition.locked()}`);
  });
  assertEquals(log, ["foo, locked true", "locked false"]);
});

/** Two consumers, one item, and a cancel of the first consumer before or after it has woken. */
async function cancelledConsumer(cancelAtOnce: boolean): Promise<string[]> {
  const log: string[] = [];
  await virtual(async () => {
    const condition = new Condition();
    let items = 0;
    const consumer = async (name: string) => {
      using _held = await condition.acquire();
      await condition.waitFor(() => items > 0);
      items--;
      log.push(`${name} takes the item`);
      condition.notifyAll();
    };
    const first = createTask(consumer, "first");
    const second = createTask(consumer, "second");
    await sleep(0);
    using _held = await condition.acquire();
    items++;
    condition.notify(1);
    if (!cancelAtOnce) await sleep(0);
    first.cancel();
    await timeout(10, () => condition.waitFor(() => items === 0));
    log.push(`taken at ${now()}, first cancelled ${first.cancelled()}, second ${second.done()}`);
    await second;
  });
  return log;
}

Deno.test("Condition: cancelled_wakeup - a notification to a waiter cancelled at the same time is passed on", async () => {
  assertEquals(await cancelledConsumer(true), [
    "second takes the item",
    "taken at 0, first cancelled true, second true",
  ]);
});

Deno.test("Condition: cancelled_wakeup_relock - so is one whose waiter is cancelled waiting for the lock", async () => {
  assertEquals(await cancelledConsumer(false), [
    "second takes the item",
    "taken at 0, first cancelled true, second true",
  ]);
});

Deno.test("Condition: under waitFor the limit holds, and the lock is held again", async () => {
  await virtual(async () => {
    const condition = new Condition();
    using _held = await condition.acquire();
    await assertRejects(
      async () => await waitFor(() => condition.wait(), 10),
      TimeoutError,
    );
    assertEquals([now(), condition.locked()], [10, true]);
  });
});
