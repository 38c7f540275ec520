import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import {
  type Board,
  createTask,
  DeviceError,
  Event,
  getRunningLoop,
  sleep,
  type Task,
  timeout,
  TimeoutError,
} from "awaitio";
import { busy, simulate, type SimulationOptions } from "awaitio/simulator";

const now = () => getRunningLoop().time();

/** Runs a program whose sensor reads what `source` says at the time. */
function withSensor(
  source: (time: number) => number,
  program: (board: Board) => unknown,
  options: SimulationOptions = {},
) {
  const connected = new Event();
  return simulate(async (board: Board) => {
    await connected.wait();
    await program(board);
  }, async (sim) => {
    sim.analog("SENSOR1", source);
    connected.set();
    await sim.sleep(10_000);
  }, options);
}

Deno.test("analog: read gives the value now and keeps it as the last", async () => {
  const log: unknown[] = [];
  await withSensor((time) => time / 1000, async (board) => {
    const sensor = board.analog("SENSOR1");
    log.push(sensor.value);
    await sleep(100);
    log.push(await sensor.read(), sensor.value);
    await sleep(100);
    log.push(sensor.value, await sensor.read(), sensor.value);
  });
  assertEquals(log, [undefined, 0.1, 0.1, 0.1, 0.2, 0.2]);
});

Deno.test("analog: readings stay within the scale, whatever the source says", async () => {
  const log: unknown[] = [];
  await simulate(async (board) => {
    const sensor = board.analog("A1");
    log.push(await sensor.read()); // nothing is connected
    await sleep(10);
    log.push(await sensor.read());
    await sleep(10);
    log.push(await sensor.read());
  }, async (sim) => {
    await sim.sleep(5);
    sim.analog("A1", 1.5);
    await sim.sleep(10);
    sim.analog("A1", -1);
    await sim.sleep(10);
  });
  assertEquals(log, [0, 1, 0]);
});

Deno.test("analog: knows the volts of full scale", async () => {
  const volts: number[] = [];
  for (const board of ["uno", "puckjs"]) {
    const program = (board: Board) => void volts.push(board.analog("SENSOR1").fullScale);
    await simulate(program, null, { board });
  }
  assertEquals(volts, [5, 3]);
});

Deno.test("samples: come at a fixed period, without drift", async () => {
  const log: string[] = [];
  await withSensor((time) => time / 1000, async (board) => {
    for await (const { value, time } of board.analog("SENSOR1").samples(100)) {
      log.push(`${value} at ${time}`);
      await sleep(30); // the work done with it
      if (log.length === 4) break;
    }
  });
  assertEquals(log, ["0.1 at 100", "0.2 at 200", "0.3 at 300", "0.4 at 400"]);
});

for (
  const [missed, expected] of [
    [undefined, [100, 450, 500, 600]],
    ["skip", [100, 450, 500, 600]],
    ["burst", [100, 450, 450, 450, 500, 600]],
    ["delay", [100, 450, 550, 650]],
  ] as const
) {
  Deno.test(`samples: what was missed is treated as ${missed ?? "skip, unless told"}`, async () => {
    const times: number[] = [];
    await withSensor(() => 0.5, async (board) => {
      const samples = board.analog("SENSOR1").samples(100, missed === undefined ? {} : { missed });
      for await (const { time } of samples) {
        if (times.length === 0) busy(350);
        if (times.push(time) === expected.length) break;
      }
    });
    assertEquals(times, expected);
  });
}

Deno.test("above and below: go on at once where the value is there", async () => {
  const log: string[] = [];
  await withSensor(() => 0.5, async (board) => {
    const sensor = board.analog("SENSOR1");
    log.push(`${await sensor.above(0.4)} at ${now()}`);
    log.push(`${await sensor.below(0.6)} at ${now()}`);
  });
  assertEquals(log, ["0.5 at 0", "0.5 at 0"]);
});

Deno.test("above and below: read every 20 ms, or as often as told, until it is", async () => {
  const log: string[] = [];
  await withSensor((time) => Math.min(time, 2000 - time) / 1000, async (board) => {
    const sensor = board.analog("SENSOR1");
    log.push(`${await sensor.above(0.5)} at ${now()}`);
    log.push(`${await sensor.above(0.55, { period: 7 })} at ${now()}`);
    log.push(`${await sensor.below(0.5, { period: 100 })} at ${now()}`);
  });
  // The value must be above, not at, the threshold.
  assertEquals(log, ["0.52 at 520", "0.555 at 555", "0.445 at 1555"]);
});

Deno.test("above and below: do not make up for readings missed while the program was busy", async () => {
  const times: number[] = [];
  await withSensor(() => 0.5, async (board) => {
    createTask(() => board.analog("SENSOR1").above(0.9));
    await sleep(30);
    busy(100);
    await sleep(45);
  }, {
    onEvent: (event) => {
      if (event.kind === "analog" && event.t < 180) times.push(event.t);
    },
  });
  assertEquals(times, [0, 20, 130, 150, 170]);
});

Deno.test("above and below: hysteresis is the width of a band around the threshold", async () => {
  const log: string[] = [];
  await withSensor((time) => Math.min(time, 2000 - time) / 1000, async (board) => {
    const sensor = board.analog("SENSOR1");
    const options = { hysteresis: 0.2, period: 10 };
    log.push(`${await sensor.above(0.5, options)} at ${now()}`);
    log.push(`${await sensor.below(0.5, options)} at ${now()}`);
  });
  assertEquals(log, ["0.61 at 610", "0.39 at 1610"]);
});

Deno.test("above and below: a band wider than the noise keeps it from chattering", async () => {
  // Slowly up and down again, once in ten seconds, with readings that scatter by 0.05.
  const crossings = async (hysteresis: number) => {
    let count = 0;
    await withSensor((time) => 0.5 - 0.2 * Math.cos(time / 5000 * Math.PI), async (board) => {
      const sensor = board.analog("SENSOR1");
      for (;; count++) {
        await (count % 2 === 0
          ? sensor.above(0.5, { hysteresis })
          : sensor.below(0.5, { hysteresis }));
      }
    }, { noise: 0.05, seed: 11 });
    return count;
  };
  assertEquals(await crossings(0.12), 2);
  assert(await crossings(0) > 20);
});

Deno.test("above and below: can be cancelled, and go on after a time limit", async () => {
  const log: string[] = [];
  await withSensor((time) => time / 10_000, async (board) => {
    const sensor = board.analog("SENSOR1");
    try {
      await timeout(95, () => sensor.above(0.02));
    } catch (error) {
      log.push(`${error instanceof TimeoutError} at ${now()}`);
    }
    log.push(`${await sensor.above(0.02, { period: 10 })} at ${now()}`);
  });
  assertEquals(log, ["true at 95", "0.0205 at 205"]);
});

Deno.test("above and below: thresholds that no reading can pass are refused", async () => {
  await withSensor(() => 0.5, async (board) => {
    const sensor = board.analog("SENSOR1");
    const refused: { readonly [message: string]: () => Promise<number> } = {
      "Cannot wait at A0 with a threshold of 1.5: pass 0 to 1": () => sensor.above(1.5),
      "Cannot wait at A0 with a threshold of NaN: pass 0 to 1": () => sensor.below(NaN),
      "Cannot wait at A0 with a hysteresis of -1: pass 0 to 1": () =>
        sensor.above(0.5, { hysteresis: -1 }),
      "Cannot wait at A0 for a value above 1: readings are 0 to 1": () => sensor.above(1),
      "Cannot wait at A0 for a value above 1.05: readings are 0 to 1": () =>
        sensor.above(0.95, { hysteresis: 0.2 }),
      "Cannot wait at A0 for a value below 0: readings are 0 to 1": () => sensor.below(0),
      "Cannot read A0 every 0 ms: pass a period above 0": () => sensor.above(0.5, { period: 0 }),
    };
    for (const [message, wait] of Object.entries(refused)) {
      assertEquals((await assertRejects(wait, RangeError)).message, message);
    }
  });
});

Deno.test("a closed analog input refuses to read, also for who waits for a threshold", async () => {
  await withSensor(() => 0.5, async (board) => {
    const sensor = board.analog("SENSOR1");
    const waiting = createTask(() => sensor.above(0.9));
    await sleep(50);
    sensor.close();
    assertThrows(() => sensor.read(), DeviceError, 'Cannot use pin "A0": it is closed');
    await assertRejects(async () => await waiting, DeviceError);
  });
});

Deno.test("noise: scatters readings by as much as it says, the same for the same seed", async () => {
  const readings = async (seed: number) => {
    const values: number[] = [];
    await withSensor(() => 0.5, async (board) => {
      for await (const { value } of board.analog("SENSOR1").samples(1)) {
        if (values.push(value) === 2000) break;
      }
    }, { noise: 0.1, seed });
    return values;
  };
  const values = await readings(1);
  assertEquals(values, await readings(1));
  assert(values.every((value) => value >= 0.4 && value <= 0.6));
  assert(Math.min(...values) < 0.405 && Math.max(...values) > 0.595);
  const mean = values.reduce((sum, value) => sum + value) / values.length;
  assert(Math.abs(mean - 0.5) < 0.01, `mean ${mean}`);
  assert(values[0] !== (await readings(2))[0]);
});

Deno.test("analog: a read that is cancelled in the turn of its answer ends cancelled", async () => {
  let reader: Task<number> | undefined;
  await withSensor(() => 0.25, async (board) => {
    const sensor = board.analog("SENSOR1");
    reader = createTask(() => sensor.read());
    getRunningLoop().callSoon(() => reader!.cancel());
    await sleep(1);
    assertEquals([reader.cancelled(), sensor.value], [true, 0.25]);
  });
});
