// deno-lint-ignore-file require-await -- a body that never waits is part of what is tested
import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import {
  CancelledError,
  createTask,
  currentTask,
  Future,
  gather,
  getRunningLoop,
  newEventLoop,
  sleep,
  wait,
} from "awaitio";
import { virtual } from "../targets/simulator/virtual.ts";

const now = () => getRunningLoop().time();

async function after<T>(ms: number, value: T): Promise<T> {
  await sleep(ms);
  return value;
}

Deno.test("gather: gives the results in the order of its arguments, after the slowest", async () => {
  await virtual(async () => {
    const values = await gather(() => after(30, "slow"), () => after(10, "fast"));
    assertEquals(values, ["slow", "fast"]);
    assertEquals(now(), 30);
  });
});

Deno.test("gather: takes functions, tasks, futures and calls together, and types them one by one", async () => {
  await virtual(async () => {
    const future = new Future<boolean>();
    getRunningLoop().callLater(5, () => future.setResult(true));
    const [n, word, flag, list] = await gather(
      () => after(1, 1),
      createTask(after, 2, "two"),
      future,
      after(3, [3]),
    );
    assertEquals([n.toFixed(1), word.length, flag === true, list[0]], ["1.0", 3, true, 3]);
  });
});

Deno.test("gather: takes a list, and nothing at all", async () => {
  await virtual(async () => {
    assertEquals(await gather([1, 2, 3].map((n) => () => after(10 - n, n))), [1, 2, 3]);
    assertEquals(await gather([]), []);
    assertEquals(await gather(), []);
  });
});

Deno.test("gather: runs each function in a task of its own, on the next turn", async () => {
  const log: string[] = [];
  await virtual(async () => {
    const main = currentTask();
    const seen = new Array<unknown>();
    const body = (name: string) => async () => {
      log.push(name);
      seen.push(currentTask());
    };
    const all = gather(body("a"), body("b"));
    log.push("gathered");
    await all;
    assert(seen[0] !== seen[1] && !seen.includes(main) && !seen.includes(null));
  });
  assertEquals(log, ["gathered", "a", "b"]);
});

Deno.test("gather: waits once for a task that is given twice", async () => {
  let runs = 0;
  await virtual(async () => {
    const task = createTask(async () => {
      await sleep(1);
      return ++runs;
    });
    assertEquals(await gather(task, task, () => after(2, 9), task), [1, 1, 9, 1]);
  });
});

Deno.test("gather: the first failure is thrown at once, the other children go on", async () => {
  const log: string[] = [];
  await virtual(async () => {
    getRunningLoop().setExceptionHandler((_loop, context) => log.push(context.message));
    const failing = async (ms: number) => {
      await sleep(ms);
      throw new Error(`failed after ${ms}`);
    };
    const slow = createTask(async () => {
      await sleep(30);
      log.push(`slow ends at ${now()}`);
    });
    try {
      await gather(slow, () => failing(10), () => failing(20));
    } catch (error) {
      log.push(`${(error as Error).message} at ${now()}`);
    }
    await slow;
  });
  assertEquals(log, ["failed after 10 at 10", "slow ends at 30"]);
});

Deno.test("gather: returnExceptions puts failures among the results", async () => {
  await virtual(async () => {
    const failure = new Error("no answer");
    const dropped = new Future<number>();
    getRunningLoop().callLater(5, () => dropped.cancel());
    const values = await gather([
      () => after(10, 1),
      async () => {
        throw failure;
      },
      dropped,
      () => after(20, 4),
    ], { returnExceptions: true });
    assertEquals([values[0], values[3]], [1, 4]);
    assert(values[1] === failure && values[2] instanceof CancelledError);
    assertEquals(now(), 20);
  });
});

Deno.test("gather: one_cancellation - a cancelled child is a failure of the gather, not its cancel", async () => {
  const log: string[] = [];
  await virtual(async () => {
    const child = createTask(after, 10, "a");
    const sibling = createTask(after, 20, "b");
    const all = gather(child, sibling);
    getRunningLoop().callLater(5, () => child.cancel());
    try {
      await all;
    } catch (error) {
      log.push(`${error instanceof CancelledError} at ${now()}`);
    }
    log.push(`cancelled ${all.cancelled()}, by error ${all.exception() instanceof CancelledError}`);
    log.push(`requests ${currentTask()?.cancelling()}`);
    log.push(`sibling gives ${await sibling} at ${now()}`);
  });
  assertEquals(log, [
    "true at 5",
    "cancelled false, by error true",
    "requests 0",
    "sibling gives b at 20",
  ]);
});

Deno.test("gather: cancellation_broadcast - cancelling who awaits it cancels all children", async () => {
  const log: string[] = [];
  await virtual(async () => {
    const gate = new Future<void>();
    const child = async () => {
      await gate;
      log.push("not reached");
    };
    const children = [createTask(child), createTask(child)];
    const outer = createTask(async () => {
      const all = gather(...children);
      try {
        await all;
      } finally {
        log.push(`second cancel ${all.cancel()}`);
      }
    });
    await sleep(1);
    outer.cancel();
    await assertRejects(() => outer, CancelledError);
    log.push(`${gate.cancelled()} ${children.map((each) => each.cancelled()).join(" ")}`);
  });
  assertEquals(log, ["second cancel false", "true true true"]);
});

Deno.test("gather: cancelled, it ends when the first child has ended cancelled", async () => {
  const log: string[] = [];
  await virtual(async () => {
    const child = async (cleanup: number) => {
      try {
        await sleep(100);
      } finally {
        await sleep(cleanup);
        log.push(`child closed at ${now()}`);
      }
    };
    const children = [createTask(child, 20), createTask(child, 10)];
    const outer = createTask(async () => {
      try {
        await gather(children);
      } catch (error) {
        log.push(`${(error as CancelledError).message} at ${now()}`);
        throw error;
      }
    });
    await sleep(5);
    outer.cancel("enough");
    await wait([outer, ...children]);
    log.push(`cancelled ${outer.cancelled()}`);
  });
  assertEquals(log, [
    "child closed at 15",
    "enough at 15",
    "child closed at 25",
    "cancelled true",
  ]);
});

Deno.test("gather: cancelled with returnExceptions, it ends when all children have", async () => {
  const log: string[] = [];
  await virtual(async () => {
    const child = async (cleanup: number) => {
      try {
        await sleep(100);
      } finally {
        await sleep(cleanup);
        log.push(`child closed at ${now()}`);
      }
    };
    const outer = createTask(async () => {
      await gather([() => child(20), () => child(10)], { returnExceptions: true });
    });
    await sleep(5);
    outer.cancel();
    await assertRejects(() => outer, CancelledError);
    log.push(`cancelled ${outer.cancelled()} at ${now()}`);
  });
  assertEquals(log, ["child closed at 15", "child closed at 25", "cancelled true at 25"]);
});

Deno.test("gather: cancel_gather_1 - refuses to be cancelled once all children are done", async () => {
  const log: string[] = [];
  await virtual(async () => {
    const gate = new Future<number>();
    const all = gather(async () => await gate);
    await sleep(0);
    gate.addDoneCallback(() => {
      log.push("gate open");
    });
    gate.setResult(42);
    await sleep(0);
    log.push(`child done, gather done ${all.done()}, cancel gives ${all.cancel()}`);
    log.push(`result ${await all}, cancelled ${all.cancelled()}`);
  });
  assertEquals(log, [
    "gate open",
    "child done, gather done false, cancel gives false",
    "result 42, cancelled false",
  ]);
});

Deno.test("gather: cancel_gather_2 - a cancel is not swallowed by returnExceptions, and keeps its message", async () => {
  const log: string[] = [];
  await virtual(async () => {
    const polling = createTask(async () => {
      for (let i = 0; i < 20; i++) await gather([() => sleep(50)], { returnExceptions: true });
    });
    await sleep(210);
    polling.cancel("my message");
    try {
      await polling;
    } catch (error) {
      log.push(`${error instanceof CancelledError} ${(error as Error).message} at ${now()}`);
    }
  });
  assertEquals(log, ["true my message at 210"]);
});

Deno.test("gather: a child that survives the cancel does not swallow it", async () => {
  const log: string[] = [];
  await virtual(async () => {
    const stubborn = async () => {
      try {
        await sleep(100);
      } catch {
        log.push("stayed");
      }
      return "results";
    };
    const all = gather(stubborn);
    await sleep(1);
    log.push(`asked ${all.cancel()}`);
    await assertRejects(() => all, CancelledError);
    log.push(`at ${now()}`);
  });
  assertEquals(log, ["asked true", "stayed", "at 1"]);
});

Deno.test("gather: cancelled before the next turn it calls none of its functions", async () => {
  let called = false;
  await virtual(async () => {
    const all = gather(async () => {
      called = true;
    });
    all.cancel();
    await assertRejects(() => all, CancelledError);
  });
  assertEquals(called, false);
});

Deno.test("gather: refuses what cannot be awaited, and futures of another loop", async () => {
  const other = newEventLoop();
  const foreign = other.createFuture<void>();
  await virtual(async () => {
    const own = new Future<void>();
    assertThrows(() => gather(own, {} as unknown as Future<void>), Error);
    assertThrows(() => gather(own, foreign), Error, "loop");
  });
  foreign.cancel();
  other.close();
});
