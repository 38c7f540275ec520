import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { CancelledError, createTask, gather, getRunningLoop, Lock, sleep } from "awaitio";
import { virtual } from "../targets/simulator/virtual.ts";

const now = () => getRunningLoop().time();

Deno.test("Lock: is taken at once when free, and given back by release", async () => {
  const log: string[] = [];
  await virtual(async () => {
    const lock = new Lock();
    getRunningLoop().callSoon(() => log.push("turn over"));
    for (let i = 0; i < 3; i++) {
      await lock.acquire();
      log.push(`locked ${lock.locked()}`);
      lock.release();
    }
    log.push(`locked ${lock.locked()}`);
    await sleep(0);
  });
  assertEquals(log, ["locked true", "locked true", "locked true", "locked false", "turn over"]);
});

Deno.test("Lock: hands itself to waiters in the order in which they came", async () => {
  const log: string[] = [];
  await virtual(async () => {
    const lock = new Lock();
    const use = async (name: string) => {
      await lock.acquire();
      log.push(`${name} locked at ${now()}`);
      await sleep(10);
      lock.release();
    };
    await gather(() => use("a"), () => use("b"), () => use("c"));
    assertEquals(lock.locked(), false);
  });
  assertEquals(log, ["a locked at 0", "b locked at 10", "c locked at 20"]);
});

Deno.test("Lock: one release lets one waiter through, a turn later", async () => {
  const result: number[] = [];
  await virtual(async () => {
    const lock = new Lock();
    await lock.acquire();
    const take = async (n: number) => {
      await lock.acquire();
      result.push(n);
    };
    const tasks = [createTask(take, 1), createTask(take, 2)];
    await sleep(0);
    assertEquals(result, []);
    lock.release();
    await sleep(0);
    assertEquals(result, [1]);
    await sleep(0);
    assertEquals(result, [1]);
    tasks.push(createTask(take, 3));
    lock.release();
    await sleep(0);
    assertEquals(result, [1, 2]);
    lock.release();
    await sleep(0);
    assertEquals(result, [1, 2, 3]);
    assertEquals(tasks.map((task) => task.done()), [true, true, true]);
  });
});

Deno.test("Lock: release and acquire again does not overtake who waits", async () => {
  const log: string[] = [];
  await virtual(async () => {
    const lock = new Lock();
    const greedy = async () => {
      for (let i = 0; i < 2; i++) {
        await lock.acquire();
        log.push("greedy");
        await sleep(1);
        lock.release();
      }
    };
    const patient = async () => {
      await lock.acquire();
      log.push("patient");
      lock.release();
    };
    await gather(greedy, patient);
  });
  assertEquals(log, ["greedy", "patient", "greedy"]);
});

Deno.test("Lock: using gives it back at the end of the block, also when that throws", async () => {
  const log: string[] = [];
  await virtual(async () => {
    const lock = new Lock();
    const use = async (name: string, fail: boolean) => {
      using _held = await lock.acquire();
      log.push(`${name} at ${now()}, locked ${lock.locked()}`);
      await sleep(10);
      if (fail) throw new Error(`${name} failed`);
    };
    const failing = createTask(use, "a", true);
    const next = createTask(use, "b", false);
    await assertRejects(() => failing, Error, "a failed");
    await next;
    log.push(`locked ${lock.locked()}`);
  });
  assertEquals(log, ["a at 0, locked true", "b at 10, locked true", "locked false"]);
});

Deno.test("Lock: a disposable that was used up does not release somebody else's hold", async () => {
  await virtual(async () => {
    const lock = new Lock();
    const held = await lock.acquire();
    held[Symbol.dispose]();
    await lock.acquire();
    held[Symbol.dispose]();
    assertEquals(lock.locked(), true);
  });
});

Deno.test("Lock: release without holding it is an error", async () => {
  await virtual(async () => {
    const lock = new Lock();
    assertThrows(() => lock.release(), Error);
    await lock.acquire();
    lock.release();
    assertThrows(() => lock.release(), Error);
    assertEquals(lock.locked(), false);
  });
});

Deno.test("Lock: a cancelled waiter is forgotten", async () => {
  const log: string[] = [];
  await virtual(async () => {
    const lock = new Lock();
    await lock.acquire();
    const waiter = createTask(async () => await lock.acquire());
    const next = createTask(async () => {
      await lock.acquire();
      log.push(`next at ${now()}`);
    });
    await sleep(5);
    waiter.cancel();
    await assertRejects(() => waiter, CancelledError);
    log.push(`cancelled at ${now()}, locked ${lock.locked()}`);
    await sleep(5);
    lock.release();
    await next;
  });
  assertEquals(log, ["cancelled at 5, locked true", "next at 10"]);
});

Deno.test("Lock: cancel_race - the holder releases while the first waiter is being cancelled", async () => {
  const log: string[] = [];
  await virtual(async () => {
    const lock = new Lock();
    const gate = getRunningLoop().createFuture<void>();
    const use = async (name: string) => {
      using _held = await lock.acquire();
      log.push(name);
      if (name === "a") await gate;
    };
    const a = createTask(use, "a");
    const b = createTask(use, "b");
    const c = createTask(use, "c");
    await sleep(1);
    gate.setResult();
    b.cancel();
    await c;
    assertEquals([a.done(), b.cancelled(), lock.locked()], [true, true, false]);
  });
  assertEquals(log, ["a", "c"]);
});

Deno.test("Lock: cancel_release_race - cancelling a waiter and releasing in one callback lets one through", async () => {
  const log: string[] = [];
  await virtual(async () => {
    const lock = new Lock();
    await lock.acquire();
    const take = async (name: string) => {
      log.push(`${name} asks`);
      await lock.acquire();
      log.push(`${name} has it`);
    };
    const a = createTask(take, "a");
    const b = createTask(take, "b");
    const c = createTask(take, "c");
    await sleep(0);
    getRunningLoop().callSoon(() => {
      a.cancel();
      lock.release();
    });
    await assertRejects(() => a, CancelledError);
    await sleep(5);
    assertEquals([b.done(), c.done()], [true, false]);
    c.cancel();
    await assertRejects(() => c, CancelledError);
    lock.release();
    assertEquals(lock.locked(), false);
  });
  assertEquals(log, ["a asks", "b asks", "c asks", "b has it"]);
});

Deno.test("Lock: finished_waiter_cancelled - a waiter woken and then cancelled hands the lock on", async () => {
  const log: string[] = [];
  await virtual(async () => {
    const lock = new Lock();
    await lock.acquire();
    const first = createTask(async () => {
      await lock.acquire();
      log.push("first has it");
    });
    const second = createTask(async () => {
      await lock.acquire();
      log.push("second has it");
    });
    await sleep(0);
    lock.release();
    first.cancel();
    await assertRejects(() => first, CancelledError);
    await second;
    log.push(`locked ${lock.locked()}, first cancelled ${first.cancelled()}`);
  });
  assertEquals(log, ["second has it", "locked true, first cancelled true"]);
});

Deno.test("Lock: a waiter woken and cancelled with nobody behind it leaves the lock free", async () => {
  await virtual(async () => {
    const lock = new Lock();
    await lock.acquire();
    const waiter = createTask(async () => await lock.acquire());
    await sleep(0);
    lock.release();
    waiter.cancel();
    await assertRejects(() => waiter, CancelledError);
    assertEquals(lock.locked(), false);
    await lock.acquire();
    assertEquals(now(), 0);
  });
});

Deno.test("Lock: cancelled in cleanup it still comes free", async () => {
  const log: string[] = [];
  await virtual(async () => {
    const lock = new Lock();
    const holder = createTask(async () => {
      using _held = await lock.acquire();
      try {
        await sleep(100);
      } finally {
        await sleep(5);
      }
    });
    const next = createTask(async () => {
      using _held = await lock.acquire();
      log.push(`next at ${now()}`);
    });
    await sleep(10);
    holder.cancel();
    await next;
    log.push(`locked ${lock.locked()}, holder cancelled ${holder.cancelled()}`);
  });
  assertEquals(log, ["next at 15", "locked false, holder cancelled true"]);
});
