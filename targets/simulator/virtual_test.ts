import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import {
  type Board,
  createTask,
  Event,
  getRunningLoop,
  Queue,
  run,
  RuntimeError,
  sleep,
  TimeoutError,
  waitFor,
} from "awaitio";
import { busy, simulate, traceLine, virtual } from "awaitio/simulator";

const now = () => getRunningLoop().time();

async function blinkOnceASecond(board: Board) {
  const led = board.output("LED1");
  for (;;) {
    led.toggle();
    await sleep(500);
  }
}

Deno.test("virtual clock: begins at 0 and jumps to the next deadline", async () => {
  const log: number[] = [];
  const result = await virtual(async () => {
    log.push(now());
    await sleep(0.25);
    log.push(now());
    await sleep(365 * 24 * 3600 * 1000);
    log.push(now());
    return "a year later";
  });
  assertEquals(log, [0, 0.25, 31_536_000_000.25]);
  assertEquals(result, "a year later");
});

Deno.test("virtual clock: an hour of a 1 Hz blinker has exactly 7200 edges, 3600 of them rising", async () => {
  const sim = await simulate(blinkOnceASecond, null, { for: 3_600_000 });
  const edges = sim.history("LED1");
  assertEquals(edges.length, 7200);
  assertEquals(edges.filter(({ level }) => level === 1).length, 3600);
  assert(edges.every(({ time }, i) => time === 500 * i));
  assertEquals(sim.time, 3_600_000);
});

Deno.test("virtual clock: native promises count as work; time does not pass while they go on", async () => {
  const log: string[] = [];
  await virtual(async () => {
    createTask(async () => {
      await sleep(1);
      log.push(`slept at ${now()}`);
    });
    const chain = async (length: number): Promise<void> => {
      for (let i = 0; i < length; i++) await Promise.resolve();
    };
    for (let i = 0; i < 20; i++) {
      await chain(50);
      await Promise.all([chain(3), Promise.allSettled([chain(5), Promise.reject()])]);
    }
    log.push(`worked at ${now()}`);
    await sleep(2);
    log.push(`done at ${now()}`);
  });
  assertEquals(log, ["worked at 0", "slept at 1", "done at 2"]);
});

Deno.test("virtual clock: waits for foreign events while nothing of its own is due", async () => {
  await virtual(async () => {
    const value = await new Promise((resolve) => setTimeout(resolve, 20, "from outside"));
    assertEquals([value, now()], ["from outside", 0]);
    const digest = await crypto.subtle.digest("SHA-256", new Uint8Array(100_000));
    assertEquals([digest.byteLength, now()], [32, 0]);
  });
});

Deno.test("virtual clock: busy lets time pass without a turn of the loop", async () => {
  const log: string[] = [];
  await virtual(async () => {
    createTask(async () => {
      await sleep(10);
      log.push(`slept at ${now()}`);
    });
    await sleep(0);
    busy(25);
    log.push(`computed until ${now()}`);
    await sleep(0);
    await sleep(5);
    log.push(`done at ${now()}`);
  });
  assertEquals(log, ["computed until 25", "slept at 25", "done at 30"]);
});

Deno.test("virtual clock: to be busy on another clock is refused", async () => {
  await run(() => {
    assertThrows(() => busy(1), RuntimeError, "this loop has no virtual clock");
  });
});

Deno.test("virtual clock: clocks beside each other go each at its own pace", async () => {
  const log: string[] = [];
  await Promise.all([
    virtual(async () => {
      for (let i = 0; i < 3; i++) await sleep(1000);
      log.push(`one at ${now()}`);
    }),
    virtual(async () => {
      for (let i = 0; i < 30; i++) await sleep(1);
      log.push(`other at ${now()}`);
    }),
  ]);
  assertEquals(log.toSorted(), ["one at 3000", "other at 30"]);
});

Deno.test("virtual clock: what main throws is thrown, and time limits work in it", async () => {
  await assertRejects(
    () =>
      virtual(async () => {
        await waitFor(() => new Event().wait(), 60_000);
      }),
    TimeoutError,
  );
});

Deno.test("speed: a simulation on the real clock gives the same trace", async () => {
  const trace = async (speed: number) => {
    const lines: string[] = [];
    await simulate(async (board: Board) => {
      createTask(blinkOnceASecond, board);
      for await (const text of board.serial("Serial1")) console.log(text);
    }, async (sim) => {
      await sim.sleep(700);
      sim.serial("Serial1").type("one\ntwo\n");
      await sim.press("BTN1", 300);
    }, { speed, capture: true, onEvent: (event) => lines.push(traceLine(event)) });
    return lines.join("\n");
  };
  assertEquals(await trace(20), await trace(Infinity));
});

Deno.test("deadlock: an error names the tasks that wait, and for what", async () => {
  const error = await assertRejects(
    () =>
      virtual(async () => {
        const queue = new Queue<number>();
        createTask({ name: "consumer" }, () => queue.get());
        await new Event().wait();
      }),
    RuntimeError,
  );
  assert(error.message.startsWith("The program cannot go on: nothing is due any more; "));
  assert(error.message.includes('task "consumer" waits for queue.get()'), error.message);
  assert(error.message.includes("waits for event.wait()"), error.message);
});

Deno.test("deadlock: of a simulated program names its tasks too", async () => {
  const error = await assertRejects(
    () =>
      simulate(async (board: Board) => {
        createTask({ name: "door" }, () => board.input("D4").rising());
        await board.serial("Serial1").readLine();
      }),
    RuntimeError,
  );
  assert(error.message.includes('task "door" waits for D4.rising()'), error.message);
  assert(error.message.includes('task "main" waits for Serial1.readLine()'), error.message);
});
