// deno-lint-ignore-file require-await -- a body that never waits is part of what is tested
import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import {
  CancelledError,
  createTask,
  currentTask,
  Future,
  getRunningLoop,
  sleep,
  timeout,
  timeoutAt,
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

Deno.test("timeout: throws TimeoutError at its limit, and says that it expired", async () => {
  await virtual(async () => {
    let kept: Limit | undefined;
    await assertRejects(
      () =>
        timeout(10, async (limit) => {
          kept = limit;
          assertEquals([limit.when(), limit.expired()], [10, false]);
          await sleep(100);
        }),
      TimeoutError,
    );
    assertEquals([now(), kept?.expired(), kept?.when()], [10, true, 10]);
    assertEquals(currentTask()?.cancelling(), 0);
  });
});

Deno.test("timeout: gives what its body gives, and leaves no deadline behind", async () => {
  await virtual(async () => {
    let kept: Limit | undefined;
    const value = await timeout(1000, async (limit) => {
      kept = limit;
      await sleep(10);
      return "value";
    });
    assertEquals([value, now(), kept?.expired()], ["value", 10, false]);
    await sleep(5000);
    assertEquals([now(), currentTask()?.cancelling()], [5010, 0]);
  });
});

Deno.test("timeout: its body runs at once, in the caller's task", async () => {
  const log: string[] = [];
  await virtual(async () => {
    const main = currentTask();
    const limited = timeout(10, async () => {
      log.push(`same task ${currentTask() === main}`);
      await sleep(1);
      log.push(`same task ${currentTask() === main}`);
    });
    log.push("called");
    await limited;
  });
  assertEquals(log, ["same task true", "called", "same task true"]);
});

Deno.test("timeoutAt: takes a time of the loop's clock", async () => {
  await virtual(async () => {
    await sleep(50);
    await assertRejects(() => timeoutAt(60, () => sleep(100)), TimeoutError);
    assertEquals(now(), 60);
    assertEquals(await timeoutAt(100, () => sleep(10, "in time")), "in time");
    await assertRejects(() => timeoutAt(5, () => sleep(10)), TimeoutError);
    assertEquals(now(), 70);
  });
});

Deno.test("timeout, timeoutAt: null is no limit", async () => {
  await virtual(async () => {
    for (const limited of [timeout, timeoutAt]) {
      await limited(null, async (limit) => {
        assertEquals(limit.when(), null);
        await sleep(1000);
        assertEquals(limit.expired(), false);
      });
    }
    assertEquals(now(), 2000);
  });
});

Deno.test("timeout: zero and less cut off the first wait, even a sleep of zero", async () => {
  const log: string[] = [];
  await virtual(async () => {
    for (const ms of [0, -11]) {
      let reached = false;
      await assertRejects(
        () =>
          timeout(ms, async () => {
            log.push("entered");
            await sleep(0);
            reached = true;
          }),
        TimeoutError,
      );
      assertEquals([reached, now()], [false, 0]);
      log.push(`without a wait: ${await timeout(ms, async () => "value")}`);
    }
  });
  assertEquals(log, [
    "entered",
    "without a wait: value",
    "entered",
    "without a wait: value",
  ]);
});

Deno.test("timeout: inside, the cancel can be seen and cleaned up after", async () => {
  const log: string[] = [];
  await virtual(async () => {
    await assertRejects(
      () =>
        timeout(10, async () => {
          try {
            await sleep(100);
          } catch (error) {
            log.push(`${error instanceof CancelledError} at ${now()}`);
            throw error;
          } finally {
            await sleep(5);
          }
        }),
      TimeoutError,
    );
    log.push(`over at ${now()}`);
  });
  assertEquals(log, ["true at 10", "over at 15"]);
});

Deno.test("timeout: a body that answers the expiry with a value gives it", async () => {
  await virtual(async () => {
    let kept: Limit | undefined;
    const value = await timeout(10, async (limit) => {
      kept = limit;
      try {
        await sleep(100);
      } catch { /* gives what it has */ }
      return "partial reading";
    });
    assertEquals([value, now(), kept?.expired()], ["partial reading", 10, true]);
    assertEquals(currentTask()?.cancelling(), 0);
    await sleep(1);
  });
});

Deno.test("timeout: another failure passes, before the limit and in answer to it", async () => {
  await virtual(async () => {
    let kept: Limit | undefined;
    await assertRejects(
      () =>
        timeout(10, async (limit) => {
          kept = limit;
          throw new RangeError("own failure");
        }),
      RangeError,
      "own failure",
    );
    assertEquals([kept?.expired(), now()], [false, 0]);
    await assertRejects(
      () =>
        timeout(10, async (limit) => {
          kept = limit;
          try {
            await sleep(100);
          } catch {
            throw new TypeError("cleanup failed");
          }
        }),
      TypeError,
      "cleanup failed",
    );
    assertEquals([kept?.expired(), now(), currentTask()?.cancelling()], [true, 10, 0]);
  });
});

Deno.test("timeout: reschedule moves the limit, both ways, and takes it away", async () => {
  const log: string[] = [];
  await virtual(async () => {
    const handed = new Future<Limit>();
    const task = createTask(() =>
      timeoutAt(10, async (limit) => {
        handed.setResult(limit);
        await sleep(10_000);
      })
    );
    const limit = await handed;
    limit.reschedule(30);
    log.push(`when ${limit.when()}`);
    await sleep(20);
    log.push(`expired ${limit.expired()} at ${now()}`);
    limit.reschedule(null);
    await sleep(20);
    log.push(`when ${limit.when()}, expired ${limit.expired()} at ${now()}`);
    limit.reschedule(50);
    await assertRejects(() => task, TimeoutError);
    log.push(`over at ${now()}`);
  });
  assertEquals(log, [
    "when 30",
    "expired false at 20",
    "when null, expired false at 40",
    "over at 50",
  ]);
});

Deno.test("timeout: reschedule is refused once the limit has expired or its body has ended", async () => {
  await virtual(async () => {
    let kept: Limit | undefined;
    await timeout(10, async (limit) => {
      kept = limit;
      await assertRejects(async () => await sleep(100), CancelledError);
      assertThrows(() => limit.reschedule(20), Error, "expir");
    });
    assertThrows(() => kept?.reschedule(20), Error, "expire");
    await timeout(10, async (limit) => {
      kept = limit;
    });
    assertThrows(() => kept?.reschedule(20), Error);
    assertEquals(kept?.expired(), false);
  });
});

Deno.test("timeout: timeout_without_task - needs a task", async () => {
  await virtual(async () => {
    const outcome = new Future<unknown>();
    getRunningLoop().callSoon(() => {
      (async () => await timeout(10, () => sleep(1)))().then(
        () => outcome.setResult("no error"),
        (error) => outcome.setResult(error),
      );
    });
    const error = await outcome;
    assert(error instanceof Error && /task/.test(error.message), String(error));
  });
});
