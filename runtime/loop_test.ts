// deno-lint-ignore-file require-await -- a body that never waits is part of what is tested
import { assert, assertEquals, assertMatch, assertRejects, assertThrows } from "@std/assert";
import {
  CancelledError,
  createTask,
  currentTask,
  gather,
  getRunningLoop,
  Lock,
  newEventLoop,
  sleep,
} from "awaitio";
import { virtual } from "../targets/simulator/virtual.ts";

const now = () => getRunningLoop().time();

Deno.test("callSoon: calls back in the order of the calls, with arguments, never at once", async () => {
  const log: string[] = [];
  await virtual(async () => {
    const loop = getRunningLoop();
    const say = (what: string, n: number) => {
      log.push(`${what} ${n}`);
    };
    loop.callSoon(say, "a", 1);
    loop.callSoon(() => {
      log.push("b");
      loop.callSoon(say, "d", 4);
    });
    loop.callSoon(say, "c", 3);
    log.push("scheduled");
    await sleep(0);
    log.push("main");
    await sleep(0);
  });
  assertEquals(log, ["scheduled", "a 1", "b", "c 3", "main", "d 4"]);
});

Deno.test("callSoon: what a turn adds runs in the next turn, after the timers due by then", async () => {
  const log: string[] = [];
  await virtual(async () => {
    const loop = getRunningLoop();
    loop.callLater(10, () => {
      log.push("timer 1");
      loop.callSoon(() => log.push("soon"));
    });
    loop.callLater(10, () => log.push("timer 2"));
    await sleep(20);
  });
  assertEquals(log, ["timer 1", "timer 2", "soon"]);
});

Deno.test("callSoon: interleaves fairly with tasks that yield", async () => {
  const log: string[] = [];
  await virtual(async () => {
    const task = createTask(async () => {
      for (let i = 0; i < 3; i++) {
        log.push(`task ${i}`);
        await sleep(0);
      }
    });
    for (let i = 0; i < 3; i++) {
      getRunningLoop().callSoon(() => log.push(`callback ${i}`));
      await sleep(0);
    }
    await task;
  });
  assertEquals(log, ["task 0", "callback 0", "task 1", "callback 1", "task 2", "callback 2"]);
});

Deno.test("callLater and callAt: fire in deadline order, equal deadlines as they were set", async () => {
  const log: string[] = [];
  await virtual(async () => {
    const loop = getRunningLoop();
    const say = (name: string) => {
      log.push(`${name} at ${now()}`);
    };
    loop.callLater(30, say, "thirty");
    loop.callLater(10, say, "ten, first");
    loop.callAt(20, say, "twenty, by callAt");
    loop.callAt(10, say, "ten, second");
    loop.callLater(20, say, "twenty, by callLater");
    loop.callLater(10, say, "ten, third");
    await sleep(40);
  });
  assertEquals(log, [
    "ten, first at 10",
    "ten, second at 10",
    "ten, third at 10",
    "twenty, by callAt at 20",
    "twenty, by callLater at 20",
    "thirty at 30",
  ]);
});

Deno.test("callLater: many deadlines in any order come out sorted, and none early", async () => {
  const fired: number[] = [];
  const wanted: number[] = [];
  await virtual(async () => {
    const loop = getRunningLoop();
    let state = 12345;
    for (let i = 0; i < 300; i++) {
      state = (state * 1103515245 + 12345) % 2147483648;
      const deadline = state % 97;
      wanted.push(deadline);
      const handle = loop.callAt(deadline, () => {
        assertEquals(now(), deadline);
        fired.push(deadline);
      });
      if (i % 7 === 0) {
        handle.cancel();
        wanted.pop();
      }
    }
    await sleep(100);
  });
  assertEquals(fired, wanted.sort((a, b) => a - b));
});

Deno.test("callLater: a delay of zero or less fires in the next turn, in order", async () => {
  const log: string[] = [];
  await virtual(async () => {
    const loop = getRunningLoop();
    await sleep(5);
    loop.callLater(-10, () => log.push(`late at ${now()}`));
    loop.callLater(0, () => log.push(`zero at ${now()}`));
    loop.callAt(1, () => log.push(`past at ${now()}`));
    log.push("set");
    await sleep(1);
  });
  assertEquals(log[0], "set");
  assertEquals(log.slice(1).sort(), ["late at 5", "past at 5", "zero at 5"]);
});

Deno.test("Handle and TimerHandle: cancel keeps the callback from being called", async () => {
  const log: string[] = [];
  await virtual(async () => {
    const loop = getRunningLoop();
    const soon = loop.callSoon(() => log.push("soon"));
    const later = loop.callLater(10, () => log.push("later"));
    const kept = loop.callLater(10, () => log.push("kept"));
    assertEquals([later.when(), kept.when()], [10, 10]);
    loop.callSoon(() => later.cancel());
    soon.cancel();
    soon.cancel();
    assertEquals([soon.cancelled(), kept.cancelled()], [true, false]);
    await sleep(20);
    assert(later.cancelled());
    kept.cancel();
  });
  assertEquals(log, ["kept"]);
});

Deno.test("Handle: one callback of a turn can cancel a later one of the same turn", async () => {
  const log: string[] = [];
  await virtual(async () => {
    const loop = getRunningLoop();
    loop.callSoon(() => {
      log.push("first");
      second.cancel();
    });
    const second = loop.callSoon(() => log.push("second"));
    await sleep(1);
  });
  assertEquals(log, ["first"]);
});

Deno.test("callSoon, callLater: in debug mode refuse what cannot be called", async () => {
  await virtual(async () => {
    getRunningLoop().setDebug(true);
    const wrong = "blink" as unknown as () => void;
    assertThrows(() => getRunningLoop().callSoon(wrong), Error);
    assertThrows(() => getRunningLoop().callLater(1, wrong), Error);
  });
});

Deno.test("sleep: gives its value after its time", async () => {
  const log: string[] = [];
  await virtual(async () => {
    log.push(`${await sleep(10, "ten")} at ${now()}`);
    log.push(`${await sleep(0, "zero")} at ${now()}`);
    log.push(`${await sleep(-5, "less")} at ${now()}`);
  });
  assertEquals(log, ["ten at 10", "zero at 10", "less at 10"]);
});

Deno.test("sleep: refuses a time that is not a number", async () => {
  await virtual(async () => {
    const error = await assertRejects(async () => await sleep(Number.NaN), Error);
    assertMatch((error as Error).message, /NaN/);
  });
});

Deno.test("sleep: sleepers with one deadline wake in the order in which they fell asleep", async () => {
  const log: string[] = [];
  await virtual(async () => {
    const nap = async (name: string, before: number, ms: number) => {
      await sleep(before);
      await sleep(ms);
      log.push(`${name} at ${now()}`);
    };
    await gather(() => nap("a", 5, 15), () => nap("b", 0, 20), () => nap("c", 10, 10));
  });
  assertEquals(log, ["b at 20", "a at 20", "c at 20"]);
});

Deno.test("sleep: a cancelled one leaves no deadline behind", async () => {
  await virtual(async () => {
    const task = createTask(async () => await sleep(10_000));
    await sleep(1);
    task.cancel();
    await assertRejects(() => task, CancelledError);
    assertEquals(now(), 1);
    await sleep(1);
    assertEquals(now(), 2);
  });
});

Deno.test("time: stands still within a callback and jumps when the loop is idle", async () => {
  const log: number[] = [];
  await virtual(async () => {
    log.push(now());
    for (let i = 0; i < 1000; i++) await Promise.resolve();
    log.push(now());
    await sleep(86_400_000);
    log.push(now());
  });
  assertEquals(log, [0, 0, 86_400_000]);
});

Deno.test("exception handler: gets a failing callback's error, and the loop goes on", async () => {
  const log: string[] = [];
  await virtual(async () => {
    const loop = getRunningLoop();
    const failure = new Error("bad edge");
    loop.setExceptionHandler((where, context) => {
      log.push(`${where === loop} ${context.exception === failure} ${context.message !== ""}`);
    });
    loop.callSoon(() => {
      throw failure;
    });
    loop.callLater(5, () => {
      throw failure;
    });
    loop.callSoon(() => log.push("next"));
    await sleep(10);
  });
  assertEquals(log, ["true true true", "next", "true true true"]);
});

Deno.test("exception handler: gets the failure of an async callback too", async () => {
  const log: string[] = [];
  await virtual(async () => {
    const loop = getRunningLoop();
    loop.setExceptionHandler((_loop, context) => log.push((context.exception as Error).message));
    loop.callSoon(async () => {
      await Promise.resolve();
      throw new Error("async callback failed");
    });
    await sleep(1);
  });
  assertEquals(log, ["async callback failed"]);
});

Deno.test("exception handler: callExceptionHandler calls it, and one that throws does not stop the loop", async () => {
  const log: string[] = [];
  await virtual(async () => {
    const loop = getRunningLoop();
    loop.setExceptionHandler((_loop, context) => {
      log.push(context.message);
      if (context.message === "worse") throw new Error("handler broken");
    });
    loop.callExceptionHandler({ message: "bad" });
    loop.callExceptionHandler({ message: "worse", exception: new Error("x") });
    loop.callExceptionHandler({ message: "still here" });
  });
  assertEquals(log, ["bad", "worse", "still here"]);
});

Deno.test("runUntilComplete: runs a function, a call or a future and gives the result", async () => {
  const loop = newEventLoop();
  const twice = async (n: number) => {
    await sleep(0);
    return n * 2;
  };
  assertEquals(await loop.runUntilComplete(() => twice(4)), 8);
  const future = loop.createFuture<string>();
  loop.callSoon(() => future.setResult("settled"));
  assertEquals(await loop.runUntilComplete(future), "settled");
  const failing = async () => {
    await sleep(0);
    throw new TypeError("failed");
  };
  await assertRejects(() => loop.runUntilComplete(failing), TypeError, "failed");
  loop.close();
});

Deno.test("runUntilComplete: a stop before the end is an error, and the task can be run on", async () => {
  const loop = newEventLoop();
  const log: string[] = [];
  let inner = loop.createFuture<void>();
  inner.cancel();
  const error = await assertRejects(() =>
    loop.runUntilComplete(async () => {
      inner = loop.createFuture<void>();
      createTask({ name: "rest" }, async () => {
        await inner;
        log.push("rest ran");
      });
      loop.callSoon(() => loop.stop());
      await inner;
      log.push("main ran");
    }), Error);
  assertMatch((error as Error).message, /stop/i);
  assertEquals([log.length, loop.isRunning(), loop.isClosed()], [0, false, false]);
  inner.setResult();
  await loop.runUntilComplete(async () => {
    for (let i = 0; i < 5; i++) await sleep(0);
  });
  assertEquals(log.sort(), ["main ran", "rest ran"]);
  loop.close();
});

Deno.test("runForever: runs until stop, and finishes the turn in which it was stopped", async () => {
  const loop = newEventLoop();
  const log: string[] = [];
  loop.callSoon(() =>
    log.push(`running ${loop.isRunning()}, current ${getRunningLoop() === loop}`)
  );
  loop.callSoon(() => loop.stop());
  loop.callSoon(() => {
    log.push("same turn");
    loop.callSoon(() => log.push("next turn"));
  });
  await loop.runForever();
  log.push(`running ${loop.isRunning()}`);
  loop.callSoon(() => loop.stop());
  await loop.runForever();
  assertEquals(log, ["running true, current true", "same turn", "running false", "next turn"]);
  loop.close();
});

Deno.test("stop: before the start it lets one turn run", async () => {
  const loop = newEventLoop();
  const log: string[] = [];
  loop.callSoon(() => {
    log.push("one turn");
    loop.callSoon(() => log.push("second turn"));
  });
  loop.stop();
  await loop.runForever();
  assertEquals(log, ["one turn"]);
  loop.close();
});

Deno.test("a loop that runs can be neither run again nor closed", async () => {
  const loop = newEventLoop();
  await loop.runUntilComplete(async () => {
    await assertRejects(async () => await loop.runUntilComplete(async () => 1), Error, "running");
    await assertRejects(async () => await loop.runForever(), Error, "running");
    assertThrows(() => loop.close(), Error, "running");
  });
  loop.close();
});

Deno.test("close: may be called twice, and a closed loop refuses work", async () => {
  const loop = newEventLoop();
  assertEquals(loop.isClosed(), false);
  loop.close();
  loop.close();
  assertEquals(loop.isClosed(), true);
  assertThrows(() => loop.callSoon(() => {}), Error, "closed");
  assertThrows(() => loop.callLater(1, () => {}), Error, "closed");
  await assertRejects(async () => await loop.runForever(), Error, "closed");
  await assertRejects(async () => await loop.runUntilComplete(async () => 1), Error, "closed");
});

Deno.test("close: with work pending says which tasks were pending", async () => {
  const loop = newEventLoop();
  const said: string[] = [];
  loop.setExceptionHandler((_loop, context) => said.push(context.message));
  await loop.runUntilComplete(async () => {
    createTask({ name: "left over" }, async () => await loop.createFuture<void>());
    createTask({ name: "finished" }, async () => {});
    await sleep(0);
  });
  try {
    loop.close();
  } catch (error) {
    said.push((error as Error).message);
  }
  assertMatch(said.join("\n"), /left over/);
  assert(!said.join("\n").includes("finished"));
  assert(loop.isClosed());
});

Deno.test("close: what a pending task waited for is not handed to it any more", async () => {
  const loop = newEventLoop();
  loop.setExceptionHandler(() => {});
  const lock = new Lock();
  await loop.runUntilComplete(async () => {
    await lock.acquire();
    createTask(async () => await lock.acquire());
    await sleep(0);
  });
  loop.close();
  lock.release();
  assertEquals(lock.locked(), false);
});

Deno.test("callLater: set from a foreign callback it wakes a loop that has nothing to do", async () => {
  await virtual(async () => {
    const loop = getRunningLoop();
    const future = loop.createFuture<string>();
    setTimeout(() => loop.callLater(10, () => future.setResult(`done at ${loop.time()}`)), 0);
    assertEquals(await future, "done at 10");
  });
});

Deno.test("several loops: run side by side without mixing tasks, callbacks or clocks", async () => {
  const log: string[] = [];
  const side = (name: string, period: number) => () =>
    virtual(async () => {
      const loop = getRunningLoop();
      const own = currentTask();
      for (let i = 1; i <= 3; i++) {
        await sleep(period);
        assert(getRunningLoop() === loop && currentTask() === own);
        assertEquals(now(), i * period);
        log.push(name);
      }
      return `${name} ends at ${now()}`;
    });
  const ends = await Promise.all([side("a", 10)(), side("b", 1000)()]);
  assertEquals(ends, ["a ends at 30", "b ends at 3000"]);
  assertEquals(log.sort().join(""), "aaabbb");
});

Deno.test("several loops: on one host run at the same time", async () => {
  const loops = [newEventLoop(), newEventLoop()];
  const log: string[] = [];
  await Promise.all(loops.map((loop, i) =>
    loop.runUntilComplete(async () => {
      for (let turn = 0; turn < 3; turn++) {
        await sleep(0);
        log.push(`${i} ${getRunningLoop() === loop}`);
      }
    })
  ));
  assertEquals(log.sort(), ["0 true", "0 true", "0 true", "1 true", "1 true", "1 true"]);
  for (const loop of loops) loop.close();
});
