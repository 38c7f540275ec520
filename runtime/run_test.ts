// deno-lint-ignore-file require-await -- a body that never waits is part of what is tested
import { assert, assertEquals, assertMatch, assertRejects, assertThrows } from "@std/assert";
import {
  allTasks,
  CancelledError,
  ContextVar,
  createTask,
  currentTask,
  EventLoop,
  gather,
  getEventLoop,
  getRunningLoop,
  newEventLoop,
  run,
  Runner,
  sleep,
  type Task,
  taskGroup,
  timeout,
} from "awaitio";

Deno.test("run: passes arguments, gives the result", async () => {
  const main = async (greeting: string, n: number) => {
    await sleep(0);
    return `${greeting} ${n}`;
  };
  assertEquals(await run(main, "hello", 3), "hello 3");
});

Deno.test("run: fails as main fails", async () => {
  const main = async () => {
    await sleep(0);
    throw new RangeError("spam");
  };
  await assertRejects(() => run(main), RangeError, "spam");
});

Deno.test("run: a main that is cancelled ends it with CancelledError", async () => {
  const main = async () => {
    currentTask()?.cancel();
    await sleep(0);
  };
  await assertRejects(() => run(main), CancelledError);
});

Deno.test("run: refuses what is not a function", async () => {
  const wrong = 42 as unknown as () => Promise<void>;
  await assertRejects(async () => await run(wrong), Error);
});

Deno.test("run: uses a fresh loop each time and closes it", async () => {
  const loops: EventLoop[] = [];
  const main = async () => {
    const loop = getRunningLoop();
    loops.push(loop);
    assert(loop.isRunning() && !loop.isClosed());
    assert(loop instanceof EventLoop);
  };
  await run(main);
  await run(main);
  assert(loops[0] !== loops[1]);
  assertEquals(loops.map((loop) => [loop.isRunning(), loop.isClosed()]), [
    [false, true],
    [false, true],
  ]);
});

Deno.test("run: main is a task, and the only one at its start", async () => {
  await run(async () => {
    assertEquals(allTasks().length, 1);
    assert(allTasks()[0] === currentTask());
  });
});

Deno.test("run: cancels the tasks that are left and waits for their cleanup", async () => {
  const log: string[] = [];
  const main = async () => {
    createTask(async () => {
      try {
        await sleep(1_000_000);
      } catch (error) {
        log.push(`cancelled ${error instanceof CancelledError}`);
        await sleep(0);
        log.push("cleaned up");
        throw error;
      }
    });
    await sleep(0);
    return 123;
  };
  assertEquals(await run(main), 123);
  assertEquals(log, ["cancelled true", "cleaned up"]);
});

Deno.test("run: cancels the tasks that are left also when main fails", async () => {
  let left: Task<void> | undefined;
  const main = async () => {
    left = createTask(async () => await sleep(1_000_000));
    throw new Error("fancy exit");
  };
  await assertRejects(() => run(main), Error, "fancy exit");
  assertEquals(left?.cancelled(), true);
});

Deno.test("run: reports errors that the left tasks answer their cancel with", async () => {
  const log: string[] = [];
  const main = async () => {
    getRunningLoop().setExceptionHandler((_loop, context) => {
      log.push(`${context.task?.getName()}: ${(context.exception as Error).message}`);
    });
    createTask({ name: "left" }, async () => {
      try {
        await sleep(1_000_000);
      } catch {
        throw new Error("cleanup failed");
      }
    });
    await sleep(0);
  };
  await run(main);
  assertEquals(log, ["left: cleanup failed"]);
});

Deno.test("run: cancels the calls too that an ended task left waiting", async () => {
  const log: string[] = [];
  await run(async () => {
    await createTask(async () => {
      const never = getRunningLoop().createFuture<void>();
      const left = async () => {
        try {
          await never;
        } finally {
          log.push("closed");
        }
      };
      left();
    });
    await sleep(0);
    assertEquals(log, []);
  });
  assertEquals(log, ["closed"]);
});

Deno.test("run: a callback of the host may settle what main waits for", async () => {
  const main = async () => {
    const future = getRunningLoop().createFuture<string>();
    setTimeout(() => future.setResult("from the host"), 0);
    return await future;
  };
  assertEquals(await run(main), "from the host");
});

Deno.test("run: cannot be called inside a running loop", async () => {
  await run(async () => {
    let called = false;
    const error = await assertRejects(
      async () =>
        await run(async () => {
          called = true;
        }),
      Error,
    );
    assertMatch((error as Error).message, /running/);
    assertEquals(called, false);
  });
});

Deno.test("run: several runs side by side keep to their own loops", async () => {
  const main = async (n: number) => {
    const loop = getRunningLoop();
    for (let i = 0; i < 5; i++) {
      await sleep(0);
      assert(getRunningLoop() === loop && getEventLoop() === loop);
      assertEquals(allTasks().length, 1);
    }
    return n;
  };
  assertEquals(await Promise.all([run(main, 1), run(main, 2), run(main, 3)]), [1, 2, 3]);
});

Deno.test("getRunningLoop: throws outside of a loop, getEventLoop in it gives the same", async () => {
  const error = assertThrows(() => getRunningLoop(), Error);
  assertMatch((error as Error).message, /loop/);
  await run(async () => {
    assert(getEventLoop() === getRunningLoop());
    const seen: boolean[] = [];
    const loop = getRunningLoop();
    loop.callSoon(() => seen.push(getRunningLoop() === loop && getEventLoop() === loop));
    await sleep(0);
    assertEquals(seen, [true]);
  });
  assertThrows(() => getRunningLoop(), Error, "loop");
});

Deno.test("newEventLoop: gives a new loop that does not run", () => {
  const one = newEventLoop();
  const two = newEventLoop();
  assert(one !== two && one instanceof EventLoop);
  assertEquals([one.isRunning(), one.isClosed()], [false, false]);
  one.close();
  assertEquals([one.isClosed(), two.isClosed()], [true, false]);
  two.close();
});

Deno.test("outside of a loop: what needs one says so, currentTask is null", async () => {
  const needy = [
    async () => await createTask(async () => 1),
    async () => await gather(async () => 1),
    async () => await sleep(1),
    async () => await timeout(1, async () => 1),
    async () => await taskGroup(async () => 1),
    async () => allTasks(),
  ];
  for (const call of needy) {
    const error = await assertRejects(call, Error);
    assertMatch((error as Error).message, /loop|run\(/);
  }
  assertEquals(currentTask(), null);
});

Deno.test("outside of a loop: a refused createTask does not call its function", async () => {
  let called = false;
  assertThrows(
    () =>
      createTask(async () => {
        called = true;
      }),
    Error,
  );
  await Promise.resolve();
  assertEquals(called, false);
});

Deno.test("Runner: runs one main after the other on one loop", async () => {
  const runner = new Runner();
  const main = async (n: number) => {
    await sleep(0);
    assert(getRunningLoop() === runner.getLoop());
    return n;
  };
  assertEquals([await runner.run(main, 1), await runner.run(main, 2)], [1, 2]);
  const failing = async () => {
    throw new RangeError("failed");
  };
  await assertRejects(async () => await runner.run(failing), RangeError, "failed");
  assertEquals(await runner.run(main, 3), 3);
  const loop = runner.getLoop();
  assertEquals(loop.isClosed(), false);
  await runner.close();
  assertEquals(loop.isClosed(), true);
});

Deno.test("Runner: tasks live on between runs and are cancelled at its close", async () => {
  const runner = new Runner();
  const log: string[] = [];
  let task: Task<void> | undefined;
  await runner.run(async () => {
    task = createTask(async () => {
      try {
        for (;;) {
          log.push("turn");
          await sleep(0);
        }
      } finally {
        log.push("closed");
      }
    });
    await sleep(0);
  });
  assertEquals(task?.done(), false);
  const turns = log.length;
  await runner.run(async () => await sleep(0));
  assert(log.length > turns && !log.includes("closed"));
  await runner.close();
  assertEquals([task?.cancelled(), log.at(-1)], [true, "closed"]);
});

Deno.test("Runner: keeps the context from one run to the next", async () => {
  const mode = new ContextVar<number>("mode", { default: -1 });
  const swap = async (n: number) => {
    const old = mode.get();
    await sleep(0);
    mode.set(n);
    return old;
  };
  const runner = new Runner();
  assertEquals([await runner.run(swap, 1), await runner.run(swap, 2)], [-1, 1]);
  await runner.close();
  assertEquals(mode.get(), -1);
});

Deno.test("Runner: closed it stays closed, closing again does nothing", async () => {
  const runner = new Runner();
  const loop = runner.getLoop();
  await runner.close();
  await runner.close();
  assertEquals(loop.isClosed(), true);
  assertThrows(() => runner.getLoop(), Error, "closed");
  await assertRejects(async () => await runner.run(async () => 1), Error, "closed");
});

Deno.test("Runner: cannot run inside a running loop", async () => {
  const runner = new Runner();
  await runner.run(async () => {
    await assertRejects(async () => await runner.run(async () => 1), Error, "running");
  });
  await runner.close();
});
