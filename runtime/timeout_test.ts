// deno-lint-ignore-file require-await -- a body that never waits is part of what is tested
import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
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
  timeoutAt,
  TimeoutError,
} from "awaitio";
import { busy, virtual } from "../targets/simulator/virtual.ts";

const now = () => getRunningLoop().time();

/** Runs `body`, notes a failure with its time and lets it go on. */
async function telling(log: string[], name: string, body: () => PromiseLike<unknown>) {
  try {
    await body();
  } catch (error) {
    const kind = error instanceof CancelledError
      ? "cancelled"
      : error instanceof TimeoutError
      ? "timed out"
      : String(error);
    log.push(`${name} ${kind} at ${now()}`);
    throw error;
  }
}

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

Deno.test("timeout: nested_timeouts - of two with one deadline only the outer throws TimeoutError", async () => {
  const log: string[] = [];
  await virtual(async () => {
    let limits: Limit[] = [];
    const inner = (outer: Limit) => () =>
      timeoutAt(10, async (limit) => {
        limits = [outer, limit];
        await sleep(100);
      });
    await assertRejects(
      () => timeoutAt(10, (outer) => telling(log, "inner", inner(outer))),
      TimeoutError,
    );
    log.push(`expired ${limits.map((limit) => limit.expired())} at ${now()}`);
    log.push(`requests ${currentTask()?.cancelling()}`);
  });
  assertEquals(log, ["inner cancelled at 10", "expired true,true at 10", "requests 0"]);
});

Deno.test("timeout: nested_timeouts_concurrent - the outer one, due first, ends the inner body too", async () => {
  const log: string[] = [];
  await virtual(async () => {
    let kept: Limit | undefined;
    const inner = () =>
      timeout(100, async (limit) => {
        kept = limit;
        await sleep(1000);
      });
    await assertRejects(() => timeout(2, () => telling(log, "inner", inner)), TimeoutError);
    log.push(`inner expired ${kept?.expired()} at ${now()}`);
    await sleep(200);
  });
  assertEquals(log, ["inner cancelled at 2", "inner expired false at 2"]);
});

Deno.test("timeout: nested_timeouts_loop_busy - both run out while the loop is busy: the outer wins", async () => {
  const log: string[] = [];
  await virtual(async () => {
    const body = async () => {
      const inner = () =>
        timeout(10, async () => {
          busy(100);
          await sleep(1000);
        });
      await telling(log, "inner", inner);
      log.push("not reached");
      await sleep(1000);
    };
    await assertRejects(() => timeout(100, body), TimeoutError);
    log.push(`requests ${currentTask()?.cancelling()} at ${now()}`);
    await sleep(1);
  });
  assertEquals(log, ["inner cancelled at 100", "requests 0 at 100"]);
});

Deno.test("timeout: nested, the inner one expires alone and the outer body goes on to its own limit", async () => {
  const log: string[] = [];
  await virtual(async () => {
    const body = async () => {
      await assertRejects(() => timeout(10, () => sleep(1000)), TimeoutError);
      log.push(`inner at ${now()}`);
      await sleep(1000);
    };
    await assertRejects(() => timeout(100, body), TimeoutError);
    log.push(`outer at ${now()}`);
  });
  assertEquals(log, ["inner at 10", "outer at 100"]);
});

Deno.test("timeout: nested_timeout_in_finally - cleanup after an expiry can have a limit of its own", async () => {
  const log: string[] = [];
  await virtual(async () => {
    await assertRejects(
      () =>
        timeout(10, async () => {
          try {
            await sleep(100);
          } finally {
            await assertRejects(() => timeout(10, () => sleep(100)), TimeoutError);
            log.push(`cleanup cut off at ${now()}`);
          }
        }),
      TimeoutError,
    );
    log.push(`over at ${now()}`);
  });
  assertEquals(log, ["cleanup cut off at 20", "over at 20"]);
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
