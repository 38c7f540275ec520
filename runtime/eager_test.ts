// deno-lint-ignore-file require-await -- a body that never waits is part of what is tested
import { assert, assertEquals, assertRejects } from "@std/assert";
import {
  allTasks,
  CancelledError,
  ContextVar,
  createTask,
  currentTask,
  eagerTaskFactory,
  gather,
  getRunningLoop,
  sleep,
  type TaskFactory,
  taskGroup,
} from "awaitio";
import { virtual } from "../targets/simulator/virtual.ts";

/** Runs `main` with a loop on which every new task starts at once. */
function eager<T>(main: () => Promise<T>): Promise<T> {
  return virtual(async () => {
    getRunningLoop().setTaskFactory(eagerTaskFactory);
    return await main();
  });
}

Deno.test("eagerTaskFactory: eager_completion - a plain function is done when createTask returns", async () => {
  await eager(async () => {
    const task = createTask((word: string) => `${word}!`, "hello");
    assert(task.done());
    assertEquals(task.result(), "hello!");
    assertEquals(await task, "hello!");
  });
});

Deno.test("eagerTaskFactory: eager_completion - an async function that does not wait takes no turn of the loop", async () => {
  const log: string[] = [];
  await eager(async () => {
    getRunningLoop().callSoon(() => log.push("turn over"));
    log.push(await createTask(async () => "no turn"));
    await sleep(0);
  });
  assertEquals(log, ["no turn", "turn over"]);
});

Deno.test("eagerTaskFactory: block_after_eager_step - the body runs to its first wait, the rest later", async () => {
  const log: string[] = [];
  await eager(async () => {
    const task = createTask(async () => {
      log.push("eager part");
      await sleep(10);
      log.push(`rest at ${getRunningLoop().time()}`);
      return "finished";
    });
    log.push(`created, done ${task.done()}`);
    log.push(await task);
  });
  assertEquals(log, ["eager part", "created, done false", "rest at 10", "finished"]);
});

Deno.test("eagerTaskFactory: await_future_during_eager_step - what the step settles is settled for the caller", async () => {
  await eager(async () => {
    const future = getRunningLoop().createFuture<string>();
    createTask(async () => future.setResult("set"));
    assert(future.done());
    assertEquals(await future, "set");
  });
});

Deno.test("eagerTaskFactory: cancellation_after_eager_completion - comes too late", async () => {
  await eager(async () => {
    const task = createTask(() => "finished");
    assertEquals(task.cancel(), false);
    assertEquals(await task, "finished");
    assertEquals(task.cancelled(), false);
  });
});

Deno.test("eagerTaskFactory: cancellation_after_eager_step_blocks - is thrown at the wait, with its message", async () => {
  await eager(async () => {
    const task = createTask(async () => await sleep(100));
    task.cancel("changed my mind");
    assertEquals(task.cancelling(), 1);
    await assertRejects(() => task, CancelledError, "changed my mind");
    assertEquals(getRunningLoop().time(), 0);
  });
});

Deno.test("eagerTaskFactory: currentTask is the new task during its eager step, then the caller's again", async () => {
  await eager(async () => {
    const main = currentTask();
    const inside: unknown[] = [];
    const task = createTask(async () => {
      inside.push(currentTask());
      await sleep(1);
      inside.push(currentTask());
    });
    assert(inside.length === 1 && inside[0] === task);
    assert(currentTask() === main);
    await task;
    assert(inside[1] === task);
    assert(currentTask() === main);
  });
});

Deno.test("eagerTaskFactory: all_tasks lists a task during its eager step, and after it only if it waits", async () => {
  await eager(async () => {
    let during = 0;
    const alone = allTasks().length;
    const quick = createTask(() => {
      during = allTasks().length;
    });
    assertEquals([during, allTasks().length], [alone + 1, alone]);
    const slow = createTask(async () => await sleep(1));
    assert(allTasks().includes(slow) && !allTasks().includes(quick));
    await slow;
    assertEquals(allTasks().length, alone);
  });
});

Deno.test("eagerTaskFactory: context_vars - the eager step works on a copy of the caller's context", async () => {
  const log: number[] = [];
  await eager(async () => {
    const depth = new ContextVar<number>("depth", { default: 0 });
    depth.set(1);
    const task = createTask(async () => {
      log.push(depth.get());
      depth.set(2);
      await sleep(1);
      log.push(depth.get());
    });
    log.push(depth.get());
    await task;
    log.push(depth.get());
  });
  assertEquals(log, [1, 1, 2, 1]);
});

Deno.test("eagerTaskFactory: a failing eager step fails the task, not the caller", async () => {
  const log: string[] = [];
  await eager(async () => {
    const task = createTask((): void => {
      throw new TypeError("at once");
    });
    log.push(`done ${task.done()}`);
    await assertRejects(() => task, TypeError, "at once");
  });
  assertEquals(log, ["done true"]);
});

Deno.test("eagerTaskFactory: gather and groups of bodies that do not wait give their results", async () => {
  await eager(async () => {
    assertEquals(await gather(async () => 1, async () => 2), [1, 2]);
    const sum = await taskGroup(async (group) => {
      const one = group.createTask(() => 3);
      const two = group.createTask(() => 4);
      assert(one.done() && two.done());
      return one.result() + two.result();
    });
    assertEquals(sum, 7);
  });
});

Deno.test("setTaskFactory: null brings the usual start back", async () => {
  const log: string[] = [];
  await eager(async () => {
    getRunningLoop().setTaskFactory(null);
    const task = createTask(async () => log.push("body"));
    log.push("created");
    await task;
  });
  assertEquals(log, ["created", "body"]);
});

Deno.test("setTaskFactory: a factory of the program's own makes every task", async () => {
  const log: string[] = [];
  await virtual(async () => {
    const loop = getRunningLoop();
    const factory: TaskFactory = (where, fn, options) => {
      log.push(`${options.name ?? "unnamed"} ${where === loop}`);
      return eagerTaskFactory(where, fn, options);
    };
    loop.setTaskFactory(factory);
    assert(loop.getTaskFactory() === factory);
    await createTask({ name: "a" }, async () => {});
    await gather(async () => {});
    await taskGroup(async (group) => {
      group.createTask({ name: "b" }, async () => {});
    });
    assertEquals(log, ["a true", "unnamed true", "b true"]);
  });
});
