import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import {
  type Board,
  CancelledError,
  createTask,
  currentTask,
  type Edge,
  type EdgeStream,
  getRunningLoop,
  RuntimeError,
  sleep,
  type Task,
  timeout,
  TimeoutError,
} from "awaitio";
import { busy, simulate, type Simulation } from "awaitio/simulator";

const now = () => getRunningLoop().time();
const show = ({ level, time }: Edge) => `${level} at ${time}`;

/** D4 changes every 10 ms, to 1 first, `count` times. */
function square(count: number) {
  return async (sim: Simulation) => {
    for (let i = 1; i <= count; i++) {
      await sim.sleep(10);
      sim.drive("D4", i % 2 === 1 ? 1 : 0);
    }
    await sim.sleep(1000);
  };
}

/** Takes what the stream holds, and notes at the end that it has ended. */
async function drain(stream: EdgeStream): Promise<string[]> {
  const log: string[] = [];
  for (;;) {
    const { done, value } = await stream.next();
    if (done) return [...log, `done at ${now()}`];
    log.push(show(value));
  }
}

for (
  const [kind, expected] of [
    ["rising", ["1 at 10", "1 at 30"]],
    ["falling", ["0 at 20", "0 at 40"]],
    ["both", ["1 at 10", "0 at 20", "1 at 30", "0 at 40"]],
  ] as const
) {
  Deno.test(`edges: collects ${kind} edges in order`, async () => {
    const log: string[] = [];
    await simulate(async (board: Board) => {
      for await (const edge of board.input("D4").edges(kind)) log.push(show(edge));
    }, square(4));
    assertEquals(log, expected);
  });
}

Deno.test("edges: collects both kinds unless told, from the call on", async () => {
  const log: string[] = [];
  await simulate(async (board: Board) => {
    const pin = board.input("D4");
    await sleep(15);
    const stream = pin.edges();
    assertEquals(stream.kind, "both");
    await sleep(20);
    for await (const edge of stream) log.push(show(edge));
  }, square(4));
  assertEquals(log, ["0 at 20", "1 at 30", "0 at 40"]);
});

Deno.test("edges: several streams and waits on one pin each get all of theirs", async () => {
  const log: string[] = [];
  await simulate(async (board: Board) => {
    const pin = board.input("D4");
    const collect = async (name: string, stream: EdgeStream) => {
      for await (const edge of stream) log.push(`${name}: ${show(edge)}`);
    };
    createTask(collect, "rising", pin.edges("rising"));
    createTask(collect, "both", pin.edges());
    createTask(async () => log.push(`wait: ${show(await pin.falling())}`));
    await sleep(1000);
  }, square(3));
  assertEquals(log, [
    "rising: 1 at 10",
    "both: 1 at 10",
    "both: 0 at 20",
    "wait: 0 at 20",
    "rising: 1 at 30",
    "both: 1 at 30",
  ]);
});

Deno.test("edges: are kept with their times while the program is busy", async () => {
  const log: string[] = [];
  await simulate(async (board: Board) => {
    const stream = board.input("D4").edges();
    await sleep(45);
    busy(100);
    for (let i = 0; i < 4; i++) {
      const { value } = await stream.next();
      log.push(`${show(value!)}, read at ${now()}`);
    }
  }, square(4));
  assertEquals(log, [
    "1 at 10, read at 145",
    "0 at 20, read at 145",
    "1 at 30, read at 145",
    "0 at 40, read at 145",
  ]);
});

Deno.test("edges: a full ring drops the oldest and counts it", async () => {
  const log: unknown[] = [];
  await simulate(async (board: Board) => {
    const stream = board.input("D4").edges("both", { size: 3 });
    await sleep(35);
    log.push(stream.dropped);
    await sleep(20);
    log.push(stream.dropped);
    stream.close();
    log.push(...await drain(stream));
  }, square(5));
  assertEquals(log, [0, 2, "1 at 30", "0 at 40", "1 at 50", "done at 55"]);
});

Deno.test("edges: a ring of one keeps the newest", async () => {
  const log: unknown[] = [];
  await simulate(async (board: Board) => {
    const stream = board.input("D4").edges("both", { size: 1 });
    await sleep(45);
    log.push(show((await stream.next()).value!), stream.dropped);
    log.push(show((await stream.next()).value!), stream.dropped);
  }, square(5));
  assertEquals(log, ["0 at 40", 3, "1 at 50", 3]);
});

Deno.test("edges: a ring of sixteen unless told", async () => {
  let dropped = 0;
  await simulate(async (board: Board) => {
    const stream = board.input("D4").edges();
    await sleep(500);
    dropped = stream.dropped;
  }, square(20));
  assertEquals(dropped, 4);
});

Deno.test("edges: a size that is no whole number from 1 is refused", async () => {
  await simulate((board: Board) => {
    for (const size of [0, -1, 1.5, NaN]) {
      assertThrows(
        () => board.input("D4").edges("both", { size }),
        RangeError,
        `Cannot keep ${size} edges: pass a whole number from 1`,
      );
    }
  });
});

Deno.test("edges: next that is cancelled in the turn of an edge leaves the edge for the next one", async () => {
  const log: string[] = [];
  let reader: Task<unknown> | undefined;
  await simulate(async (board: Board) => {
    const stream = board.input("D4").edges();
    reader = createTask(() => stream.next());
    await assertRejects(async () => await reader!, CancelledError);
    log.push(show((await stream.next()).value!));
    log.push(show((await stream.next()).value!));
  }, async (sim) => {
    await sim.sleep(10);
    sim.drive("D4", 1);
    reader!.cancel();
    await sim.sleep(10);
    sim.drive("D4", 0);
    await sim.sleep(10);
  });
  assertEquals(log, ["1 at 10", "0 at 20"]);
});

Deno.test("edges: readers that are cancelled at any time, in any order, lose no edge", async () => {
  const edges = 40;
  for (let seed = 0; seed < 25; seed++) {
    const times: number[] = [];
    await simulate(
      async (board: Board) => {
        const stream = board.input("D4").edges();
        while (times.length < edges) {
          const reader = createTask(async () => {
            for (;;) times.push((await stream.next()).value!.time);
          });
          await sleep(5); // every second cancel meets an edge
          reader.cancel();
          await reader.catch(() => {});
        }
      },
      square(edges),
      { seed },
    );
    assertEquals(times, Array.from({ length: edges }, (_, i) => 10 * (i + 1)), `seed ${seed}`);
  }
});

Deno.test("edges: next after a cancel of its own task can be called again", async () => {
  const log: string[] = [];
  await simulate(async (board: Board) => {
    const stream = board.input("D4").edges();
    currentTask()!.cancel();
    await assertRejects(async () => await stream.next(), CancelledError);
    currentTask()!.uncancel();
    log.push(show((await stream.next()).value!));
  }, square(1));
  assertEquals(log, ["1 at 10"]);
});

Deno.test("edges: a second task that waits on the same stream is told to take one of its own", async () => {
  await simulate(async (board: Board) => {
    const stream = board.input("D4").edges();
    createTask(() => stream.next());
    await sleep(5);
    assertThrows(
      () => stream.next(),
      RuntimeError,
      "Cannot wait for D4.edges(): a task waits already; open a stream for each",
    );
  });
});

Deno.test("edges: no other task can take the edge that a waiting task was woken for", async () => {
  const log: string[] = [];
  await simulate(async (board: Board) => {
    const stream = board.input("D4").edges();
    createTask(async () => log.push(`reader: ${show((await stream.next()).value!)}`));
    await sleep(1);
    await sleep(9); // ends in the turn of the edge, and was set later than the scenario's sleep
    assertThrows(() => stream.next(), RuntimeError, "a task waits already");
    log.push(`thief at ${now()}`);
    await sleep(5);
  }, square(1));
  assertEquals(log, ["thief at 10", "reader: 1 at 10"]);
});

Deno.test("edges: after close, what was collected can be read, then it is done", async () => {
  const log: string[] = [];
  await simulate(async (board: Board) => {
    const stream = board.input("D4").edges();
    await sleep(25);
    stream.close();
    stream.close();
    await sleep(20); // the edges from here on are not collected
    log.push(...await drain(stream), ...await drain(stream));
  }, square(4));
  assertEquals(log, ["1 at 10", "0 at 20", "done at 45", "done at 45"]);
});

Deno.test("edges: close ends a loop that waits", async () => {
  const log: string[] = [];
  await simulate(async (board: Board) => {
    const stream = board.input("D4").edges();
    getRunningLoop().callLater(15, () => stream.close());
    for await (const edge of stream) log.push(show(edge));
    log.push(`done at ${now()}`);
  }, square(4));
  assertEquals(log, ["1 at 10", "done at 15"]);
});

Deno.test("edges: an edge that comes in the turn of the close is still given", async () => {
  const log: string[] = [];
  let stream: EdgeStream | undefined;
  await simulate(async (board: Board) => {
    stream = board.input("D4").edges();
    log.push(...await drain(stream));
  }, async (sim) => {
    await sim.sleep(10);
    sim.drive("D4", 1);
    stream!.close();
  });
  assertEquals(log, ["1 at 10", "done at 10"]);
});

Deno.test("edges: a stream that is read with next outlives a time limit; a for await ends it", async () => {
  const log: string[] = [];
  await simulate(async (board: Board) => {
    const stream = board.input("D4").edges("rising");
    for (let i = 0; i < 3; i++) {
      try {
        await timeout(8, async () => {
          log.push(show((await stream.next()).value!));
        });
      } catch (error) {
        if (!(error instanceof TimeoutError)) throw error;
        log.push(`nothing by ${now()}`);
      }
    }
    const loop = async () => {
      for await (const edge of stream) log.push(show(edge));
    };
    await timeout(5, loop).catch(() => log.push(`left at ${now()}`));
    log.push(...await drain(stream));
  }, square(4));
  assertEquals(log, ["nothing by 8", "1 at 10", "nothing by 18", "left at 23", "done at 23"]);
});
