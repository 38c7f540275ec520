import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { type Board, createTask, DeviceError, sleep } from "awaitio";
import { busy, simulate, type TraceEvent } from "awaitio/simulator";

/** What a program does with the PWM of D3: the time, the duty in percent, the frequency. */
async function trace(program: (board: Board) => unknown): Promise<string[]> {
  const log: string[] = [];
  const onEvent = (event: TraceEvent) => {
    if (event.kind !== "pwm") return;
    log.push(`${event.t}: ${Math.round(event.duty * 1e6) / 1e4} % at ${event.frequency} Hz`);
  };
  await simulate(program, null, { onEvent });
  return log;
}

Deno.test("pwm: begins off, at 500 Hz, unless told", async () => {
  const log = await trace(async (board) => {
    const lamp = board.pwm("D3");
    assertEquals([lamp.duty, lamp.frequency], [0, 500]);
    await sleep(1);
    lamp.close();
    await sleep(1);
    const heater = board.pwm("D3", { frequency: 100, duty: 0.25 });
    assertEquals([heater.duty, heater.frequency], [0.25, 100]);
  });
  assertEquals(log, ["0: 0 % at 500 Hz", "1: 0 % at 500 Hz", "2: 25 % at 100 Hz"]);
});

Deno.test("pwm: duty and frequency change separately", async () => {
  const log = await trace(async (board) => {
    const lamp = board.pwm("D3");
    await sleep(10);
    lamp.duty = 0.5;
    await sleep(10);
    lamp.frequency = 1000;
    await sleep(10);
    lamp.duty = 1;
    assertEquals([lamp.duty, lamp.frequency], [1, 1000]);
  });
  assertEquals(log, [
    "0: 0 % at 500 Hz",
    "10: 50 % at 500 Hz",
    "20: 50 % at 1000 Hz",
    "30: 100 % at 1000 Hz",
  ]);
});

Deno.test("pwm: refuses what is no duty, and no frequency", async () => {
  await simulate((board: Board) => {
    const lamp = board.pwm("D3", { duty: 0.5 });
    for (const duty of [-0.1, 1.1, NaN]) {
      assertThrows(
        () => lamp.duty = duty,
        RangeError,
        `Cannot drive D3 with a duty of ${duty}: pass 0 to 1`,
      );
    }
    for (const frequency of [0, -1, NaN, Infinity]) {
      assertThrows(
        () => lamp.frequency = frequency,
        RangeError,
        `Cannot drive D3 at ${frequency} Hz: pass more than 0`,
      );
    }
    assertEquals([lamp.duty, lamp.frequency], [0.5, 500]);
  });
});

Deno.test("fade: moves evenly, every 20 ms, and ends exactly there and then", async () => {
  const log = await trace((board) => board.pwm("D3", { duty: 0.5 }).fade(1, 100));
  assertEquals(log, [
    "0: 50 % at 500 Hz",
    "20: 60 % at 500 Hz",
    "40: 70 % at 500 Hz",
    "60: 80 % at 500 Hz",
    "80: 90 % at 500 Hz",
    "100: 100 % at 500 Hz",
  ]);
});

Deno.test("fade: with a period that does not divide its time still ends on time", async () => {
  const log = await trace((board) => board.pwm("D3", { duty: 1 }).fade(0, 100, { period: 40 }));
  assertEquals(log, [
    "0: 100 % at 500 Hz",
    "40: 60 % at 500 Hz",
    "80: 20 % at 500 Hz",
    "100: 0 % at 500 Hz",
  ]);
});

Deno.test("fade: in no time sets the duty at once", async () => {
  const log = await trace(async (board) => {
    const lamp = board.pwm("D3");
    await lamp.fade(1, 0);
    await lamp.fade(0.5, -5);
  });
  assertEquals(log, ["0: 0 % at 500 Hz", "0: 100 % at 500 Hz", "0: 50 % at 500 Hz"]);
});

Deno.test("fade: shows where it should be after the program was busy", async () => {
  const log = await trace(async (board) => {
    const fading = createTask(() => board.pwm("D3").fade(1, 100));
    await sleep(25);
    busy(50);
    await fading;
  });
  assertEquals(log, [
    "0: 0 % at 500 Hz",
    "20: 20 % at 500 Hz",
    "75: 75 % at 500 Hz",
    "75: 75 % at 500 Hz",
    "80: 80 % at 500 Hz",
    "100: 100 % at 500 Hz",
  ]);
});

Deno.test("fade: stays where it is when it is cancelled", async () => {
  let duty = 0;
  const sim = await simulate(async (board: Board) => {
    const lamp = board.pwm("D3");
    const fading = createTask(() => lamp.fade(1, 100));
    await sleep(50);
    fading.cancel();
    await sleep(100);
    duty = lamp.duty;
  });
  assertEquals([duty, sim.duty("D3")], [0.4, 0.4]);
});

Deno.test("fade: refuses a time, a duty or a period that makes no sense", async () => {
  await simulate(async (board: Board) => {
    const lamp = board.pwm("D3");
    await assertRejects(
      () => lamp.fade(2, 100),
      RangeError,
      "Cannot fade D3 with a duty of 2: pass 0 to 1",
    );
    await assertRejects(() => lamp.fade(1, NaN), RangeError, "a time of NaN: pass milliseconds");
    await assertRejects(
      () => lamp.fade(1, 100, { period: 0 }),
      RangeError,
      "Cannot fade D3 every 0 ms: pass a period above 0",
    );
    await sleep(1); // time still goes on
  });
});

Deno.test("pwm: close switches off and ends who fades; it cannot be driven any more", async () => {
  const log: string[] = [];
  const sim = await simulate(async (board: Board) => {
    const lamp = board.pwm("D3", { duty: 1 });
    const fading = createTask(() => lamp.fade(0.5, 100));
    await sleep(50);
    lamp.close();
    lamp.close();
    await assertRejects(
      async () => await fading,
      DeviceError,
      'Cannot use pin "D3": it is closed',
    );
    assertThrows(() => lamp.duty = 1, DeviceError);
    assertThrows(() => lamp.frequency = 50, DeviceError);
  }, async (sim) => {
    await sim.sleep(49);
    log.push(`${sim.duty("D3")}`);
    await sim.sleep(51);
  });
  assertEquals([...log, `${sim.duty("D3")}`], ["0.8", "0"]);
});

Deno.test("pwm: duty of the simulation is that of the wire, by pin and by role", async () => {
  const sim = await simulate((board: Board) => {
    board.pwm("HEATER1").duty = 0.75;
  });
  assertEquals([sim.duty("HEATER1"), sim.duty("D3"), sim.duty("D5")], [0.75, 0.75, 0]);
});
