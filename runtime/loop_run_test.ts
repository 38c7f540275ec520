// deno-lint-ignore-file require-await -- a body that never waits is part of what is tested
import { assert, assertEquals, assertMatch, assertRejects, assertThrows } from "@std/assert";
import { createTask, currentTask, getRunningLoop, Lock, newEventLoop, sleep } from "awaitio";
import { virtual } from "../targets/simulator/virtual.ts";

const now = () => getRunningLoop().time();

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
