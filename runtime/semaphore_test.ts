// deno-lint-ignore-file require-await -- a body that never waits is part of what is tested
import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import {
  BoundedSemaphore,
  CancelledError,
  createTask,
  gather,
  getRunningLoop,
  Semaphore,
  sleep,
  type Task,
  taskGroup,
  timeout,
  waitFor,
} from "awaitio";
import { virtual } from "../targets/simulator/virtual.ts";

const now = () => getRunningLoop().time();

/** Takes a permit of `semaphore` and keeps it, noting its name. */
async function take(semaphore: Semaphore, log: string[], name: string) {
  await semaphore.acquire();
  log.push(name);
}

Deno.test("Semaphore: starts with one permit, or as many as asked for, none at least", async () => {
  await virtual(async () => {
    assertEquals(new Semaphore().locked(), false);
    assertEquals(new Semaphore(0).locked(), true);
    assertThrows(() => new Semaphore(-1), Error);
    assertThrows(() => new BoundedSemaphore(-1), Error);
  });
});

Deno.test("Semaphore: lets as many in at once as it has permits", async () => {
  const log: string[] = [];
  await virtual(async () => {
    const semaphore = new Semaphore(2);
    const use = async (name: string) => {
      await semaphore.acquire();
      log.push(`${name} in at ${now()}`);
      await sleep(10);
      semaphore.release();
    };
    await gather(() => use("a"), () => use("b"), () => use("c"), () => use("d"));
  });
  assertEquals(log, ["a in at 0", "b in at 0", "c in at 10", "d in at 10"]);
});

Deno.test("Semaphore: goes on at once while permits are there", async () => {
  const log: string[] = [];
  await virtual(async () => {
    const semaphore = new Semaphore(2);
    getRunningLoop().callSoon(() => log.push("turn over"));
    await take(semaphore, log, "one");
    log.push(`locked ${semaphore.locked()}`);
    await take(semaphore, log, "two");
    log.push(`locked ${semaphore.locked()}`);
    await sleep(0);
  });
  assertEquals(log, ["one", "locked false", "two", "locked true", "turn over"]);
});

Deno.test("Semaphore: release may add permits beyond the first count, BoundedSemaphore's may not", async () => {
  await virtual(async () => {
    const semaphore = new Semaphore(0);
    semaphore.release();
    semaphore.release();
    await semaphore.acquire();
    await semaphore.acquire();
    assertEquals(semaphore.locked(), true);

    const bounded = new BoundedSemaphore(1);
    assertThrows(() => bounded.release(), Error);
    await bounded.acquire();
    bounded.release();
    assertThrows(() => bounded.release(), Error);
    assertEquals(bounded.locked(), false);
  });
});

Deno.test("Semaphore: using gives the permit back, also on failure", async () => {
  await virtual(async () => {
    for (const semaphore of [new Semaphore(1), new BoundedSemaphore(1)]) {
      const failing = createTask(async () => {
        using _permit = await semaphore.acquire();
        await sleep(1);
        throw new Error("failed");
      });
      await assertRejects(() => failing, Error, "failed");
      assertEquals(semaphore.locked(), false);
      {
        using _permit = await semaphore.acquire();
        assertEquals(semaphore.locked(), true);
      }
      assertEquals(semaphore.locked(), false);
    }
  });
});

Deno.test("Semaphore: a permit given back twice by its disposable is one permit", async () => {
  await virtual(async () => {
    const semaphore = new Semaphore(1);
    const permit = await semaphore.acquire();
    permit[Symbol.dispose]();
    permit[Symbol.dispose]();
    await semaphore.acquire();
    assertEquals(semaphore.locked(), true);
    permit[Symbol.dispose]();
    assertEquals(semaphore.locked(), true);
  });
});

Deno.test("Semaphore: acquire_fifo_order_1 - who comes back stands behind who waits", async () => {
  const log: string[] = [];
  await virtual(async () => {
    const semaphore = new Semaphore(1);
    const twice = async (name: string) => {
      for (let round = 1; round <= 2; round++) {
        await semaphore.acquire();
        log.push(`${name}${round}`);
        await sleep(10);
        semaphore.release();
      }
    };
    await taskGroup(async (group) => {
      for (const name of ["a", "b", "c"]) group.createTask(twice, name);
    });
  });
  assertEquals(log, ["a1", "b1", "c1", "a2", "b2", "c2"]);
});

Deno.test("Semaphore: acquire_fifo_order_2 - release and acquire again in one step does not overtake", async () => {
  const log: string[] = [];
  await virtual(async () => {
    const semaphore = new Semaphore(1);
    const again = async () => {
      await take(semaphore, log, "second");
      semaphore.release();
      await take(semaphore, log, "second again");
    };
    const tasks = [
      createTask(take, semaphore, log, "first"),
      createTask(again),
      createTask(take, semaphore, log, "third"),
    ];
    await sleep(0);
    semaphore.release();
    semaphore.release();
    for (const task of tasks) await task;
  });
  assertEquals(log, ["first", "second", "third", "second again"]);
});

Deno.test("Semaphore: acquire_fifo_order_3 - a cancelled waiter leaves the order of the others", async () => {
  const log: string[] = [];
  await virtual(async () => {
    const semaphore = new Semaphore(0);
    const names = ["first", "second", "third"];
    const tasks = names.map((name) => createTask(take, semaphore, log, name));
    await sleep(0);
    tasks[0]?.cancel();
    await sleep(0);
    semaphore.release();
    semaphore.release();
    await gather(tasks, { returnExceptions: true });
  });
  assertEquals(log, ["second", "third"]);
});

Deno.test("Semaphore: acquire_fifo_order_4 - several permits at once wake several waiters before newer tasks", async () => {
  const log: string[] = [];
  await virtual(async () => {
    const semaphore = new Semaphore(0);
    let fourth: Task<void> | undefined;
    const tasks = [
      createTask(async () => {
        await take(semaphore, log, "first");
        fourth = createTask(async () => {
          log.push("fourth");
        });
      }),
      createTask(async () => {
        for (let i = 0; i < 3; i++) semaphore.release();
        log.push(`locked for newcomers ${semaphore.locked()}`);
        await take(semaphore, log, "second");
      }),
      createTask(take, semaphore, log, "third"),
    ];
    for (const task of tasks) await task;
    await fourth;
    assertEquals(semaphore.locked(), true);
  });
  assertEquals(log, ["locked for newcomers true", "first", "second", "third", "fourth"]);
});

Deno.test("Semaphore: a newcomer does not take the permit a woken waiter has not yet taken", async () => {
  const log: string[] = [];
  await virtual(async () => {
    const semaphore = new Semaphore(0);
    const waiter = createTask(take, semaphore, log, "waiter");
    await sleep(0);
    semaphore.release();
    const newcomer = createTask(take, semaphore, log, "newcomer");
    const here = take(semaphore, log, "here and now");
    await waiter;
    semaphore.release();
    semaphore.release();
    await here;
    await newcomer;
  });
  assertEquals(log[0], "waiter");
  assertEquals(log.slice(1).sort(), ["here and now", "newcomer"]);
});

Deno.test("Semaphore: acquire_cancel_before_awoken - cancelled waiters do not eat the permit", async () => {
  const log: string[] = [];
  await virtual(async () => {
    const semaphore = new Semaphore(0);
    const names = ["a", "b", "c", "d"];
    const tasks = names.map((name) => createTask(take, semaphore, log, name));
    await sleep(0);
    tasks[0]?.cancel();
    tasks[1]?.cancel();
    semaphore.release();
    await sleep(5);
    assertEquals(tasks.map((task) => task.done()), [true, true, true, false]);
    tasks[3]?.cancel();
    await sleep(0);
  });
  assertEquals(log, ["c"]);
});

Deno.test("Semaphore: acquire_hang - a permit released as the only waiter is cancelled reaches the next", async () => {
  const log: string[] = [];
  await virtual(async () => {
    const semaphore = new Semaphore(0);
    const a = createTask(take, semaphore, log, "a");
    const b = createTask(take, semaphore, log, "b");
    await sleep(0);
    a.cancel();
    semaphore.release();
    await timeout(10, async () => await b);
    assertEquals(semaphore.locked(), true);
  });
  assertEquals(log, ["b"]);
});

Deno.test("Semaphore: a waiter woken and then cancelled hands its permit on, or back", async () => {
  const log: string[] = [];
  await virtual(async () => {
    const semaphore = new Semaphore(0);
    const a = createTask(take, semaphore, log, "a");
    const b = createTask(take, semaphore, log, "b");
    await sleep(0);
    semaphore.release();
    a.cancel();
    await assertRejects(() => a, CancelledError);
    await timeout(10, async () => await b);

    const c = createTask(take, semaphore, log, "c");
    await sleep(0);
    semaphore.release();
    c.cancel();
    await assertRejects(() => c, CancelledError);
    assertEquals(semaphore.locked(), false);
  });
  assertEquals(log, ["b"]);
});

Deno.test("Semaphore: acquire_no_hang - a waiter cancelled by the holder in the turn of the release", async () => {
  await virtual(async () => {
    const semaphore = new Semaphore(1);
    const holder = createTask(async () => {
      {
        using _permit = await semaphore.acquire();
        await sleep(0);
      }
      waiter.cancel();
    });
    const waiter: Task<void> = createTask(async () => {
      using _permit = await semaphore.acquire();
      throw new Error("must not get in");
    });
    const [first, second] = await gather([holder, waiter], { returnExceptions: true });
    assertEquals([first, second instanceof CancelledError], [undefined, true]);
    await waitFor(() => semaphore.acquire(), 1000);
    assertEquals(now(), 0);
  });
});

Deno.test("Semaphore: no permit is lost or made however cancels and releases meet", async () => {
  const main = async () => {
    const semaphore = new Semaphore(2);
    let state = 99;
    const random = (n: number) => {
      state = (state * 1103515245 + 12345) % 2147483648;
      return Math.floor(state / 65536) % n;
    };
    let inside = 0;
    const use = async () => {
      using _permit = await semaphore.acquire();
      inside++;
      assertEquals(inside <= 2, true);
      try {
        await sleep(random(3));
      } finally {
        inside--;
      }
    };
    const tasks: Task<void>[] = [];
    for (let i = 0; i < 200; i++) {
      tasks.push(createTask(use));
      if (random(2) === 0) tasks[random(tasks.length)]?.cancel();
      if (random(3) === 0) await sleep(random(2));
    }
    await gather(tasks, { returnExceptions: true });
    await semaphore.acquire();
    assertEquals(semaphore.locked(), false);
    await semaphore.acquire();
    assertEquals(semaphore.locked(), true);
  };
  for (const seed of [0, 1, 2, 3, 4, 5]) await virtual(main, { seed });
});
