import { assertEquals, assertRejects, assertStrictEquals, assertThrows } from "@std/assert";
import process from "node:process";
import {
  type Board,
  CancelledError,
  createTask,
  currentTask,
  getRunningLoop,
  RuntimeError,
  sleep,
  taskGroup,
} from "awaitio";
import { simulate, type Simulation } from "awaitio/simulator";

const now = () => Math.round(getRunningLoop().time() * 1e6) / 1e6;

class Mistake extends Error {}

async function idle() {
  await sleep(1_000_000);
}

Deno.test("simulate: runs the program on an Arduino Uno, on a clock that begins at 0, until its end", async () => {
  const sim = await simulate(async (board) => {
    assertEquals([board.spec.id, getRunningLoop().time()], ["uno", 0]);
    await sleep(1500);
    board.output("LED1").on();
  });
  assertEquals([sim.outcome, sim.time, sim.isOn("LED1")], ["program", 1500, true]);
});

Deno.test("simulate: takes a board by its id; one that is not there is refused", async () => {
  const sim = await simulate(() => {}, null, { board: "pico" });
  assertEquals(sim.board.spec.name, "Espruino Pico");
  await assertRejects(() => simulate(() => {}, null, { board: "unno" }), RangeError, '"uno"');
});

Deno.test("simulate: ends with its scenario, and the program with it, where that has not ended before", async () => {
  const sim = await simulate(idle, async (sim) => await sim.sleep(250));
  assertEquals([sim.outcome, sim.time], ["scenario", 250]);
  const short = await simulate(() => {}, async (sim) => await sim.sleep(250));
  assertEquals([short.outcome, short.time], ["scenario", 250]);
});

Deno.test("simulate: ends when its time is over, before anything else that is due then", async () => {
  const log: string[] = [];
  const ticks = async (name: string) => {
    for (;;) {
      await sleep(50);
      log.push(`${name} at ${getRunningLoop().time()}`);
    }
  };
  for (const seed of [0, 1, 2, 3]) {
    log.length = 0;
    const sim = await simulate(
      async () => {
        createTask(ticks, "task");
        await ticks("main");
      },
      idle,
      { for: 100, seed },
    );
    assertEquals([sim.outcome, sim.time], ["time", 100]);
    assertEquals(log.toSorted(), ["main at 50", "task at 50"]);
  }
  await assertRejects(
    () => simulate(idle, null, { for: NaN }),
    RangeError,
    "Cannot simulate for NaN ms: pass 0 or more",
  );
});

Deno.test("simulate: the program has begun when its scenario does, whatever the seed", async () => {
  for (let seed = 0; seed < 20; seed++) {
    let received = "";
    await simulate(async (board: Board) => {
      received = await board.serial("Serial1").readLine();
    }, async (sim) => {
      sim.serial("Serial1").type("hello\n");
      await sim.sleep(100);
    }, { seed });
    assertEquals(received, "hello");
  }
});

for (
  const [end, run] of [
    ["its time", (program: () => unknown) => simulate(program, null, { for: 100 })],
    ["its scenario", (program: () => unknown) => simulate(program, (sim) => sim.sleep(100))],
  ] as const
) {
  Deno.test(`cleanup: what the program has begun cleans up before simulate returns, ended by ${end}`, async () => {
    const log: string[] = [];
    const work = async (name: string) => {
      try {
        await idle();
      } catch (error) {
        log.push(`${name} ${error instanceof CancelledError ? error.message : error}`);
        throw error;
      } finally {
        await sleep(10); // is not cancelled a second time
        log.push(`${name} cleaned up at ${now()}`);
      }
    };
    const sim = await run(async () => {
      createTask(work, "beside");
      await taskGroup((group) => {
        group.createTask(work, "child");
        return work("main");
      });
    });
    assertEquals(sim.faults, []);
    // One after the other: the body of the group, its children, then what runs beside it.
    assertEquals(log, [
      "main the simulation has ended",
      "main cleaned up at 110",
      "child its task group is being cancelled",
      "child cleaned up at 120",
      "beside the simulation has ended",
      "beside cleaned up at 130",
    ]);
  });
}

Deno.test("cleanup: a program that swallows its cancellation is told, instead of going on for ever", async () => {
  const stubborn = async () => {
    for (;;) await sleep(100).then(() => {}, () => {});
  };
  await assertRejects(
    () => simulate(stubborn, (sim) => sim.sleep(1000)),
    RuntimeError,
    'Cannot end task "main": it goes on 60000 ms after it was cancelled; who catches ' +
      "CancelledError has to throw it on",
  );
});

Deno.test("cleanup: a callback that is pending when the simulation ends is no fault of the program", async () => {
  const sim = await simulate(async () => {
    getRunningLoop().callLater(10_000, () => {});
    await idle();
  }, (sim) => sim.sleep(100));
  assertEquals(sim.faults, []);
});

Deno.test("cleanup: what the program had switched on stays on for those who look", async () => {
  const sim = await simulate(
    async (board: Board) => {
      board.output("LED1").on();
      board.pwm("HEATER1").duty = 0.5;
      await idle();
    },
    null,
    { for: 100 },
  );
  assertEquals([sim.isOn("LED1"), sim.level("D13"), sim.duty("HEATER1")], [true, 1, 0.5]);
  assertEquals(sim.history("LED1"), [{ level: 1, time: 0 }]);
});

Deno.test("failure: of the program is thrown, when it comes and when it cleans up", async () => {
  const fail = () => Promise.reject(new Mistake("at once"));
  await assertRejects(() => simulate(fail), Mistake, "at once");
  await assertRejects(() => simulate(fail, (sim) => sim.sleep(100)), Mistake, "at once");
  await assertRejects(
    () =>
      simulate(async () => {
        await idle().finally(() => {
          throw new Mistake("while cleaning up");
        });
      }, (sim) => sim.sleep(100)),
    Mistake,
    "while cleaning up",
  );
});

Deno.test("failure: of the scenario is thrown, after the program has cleaned up", async () => {
  const log: string[] = [];
  await assertRejects(
    () =>
      simulate(async () => {
        try {
          await idle();
        } finally {
          log.push("cleaned up");
        }
      }, async (sim) => {
        await sim.sleep(10);
        throw new Mistake("scenario");
      }),
    Mistake,
    "scenario",
  );
  assertEquals(log, ["cleaned up"]);
});

Deno.test("failure: of a task that nobody awaits is thrown at the end", async () => {
  const log: string[] = [];
  await assertRejects(
    () =>
      simulate(async () => {
        createTask({ name: "worker" }, () => Promise.reject(new Mistake("beside")));
        await sleep(50);
        log.push("main goes on");
      }, null),
    Mistake,
    "beside",
  );
  await assertRejects(
    () =>
      simulate(async () => {
        createTask(async () => {
          await idle().finally(() => {
            throw new Mistake("beside, cleaning up");
          });
        });
        await sleep(50);
      }),
    Mistake,
    "beside, cleaning up",
  );
  assertEquals(log, ["main goes on"]);
});

Deno.test("failure: of a task is the cause of a scenario that waits in vain", async () => {
  const mistake = new Mistake("no such LED");
  const error = await assertRejects(
    () =>
      simulate(async () => {
        createTask({ name: "worker" }, () => Promise.reject(mistake));
        await idle();
      }, (sim) => sim.until({ LED1: 1 }, 100)),
    Error,
    "in vain",
  );
  assertStrictEquals(error.cause, mistake);
});

Deno.test("failure: a program that ends cancelled, by itself or by what it awaits, says so", async () => {
  const programs = [
    async () => {
      currentTask()!.cancel("enough");
      await idle();
    },
    async () => {
      const task = createTask(idle);
      task.cancel("enough");
      await task;
    },
  ];
  for (const program of programs) {
    await assertRejects(() => simulate(program), CancelledError, "enough");
    await assertRejects(() => simulate(program, (sim) => sim.sleep(10)), CancelledError, "enough");
  }
});

Deno.test("failure: of a callback is thrown, and is in the trace", async () => {
  const faults: string[] = [];
  await assertRejects(
    () =>
      simulate(
        async () => {
          getRunningLoop().callLater(5, function alarm() {
            throw new Mistake("late");
          });
          await sleep(50);
        },
        null,
        {
          onEvent: (event) => {
            if (event.kind === "fault") faults.push(`${event.message} at ${event.t}`);
          },
        },
      ),
    Mistake,
    "late",
  );
  assertEquals(faults, ["Exception in callback alarm() at 5 ms: Error: late at 5"]);
});

Deno.test("interrupt: Ctrl-C ends the simulation with its cleanup", async () => {
  const log: string[] = [];
  const sim = await simulate(async () => {
    getRunningLoop().callLater(30, () => process.emit("SIGINT"));
    try {
      await idle();
    } finally {
      log.push(`cleaned up at ${getRunningLoop().time()}`);
    }
  });
  assertEquals([sim.outcome, ...log], ["interrupt", "cleaned up at 30"]);
});

Deno.test("capture: keeps what the program writes to the console, and gives the console back", async () => {
  const before = { ...console };
  const program = async () => {
    console.log("one", 2, { three: 3 });
    await sleep(10);
    console.error("%d of %s", 4, "five");
    throw new Mistake();
  };
  let kept: readonly string[] = [];
  const prints: string[] = [];
  await assertRejects(() =>
    simulate(program, (sim) => {
      kept = sim.output;
      return idle();
    }, {
      capture: true,
      onEvent: (event) => {
        if (event.kind === "print") prints.push(`${event.t}: ${event.text}`);
      },
    }), Mistake);
  assertEquals(kept, ["one 2 { three: 3 }", "4 of five"]);
  assertEquals(prints, ["0: one 2 { three: 3 }", "10: 4 of five"]);
  for (const verb of ["log", "info", "debug", "warn", "error"] as const) {
    assertStrictEquals(console[verb], before[verb]);
  }
});

Deno.test("capture: simulations beside each other each keep their own output", async () => {
  const before = console.log;
  const others: string[] = [];
  console.log = (text: string) => others.push(text);
  try {
    const say = (name: string, ms: number) =>
      simulate(
        async () => {
          for (let i = 1; i <= 3; i++) {
            console.log(`${name} ${i}`);
            await sleep(ms);
          }
        },
        null,
        { capture: true },
      );
    const both = Promise.all([say("one", 1), say("two", 100)]);
    console.log("none of them");
    const outputs = (await both).map(({ output }) => output);
    console.log("none of them any more");
    assertEquals(outputs, [["one 1", "one 2", "one 3"], ["two 1", "two 2", "two 3"]]);
    assertEquals(others, ["none of them", "none of them any more"]);
  } finally {
    console.log = before;
  }
});

Deno.test("names: pins and roles that the board does not have are refused with a list", async () => {
  await simulate(() => {}, async (sim: Simulation) => {
    const uses = [
      () => sim.level("D99"),
      () => sim.drive("D99", 1),
      () => sim.analog("D99", 1),
      () => sim.isOn("D99"),
      () => sim.duty("D99"),
      () => sim.history("D99"),
      () => sim.isWatched("D99"),
      () => sim.expect({ D99: 1 }),
    ];
    const list = 'Cannot find pin "D99" on Arduino Uno R3; it has LED1, LED2, LED3, BTN1,';
    for (const use of uses) assertThrows(use, RangeError, list);
    await assertRejects(() => sim.press("D99"), RangeError, list);
    await assertRejects(() => sim.until({ D99: 1 }), RangeError, list);
  });
});
