import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { type Board, createTask, DeviceError, sleep } from "awaitio";
import { simulate, type TraceEvent } from "awaitio/simulator";

/** The pulses that a program sends, in microseconds at 50 Hz, with their times. */
async function pulses(program: (board: Board) => unknown): Promise<string[]> {
  const log: string[] = [];
  const onEvent = (event: TraceEvent): void => {
    if (event.kind !== "pwm") return;
    assertEquals([event.pin, event.frequency], ["D9", 50]);
    log.push(`${Math.round(event.duty * 20_000)} at ${event.t}`);
  };
  await simulate(program, null, { onEvent });
  return log;
}

Deno.test("servo: an angle is a pulse of 544 to 2400 microseconds", async () => {
  const log = await pulses(async (board) => {
    const servo = board.servo("D9");
    assertEquals(servo.angle, undefined);
    for (const angle of [0, 90, 180]) {
      servo.angle = angle;
      await sleep(100);
    }
    assertEquals(servo.angle, 180);
  });
  assertEquals(log, ["544 at 0", "1472 at 100", "2400 at 200"]);
});

Deno.test("servo: other pulses can be asked for", async () => {
  const log = await pulses((board) => {
    board.servo("D9", { minPulse: 1000, maxPulse: 2000 }).angle = 45;
  });
  assertEquals(log, ["1250 at 0"]);
});

Deno.test("servo: it moves evenly, and stays where a cancel finds it", async () => {
  const log = await pulses(async (board) => {
    const servo = board.servo("D9", { minPulse: 1000, maxPulse: 2000 });
    servo.angle = 0;
    await servo.move(180, 80);
    const moving = createTask(() => servo.move(0, 100));
    await sleep(45);
    moving.cancel();
    await sleep(100);
  });
  assertEquals(log, [
    "1000 at 0",
    "1250 at 20",
    "1500 at 40",
    "1750 at 60",
    "2000 at 80",
    "1800 at 100",
    "1600 at 120",
  ]);
});

Deno.test("servo: closed, it holds its angle no longer", async () => {
  const log = await pulses((board) => {
    const servo = board.servo("D9");
    servo.angle = 0;
    servo.close();
    assertThrows(() => servo.angle = 10, DeviceError, 'Cannot use pin "D9": it is closed');
  });
  assertEquals(log, ["544 at 0", "0 at 0"]);
});

Deno.test("servo: bad angles, pulses and pins are refused", async () => {
  await simulate(async (board: Board) => {
    const servo = board.servo("D9");
    for (const angle of [-1, 181, NaN]) {
      assertThrows(() => servo.angle = angle, RangeError, `Cannot move D9 to ${angle} degrees`);
      await assertRejects(() => servo.move(angle, 1), RangeError, "pass 0 to 180");
    }
    assertThrows(
      () => board.servo("D10", { minPulse: 2000, maxPulse: 1000 }),
      RangeError,
      'Cannot drive a servo on "D10" by pulses of 2000 to 1000 µs',
    );
    assertThrows(() => board.servo("D0"), RangeError, 'Cannot open "D0"');
  });
});
