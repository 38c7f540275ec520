import { assert, assertEquals, assertMatch } from "@std/assert";
import { createTask, getRunningLoop, Queue, sleep } from "awaitio";
import { busy, virtual } from "../targets/simulator/virtual.ts";

const now = () => getRunningLoop().time();

/** Runs `main` in debug mode, or not, and gives the lines that were reported to the developer. */
async function reports(debug: boolean, main: () => Promise<void>): Promise<string[]> {
  const told: string[] = [];
  const { log, warn, error } = console;
  console.log = console.warn = console.error = (...parts: unknown[]) => told.push(parts.join(" "));
  try {
    await virtual(async () => {
      const loop = getRunningLoop();
      loop.setDebug(debug);
      assertEquals(loop.getDebug(), debug);
      loop.setExceptionHandler((_loop, context) => told.push(context.message));
      await main();
    });
  } finally {
    Object.assign(console, { log, warn, error });
  }
  return told;
}

async function slowSteps() {
  const loop = getRunningLoop();
  loop.slowCallbackDuration = 50;
  createTask({ name: "cruncher" }, async () => {
    await sleep(1);
    busy(60);
  });
  createTask({ name: "quick" }, async () => {
    await sleep(1);
    busy(40);
  });
  await sleep(500);
}

Deno.test("debug mode: a step that takes longer than slowCallbackDuration is reported by name", async () => {
  const told = await reports(true, slowSteps);
  assertEquals(told.length, 1);
  assertMatch(told[0]!, /cruncher/);
  assertMatch(told[0]!, /60/);
});

Deno.test("debug mode: a slow callback is reported too", async () => {
  const told = await reports(true, async () => {
    const loop = getRunningLoop();
    loop.slowCallbackDuration = 50;
    loop.callSoon(function crunch() {
      busy(70);
    });
    await sleep(500);
  });
  assertEquals(told.length, 1);
  assertMatch(told[0]!, /70/);
});

Deno.test("debug mode: off, slow steps are not reported", async () => {
  assertEquals(await reports(false, slowSteps), []);
});

Deno.test("debug mode: a hundred milliseconds are slow unless said otherwise", async () => {
  const told = await reports(true, async () => {
    assertEquals(getRunningLoop().slowCallbackDuration, 100);
    busy(90);
    await sleep(0);
    busy(110);
    await sleep(0);
  });
  assertEquals(told.length, 1);
});

Deno.test("debug mode: a call started and never awaited is reported when its task ends", async () => {
  const left = async () => {
    const task = createTask({ name: "forgetful" }, async () => {
      const never = async () => await new Queue<number>().get();
      never();
      await sleep(1);
    });
    await task;
    await sleep(10);
  };
  const told = await reports(true, left);
  assertEquals(told.length, 1);
  assertMatch(told[0]!, /forgetful/);
  assertEquals(await reports(false, left), []);
});

Deno.test("idle hook: is told the next deadline whenever nothing is ready", async () => {
  const log: string[] = [];
  await virtual(async () => {
    const loop = getRunningLoop();
    loop.setIdleHook((deadline) => log.push(`idle at ${loop.time()} until ${deadline}`));
    const side = createTask(async () => {
      await sleep(25);
      log.push(`side at ${now()}`);
    });
    await sleep(10);
    log.push(`main at ${now()}`);
    await side;
    loop.setIdleHook(null);
    await sleep(10);
  });
  assertEquals(log, [
    "idle at 0 until 10",
    "main at 10",
    "idle at 10 until 25",
    "side at 25",
  ]);
});

Deno.test("idle hook: is not called while something is ready", async () => {
  const log: number[] = [];
  await virtual(async () => {
    getRunningLoop().setIdleHook((deadline) => log.push(deadline));
    for (let i = 0; i < 10; i++) await sleep(0);
    getRunningLoop().callLater(7, () => {});
    for (let i = 0; i < 10; i++) await sleep(0);
    assertEquals(log, []);
    await sleep(5);
    assertEquals(log, [5]);
    getRunningLoop().setIdleHook(null);
  });
});

Deno.test("idle hook: a cancelled deadline is not one", async () => {
  const log: number[] = [];
  await virtual(async () => {
    const loop = getRunningLoop();
    loop.callLater(3, () => {}).cancel();
    loop.setIdleHook((deadline) => log.push(deadline));
    await sleep(5);
    loop.setIdleHook(null);
  });
  assertEquals(log, [5]);
});

Deno.test("idle hook: one that throws is reported and does not stop the loop", async () => {
  const log: string[] = [];
  await virtual(async () => {
    const loop = getRunningLoop();
    loop.setExceptionHandler((_loop, context) => log.push((context.exception as Error).message));
    loop.setIdleHook(() => {
      loop.setIdleHook(null);
      throw new Error("cannot sleep");
    });
    await sleep(10);
    log.push(`at ${now()}`);
  });
  assertEquals(log, ["cannot sleep", "at 10"]);
});

Deno.test("busy loop: timers that became due meanwhile fire in order, late but never early", async () => {
  const log: string[] = [];
  await virtual(async () => {
    const loop = getRunningLoop();
    for (const ms of [30, 10, 20]) {
      loop.callLater(ms, () => {
        log.push(`${ms} at ${now()}`);
        assert(now() >= ms);
      });
    }
    busy(25);
    log.push(`busy until ${now()}`);
    await sleep(100);
  });
  assertEquals(log, ["busy until 25", "10 at 25", "20 at 25", "30 at 30"]);
});

Deno.test("seed: other seeds shuffle a turn, the same seed gives the same trace", async () => {
  const trace = async (seed: number) => {
    const log: string[] = [];
    await virtual(async () => {
      const say = async (name: string) => {
        await sleep(0);
        log.push(name);
      };
      const tasks = [..."abcdefgh"].map((name) => createTask(say, name));
      for (const task of tasks) await task;
    }, { seed });
    return log.join("");
  };
  assertEquals(await trace(0), "abcdefgh");
  assertEquals(await trace(5), await trace(5));
  const traces = await Promise.all([1, 2, 3, 4, 5].map(trace));
  assert(traces.some((each) => each !== "abcdefgh"));
  assert(traces.every((each) => [...each].sort().join("") === "abcdefgh"));
});
