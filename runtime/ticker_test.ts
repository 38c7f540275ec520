// deno-lint-ignore-file require-await -- a body that never waits is part of what is tested
import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import {
  CancelledError,
  createTask,
  Flag,
  getRunningLoop,
  sleep,
  Ticker,
  timeout,
  TimeoutError,
} from "awaitio";
import { busy, virtual } from "../targets/simulator/virtual.ts";

const now = () => getRunningLoop().time();

/** Takes `n` ticks, working for `work[i]` ms after the i-th, and notes number and time of each. */
async function take(ticker: Ticker, n: number, work: number[] = []): Promise<string[]> {
  const log: string[] = [];
  for (let i = 0; i < n; i++) {
    log.push(`${await ticker.next()} at ${now()}`);
    await sleep(work[i] ?? 0);
  }
  return log;
}

Deno.test("Ticker: ticks once a period, the first time after one period", async () => {
  await virtual(async () => {
    const ticker = new Ticker(100);
    assertEquals(ticker.when(), 100);
    assertEquals(await take(ticker, 3), ["1 at 100", "2 at 200", "3 at 300"]);
    assertEquals(ticker.when(), 400);
  });
});

Deno.test("Ticker: does not drift with the work done between ticks", async () => {
  await virtual(async () => {
    const log = await take(new Ticker(100), 5, [30, 99, 1, 60]);
    assertEquals(log, ["1 at 100", "2 at 200", "3 at 300", "4 at 400", "5 at 500"]);
  });
});

Deno.test("Ticker: counts in multiples of its period also where that is a fraction", async () => {
  await virtual(async () => {
    const ticker = new Ticker(0.1);
    for (let i = 1; i <= 10_000; i++) assertEquals(await ticker.next(), i);
    assertEquals(Math.abs(now() - 1000) < 0.01, true);
  });
});

Deno.test("Ticker: burst, which is the default, makes up for missed ticks one after the other", async () => {
  for (const create of [() => new Ticker(100), () => new Ticker(100, { missed: "burst" })]) {
    await virtual(async () => {
      const log = await take(create(), 6, [350]);
      assertEquals(log, ["1 at 100", "2 at 450", "3 at 450", "4 at 450", "5 at 500", "6 at 600"]);
    });
  }
});

Deno.test("Ticker: skip gives the newest of the missed ticks, leaves the others out and keeps to the grid", async () => {
  await virtual(async () => {
    const log = await take(new Ticker(100, { missed: "skip" }), 4, [350]);
    assertEquals(log, ["1 at 100", "4 at 450", "5 at 500", "6 at 600"]);
  });
});

Deno.test("Ticker: delay moves the grid so that a full period follows", async () => {
  await virtual(async () => {
    const log = await take(new Ticker(100, { missed: "delay" }), 4, [350]);
    assertEquals(log, ["1 at 100", "2 at 450", "3 at 550", "4 at 650"]);
  });
});

Deno.test("Ticker: none of the ways changes anything while no tick is missed", async () => {
  for (const missed of ["burst", "skip", "delay"] as const) {
    await virtual(async () => {
      const log = await take(new Ticker(100, { missed }), 4, [40, 99, 0]);
      assertEquals(log, ["1 at 100", "2 at 200", "3 at 300", "4 at 400"]);
    });
  }
});

Deno.test("Ticker: misses ticks while the program computes just as while it waits", async () => {
  await virtual(async () => {
    const ticker = new Ticker(10, { missed: "skip" });
    await ticker.next();
    busy(35);
    assertEquals([await ticker.next(), now()], [4, 45]);
    assertEquals([await ticker.next(), now()], [5, 50]);
  });
});

Deno.test("Ticker: for await gives the numbers of the ticks", async () => {
  const log: string[] = [];
  await virtual(async () => {
    for await (const tick of new Ticker(10)) {
      log.push(`${tick} at ${now()}`);
      if (tick === 3) break;
    }
    assertEquals(now(), 30);
  });
  assertEquals(log, ["1 at 10", "2 at 20", "3 at 30"]);
});

Deno.test("Ticker: cancelling a wait loses no tick", async () => {
  await virtual(async () => {
    const ticker = new Ticker(100);
    await assertRejects(() => timeout(30, () => ticker.next()), TimeoutError);
    assertEquals([await ticker.next(), now()], [1, 100]);
    await assertRejects(() => timeout(50, () => ticker.next()), TimeoutError);
    await sleep(100);
    assertEquals([await ticker.next(), now()], [2, 250]);
    assertEquals([await ticker.next(), now()], [3, 300]);
  });
});

Deno.test("Ticker: reset starts anew", async () => {
  await virtual(async () => {
    const ticker = new Ticker(100);
    await ticker.next();
    await sleep(30);
    ticker.reset();
    assertEquals(ticker.when(), 230);
    await ticker.next();
    assertEquals(now(), 230);
  });
});

Deno.test("Ticker: a period must be more than nothing", async () => {
  await virtual(async () => {
    for (const period of [0, -1, Number.NaN]) assertThrows(() => new Ticker(period), RangeError);
  });
});

Deno.test("Flag: set wakes the waiter and is used up by it", async () => {
  const log: string[] = [];
  await virtual(async () => {
    const flag = new Flag();
    getRunningLoop().callLater(10, () => flag.set());
    await flag.wait();
    log.push(`woken at ${now()}, set ${flag.isSet()}`);
    await assertRejects(() => timeout(10, () => flag.wait()), TimeoutError);
    log.push(`nothing until ${now()}`);
  });
  assertEquals(log, ["woken at 10, set false", "nothing until 20"]);
});

Deno.test("Flag: a set that nobody waits for is kept, and several are one", async () => {
  const log: string[] = [];
  await virtual(async () => {
    const flag = new Flag();
    flag.set();
    flag.set();
    assertEquals(flag.isSet(), true);
    getRunningLoop().callSoon(() => log.push("turn over"));
    await flag.wait();
    log.push(`at once, set ${flag.isSet()}`);
    await sleep(0);
    flag.set();
    flag.clear();
    assertEquals(flag.isSet(), false);
    await assertRejects(() => timeout(10, () => flag.wait()), TimeoutError);
  });
  assertEquals(log, ["at once, set false", "turn over"]);
});

Deno.test("Flag: a set between the waiter's wake-up and its next wait is not lost", async () => {
  const log: number[] = [];
  await virtual(async () => {
    const flag = new Flag();
    const waiter = createTask(async () => {
      for (let i = 0; i < 3; i++) {
        await flag.wait();
        log.push(now());
        await sleep(20);
      }
    });
    for (const time of [10, 15, 40]) getRunningLoop().callAt(time, () => flag.set());
    await waiter;
  });
  assertEquals(log, [10, 30, 50]);
});

Deno.test("Flag: a set that meets a cancelled waiter is kept for the next", async () => {
  const log: string[] = [];
  await virtual(async () => {
    const flag = new Flag();
    const waiter = createTask(() => flag.wait());
    await sleep(0);
    flag.set();
    waiter.cancel();
    await assertRejects(() => waiter, CancelledError);
    log.push(`set ${flag.isSet()}`);
    await flag.wait();
    log.push(`taken at ${now()}`);
  });
  assertEquals(log, ["set true", "taken at 0"]);
});

Deno.test("Flag: is for one waiter, a second one is told so", async () => {
  await virtual(async () => {
    const flag = new Flag();
    const waiter = createTask(() => flag.wait());
    await sleep(0);
    await assertRejects(async () => await flag.wait(), Error);
    flag.set();
    await waiter;
  });
});

Deno.test("Flag: may be set from outside of the loop", async () => {
  const log: string[] = [];
  const flag = new Flag();
  await virtual(async () => {
    const foreign = Promise.resolve().then(() => flag.set());
    await flag.wait();
    await foreign;
    log.push(`at ${now()}`);
  });
  assertEquals(log, ["at 0"]);
});
