/** Johnny-Five's own components beside awaitio's: the board they are on has real firmware. */
import { assertAlmostEquals, assertEquals, assertRejects } from "@std/assert";
import { createTask, sleep } from "awaitio";
import { LinkError, on, once } from "awaitio/johnny-five";
import five from "johnny-five";
import { onFirmware } from "./world_test.ts";

Deno.test("a Led of Johnny-Five's drives its pin", async () => {
  await onFirmware(async ({ board, arduino }) => {
    const led = new five.Led({ board: board.johnnyFive, pin: 13 });
    led.on();
    await sleep(10);
    assertEquals(arduino.pin("D13").level, 1);
    led.off();
    await sleep(10);
    assertEquals(arduino.pin("D13").level, 0);
  });
});

Deno.test("the events of a Button can be awaited", async () => {
  await onFirmware(async ({ board, arduino }) => {
    const button = new five.Button({ board: board.johnnyFive, pin: 2, isPullup: true });
    await sleep(20);
    for (let i = 0; i < 2; i++) {
      const press = createTask(() => once(button, "press"));
      await sleep(1);
      arduino.setLevel("D2", 0);
      await press;
      const release = createTask(() => once(button, "release"));
      await sleep(1);
      arduino.setLevel("D2", 1);
      await release;
    }
  });
});

Deno.test("the readings of a Sensor come as a stream", async () => {
  await onFirmware(async ({ board, arduino }) => {
    arduino.setAnalog("A0", 0.5);
    const sensor = new five.Sensor({ board: board.johnnyFive, pin: "A0", freq: 5 });
    const values: number[] = [];
    for await (const [value] of on<[number]>(sensor, "data")) {
      // Before the first report there is a 0.
      if (value > 0 && values.push(value) === 3) break;
    }
    for (const value of values) assertAlmostEquals(value, 511.5, 1);
    sensor.disable();
  });
});

Deno.test("a Servo moves, and awaitio's pins go on beside it", async () => {
  await onFirmware(async ({ board, arduino }) => {
    const led = board.output("LED1");
    const servo = new five.Servo({ board: board.johnnyFive, pin: 9 });
    servo.to(45);
    led.on();
    await sleep(100);
    // Johnny-Five has 600 to 2400 microseconds.
    assertAlmostEquals(arduino.pulse("D9")!.high, 1.05, 0.005);
    assertEquals(arduino.pin("D13").level, 1);
    servo.stop();
  });
});

Deno.test("waits for events of a component end when the link to its board is lost", async () => {
  await onFirmware(async ({ board, cable }) => {
    const button = new five.Button({ board: board.johnnyFive, pin: 2, isPullup: true });
    const failed = (wait: () => PromiseLike<unknown>): Promise<Error> =>
      assertRejects(async () => await wait(), LinkError, "is gone (unplugged)");
    const press = createTask(() => failed(() => once(button, "press")));
    const holds = on(button, "hold");
    const hold = createTask(() => failed(() => holds.next()));
    await sleep(5);
    cable.unplug();
    await press;
    await hold;
  });
});

Deno.test("with reconnect, a component is as before when its board is back", async () => {
  await onFirmware(async ({ board, arduino }) => {
    const button = new five.Button({ board: board.johnnyFive, pin: 2, isPullup: true });
    new five.Led({ board: board.johnnyFive, pin: 13 }).on();
    await sleep(20);
    arduino.reset();
    const press = createTask(() => once(button, "press"));
    await sleep(2500);
    assertEquals(arduino.pin("D13").level, 1);
    arduino.setLevel("D2", 0);
    await press;
  }, { reconnect: true });
});
