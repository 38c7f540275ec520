import { assert, assertEquals, assertRejects } from "@std/assert";
import {
  ALL_COMPLETED,
  asCompleted,
  CancelledError,
  createTask,
  FIRST_COMPLETED,
  FIRST_EXCEPTION,
  Future,
  gather,
  getRunningLoop,
  sleep,
  Task,
  timeout,
  TimeoutError,
  wait,
} from "awaitio";
import { virtual } from "../targets/simulator/virtual.ts";

const now = () => getRunningLoop().time();

async function after<T>(ms: number, value: T): Promise<T> {
  await sleep(ms);
  return value;
}

async function failAfter(ms: number): Promise<never> {
  await sleep(ms);
  throw new Error(`failed after ${ms}`);
}

Deno.test("wait: gives all tasks as done, the very same ones, when the last one is", async () => {
  await virtual(async () => {
    const a = createTask(after, 10, "a");
    const b = createTask(after, 15, "b");
    for (let round = 0; round < 2; round++) {
      const [done, pending] = await wait([b, a]);
      assertEquals([done.length, pending.length, now()], [2, 0, 15]);
      assert(done.includes(a) && done.includes(b));
    }
  });
});

Deno.test("wait: takes futures, and a task given twice counts once", async () => {
  await virtual(async () => {
    const future = new Future<string>();
    getRunningLoop().callLater(3, () => future.setResult("f"));
    const task = createTask(after, 1, "t");
    const [done, pending] = await wait([task, task, future]);
    assertEquals([done.length, pending.length, now()], [2, 0, 3]);
  });
});

Deno.test("wait: FIRST_COMPLETED returns at the first end and cancels nothing", async () => {
  await virtual(async () => {
    assertEquals(
      [FIRST_COMPLETED, FIRST_EXCEPTION, ALL_COMPLETED],
      ["FIRST_COMPLETED", "FIRST_EXCEPTION", "ALL_COMPLETED"],
    );
    const slow = createTask(after, 100, "slow");
    const fast = createTask(after, 10, "fast");
    const [done, pending] = await wait([slow, fast], { returnWhen: "FIRST_COMPLETED" });
    assertEquals([done.length, pending.length, now()], [1, 1, 10]);
    assert(done[0] === fast && pending[0] === slow && !slow.done());
    assertEquals(await slow, "slow");
  });
});

Deno.test("wait: tasks that end in the same turn are all done for FIRST_COMPLETED", async () => {
  await virtual(async () => {
    const one = createTask(async () => await sleep(0));
    const two = createTask(async () => await sleep(0));
    const [done, pending] = await wait([two, one], { returnWhen: FIRST_COMPLETED });
    assertEquals([done.length, pending.length], [2, 0]);
  });
});

Deno.test("wait: FIRST_EXCEPTION returns at the first failure, a cancelled task is none", async () => {
  await virtual(async () => {
    const fine = createTask(after, 5, "fine");
    const dropped = createTask(after, 100, "dropped");
    const failing = createTask(failAfter, 10);
    const slow = createTask(after, 50, "slow");
    getRunningLoop().callLater(7, () => dropped.cancel());
    const all = [fine, dropped, failing, slow];
    const [done, pending] = await wait(all, { returnWhen: FIRST_EXCEPTION });
    assertEquals([done.length, pending.length, now()], [3, 1, 10]);
    assert(pending[0] === slow);
    assertEquals((failing.exception() as Error).message, "failed after 10");
    await slow;
  });
});

Deno.test("wait: throws no failure, and a failure it saw is not reported as unhandled", async () => {
  const log: string[] = [];
  await virtual(async () => {
    getRunningLoop().setExceptionHandler((_loop, context) => log.push(context.message));
    const [done] = await wait([createTask(failAfter, 5), createTask(after, 15, 1)]);
    log.push(`${done.filter((task) => task.exception() instanceof Error).length} failed`);
  });
  assertEquals(log, ["1 failed"]);
});

Deno.test("wait: out of time it gives what is done so far", async () => {
  await virtual(async () => {
    const a = createTask(after, 10, "a");
    const b = createTask(after, 15, "b");
    const [done, pending] = await wait([b, a], { timeout: 11 });
    assertEquals([done.length, pending.length, now()], [1, 1, 11]);
    assert(done[0] === a && pending[0] === b && !b.done());
    const [, still] = await wait([b], { timeout: 0 });
    assertEquals([still.length, now()], [1, 11]);
    const [ended] = await wait([b], { timeout: 1000 });
    assertEquals([ended.length, now()], [1, 15]);
  });
});

Deno.test("wait: cancelled, it leaves the tasks alone", async () => {
  const log: string[] = [];
  await virtual(async () => {
    const inner = createTask(async () => {
      await sleep(20);
      log.push(`inner done at ${now()}`);
    });
    const outer = createTask(async () => await wait([inner]));
    await sleep(10);
    outer.cancel();
    await assertRejects(() => outer, CancelledError);
    log.push(`outer ended at ${now()}`);
    await inner;
  });
  assertEquals(log, ["outer ended at 10", "inner done at 20"]);
});

Deno.test("wait: refuses an empty list, a bare task and an unknown returnWhen", async () => {
  await virtual(async () => {
    const task = createTask(after, 1, 1);
    await assertRejects(async () => await wait([]), Error);
    const bare = task as unknown as Task<number>[];
    await assertRejects(async () => await wait(bare), Error);
    const returnWhen = "SOMETIME" as "FIRST_COMPLETED";
    await assertRejects(async () => await wait([task], { returnWhen }), Error, "SOMETIME");
    await task;
  });
});

Deno.test("asCompleted: yields in the order of the ends", async () => {
  const log: string[] = [];
  await virtual(async () => {
    const list = [() => after(30, "c"), () => after(10, "a"), () => after(20, "b")];
    for await (const next of asCompleted(list)) log.push(`${await next} at ${now()}`);
  });
  assertEquals(log, ["a at 10", "b at 20", "c at 30"]);
});

Deno.test("asCompleted: yields the tasks and futures it was given, and tasks for the rest", async () => {
  await virtual(async () => {
    const task = createTask(after, 1, "task");
    const future = new Future<string>();
    getRunningLoop().callLater(2, () => future.setResult("future"));
    const seen = new Array<unknown>();
    for await (const next of asCompleted([() => after(3, "function"), future, task])) {
      seen.push(next);
    }
    assert(seen[0] === task && seen[1] === future && seen[2] instanceof Task);
  });
});

Deno.test("asCompleted: a failure is thrown where the child is awaited, and the loop can go on", async () => {
  const log: string[] = [];
  await virtual(async () => {
    const list = [() => after(30, "c"), () => failAfter(10), () => after(20, "b")];
    for await (const next of asCompleted<unknown>(list)) {
      try {
        log.push(`${await next}`);
      } catch (error) {
        log.push(`${(error as Error).message} at ${now()}`);
      }
    }
  });
  assertEquals(log, ["failed after 10 at 10", "b", "c"]);
});

Deno.test("asCompleted: as_completed_with_timeout - out of time the loop head throws, children go on", async () => {
  const log: string[] = [];
  await virtual(async () => {
    const a = createTask(after, 100, "a");
    const b = createTask(after, 150, "b");
    try {
      for await (const next of asCompleted([a, b], { timeout: 120 })) {
        log.push(`${await next} at ${now()}`);
      }
    } catch (error) {
      log.push(`${error instanceof TimeoutError} at ${now()}`);
    }
    log.push(`b done ${b.done()}`, `${await b} at ${now()}`);
  });
  assertEquals(log, ["a at 100", "true at 120", "b done false", "b at 150"]);
});

Deno.test("asCompleted: out of time while the loop's body works, its head throws when it comes back", async () => {
  const log: string[] = [];
  await virtual(async () => {
    const late = createTask(after, 300, "late");
    try {
      for await (const next of asCompleted([() => after(10, "a"), late], { timeout: 100 })) {
        log.push(await next);
        await sleep(150);
      }
    } catch (error) {
      log.push(`${error instanceof TimeoutError} at ${now()}`);
    }
    await late;
  });
  assertEquals(log, ["a", "true at 160"]);
});

Deno.test("asCompleted: a time limit not reached leaves no deadline behind", async () => {
  await virtual(async () => {
    for await (const next of asCompleted([() => after(1, "a")], { timeout: 1000 })) {
      assertEquals(await next, "a");
    }
    await sleep(5000);
    assertEquals(now(), 5001);
  });
});

Deno.test("asCompleted: as_completed_resume_iterator - after a break the same iterator goes on", async () => {
  const seen: number[] = [];
  await virtual(async () => {
    const ends = asCompleted([1, 2, 3, 4].map((n) => () => after(n, n)));
    for await (const next of ends) {
      seen.push(await next);
      if (seen.length === 2) break;
    }
    assertEquals(seen, [1, 2]);
    for await (const next of ends) seen.push(await next);
  });
  assertEquals(seen, [1, 2, 3, 4]);
});

Deno.test("asCompleted: yields a task given twice once, and ends at once for an empty list", async () => {
  const seen: string[] = [];
  await virtual(async () => {
    const task = createTask(after, 1, "ham");
    for await (const next of asCompleted([task, task, () => after(2, "spam")])) {
      seen.push(await next);
    }
    for await (const _ of asCompleted([])) seen.push("nothing to see");
    assertEquals(now(), 2);
  });
  assertEquals(seen, ["ham", "spam"]);
});

Deno.test("asCompleted: what it yields may be collected first and awaited together", async () => {
  await virtual(async () => {
    const ends: PromiseLike<string>[] = [];
    // TypeScript takes what for await yields as awaited already; it is the future itself.
    for await (const next of asCompleted([() => after(20, "b"), () => after(10, "a")])) {
      ends.push(next as unknown as PromiseLike<string>);
    }
    assertEquals(await gather(ends), ["a", "b"]);
    assertEquals(now(), 20);
  });
});

Deno.test("asCompleted: cut off while it waits it loses no end, another loop gets them all", async () => {
  const log: string[] = [];
  await virtual(async () => {
    const ends = asCompleted([() => after(10, "a"), () => after(20, "b")]);
    const drain = async () => {
      for await (const next of ends) log.push(`${await next} at ${now()}`);
    };
    await assertRejects(() => timeout(5, drain), TimeoutError);
    await drain();
  });
  assertEquals(log, ["a at 10", "b at 20"]);
});

Deno.test("asCompleted: cancelled while it waits it leaves the children alone", async () => {
  const log: string[] = [];
  await virtual(async () => {
    const child = createTask(after, 20, "child");
    const outer = createTask(async () => {
      for await (const next of asCompleted([child])) log.push(`not reached ${next}`);
    });
    await sleep(10);
    outer.cancel();
    await assertRejects(() => outer, CancelledError);
    log.push(`outer ended at ${now()}, child ${await child} at ${now()}`);
  });
  assertEquals(log, ["outer ended at 10, child child at 20"]);
});
