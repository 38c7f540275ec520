// deno-lint-ignore-file require-await -- a body that never waits is part of what is tested
import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import {
  Barrier,
  BrokenBarrierError,
  CancelledError,
  createTask,
  gather,
  getRunningLoop,
  sleep,
} from "awaitio";
import { virtual } from "../targets/simulator/virtual.ts";

const now = () => getRunningLoop().time();

/** What the tests say of a barrier. */
function state(barrier: Barrier): string {
  return `${barrier.nWaiting} of ${barrier.parties}${barrier.broken ? ", broken" : ""}`;
}

Deno.test("Barrier: needs at least one party", async () => {
  await virtual(async () => {
    for (const wrong of [0, -4]) assertThrows(() => new Barrier(wrong), Error);
    assertEquals(state(new Barrier(5)), "0 of 5");
  });
});

Deno.test("Barrier: holds all until the last one comes, and numbers them as they came", async () => {
  const log: string[] = [];
  await virtual(async () => {
    const barrier = new Barrier(3);
    const reach = async (name: string, ms: number) => {
      await sleep(ms);
      const index = await barrier.wait();
      log.push(`${name} is number ${index} at ${now()}`);
    };
    const all = gather(() => reach("a", 10), () => reach("b", 5), () => reach("c", 20));
    await sleep(12);
    log.push(state(barrier));
    await all;
    log.push(state(barrier));
  });
  assertEquals(log.slice(0, 1), ["2 of 3"]);
  assertEquals(log.slice(1, 4).sort(), [
    "a is number 1 at 20",
    "b is number 0 at 20",
    "c is number 2 at 20",
  ]);
  assertEquals(log.slice(4), ["0 of 3"]);
});

Deno.test("Barrier: one party never waits", async () => {
  await virtual(async () => {
    const barrier = new Barrier(1);
    assertEquals([await barrier.wait(), await barrier.wait()], [0, 0]);
    assertEquals([state(barrier), now()], ["0 of 1", 0]);
  });
});

Deno.test("Barrier: can be passed over and over", async () => {
  const log: string[] = [];
  await virtual(async () => {
    const barrier = new Barrier(2);
    const pass = async (name: string, ms: number) => {
      for (let round = 1; round <= 3; round++) {
        await sleep(ms);
        await barrier.wait();
        log.push(`${name}${round} at ${now()}`);
      }
    };
    await gather(() => pass("a", 1), () => pass("b", 10));
  });
  assertEquals(log.sort(), [
    "a1 at 10",
    "a2 at 20",
    "a3 at 30",
    "b1 at 10",
    "b2 at 20",
    "b3 at 30",
  ]);
});

Deno.test("Barrier: whoever comes back while others still leave waits for the next round", async () => {
  const log: string[] = [];
  await virtual(async () => {
    const barrier = new Barrier(3);
    const twice = async (name: string) => {
      await barrier.wait();
      log.push(`${name} first`);
      await barrier.wait();
      log.push(`${name} second`);
    };
    await gather(() => twice("a"), () => twice("b"), () => twice("c"));
    assertEquals(state(barrier), "0 of 3");
  });
  assertEquals(log.slice(0, 3).sort(), ["a first", "b first", "c first"]);
  assertEquals(log.slice(3).sort(), ["a second", "b second", "c second"]);
});

Deno.test("Barrier: a cancelled party leaves, and the barrier waits for another", async () => {
  const log: string[] = [];
  await virtual(async () => {
    const barrier = new Barrier(3);
    const reach = async (name: string) => {
      await barrier.wait();
      log.push(`${name} through at ${now()}`);
    };
    const a = createTask(reach, "a");
    const rest = [createTask(reach, "b")];
    await sleep(1);
    log.push(state(barrier));
    a.cancel();
    await assertRejects(() => a, CancelledError);
    log.push(state(barrier));
    rest.push(createTask(reach, "c"));
    await sleep(1);
    log.push(state(barrier));
    rest.push(createTask(reach, "d"));
    await gather(rest);
    log.push(state(barrier));
  });
  assertEquals(log.slice(0, 3), ["2 of 3", "1 of 3", "2 of 3"]);
  assertEquals(log.slice(3, 6).sort(), ["b through at 2", "c through at 2", "d through at 2"]);
  assertEquals(log.slice(6), ["0 of 3"]);
});

Deno.test("Barrier: the numbers it gives are all different, also after a cancel", async () => {
  await virtual(async () => {
    const barrier = new Barrier(3);
    const dropped = createTask(() => barrier.wait());
    const second = createTask(() => barrier.wait());
    await sleep(0);
    dropped.cancel();
    await assertRejects(() => dropped, CancelledError);
    const numbers = await gather(second, () => barrier.wait(), () => barrier.wait());
    assertEquals(numbers.sort(), [0, 1, 2]);
  });
});

Deno.test("Barrier: reset sends those who wait away and leaves it usable", async () => {
  const log: string[] = [];
  await virtual(async () => {
    const barrier = new Barrier(3);
    const reach = async (name: string) => {
      try {
        await barrier.wait();
        log.push(`${name} through`);
      } catch (error) {
        log.push(`${name} ${error instanceof BrokenBarrierError}`);
      }
    };
    const early = [createTask(reach, "a"), createTask(reach, "b")];
    await sleep(1);
    await barrier.reset();
    await gather(early);
    log.push(state(barrier));
    await gather(() => reach("c"), () => reach("d"), () => reach("e"));
    await barrier.reset();
    log.push(state(barrier));
  });
  assertEquals(log.slice(0, 3), ["a true", "b true", "0 of 3"]);
  assertEquals(log.slice(3, 6).sort(), ["c through", "d through", "e through"]);
  assertEquals(log.slice(6), ["0 of 3"]);
});

Deno.test("Barrier: abort breaks it for those who wait and those who come", async () => {
  const log: string[] = [];
  await virtual(async () => {
    const barrier = new Barrier(3);
    const reach = async (name: string) => {
      try {
        await barrier.wait();
      } catch (error) {
        log.push(`${name} ${error instanceof BrokenBarrierError} at ${now()}`);
      }
    };
    const early = [createTask(reach, "a"), createTask(reach, "b")];
    await sleep(10);
    await barrier.abort();
    await gather(early);
    log.push(state(barrier));
    await createTask(reach, "c");
    await barrier.reset();
    log.push(state(barrier));
  });
  assertEquals(log, [
    "a true at 10",
    "b true at 10",
    "0 of 3, broken",
    "c true at 10",
    "0 of 3",
  ]);
});

Deno.test("Barrier: a party let through and then cancelled ends cancelled, the next round is whole", async () => {
  await virtual(async () => {
    const barrier = new Barrier(2);
    const dropped = createTask(() => barrier.wait());
    await sleep(0);
    assertEquals(await barrier.wait(), 1);
    dropped.cancel();
    await assertRejects(() => dropped, CancelledError);
    assertEquals(state(barrier), "0 of 2");
    assertEquals(await gather(() => barrier.wait(), () => barrier.wait()), [0, 1]);
  });
});

Deno.test("Barrier: who has been let through is through, whatever comes in the same turn", async () => {
  const log: string[] = [];
  await virtual(async () => {
    const barrier = new Barrier(2);
    const reach = async (name: string) => {
      try {
        await barrier.wait();
        log.push(`${name} through`);
      } catch (error) {
        log.push(`${name} ${(error as Error).constructor.name}`);
      }
    };
    const a = createTask(reach, "a");
    await sleep(1);
    const b = createTask(reach, "b");
    await gather(a, b);
    await barrier.abort();
    await createTask(reach, "c");
  });
  assertEquals(log.slice(0, 2).sort(), ["a through", "b through"]);
  assertEquals(log.slice(2), ["c BrokenBarrierError"]);
});
