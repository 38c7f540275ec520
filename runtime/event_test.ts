// deno-lint-ignore-file require-await -- a body that never waits is part of what is tested
import { assertEquals, assertRejects } from "@std/assert";
import { CancelledError, createTask, Event, gather, getRunningLoop, sleep } from "awaitio";
import { virtual } from "../targets/simulator/virtual.ts";

const now = () => getRunningLoop().time();

Deno.test("Event: starts unset, set and clear change it", async () => {
  await virtual(async () => {
    const event = new Event();
    assertEquals(event.isSet(), false);
    event.set();
    event.set();
    assertEquals(event.isSet(), true);
    event.clear();
    event.clear();
    assertEquals(event.isSet(), false);
  });
});

Deno.test("Event: set wakes all who wait, in order, at the same time", async () => {
  const log: string[] = [];
  await virtual(async () => {
    const event = new Event();
    const wait = async (name: string) => {
      await event.wait();
      log.push(`${name} at ${now()}`);
    };
    getRunningLoop().callLater(10, () => {
      event.set();
      log.push("set");
    });
    await gather(() => wait("a"), () => wait("b"), () => wait("c"));
  });
  assertEquals(log, ["set", "a at 10", "b at 10", "c at 10"]);
});

Deno.test("Event: wait gives true, and goes on at once while it is set", async () => {
  const log: string[] = [];
  await virtual(async () => {
    const event = new Event();
    event.set();
    getRunningLoop().callSoon(() => log.push("turn over"));
    for (let i = 0; i < 3; i++) log.push(`${await event.wait()}`);
    await sleep(0);
  });
  assertEquals(log, ["true", "true", "true", "turn over"]);
});

Deno.test("Event: a late waiter that finds it set does not wait behind the woken ones", async () => {
  const log: string[] = [];
  await virtual(async () => {
    const event = new Event();
    const wait = async (name: string) => {
      await event.wait();
      log.push(name);
    };
    const tasks = [createTask(wait, "early 1"), createTask(wait, "early 2")];
    await sleep(0);
    tasks.push(createTask(wait, "late"));
    event.set();
    for (const task of tasks) await task;
  });
  assertEquals(log, ["late", "early 1", "early 2"]);
});

Deno.test("Event: set and cleared at once it still wakes those who waited", async () => {
  const log: string[] = [];
  await virtual(async () => {
    const event = new Event();
    const waiter = createTask(async () => {
      await event.wait();
      log.push(`woken, set ${event.isSet()}`);
    });
    await sleep(0);
    event.set();
    event.clear();
    await waiter;
    const late = createTask(async () => {
      await event.wait();
      log.push(`late at ${now()}`);
    });
    await sleep(10);
    event.set();
    await late;
  });
  assertEquals(log, ["woken, set false", "late at 10"]);
});

Deno.test("Event: a cancelled waiter is forgotten, the others stay", async () => {
  const log: string[] = [];
  await virtual(async () => {
    const event = new Event();
    const wait = async (name: string) => {
      await event.wait();
      log.push(`${name} at ${now()}`);
    };
    const a = createTask(wait, "a");
    const b = createTask(wait, "b");
    await sleep(5);
    a.cancel();
    await assertRejects(() => a, CancelledError);
    log.push(`a cancelled at ${now()}`);
    await sleep(5);
    event.set();
    await b;
  });
  assertEquals(log, ["a cancelled at 5", "b at 10"]);
});

Deno.test("Event: a waiter woken and cancelled before it runs ends cancelled, the event stays set", async () => {
  await virtual(async () => {
    const event = new Event();
    const waiter = createTask(async () => await event.wait());
    await sleep(0);
    event.set();
    waiter.cancel();
    await assertRejects(() => waiter, CancelledError);
    assertEquals(event.isSet(), true);
    await event.wait();
  });
});

Deno.test("Event: can be used over and over by the same waiter", async () => {
  const log: number[] = [];
  await virtual(async () => {
    const event = new Event();
    const waiter = createTask(async () => {
      for (let i = 0; i < 3; i++) {
        await event.wait();
        event.clear();
        log.push(now());
      }
    });
    for (let i = 0; i < 3; i++) {
      await sleep(10);
      event.set();
    }
    await waiter;
  });
  assertEquals(log, [10, 20, 30]);
});
