import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { type Board, type BoardSpec, createTask, DeviceError, sleep } from "awaitio";
import { uno } from "awaitio/boards";
import { simulate } from "awaitio/simulator";

/** LED1 of this board lights at 0, LED2 at 1. */
const activeLow = {
  ...uno,
  roles: { ...uno.roles, LED1: { pin: "D13", active: 0 } },
} as const satisfies BoardSpec;

Deno.test("digital output: begins switched off, whatever level that is", async () => {
  const sim = await simulate(
    (board) => {
      const low = board.output("LED1");
      const high = board.output("LED2");
      assertEquals([low.value, low.isOn, low.active], [1, false, 0]);
      assertEquals([high.value, high.isOn, high.active], [0, false, 1]);
    },
    null,
    { board: activeLow },
  );
  assertEquals([sim.level("LED1"), sim.isOn("LED1")], [1, false]);
  assertEquals([sim.level("LED2"), sim.isOn("LED2")], [0, false]);
});

Deno.test("digital output: begins at the level that it is given", async () => {
  const sim = await simulate(
    (board) => {
      assertEquals(board.output("LED1", { initial: 0 }).isOn, true);
      assertEquals(board.output("LED2", { initial: 1 }).isOn, true);
      assertEquals(board.output("D4", { initial: 1 }).value, 1);
    },
    null,
    { board: activeLow },
  );
  assertEquals([sim.isOn("LED1"), sim.isOn("LED2"), sim.level("D4")], [true, true, 1]);
});

Deno.test("digital output: on and off switch the part, write and value set the level, toggle changes it", async () => {
  const sim = await simulate(
    async (board) => {
      const led = board.output("LED1");
      for (
        const act of [
          () => led.on(),
          () => led.off(),
          () => led.toggle(),
          () => led.toggle(),
          () => led.write(0),
          () => led.value = 1,
          () => led.value = 1, // no edge
          () => led.on(),
        ]
      ) {
        await sleep(10);
        act();
      }
      assertEquals([led.value, led.isOn], [0, true]);
    },
    null,
    { board: activeLow },
  );
  assertEquals(sim.history("LED1"), [
    { level: 1, time: 0 },
    { level: 0, time: 10 },
    { level: 1, time: 20 },
    { level: 0, time: 30 },
    { level: 1, time: 40 },
    { level: 0, time: 50 },
    { level: 1, time: 60 },
    { level: 0, time: 80 },
  ]);
});

Deno.test("digital output: read asks for the level on the wire", async () => {
  const log: unknown[] = [];
  await simulate(async (board) => {
    const pin = board.output("D4", { initial: 1 });
    log.push(await pin.read());
    pin.value = 0;
    log.push(await pin.read());
  });
  assertEquals(log, [1, 0]);
});

Deno.test("digital output: an open drain lets go at 1, so that others may pull the line down", async () => {
  const log: unknown[] = [];
  const sim = await simulate(async (board) => {
    const line = board.output("D4", { openDrain: true, initial: 1 });
    log.push([line.value, await line.read()]);
    await sleep(20); // held down from outside meanwhile
    log.push([line.value, await line.read()]);
    line.value = 0;
    await sleep(10); // the others let go
    log.push([line.value, await line.read()]);
    line.value = 1;
    log.push([line.value, await line.read()]);
  }, async (sim) => {
    await sim.sleep(10);
    sim.drive("D4", 0);
    await sim.sleep(15);
    sim.drive("D4", null);
    await sim.sleep(10);
  });
  assertEquals(log, [[1, 1], [1, 0], [0, 0], [1, 1]]);
  assertEquals(sim.history("D4"), [
    { level: 1, time: 0 },
    { level: 0, time: 10 },
    { level: 1, time: 30 },
  ]);
});

Deno.test("digital output: the program wins over what drives the wire from outside", async () => {
  const sim = await simulate(async (board) => {
    board.output("D4").on();
    await sleep(20);
  }, (sim) => sim.drive("D4", 0));
  assertEquals(sim.level("D4"), 1);
});

Deno.test("pulse: switches on for as long as it says", async () => {
  const sim = await simulate(async (board) => {
    await sleep(10);
    await board.output("LED2").pulse(30);
    await sleep(10);
  });
  assertEquals(sim.history("LED2"), [{ level: 1, time: 10 }, { level: 0, time: 40 }]);
});

Deno.test("pulse: switches off where it is cancelled, also a part that lights at 0", async () => {
  const sim = await simulate(
    async (board) => {
      const pulse = createTask(() => board.output("LED1").pulse(1000));
      await sleep(30);
      pulse.cancel();
      await sleep(10);
    },
    null,
    { board: activeLow },
  );
  assertEquals(sim.history("LED1"), [
    { level: 1, time: 0 },
    { level: 0, time: 0 },
    { level: 1, time: 30 },
  ]);
});

Deno.test("pulse: of no time at all is refused and leaves the part off", async () => {
  const sim = await simulate(async (board) => {
    await assertRejects(() => board.output("LED2").pulse(NaN), RangeError);
  });
  assertEquals(sim.isOn("LED2"), false);
});

Deno.test("a closed output stays as it is and cannot be driven", async () => {
  const sim = await simulate(async (board: Board) => {
    const led = board.output("LED1");
    led.on();
    led.close();
    const uses = [
      () => led.on(),
      () => led.off(),
      () => led.toggle(),
      () => led.write(0),
      () => void (led.value = 0),
      () => led.read(),
    ];
    for (const use of uses) {
      assertThrows(use, DeviceError, 'Cannot use pin "D13": it is closed');
    }
    await assertRejects(() => led.pulse(10), DeviceError);
  });
  assertEquals(sim.history("LED1"), [{ level: 1, time: 0 }]);
});

Deno.test("a pulse that the board's end meets ends with its task, and the pin stays as it is", async () => {
  let how = "";
  await simulate(async (board: Board) => {
    const pulse = createTask(() => board.output("LED1").pulse(1000));
    await sleep(10);
    board.close();
    pulse.cancel();
    await sleep(10);
    how = pulse.cancelled() ? "cancelled" : String(pulse.exception());
  });
  assertEquals(how, "cancelled");
});

Deno.test("a block that uses an output gives the pin back", async () => {
  await simulate((board: Board) => {
    {
      using lamp = board.output("D4");
      lamp.on();
      assertThrows(() => board.input("D4"), Error, "close that first");
    }
    assertEquals(board.input("D4").value, 0);
  });
});
