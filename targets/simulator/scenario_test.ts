import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { type Board, sleep } from "awaitio";
import { simulate, type Simulation, type WireEdge } from "awaitio/simulator";

async function blink(board: Board) {
  const led = board.output("LED1");
  for (;;) {
    await sleep(100);
    led.toggle();
  }
}

/** Opens the button and leaves it alone. */
async function button(board: Board) {
  board.button("BTN1");
  await sleep(10_000);
}

Deno.test("until: waits for the levels, goes on at once where they are there", async () => {
  const times: number[] = [];
  await simulate(blink, async (sim) => {
    for (const level of [0, 1, 1, 0] as const) {
      await sim.until({ LED1: level });
      times.push(sim.time);
    }
    await sim.until({ LED1: 1, D4: 0 });
    times.push(sim.time);
  });
  assertEquals(times, [0, 100, 100, 200, 300]);
});

Deno.test("until: waits for a function, looked at whenever the board changes, and every 10 ms", async () => {
  const times: number[] = [];
  let ready = false;
  await simulate(async (board: Board) => {
    const lamp = board.pwm("D3");
    await sleep(33);
    lamp.duty = 0.6;
    await sleep(33);
    ready = true;
    await sleep(100);
  }, async (sim) => {
    await sim.until(() => sim.duty("D3") > 0.5);
    times.push(sim.time);
    await sim.until(() => ready);
    times.push(sim.time);
  });
  assertEquals(times, [33, 73]);
});

Deno.test("until: says what it has waited for, and what was there instead", async () => {
  await simulate(blink, async (sim) => {
    await assertRejects(
      () => sim.until({ LED2: 1, D4: 0 }, 250),
      Error,
      "Waited 250 ms in vain for LED2 = 1, D4 = 0; at 250 ms LED2 is 0, D4 is 0",
    );
    await assertRejects(
      () => sim.until(() => sim.duty("D3") > 0.5, 100),
      Error,
      'duty("D3") > 0.5; at 350 ms it gives false',
    );
  });
});

Deno.test("until: gives up after a minute unless told", async () => {
  await simulate(blink, async (sim) => {
    await assertRejects(() => sim.until({ D4: 1 }), Error, "Waited 60000 ms in vain for D4 = 1");
    assertEquals(sim.time, 60_000);
  });
});

Deno.test("until: lets an error of the function pass", async () => {
  await simulate(blink, async (sim) => {
    const broken = () => {
      throw new TypeError("broken");
    };
    await assertRejects(() => sim.until(broken), TypeError, "broken");
  });
});

Deno.test("expect: throws where levels or a function are not so", async () => {
  await simulate(blink, async (sim) => {
    await sim.sleep(150);
    sim.expect({ LED1: 1, D13: 1 });
    sim.expect(() => sim.isOn("LED1"));
    assertThrows(
      () => sim.expect({ LED1: 1, D4: 1 }),
      Error,
      "Expected LED1 = 1, D4 = 1 at 150 ms; LED1 is 1, D4 is 0",
    );
    assertThrows(
      () => sim.expect(() => sim.level("D13") === 0),
      Error,
      'level("D13") === 0 at 150 ms; it gives false',
    );
  });
});

for (const [board, pressed] of [["uno", 0], ["puckjs", 1], ["esp32", 1]] as const) {
  Deno.test(`press, hold and release: move the button of the ${board}`, async () => {
    const released = 1 - pressed;
    const log: unknown[] = [];
    const sim = await simulate(button, async (sim) => {
      log.push(sim.level("BTN1"), sim.isOn("BTN1"));
      await sim.sleep(100);
      await sim.press("BTN1"); // for 50 ms
      await sim.sleep(100);
      await sim.press("BTN1", 10);
      await sim.hold("BTN1");
      await sim.sleep(100);
      log.push(sim.level("BTN1"), sim.isOn("BTN1"));
      await sim.release("BTN1");
      log.push(sim.level("BTN1"), sim.isOn("BTN1"));
    }, { board });
    assertEquals(log, [released, false, pressed, true, released, false]);
    const edges = sim.history("BTN1").filter(({ time }) => time > 0);
    assertEquals(edges.map(({ level, time }) => `${level} at ${time}`), [
      `${pressed} at 100`,
      `${released} at 150`,
      `${pressed} at 250`,
      `${released} at 260`,
      `${pressed} at 260`,
      `${released} at 360`,
    ]);
  });
}

Deno.test("press: lets go of the button also where the scenario is cut short", async () => {
  const sim = await simulate(button, (sim) => sim.press("BTN1", 1000), { for: 100 });
  assertEquals([sim.time, sim.isOn("BTN1")], [100, false]);
});

Deno.test("bounce: a contact changes several times before it rests, and differently each time", async () => {
  const settle = (edges: readonly WireEdge[], from: number) =>
    edges.filter(({ time }) => time >= from && time <= from + 10);
  for (let seed = 0; seed < 20; seed++) {
    const sim = await simulate(button, async (sim) => {
      await sim.sleep(100);
      const began = sim.time;
      await sim.hold("BTN1");
      assert(sim.time > began && sim.time < began + 10); // returns at rest
      await sim.sleep(200 - sim.time);
      await sim.release("BTN1");
    }, { bounce: 10, seed });
    for (const [from, level] of [[100, 0], [200, 1]] as const) {
      const edges = settle(sim.history("BTN1"), from);
      assert([3, 5, 7].includes(edges.length), `seed ${seed}: ${edges.length} edges`);
      assertEquals(edges[0], { level, time: from });
      assertEquals(edges.at(-1)!.level, level);
      assert(edges.every((edge, i) => i === 0 || edge.level !== edges[i - 1]!.level));
    }
  }
});

Deno.test("bounce: a contact that does not bounce changes once", async () => {
  const sim = await simulate(button, async (sim) => {
    await sim.sleep(100);
    await sim.press("BTN1");
  });
  assertEquals(sim.history("BTN1"), [
    { level: 1, time: 0 }, // the pull, from when the program opens it
    { level: 0, time: 100 },
    { level: 1, time: 150 },
  ]);
});

Deno.test("drive: a wire keeps its level until it is let go of", async () => {
  const levels: number[] = [];
  await simulate(async (board: Board) => {
    board.input("D4", { pull: "up" });
    await sleep(1000);
  }, async (sim: Simulation) => {
    for (const level of [null, 0, 1, 0, null] as const) {
      sim.drive("D4", level);
      await sim.sleep(10);
      levels.push(sim.level("D4"));
    }
  });
  assertEquals(levels, [1, 0, 1, 0, 1]);
});

Deno.test("history: has every change of a pin's level with its time", async () => {
  const sim = await simulate(blink, null, { for: 350 });
  assertEquals(sim.history("LED1"), [
    { level: 1, time: 100 },
    { level: 0, time: 200 },
    { level: 1, time: 300 },
  ]);
  assertEquals(sim.history("D4"), []);
});
