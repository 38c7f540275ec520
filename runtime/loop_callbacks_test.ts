// deno-lint-ignore-file require-await -- a body that never waits is part of what is tested
import { assert, assertEquals, assertThrows } from "@std/assert";
import { createTask, getRunningLoop, sleep } from "awaitio";
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

Deno.test("callLater: set from a foreign callback it wakes a loop that has nothing to do", async () => {
  await virtual(async () => {
    const loop = getRunningLoop();
    const future = loop.createFuture<string>();
    setTimeout(() => loop.callLater(10, () => future.setResult(`done at ${loop.time()}`)), 0);
    assertEquals(await future, "done at 10");
  });
});
