// deno-lint-ignore-file require-await -- a body that never waits is part of what is tested
import { assert, assertEquals, assertRejects } from "@std/assert";
import {
  CancelledError,
  createTask,
  currentTask,
  Future,
  getRunningLoop,
  shield,
  sleep,
  taskGroup,
  timeout,
  TimeoutError,
} from "awaitio";
import { COMPILED } from "./native.ts";
import { virtual } from "../targets/simulator/virtual.ts";

const now = () => getRunningLoop().time();

/** Sleeps for `ms` and notes how that ended; `log` gets one line a call. */
async function call(log: string[], name: string, ms: number): Promise<string> {
  try {
    await sleep(ms);
    log.push(`${name} done at ${now()}`);
    return name;
  } catch (error) {
    const kind = error instanceof CancelledError ? "cancelled" : String(error);
    log.push(`${name} ${kind} at ${now()}`);
    throw error;
  }
}

/** Runs `main` and gives the unhandled rejections it left behind that would end the process. */
async function unhandledIn(main: () => Promise<void>): Promise<unknown[]> {
  const seen: unknown[] = [];
  const listen = (event: PromiseRejectionEvent) => {
    if (!event.defaultPrevented) seen.push(event.reason);
    event.preventDefault();
  };
  await virtual(() => sleep(0)); // so that whatever the runtime listens with comes first
  globalThis.addEventListener("unhandledrejection", listen);
  try {
    await virtual(main);
    // The host tells of rejections between two of its own callbacks.
    for (let i = 0; i < 3; i++) await new Promise((resolve) => setTimeout(resolve, 0));
  } finally {
    globalThis.removeEventListener("unhandledrejection", listen);
  }
  return seen;
}

Deno.test("scope: a call started and not awaited is cancelled with its task", async () => {
  const log: string[] = [];
  await virtual(async () => {
    const task = createTask(async () => {
      const side = call(log, "side", 50);
      await call(log, "main", 100);
      await side;
    });
    await sleep(10);
    task.cancel();
    await assertRejects(() => task, CancelledError);
    assert(task.cancelled());
    await sleep(100);
  });
  assertEquals(log.sort(), ["main cancelled at 10", "side cancelled at 10"]);
});

Deno.test("scope: a call of a call is cancelled with the task too, each once", async () => {
  const log: string[] = [];
  await virtual(async () => {
    const nested = async () => {
      const side = call(log, "inner side", 50);
      await call(log, "inner", 60);
      await side;
    };
    const task = createTask(async () => {
      const side = nested();
      await call(log, "outer", 100);
      await side;
    });
    await sleep(10);
    task.cancel();
    await assertRejects(() => task, CancelledError);
    await sleep(100);
  });
  assertEquals(log.sort(), [
    "inner cancelled at 10",
    "inner side cancelled at 10",
    "outer cancelled at 10",
  ]);
});

Deno.test("scope: calls run together by Promise.all are all cancelled with their task", async () => {
  const log: string[] = [];
  await virtual(async () => {
    const task = createTask(async () => {
      await Promise.all([call(log, "a", 50), call(log, "b", 60), call(log, "c", 5)]);
    });
    await sleep(10);
    task.cancel();
    await assertRejects(() => task, CancelledError);
    assert(task.cancelled());
    await sleep(100);
  });
  assertEquals(log, ["c done at 5", "a cancelled at 10", "b cancelled at 10"]);
});

Deno.test("scope: a call that catches the cancel is not cancelled a second time", async () => {
  const log: string[] = [];
  await virtual(async () => {
    const task = createTask(async () => {
      const side = call(log, "side", 50).catch(() => call(log, "side again", 50));
      try {
        await call(log, "main", 100);
      } catch { /* waits for its call */ }
      await side;
    });
    await sleep(10);
    task.cancel();
    await task;
    assertEquals(task.cancelled(), false);
  });
  assertEquals(log.slice(0, 2).sort(), ["main cancelled at 10", "side cancelled at 10"]);
  assertEquals(log.slice(2), ["side again done at 60"]);
});

Deno.test("scope: a call started after the cancel was thrown is not touched by it", async () => {
  const log: string[] = [];
  await virtual(async () => {
    const task = createTask(async () => {
      try {
        await call(log, "work", 100);
      } finally {
        await Promise.all([call(log, "closing", 5), call(log, "saving", 7)]);
      }
    });
    await sleep(10);
    task.cancel();
    await assertRejects(() => task, CancelledError);
  });
  assertEquals(log, ["work cancelled at 10", "closing done at 15", "saving done at 17"]);
});

Deno.test("scope: two cancels in one turn are thrown once", async () => {
  const log: string[] = [];
  await virtual(async () => {
    const task = createTask(async () => {
      await call(log, "first", 100).catch(() => {});
      await call(log, "second", 10);
    });
    await sleep(10);
    task.cancel();
    task.cancel();
    await task;
    assertEquals([task.cancelled(), task.cancelling()], [false, 2]);
  });
  assertEquals(log, ["first cancelled at 10", "second done at 20"]);
});

Deno.test("scope: a timeout's body owns the calls started in it, awaited or not", async () => {
  const log: string[] = [];
  await virtual(async () => {
    const body = async () => {
      const side = call(log, "side", 50);
      await call(log, "main", 100);
      await side;
    };
    await assertRejects(() => timeout(10, body), TimeoutError);
    await sleep(100);
  });
  assertEquals(log.sort(), ["main cancelled at 10", "side cancelled at 10"]);
});

Deno.test("scope: a call started before a timeout's body is not touched when that expires", async () => {
  const log: string[] = [];
  await virtual(async () => {
    const before = call(log, "before", 50);
    await assertRejects(() => timeout(10, () => call(log, "body", 100)), TimeoutError);
    log.push(`timed out at ${now()}`);
    assertEquals(await before, "before");
  });
  assertEquals(log, ["body cancelled at 10", "timed out at 10", "before done at 50"]);
});

Deno.test("scope: nor is it when the body awaits it; it ends in its own time with its own result", async () => {
  const log: string[] = [];
  await virtual(async () => {
    const before = call(log, "before", 50);
    try {
      await timeout(10, async () => await before);
    } catch (error) {
      assert(error instanceof TimeoutError);
    }
    assertEquals(await before, "before");
    assertEquals(currentTask()?.cancelling(), 0);
  });
  assertEquals(log, ["before done at 50"]);
});

Deno.test("scope: cancelling the task reaches calls from before the body and in it", async () => {
  const log: string[] = [];
  await virtual(async () => {
    const task = createTask(async () => {
      const before = call(log, "before", 50);
      await timeout(30, () => call(log, "body", 100));
      await before;
    });
    await sleep(10);
    task.cancel();
    await assertRejects(() => task, CancelledError);
    await sleep(100);
  });
  assertEquals(log.sort(), ["before cancelled at 10", "body cancelled at 10"]);
});

Deno.test("scope: timeouts side by side in one task cut off each its own body only", async () => {
  const log: string[] = [];
  await virtual(async () => {
    const ends = await Promise.allSettled([
      timeout(10, () => call(log, "short", 15)),
      timeout(20, () => call(log, "enough", 15)),
      timeout(20, () => call(log, "long", 100)),
    ]);
    log.push(ends.map((end) => end.status).join(" "));
    for (const end of ends) {
      if (end.status === "rejected") assert(end.reason instanceof TimeoutError);
    }
    assertEquals([currentTask()?.cancelling(), now()], [0, 20]);
    await sleep(1);
  });
  assertEquals(log, [
    "short cancelled at 10",
    "enough done at 15",
    "long cancelled at 20",
    "rejected fulfilled rejected",
  ]);
});

Deno.test("scope: a taskGroup's body owns the calls started in it, those before it are not touched", async () => {
  const log: string[] = [];
  await virtual(async () => {
    const before = call(log, "before", 50);
    const group = taskGroup(async (group) => {
      group.createTask(async () => {
        await sleep(10);
        throw new Error("child failed");
      });
      const side = call(log, "side", 80);
      await call(log, "body", 100);
      await side;
    });
    await assertRejects(() => group, AggregateError);
    assertEquals(now(), 10);
    await before;
  });
  assertEquals(log.slice(0, 2).sort(), ["body cancelled at 10", "side cancelled at 10"]);
  assertEquals(log.slice(2), ["before done at 50"]);
});

Deno.test("scope: tasks that a task awaits through Promise.all are cancelled with it", async () => {
  await virtual(async () => {
    const awaited = [createTask(() => sleep(100)), createTask(() => sleep(100))];
    const apart = createTask(() => sleep(20));
    const task = createTask(async () => await Promise.all(awaited));
    await sleep(10);
    task.cancel();
    await assertRejects(() => task, CancelledError);
    assertEquals([...awaited, task].map((each) => each.cancelled()), [true, true, true]);
    await apart;
    assertEquals(now(), 20);
  });
});

Deno.test("scope: shield keeps the cancel of a scope from what it shields", async () => {
  const log: string[] = [];
  await virtual(async () => {
    const body = async () => await shield(() => call(log, "saving", 50));
    await assertRejects(() => timeout(10, body), TimeoutError);
    log.push(`timed out at ${now()}`);
    await sleep(100);
  });
  assertEquals(log, ["timed out at 10", "saving done at 50"]);
});

Deno.test("scope: a call never awaited that ends cancelled is no unhandled rejection", async () => {
  const log: string[] = [];
  const unhandled = await unhandledIn(async () => {
    const task = createTask(async () => {
      call(log, "never awaited", 50);
      await call(log, "main", 100);
    });
    await sleep(10);
    task.cancel();
    await assertRejects(() => task, CancelledError);
    const body = async () => {
      call(log, "never awaited either", 50);
      await sleep(100);
    };
    await assertRejects(() => timeout(10, body), TimeoutError);
    await sleep(100);
  });
  assertEquals(unhandled, []);
  assertEquals(log.sort(), [
    "main cancelled at 10",
    "never awaited cancelled at 10",
    "never awaited either cancelled at 20",
  ]);
});

Deno.test("scope: tasks, gathers and groups that end cancelled unseen are no unhandled rejections", async () => {
  const unhandled = await unhandledIn(async () => {
    const task = createTask(() => sleep(100));
    const future = new Future<void>();
    const guard = shield(future);
    await sleep(1);
    task.cancel();
    guard.cancel();
    future.cancel();
    createTask(() =>
      taskGroup(async (group) => {
        group.createTask(() => sleep(100));
      })
    ).cancel();
    await sleep(200);
  });
  assertEquals(unhandled, []);
});

Deno.test("scope: a failed task that is reported is no unhandled rejection of the host as well", async () => {
  const log: string[] = [];
  const unhandled = await unhandledIn(async () => {
    getRunningLoop().setExceptionHandler((_loop, context) => {
      log.push((context.exception as Error).message);
    });
    createTask(async () => {
      throw new Error("told once");
    });
    await sleep(10);
  });
  assertEquals([unhandled, log], [[], ["told once"]]);
});

Deno.test("scope: a cancel that comes while the task runs waits for its next await that suspends", async () => {
  const log: string[] = [];
  await virtual(async () => {
    const settled = new Future<string>();
    settled.setResult("settled");
    const passing = async () => await settled;
    const task = createTask(async () => {
      currentTask()?.cancel();
      log.push("runs on");
      log.push(await settled);
      log.push(await passing());
      await call(log, "sleep", 10);
    });
    await assertRejects(() => task, CancelledError);
  });
  assertEquals(log, ["runs on", "settled", "settled", "sleep cancelled at 0"]);
});

Deno.test("scope: a task that cancels itself is cancelled at its next wait, its waiting calls at once", async () => {
  const log: string[] = [];
  await virtual(async () => {
    const task = createTask(async () => {
      const side = call(log, "side", 50);
      await sleep(10);
      currentTask()?.cancel();
      await call(log, "next", 50);
      await side;
    });
    await assertRejects(() => task, CancelledError);
    assertEquals([task.cancelled(), now()], [true, 10]);
  });
  assertEquals(log.sort(), ["next cancelled at 10", "side cancelled at 10"]);
});

/** What becomes of an await on a promise that is not ours: only compiled code can leave it. */
const FOREIGN_CAN_BE_LEFT = COMPILED;

Deno.test("scope: native code waits a foreign promise out, and the next await of ours throws", async () => {
  const log: string[] = [];
  await virtual(async () => {
    const foreign = new Promise<string>((resolve) => {
      getRunningLoop().callLater(50, () => resolve("foreign"));
    });
    const task = createTask(async () => {
      log.push(`${await foreign} at ${now()}`);
      await call(log, "next", 100);
    });
    await sleep(10);
    task.cancel();
    await assertRejects(() => task, CancelledError);
    assert(task.cancelled());
  });
  assertEquals(log, FOREIGN_CAN_BE_LEFT ? [] : ["foreign at 50", "next cancelled at 50"]);
});

Deno.test("scope: a cancel that has to wait for something foreign does not keep the loop busy", async () => {
  const idle: string[] = [];
  await virtual(async () => {
    const loop = getRunningLoop();
    const foreign = new Promise<void>((resolve) => void loop.callLater(50, resolve));
    const task = createTask(async () => await foreign);
    await sleep(10);
    task.cancel();
    loop.setIdleHook((deadline) => idle.push(`idle at ${loop.time()} until ${deadline}`));
    await assertRejects(() => task, CancelledError);
    loop.setIdleHook(null);
  });
  assertEquals([...new Set(idle)], FOREIGN_CAN_BE_LEFT ? [] : ["idle at 10 until 50"]);
  assert(idle.length < 5);
});

Deno.test("scope: a foreign promise in a timeout's body is waited out too", async () => {
  const log: string[] = [];
  await virtual(async () => {
    const foreign = () =>
      new Promise<string>((resolve) => {
        getRunningLoop().callLater(50, () => resolve("foreign"));
      });
    const body = async () => {
      log.push(`${await foreign()} at ${now()}`);
      await call(log, "next", 100);
    };
    await assertRejects(() => timeout(10, body), TimeoutError);
    log.push(`timed out at ${now()}`);
  });
  assertEquals(
    log,
    FOREIGN_CAN_BE_LEFT
      ? ["timed out at 10"]
      : ["foreign at 50", "next cancelled at 50", "timed out at 50"],
  );
});

Deno.test("scope: a task cancelled while it cleans up after an expiry ends cancelled", async () => {
  const log: string[] = [];
  await virtual(async () => {
    const body = async () => {
      try {
        await call(log, "body", 100);
      } finally {
        await call(log, "cleanup", 20);
      }
    };
    const task = createTask(() => timeout(10, body));
    await sleep(15);
    task.cancel("from outside");
    await assertRejects(() => task, CancelledError, "from outside");
    assertEquals([task.cancelled(), task.cancelling()], [true, 1]);
  });
  assertEquals(log, ["body cancelled at 10", "cleanup cancelled at 15"]);
});

Deno.test("signal: aborts with the task's cancel, and so ends what is foreign", async () => {
  const log: string[] = [];
  await virtual(async () => {
    const task = createTask(async () => {
      const signal = currentTask()!.signal;
      log.push(`aborted ${signal.aborted}`);
      await new Promise<void>((_resolve, reject) => {
        signal.addEventListener("abort", () => {
          log.push(`abort at ${now()}`);
          reject(signal.reason);
        });
      });
    });
    await sleep(10);
    task.cancel();
    await assertRejects(() => task, CancelledError);
    log.push(`cancelled ${task.cancelled()} at ${now()}`);
  });
  assertEquals(log, ["aborted false", "abort at 10", "cancelled true at 10"]);
});

Deno.test("signal: in a timeout's body aborts when that expires, outside of it does not", async () => {
  const log: string[] = [];
  await virtual(async () => {
    const outside = currentTask()!.signal;
    const body = async () => {
      const signal = currentTask()!.signal;
      await new Promise<void>((_resolve, reject) => {
        signal.addEventListener("abort", () => reject(signal.reason));
      });
    };
    await assertRejects(() => timeout(10, body), TimeoutError);
    log.push(`timed out at ${now()}, outside aborted ${outside.aborted}`);
    log.push(`now aborted ${currentTask()!.signal.aborted}`);
  });
  assertEquals(log, ["timed out at 10, outside aborted false", "now aborted false"]);
});
