// deno-lint-ignore-file require-await -- a body that never waits is part of what is tested
import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import {
  CancelledError,
  createTask,
  currentTask,
  Future,
  getRunningLoop,
  InvalidStateError,
  newEventLoop,
  sleep,
} from "awaitio";
import { virtual } from "../targets/simulator/virtual.ts";

const now = () => getRunningLoop().time();

Deno.test("Future: starts pending, and its result and exception cannot be read", async () => {
  await virtual(async () => {
    for (const future of [new Future<number>(), getRunningLoop().createFuture<number>()]) {
      assert(future instanceof Future);
      assertEquals([future.done(), future.cancelled()], [false, false]);
      assertThrows(() => future.result(), InvalidStateError);
      assertThrows(() => future.exception(), InvalidStateError);
    }
  });
});

Deno.test("Future: setResult settles it for good", async () => {
  await virtual(async () => {
    const future = new Future<number>();
    future.setResult(42);
    assertEquals([future.done(), future.cancelled(), future.result()], [true, false, 42]);
    assertEquals(future.exception() ?? null, null);
    assertThrows(() => future.setResult(43), InvalidStateError);
    assertThrows(() => future.setException(new Error("late")), InvalidStateError);
    assertEquals(future.cancel(), false);
    assertEquals(await future, 42);
    assertEquals(await future, 42);
  });
});

Deno.test("Future: setException settles it, and result throws that very error", async () => {
  await virtual(async () => {
    const future = new Future<number>();
    const failure = new TypeError("line is down");
    future.setException(failure);
    assertEquals([future.done(), future.cancelled()], [true, false]);
    assert(future.exception() === failure);
    assert(assertThrows(() => future.result(), TypeError) === failure);
    assert(await assertRejects(() => future, TypeError) === failure);
    assertThrows(() => future.setResult(1), InvalidStateError);
    assertEquals(future.cancel(), false);
  });
});

Deno.test("Future: cancel settles it with CancelledError and its message", async () => {
  await virtual(async () => {
    const future = new Future<number>();
    assertEquals(future.cancel("no longer wanted"), true);
    assertEquals([future.done(), future.cancelled()], [true, true]);
    assertThrows(() => future.result(), CancelledError, "no longer wanted");
    assertThrows(() => future.exception(), CancelledError, "no longer wanted");
    assertThrows(() => future.setResult(1), InvalidStateError);
    assertThrows(() => future.setException(new Error("late")), InvalidStateError);
    assertEquals(future.cancel(), false);
    await assertRejects(() => future, CancelledError, "no longer wanted");
  });
});

Deno.test("Future: wakes those who await it in the order in which they came", async () => {
  const log: string[] = [];
  await virtual(async () => {
    const future = new Future<string>();
    const waiter = async (name: string) => {
      log.push(`${name} got ${await future} at ${now()}`);
    };
    const tasks = [createTask(waiter, "a"), createTask(waiter, "b"), createTask(waiter, "c")];
    await sleep(10);
    future.setResult("edge");
    log.push("set");
    for (const task of tasks) await task;
  });
  assertEquals(log, ["set", "a got edge at 10", "b got edge at 10", "c got edge at 10"]);
});

Deno.test("Future: awaiting a settled one goes on at once, before anything else is run", async () => {
  const log: string[] = [];
  await virtual(async () => {
    const future = new Future<string>();
    future.setResult("ready");
    getRunningLoop().callSoon(() => log.push("callback"));
    for (let i = 0; i < 3; i++) log.push(await future);
    await sleep(0);
  });
  assertEquals(log, ["ready", "ready", "ready", "callback"]);
});

Deno.test("Future: a callback and a waiter added in turn run in turn", async () => {
  const log: string[] = [];
  await virtual(async () => {
    const future = new Future<void>();
    future.addDoneCallback(() => {
      log.push("callback 1");
    });
    const task = createTask(async () => {
      await future;
      log.push("waiter");
    });
    await sleep(0);
    future.addDoneCallback(() => {
      log.push("callback 2");
    });
    future.setResult();
    await task;
  });
  assertEquals(log, ["callback 1", "waiter", "callback 2"]);
});

Deno.test("Future: done callbacks get the future, later, outside of any task, with any outcome", async () => {
  const log: string[] = [];
  await virtual(async () => {
    const kept = new Future<string>();
    const failed = new Future<string>();
    const dropped = new Future<string>();
    for (const future of [kept, failed, dropped]) {
      future.addDoneCallback((done) => {
        log.push(`same ${done === future}, task ${currentTask()}, cancelled ${done.cancelled()}`);
      });
    }
    kept.setResult("kept");
    failed.setException(new Error("failed"));
    dropped.cancel();
    log.push("settled");
    await sleep(0);
    assertThrows(() => failed.result(), Error, "failed");
  });
  assertEquals(log, [
    "settled",
    "same true, task null, cancelled false",
    "same true, task null, cancelled false",
    "same true, task null, cancelled true",
  ]);
});

Deno.test("Future: removeDoneCallback takes out all copies of one callback, wherever they stand", async () => {
  const bag: number[] = [];
  await virtual(async () => {
    const future = new Future<void>();
    const put = (n: number) => () => {
      bag.push(n);
    };
    const [one, two, three] = [put(1), put(2), put(3)];
    future.addDoneCallback(one);
    future.addDoneCallback(two);
    for (let i = 0; i < 5; i++) future.addDoneCallback(one);
    assertEquals(future.removeDoneCallback(three), 0);
    assertEquals(future.removeDoneCallback(one), 6);
    future.addDoneCallback(three);
    future.setResult();
    await sleep(0);
  });
  assertEquals(bag, [2, 3]);
});

Deno.test("Future: a callback removed by an earlier one of the same round still runs, as in asyncio", async () => {
  const log: string[] = [];
  await virtual(async () => {
    const future = new Future<void>();
    const second = () => {
      log.push("second");
    };
    future.addDoneCallback((done) => {
      log.push(`removed ${done.removeDoneCallback(second)}`);
    });
    future.addDoneCallback(second);
    future.setResult();
    await sleep(0);
  });
  assertEquals(log, ["removed 0", "second"]);
});

Deno.test("Future: is thenable for code that knows nothing of the loop", async () => {
  const log: string[] = [];
  await virtual(async () => {
    const good = new Future<number>();
    const bad = new Future<number>();
    const all = Promise.allSettled([good, bad]);
    good.then((value) => log.push(`then ${value}`));
    bad.then(undefined, (error) => log.push(`rejected ${(error as Error).message}`));
    await sleep(5);
    good.setResult(1);
    bad.setException(new Error("bad"));
    log.push((await all).map((outcome) => outcome.status).join(" "));
  });
  assertEquals(log.sort(), ["fulfilled rejected", "rejected bad", "then 1"]);
});

Deno.test("Future: one waiter's cancel is not the others' when it is shielded by a task of its own", async () => {
  const log: string[] = [];
  await virtual(async () => {
    const future = new Future<string>();
    const fan = [new Future<string>(), new Future<string>()];
    future.addDoneCallback((done) => {
      for (const each of fan) if (!each.done()) each.setResult(done.result());
    });
    const tasks = fan.map((each, i) => createTask(async () => log.push(`${i} got ${await each}`)));
    await sleep(1);
    tasks[0]?.cancel();
    await sleep(0);
    future.setResult("edge");
    await tasks[1];
    log.push(`cancelled ${tasks.map((task) => task.cancelled()).join(" ")}`);
  });
  assertEquals(log, ["1 got edge", "cancelled true false"]);
});

Deno.test("Future: awaiting one of another loop says so", async () => {
  const other = newEventLoop();
  const foreign = other.createFuture<void>();
  await virtual(async () => {
    const task = createTask(async () => await foreign);
    await assertRejects(() => task, Error, "loop");
  });
  foreign.cancel();
  other.close();
});

Deno.test("Future: needs a loop", () => {
  assertThrows(() => new Future<void>(), Error, "loop");
});
