import { assertEquals, assertThrows } from "@std/assert";
import { type Board, createTask, type Edge, getRunningLoop, type Level, sleep } from "awaitio";
import { simulate, type Simulation } from "awaitio/simulator";

const now = () => getRunningLoop().time();
const show = ({ level, time }: Edge) => `${level} at ${time}`;

/** The world drives D4 to these levels at these times. */
function levels(...changes: (readonly [time: number, level: Level])[]) {
  return async (sim: Simulation) => {
    for (const [time, level] of changes) {
      await sim.sleep(time - sim.time);
      sim.drive("D4", level);
    }
    await sim.sleep(100);
  };
}

Deno.test("digital input: value is the level on the wire, and read() asks for it", async () => {
  const log: unknown[] = [];
  await simulate(async (board: Board) => {
    const pin = board.input("D4");
    log.push(pin.value, await pin.read());
    await sleep(15);
    log.push(pin.value, await pin.read());
  }, levels([10, 1]));
  assertEquals(log, [0, 0, 1, 1]);
});

Deno.test("digital input: a pull decides the level while nobody drives the wire", async () => {
  const log: unknown[] = [];
  await simulate((board: Board) => {
    log.push(board.input("D4", { pull: "up" }).value, board.input("D7").value);
  });
  await simulate(
    (board: Board) => {
      log.push(board.input("D30", { pull: "down" }).value);
    },
    null,
    { board: "puckjs" },
  );
  assertEquals(log, [1, 0, 0]);
});

Deno.test("digital input: rising, falling and change give the next such edge with its time", async () => {
  const log: string[] = [];
  await simulate(async (board: Board) => {
    const pin = board.input("D4");
    log.push(`falling: ${show(await pin.falling())}`);
    log.push(`rising: ${show(await pin.rising())}`);
    log.push(`change: ${show(await pin.change())}`);
    log.push(`change: ${show(await pin.change())}`);
  }, levels([10, 1], [20, 0], [30, 1], [40, 0], [50, 1]));
  assertEquals(log, [
    "falling: 0 at 20",
    "rising: 1 at 30",
    "change: 0 at 40",
    "change: 1 at 50",
  ]);
});

Deno.test("digital input: rising waits for the change even where the level is high already", async () => {
  const log: string[] = [];
  await simulate(async (board: Board) => {
    const pin = board.input("D4", { pull: "up" });
    log.push(show(await pin.rising()));
  }, levels([10, 0], [20, 1]));
  assertEquals(log, ["1 at 20"]);
});

Deno.test("digital input: high and low go on at once where the level is there, else when it comes", async () => {
  const log: string[] = [];
  await simulate(async (board: Board) => {
    const pin = board.input("D4");
    await pin.low();
    log.push(`low at ${now()}`);
    await pin.high();
    log.push(`high at ${now()}`);
    await pin.high();
    log.push(`still high at ${now()}`);
    await pin.low();
    log.push(`low at ${now()}`);
  }, levels([10, 1], [20, 0]));
  assertEquals(log, ["low at 0", "high at 10", "still high at 10", "low at 20"]);
});

Deno.test("digital input: a wait does not see what happened before it", async () => {
  const log: string[] = [];
  await simulate(async (board: Board) => {
    const pin = board.input("D4");
    log.push(show(await pin.rising()));
    await sleep(25); // one pulse passes meanwhile
    log.push(show(await pin.rising()));
  }, levels([10, 1], [12, 0], [20, 1], [22, 0], [50, 1]));
  assertEquals(log, ["1 at 10", "1 at 50"]);
});

Deno.test("digital input: two tasks that wait on one pin both get the edge, in the order of their waits", async () => {
  const log: string[] = [];
  await simulate(async (board: Board) => {
    const pin = board.input("D4");
    createTask(async () => log.push(`first: ${show(await pin.change())}`));
    createTask(async () => log.push(`second: ${show(await pin.rising())}`));
    createTask(async () => log.push(`third: ${show(await pin.falling())}`));
    await sleep(50);
  }, levels([10, 1], [20, 0]));
  assertEquals(log, ["first: 1 at 10", "second: 1 at 10", "third: 0 at 20"]);
});

Deno.test("debounce: an edge counts when its level has been stable, with the time at which it began to be", async () => {
  const log: string[] = [];
  await simulate(async (board: Board) => {
    const pin = board.input("D4", { debounce: 20 });
    log.push(`${show(await pin.rising())}, told at ${now()}`);
    log.push(`${show(await pin.falling())}, told at ${now()}`);
  }, levels([10, 1], [13, 0], [15, 1], [100, 0]));
  assertEquals(log, ["1 at 15, told at 35", "0 at 100, told at 120"]);
});

Deno.test("debounce: a pulse that is shorter is invisible, one that is longer is not", async () => {
  const log: string[] = [];
  await simulate(async (board: Board) => {
    const pin = board.input("D4", { debounce: 20 });
    for await (const edge of pin.edges()) log.push(show(edge));
  }, levels([10, 1], [29, 0], [100, 1], [121, 0]));
  assertEquals(log, ["1 at 100", "0 at 121"]);
});

Deno.test("debounce: who begins or ends to wait meanwhile takes no edge from those who wait", async () => {
  const log: string[] = [];
  await simulate(async (board: Board) => {
    const pin = board.input("D4", { debounce: 20 });
    createTask(async () => {
      for await (const edge of pin.edges("rising")) log.push(`stream: ${show(edge)}`);
    });
    createTask(async () => log.push(`wait: ${show(await pin.rising())}`));
    await sleep(15); // the edge at 10 is being debounced
    const other = createTask(() => pin.falling());
    await sleep(5);
    other.cancel();
    await sleep(50);
  }, levels([10, 1]));
  assertEquals(log, ["stream: 1 at 10", "wait: 1 at 10"]);
});

Deno.test("debounce: takes a bouncing contact for one press, which is several without it", async () => {
  const count = async (debounce: number) => {
    let presses = 0;
    await simulate(async (board: Board) => {
      for await (const _press of board.button("BTN1", { debounce }).presses()) presses++;
    }, async (sim) => {
      await sim.sleep(10);
      for (let i = 0; i < 5; i++) {
        await sim.press("BTN1", 100);
        await sim.sleep(100);
      }
    }, { bounce: 15, seed: 3 });
    return presses;
  };
  assertEquals(await count(20), 5);
  assertEquals(await count(0), 29);
});

Deno.test("debounce: is refused unless it is a time", async () => {
  await simulate((board: Board) => {
    for (const debounce of [-1, NaN, Infinity]) {
      assertThrows(
        () => board.input("D4", { debounce }),
        RangeError,
        `Cannot debounce "D4" by ${debounce} ms: pass 0 or more`,
      );
      assertThrows(() => board.button("BTN1", { debounce }), RangeError, "Cannot debounce");
    }
  });
});

for (const board of ["uno", "puckjs"]) {
  Deno.test(`button of the ${board}: pressed and released know its level and go on at once where it is so`, async () => {
    const log: string[] = [];
    await simulate(async (board: Board) => {
      const button = board.button("BTN1");
      await button.released();
      log.push(`released at ${now()}: ${button.isPressed}`);
      await button.pressed();
      log.push(`pressed at ${now()}: ${button.isPressed}`);
      await button.pressed();
      log.push(`still pressed at ${now()}`);
      await button.released();
      log.push(`released at ${now()}: ${button.isPressed}`);
    }, async (sim) => {
      await sim.sleep(100);
      await sim.press("BTN1", 200);
      await sim.sleep(100);
    }, { board });
    assertEquals(log, [
      "released at 0: false",
      "pressed at 125: true", // debounced by 25 ms unless told
      "still pressed at 125",
      "released at 325: false",
    ]);
  });

  Deno.test(`button of the ${board}: presses collects each press with its time`, async () => {
    const times: number[] = [];
    await simulate(async (board: Board) => {
      for await (const press of board.button("BTN1").presses()) times.push(press.time);
    }, async (sim) => {
      await sim.sleep(100);
      await sim.press("BTN1", 50);
      await sim.sleep(50);
      await sim.press("BTN1", 20); // too short
      await sim.sleep(80);
      await sim.press("BTN1", 50);
      await sim.sleep(100);
    }, { board });
    assertEquals(times, [100, 300]);
  });
}

Deno.test("button: its active level comes from the role", async () => {
  const actives: Level[] = [];
  for (const board of ["uno", "puckjs"]) {
    await simulate((board: Board) => void actives.push(board.button("BTN1").active), null, {
      board,
    });
  }
  assertEquals(actives, [0, 1]);
});

Deno.test("button: hold presses it until release lets go of it", async () => {
  const log: string[] = [];
  await simulate(async (board: Board) => {
    const button = board.button("BTN1", { debounce: 0 });
    for (;;) {
      await button.pressed();
      log.push(`pressed at ${now()}`);
      await button.released();
      log.push(`released at ${now()}`);
    }
  }, async (sim) => {
    await sim.sleep(10);
    await sim.hold("BTN1");
    await sim.sleep(5000);
    await sim.release("BTN1");
    await sim.sleep(10);
  });
  assertEquals(log, ["pressed at 10", "released at 5010"]);
});
