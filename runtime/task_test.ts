// deno-lint-ignore-file require-await -- a body that never waits is part of what is tested
import { assert, assertEquals, assertMatch, assertRejects, assertThrows } from "@std/assert";
import {
  allTasks,
  CancelledError,
  createTask,
  currentTask,
  ensureFuture,
  Future,
  getRunningLoop,
  InvalidStateError,
  sleep,
  Task,
} from "awaitio";
import { virtual } from "../targets/simulator/virtual.ts";

const now = () => getRunningLoop().time();

Deno.test("createTask: calls the function on the loop's next turn, with its arguments", async () => {
  const log: string[] = [];
  await virtual(async () => {
    const task = createTask(
      async (word: string, count: number) => {
        log.push(`called with ${word} ${count}`);
        return word.length + count;
      },
      "four",
      3,
    );
    log.push("created");
    log.push(`result ${await task}`);
  });
  assertEquals(log, ["created", "called with four 3", "result 7"]);
});

Deno.test("createTask: tasks start in the order in which they were created", async () => {
  const log: string[] = [];
  await virtual(async () => {
    const say = async (name: string) => {
      log.push(`${name} starts`);
      await sleep(0);
      log.push(`${name} resumes`);
    };
    const tasks = [createTask(say, "a"), createTask(say, "b"), createTask(say, "c")];
    for (const task of tasks) await task;
  });
  assertEquals(log, [
    "a starts",
    "b starts",
    "c starts",
    "a resumes",
    "b resumes",
    "c resumes",
  ]);
});

Deno.test("Task: woken deep inside nested calls it runs on before the next one of its turn", async () => {
  const log: string[] = [];
  await virtual(async () => {
    const gate = new Future<void>();
    const deep = async (level: number): Promise<void> => {
      if (level === 0) return await gate;
      await deep(level - 1);
    };
    const wait = async (name: string, level: number) => {
      await deep(level);
      log.push(name);
    };
    const tasks = [7, 0, 3].map((level, i) => createTask(wait, `task ${i}`, level));
    await sleep(0);
    gate.setResult();
    for (const task of tasks) await task;
  });
  assertEquals(log, ["task 0", "task 1", "task 2"]);
});

Deno.test("createTask: adopts a call that already runs", async () => {
  const log: string[] = [];
  await virtual(async () => {
    const work = async () => {
      log.push("runs when called");
      await sleep(5);
      return `done at ${now()}`;
    };
    const task = createTask(work(), { name: "adopted" });
    log.push("created", task.getName());
    log.push(await task);
  });
  assertEquals(log, ["runs when called", "created", "adopted", "done at 5"]);
});

Deno.test("createTask: cancelling one that adopted a call ends it and leaves the call to who started it", async () => {
  const log: string[] = [];
  await virtual(async () => {
    const work = async () => {
      await sleep(50);
      log.push(`call done at ${now()}`);
    };
    const call = work();
    const task = createTask(call);
    await sleep(10);
    task.cancel();
    await assertRejects(() => task, CancelledError);
    log.push(`cancelled ${task.cancelled()} at ${now()}`);
    await call;
  });
  assertEquals(log, ["cancelled true at 10", "call done at 50"]);
});

Deno.test("createTask: refuses what is neither a function nor awaitable", async () => {
  await virtual(async () => {
    const wrong = 123 as unknown as () => Promise<void>;
    const error = assertThrows(() => createTask(wrong), Error);
    assertMatch((error as Error).message, /function|awaitable|promise/i);
  });
});

Deno.test("createTask: a function that throws before its first await fails its task", async () => {
  await virtual(async () => {
    const broken = new Error("broken");
    const task = createTask((): Promise<void> => {
      throw broken;
    });
    const error = await assertRejects(() => task, Error, "broken");
    assert(error === broken);
    assert(task.exception() === broken);
  });
});

Deno.test("Task: has a name, given, set later or made up", async () => {
  const log: string[] = [];
  await virtual(async () => {
    const blink = async (pin: string) => {
      log.push(`${currentTask()?.getName()} on ${pin}`);
    };
    const named = createTask({ name: "blink" }, blink, "LED1");
    const renamed = createTask(blink, "LED2");
    const first = createTask(blink, "LED3");
    const second = createTask(blink, "LED4");
    renamed.setName("glow");
    assert(first.getName() !== "" && first.getName() !== second.getName());
    first.setName("third");
    second.setName("fourth");
    for (const task of [named, renamed, first, second]) await task;
  });
  assertEquals(log, ["blink on LED1", "glow on LED2", "third on LED3", "fourth on LED4"]);
});

Deno.test("Task: result and exception throw InvalidStateError until it is done", async () => {
  await virtual(async () => {
    const task = createTask(async () => {
      await sleep(1);
      return 42;
    });
    assertEquals([task.done(), task.cancelled()], [false, false]);
    assertThrows(() => task.result(), InvalidStateError);
    assertThrows(() => task.exception(), InvalidStateError);
    await task;
    assertEquals([task.done(), task.cancelled()], [true, false]);
    assertEquals([task.result(), task.exception() ?? null], [42, null]);
  });
});

Deno.test("Task: does not let its result be set from outside", async () => {
  await virtual(async () => {
    const task = createTask(async () => "its own");
    const open = task as unknown as Future<string>;
    assertThrows(() => open.setResult("forged"), Error);
    assertThrows(() => open.setException(new Error("forged")), Error);
    assertEquals(await task, "its own");
  });
});

Deno.test("Task: everyone who awaits a failed task gets the same error", async () => {
  const seen: unknown[] = [];
  const failure = new Error("sensor gone");
  await virtual(async () => {
    const failing = createTask(async () => {
      await sleep(5);
      throw failure;
    });
    const watch = async () => {
      try {
        await failing;
      } catch (error) {
        seen.push(error);
      }
    };
    const watchers = [createTask(watch), createTask(watch)];
    for (const watcher of watchers) await watcher;
    await watch();
    assertThrows(() => failing.result(), Error, "sensor gone");
    seen.push(failing.exception());
  });
  assertEquals(seen.length, 4);
  assert(seen.every((error) => error === failure));
});

Deno.test("Task: native code can await tasks, Promise.all among it", async () => {
  const log: string[] = [];
  await virtual(async () => {
    const after = async (ms: number) => {
      await sleep(ms);
      return ms;
    };
    log.push(`${await Promise.all([createTask(after, 20), createTask(after, 10)])} at ${now()}`);
    log.push(`${await createTask(after, 5).then((value) => value * 2)} at ${now()}`);
  });
  assertEquals(log, ["20,10 at 20", "10 at 25"]);
});

Deno.test("Task: cannot await itself", async () => {
  await virtual(async () => {
    const task: Task<void> = createTask(async () => {
      await task;
    });
    const error = await assertRejects(() => task, Error);
    assertMatch((error as Error).message, /itself/);
  });
});

Deno.test("Task: addDoneCallback gives the task, in order, on the loop, in no task", async () => {
  const log: string[] = [];
  await virtual(async () => {
    const task = createTask(async () => {
      log.push("body");
    });
    task.addDoneCallback((done) => {
      log.push(`first ${done === task} ${currentTask()}`);
    });
    task.addDoneCallback(() => {
      log.push("second");
    });
    await task;
    log.push("awaited");
    task.addDoneCallback(() => {
      log.push("late");
    });
    log.push("added late");
    await sleep(0);
  });
  assertEquals(log, ["body", "first true null", "second", "awaited", "added late", "late"]);
});

Deno.test("Task: removeDoneCallback removes every copy and tells how many", async () => {
  const log: string[] = [];
  await virtual(async () => {
    const task = createTask(async () => {});
    const a = () => {
      log.push("a");
    };
    const b = () => {
      log.push("b");
    };
    task.addDoneCallback(a);
    task.addDoneCallback(b);
    task.addDoneCallback(a);
    log.push(`removed ${task.removeDoneCallback(a)} then ${task.removeDoneCallback(a)}`);
    await task;
    await sleep(0);
  });
  assertEquals(log, ["removed 2 then 0", "b"]);
});

Deno.test("Task: a done callback that throws is reported and does not stop the others", async () => {
  const log: string[] = [];
  await virtual(async () => {
    getRunningLoop().setExceptionHandler((_loop, context) => {
      log.push(`handler: ${(context.exception as Error).message}`);
    });
    const task = createTask(async () => 1);
    task.addDoneCallback(() => {
      throw new Error("bad callback");
    });
    task.addDoneCallback(() => {
      log.push("next callback");
    });
    log.push(`result ${await task}`);
  });
  assertEquals(log, ["handler: bad callback", "next callback", "result 1"]);
});

Deno.test("currentTask: is the running task, across awaits and interleaving", async () => {
  const log: string[] = [];
  await virtual(async () => {
    const main = currentTask();
    const mine = async () => {
      const before = currentTask();
      await sleep(1);
      const nested = async () => {
        await Promise.resolve();
        return before === currentTask();
      };
      log.push(`${before?.getName()} ${before === currentTask() && await nested()}`);
    };
    const a = createTask({ name: "a" }, mine);
    const b = createTask({ name: "b" }, mine);
    await a;
    await b;
    log.push(`main ${main === currentTask() && main !== null}`);
    getRunningLoop().callSoon(() => log.push(`callback ${currentTask()}`));
    await sleep(0);
  });
  assertEquals(log, ["a true", "b true", "main true", "callback null"]);
});

Deno.test("allTasks: lists the unfinished tasks of the running loop", async () => {
  const log: string[] = [];
  await virtual(async () => {
    currentTask()?.setName("main");
    const names = () => allTasks().map((task) => task.getName()).sort().join(" ");
    const long = createTask({ name: "long" }, async () => await sleep(20));
    const short = createTask({ name: "short" }, async () => await sleep(10));
    log.push(names());
    await short;
    log.push(names());
    await long;
    log.push(names());
  });
  assertEquals(log, ["long main short", "long main", "main"]);
});

Deno.test("unhandled failure: reaches the exception handler with the task's name, within a turn", async () => {
  const log: string[] = [];
  await virtual(async () => {
    const failure = new Error("no such pin");
    getRunningLoop().setExceptionHandler((loop, context) => {
      log.push(`same loop ${loop === getRunningLoop()}, named ${/pump/.test(context.message)}`);
      log.push(`task ${context.task?.getName()}, error ${context.exception === failure}`);
    });
    const task = createTask({ name: "pump" }, async () => {
      throw failure;
    });
    await sleep(0);
    await sleep(0);
    log.push("two turns later");
    await assertRejects(() => task, Error, "no such pin");
    log.push("still readable");
  });
  assertEquals(log, [
    "same loop true, named true",
    "task pump, error true",
    "two turns later",
    "still readable",
  ]);
});

Deno.test("unhandled failure: awaited in the very turn in which it failed it is not reported", async () => {
  const log: string[] = [];
  await virtual(async () => {
    getRunningLoop().setExceptionHandler((_loop, context) => log.push(context.message));
    const task = createTask(async () => {
      throw new Error("seen");
    });
    await sleep(0);
    log.push(`failed already: ${task.done()}`);
    await assertRejects(async () => await task, Error, "seen");
    await sleep(1);
  });
  assertEquals(log, ["failed already: true"]);
});

Deno.test("unhandled failure: read by a done callback or another task in that turn it is not reported", async () => {
  const log: string[] = [];
  await virtual(async () => {
    getRunningLoop().setExceptionHandler((_loop, context) => log.push(context.message));
    const fail = async (why: string): Promise<void> => {
      throw new Error(why);
    };
    createTask(fail, "first").addDoneCallback((done) => {
      log.push(`callback read ${(done.exception() as Error).message}`);
    });
    await sleep(5);
    const task = createTask(fail, "second");
    await sleep(0);
    log.push(`main read ${(task.exception() as Error).message}`);
    await sleep(5);
  });
  assertEquals(log, ["callback read first", "main read second"]);
});

Deno.test("unhandled failure: in the very last turn of a program it is still reported", async () => {
  const log: string[] = [];
  await virtual(async () => {
    getRunningLoop().setExceptionHandler((_loop, context) => {
      log.push((context.exception as Error).message);
    });
    createTask(async () => {
      throw new Error("at the end");
    });
    await sleep(0);
  });
  assertEquals(log, ["at the end"]);
});

Deno.test("unhandled failure: a cancelled task is none", async () => {
  const log: string[] = [];
  await virtual(async () => {
    getRunningLoop().setExceptionHandler((_loop, context) => log.push(context.message));
    const task = createTask(async () => await sleep(100));
    await sleep(1);
    task.cancel();
    await sleep(1);
    log.push(`cancelled ${task.cancelled()}`);
  });
  assertEquals(log, ["cancelled true"]);
});

Deno.test("unhandled failure: is told once, also when the task is awaited later", async () => {
  const log: string[] = [];
  await virtual(async () => {
    getRunningLoop().setExceptionHandler((loop, context) => {
      log.push(`reported ${(context.exception as Error).message} at ${loop.time()}`);
    });
    const task = createTask(async () => {
      await sleep(10);
      throw new Error("late");
    });
    await sleep(50);
    for (let i = 0; i < 2; i++) await assertRejects(async () => await task, Error, "late");
    await sleep(50);
  });
  assertEquals(log, ["reported late at 10"]);
});

Deno.test("ensureFuture: gives futures and tasks back, makes tasks of functions and calls", async () => {
  await virtual(async () => {
    const future = new Future<string>();
    const task = createTask(async () => 1);
    assert(ensureFuture(future) === future);
    assert(ensureFuture(task) === task);
    const called = ensureFuture(async () => "from a function");
    const adopted = ensureFuture((async () => "from a call")());
    assert(called instanceof Task && adopted instanceof Task);
    assertEquals([await called, await adopted], ["from a function", "from a call"]);
    const error = assertThrows(() => ensureFuture("ok" as unknown as Future<string>), Error);
    assertMatch((error as Error).message, /function|awaitable|future|promise/i);
    await task;
    future.cancel();
  });
});
