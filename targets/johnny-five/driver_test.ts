import { assert, assertAlmostEquals, assertEquals, assertRejects, assertThrows } from "@std/assert";
import {
  createTask,
  DeviceError,
  gather,
  getRunningLoop,
  sleep,
  TimeoutError,
  waitFor,
} from "awaitio";
import { onFirmware } from "./world_test.ts";

Deno.test("an output is driven from the start, and its writes reach the pin", async () => {
  await onFirmware(async ({ board, arduino }) => {
    const led = board.output("D12", { initial: 1 });
    await sleep(5);
    assertEquals(arduino.pin("D12"), { mode: "output", level: 1, wave: null });
    led.off();
    await sleep(5);
    assertEquals(arduino.pin("D12").level, 0);
    assertEquals(await led.read(), 0);
  });
});

Deno.test("an open drain drives low, and floats instead of driving high", async () => {
  await onFirmware(async ({ board, arduino }) => {
    const line = board.output("D7", { openDrain: true, initial: 1 });
    await sleep(5);
    assertEquals(arduino.pin("D7").mode, "input");
    line.off();
    await sleep(5);
    assertEquals(arduino.pin("D7"), { mode: "output", level: 0, wave: null });
    line.on();
    await sleep(5);
    assertEquals(arduino.pin("D7").mode, "input");
  });
});

Deno.test("an input's level is unknown until the board has told, and kept up to date from then on", async () => {
  await onFirmware(async ({ board, arduino }) => {
    const input = board.input("D4", { pull: "up" });
    assertEquals(input.value, undefined);
    assertEquals(await input.read(), 1);
    assertEquals(input.value, 1);
    arduino.setLevel("D4", 0);
    await sleep(5);
    assertEquals(input.value, 0);
    assertEquals(await input.read(), 0);
  });
});

Deno.test("high() and low() ask where the level is not known yet", async () => {
  await onFirmware(async ({ board, arduino }) => {
    arduino.setLevel("D4", 1);
    await waitFor(() => board.input("D4").high(), 20);
    await assertRejects(() => waitFor(() => board.input("D5").high(), 20), TimeoutError);
    await waitFor(() => board.input("D5").low(), 20);
  });
});

Deno.test("edges come in order, with the time at which the host hears of them", async () => {
  await onFirmware(async ({ board, arduino }) => {
    const input = board.input("D2", { pull: "up" });
    await input.read();
    const edges = input.edges();
    const first = await sleepUntilAndSet();
    const times: number[] = [];
    for await (const { level, time } of edges) {
      assertEquals(level, times.length % 2);
      times.push(time);
      if (times.length === 6) break;
    }
    for (const [i, time] of times.entries()) {
      const late = time - (first + 3 * i);
      assert(late > 0 && late < 1.5, `edge ${i} came after ${late} ms`);
    }

    /** Changes the level every 3 ms, and gives the time of the first change. */
    async function sleepUntilAndSet(): Promise<number> {
      const start = getRunningLoop().time();
      for (let i = 0; i < 6; i++) {
        arduino.setLevel("D2", i % 2 as 0 | 1);
        await sleep(3);
      }
      return start;
    }
  });
});

Deno.test("a debounced input tells levels that last, by their first edge", async () => {
  await onFirmware(async ({ board, arduino }) => {
    const input = board.input("D2", { pull: "up", debounce: 10 });
    await input.read();
    const falling = createTask(() => input.falling());
    await sleep(5);
    for (const level of [0, 1, 0, 1, 0] as const) {
      arduino.setLevel("D2", level);
      await sleep(2);
    }
    const { level, time } = await falling;
    assertEquals(level, 0);
    // The last change was at 5 + 8 ms after the task was made.
    assert(time > 13 && time < 25, String(time));
  });
});

Deno.test("two inputs of one port do not see each other's edges, and the port is reported until both are closed", async () => {
  await onFirmware(async ({ board, arduino, sent }) => {
    const left = board.input("D2");
    const right = board.input("D3");
    await gather(left.read(), right.read());
    const log: string[] = [];
    const watch = async (name: string, input: typeof left): Promise<void> => {
      for await (const { level } of input.edges()) log.push(`${name} ${level}`);
    };
    const tasks = [createTask(watch, "left", left), createTask(watch, "right", right)];
    for (const pin of ["D2", "D3", "D2"]) {
      arduino.setLevel(pin, arduino.pin(pin).level === 0 ? 1 : 0);
      await sleep(5);
    }
    assertEquals(log, ["left 1", "right 1", "left 0"]);
    sent.length = 0;
    left.close();
    await sleep(5);
    assertEquals(sent, []);
    right.close();
    assertEquals(sent, ["d0 00"]);
    await gather(...tasks);
  });
});

Deno.test("an analog reading switches the board's reports on, and off again", async () => {
  await onFirmware(async ({ board, arduino, sent }) => {
    arduino.setAnalog("A0", 0.25);
    const sensor = board.analog("A0");
    sent.length = 0;
    assertAlmostEquals(await sensor.read(), 0.25, 1 / 1023);
    assertEquals(sent, ["c0 01", "c0 00"]);
    arduino.setAnalog("A0", 1);
    assertEquals(await sensor.read(), 1);
    arduino.setAnalog("A0", 0);
    assertEquals(await gather(sensor.read(), sensor.read()), [0, 0]);
    assertEquals(sent.slice(2), ["c0 01", "c0 00", "c0 01", "c0 00"]);
  });
});

Deno.test("samples set the board's sampling interval to what is asked, the shortest of several", async () => {
  await onFirmware(async ({ board, sent }) => {
    const samples = board.analog("A0").samples(50);
    sent.length = 0;
    const times: number[] = [];
    for await (const { time } of samples) {
      if (times.push(time) === 5) break;
    }
    assertEquals(sent, ["f0 7a 32 00 f7", "c0 01"]);
    // The first is answered at once; the others come when the board samples.
    for (const [i, time] of times.slice(2).entries()) {
      assertAlmostEquals(time - times[i + 1]!, 50, 3);
    }
    // Nobody says that it is over; readings that do not come do.
    await sleep(200);
    assertEquals(sent.slice(2), ["f0 7a 13 00 f7", "c0 00"]);
    sent.length = 0;
    const slow = createTask(() => board.analog("A1").above(0.5, { period: 200 }));
    await sleep(1);
    const fast = createTask(() => board.analog("A2").above(0.5, { period: 4 }));
    await sleep(10);
    fast.cancel();
    await sleep(150);
    slow.cancel();
    await sleep(500);
    const intervals = sent.filter((message) => message.startsWith("f0 7a"));
    // 200, 10 as the shortest that the firmware takes, 200, and its usual 19.
    assertEquals(intervals, [
      "f0 7a 48 01 f7",
      "f0 7a 0a 00 f7",
      "f0 7a 48 01 f7",
      "f0 7a 13 00 f7",
    ]);
  });
});

Deno.test("PWM drives the timer of the pin", async () => {
  await onFirmware(async ({ board, arduino }) => {
    const lamp = board.pwm("D3", { duty: 0.25 });
    await sleep(10);
    assertAlmostEquals(arduino.pin("D3").wave!.duty, 0.25, 1 / 255);
    lamp.duty = 1;
    await sleep(10);
    assertEquals(arduino.pin("D3").level, 1);
    lamp.close();
    await sleep(10);
    assertEquals(arduino.pin("D3").level, 0);
  });
});

Deno.test("a servo gets the pulses that are asked for, and none when it is closed", async () => {
  await onFirmware(async ({ board, arduino }) => {
    const servo = board.servo("D9", { minPulse: 1000, maxPulse: 2000 });
    servo.angle = 45;
    await sleep(60);
    assertAlmostEquals(arduino.pulse("D9")!.high, 1.25, 0.005);
    assertAlmostEquals(arduino.pulse("D9")!.period, 20, 0.05);
    servo.close();
    await sleep(60);
    assertEquals([arduino.pulse("D9"), arduino.pin("D9").mode], [null, "input"]);
  });
});

Deno.test("I2C devices are written, read, and read at a register", async () => {
  await onFirmware(async ({ board, arduino }) => {
    const log: string[] = [];
    let register = 0;
    arduino.attachI2c(0x48, {
      write(bytes) {
        log.push(`written ${[...bytes]}`);
        register = bytes[0]!;
      },
      read: (length) => Array.from({ length }, (_, i) => register + i),
    });
    const bus = board.i2c("I2C1");
    assertEquals(await bus.writeRead(0x48, [200], 3), Uint8Array.of(200, 201, 202));
    await bus.write(0x48, [7, 128, 255]);
    assertEquals(await bus.read(0x48, 2), Uint8Array.of(7, 8));
    assertEquals(await bus.writeRead(0x48, [9, 1], 1), Uint8Array.of(9));
    assertEquals(log, ["written 200", "written 7,128,255", "written 9,1"]);
  });
});

Deno.test("I2C transfers follow each other, and one that nothing answers fails alone", async () => {
  await onFirmware(async ({ board, arduino }) => {
    arduino.attachI2c(0x48, { read: (length) => new Array(length).fill(5) });
    const bus = board.i2c("I2C1");
    const absent = createTask(() => bus.read(0x20, 1));
    const present = gather(bus.read(0x48, 1), bus.read(0x48, 2));
    assertEquals(await present, [Uint8Array.of(5), Uint8Array.of(5, 5)]);
    await assertRejects(
      async () => await absent,
      DeviceError,
      'Cannot read 1 bytes from 0x20 on "I2C1": nothing answers, or not with as many',
    );
  });
});

Deno.test("more than the firmware's buffers hold is refused", async () => {
  await onFirmware(async ({ board }) => {
    const bus = board.i2c("I2C1");
    await assertRejects(
      async () => await bus.write(0x48, new Array(31).fill(0)),
      DeviceError,
      "the firmware takes at most 30; split the transfer",
    );
    await assertRejects(async () => await bus.read(0x48, 33), DeviceError, "at most 32");
  });
});

Deno.test("sysex sends a message and gives the answer that is meant", async () => {
  await onFirmware(async ({ board }) => {
    board.output("D13");
    board.input("D2", { pull: "up" });
    const state = (pin: number) =>
      board.sysex(0x6d, [pin], { answer: 0x6e, match: ([which]) => which === pin });
    const [d2, d13] = await gather(state(2), state(13));
    assertEquals([...d13], [13, 1, 0]);
    assertEquals([...d2].slice(0, 2), [2, 11]);
  });
});

Deno.test("a sysex message that nothing answers ends at its limit, and bad bytes are refused", async () => {
  await onFirmware(async ({ board }) => {
    await assertRejects(
      async () => await board.sysex(0x33, [1], { limit: 100 }),
      DeviceError,
      "Cannot get an answer to sysex(0x33): no answer within 100 ms; a byte may have been lost",
    );
    for (const byte of [128, -1, 0.5]) {
      assertThrows(() => board.sysex(0x33, [byte]), RangeError, `Cannot send ${byte}`);
    }
  });
});

Deno.test("what the firmware cannot do is refused with the cure", async () => {
  await onFirmware(({ board }) => {
    const refused = (open: () => unknown, message: string): void => {
      assertThrows(open, DeviceError, message);
    };
    refused(
      () => board.spi("SPI1"),
      'Cannot open "SPI1": the board runs Firmata, which has no SPI',
    );
    refused(() => board.i2c("I2C1", { frequency: 400_000 }), "Firmata's clock is 100000 Hz");
    refused(() => board.output("D0"), 'Cannot open "D0" for output: the board runs Firmata, and');
  });
});
