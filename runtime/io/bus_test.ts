import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { type Board, createTask, DeviceError, gather, getRunningLoop, sleep } from "awaitio";
import { type I2cDevice, simulate, type Simulation, type TraceEvent } from "awaitio/simulator";

const now = () => Math.round(getRunningLoop().time() * 1000) / 1000;

/** A device of 256 registers: writing sets the register, and what follows it; reading goes on from there. */
class Registers implements I2cDevice {
  readonly log: string[] = [];
  readonly values = new Uint8Array(256);
  private at = 0;

  write(bytes: Uint8Array): void {
    this.log.push(`write ${[...bytes].join(" ")}`);
    const [register, ...values] = bytes;
    this.at = register!;
    this.values.set(values, this.at);
  }

  read(length: number): Uint8Array {
    this.log.push(`read ${length}`);
    const bytes = this.values.slice(this.at, this.at + length);
    this.at += length;
    return bytes;
  }
}

/** Runs a program on a board with a device at 0x48 of I2C1. */
async function withRegisters(program: (board: Board) => unknown): Promise<Registers> {
  const device = new Registers();
  await simulate(program, async (sim: Simulation) => {
    sim.i2c("I2C1", 0x48, device);
    await sim.sleep(1000);
  });
  return device;
}

Deno.test("I2C: writes to and reads from the device at the address", async () => {
  const log: unknown[] = [];
  const device = await withRegisters(async (board) => {
    const bus = board.i2c("I2C1");
    log.push([...await bus.write(0x48, [7, 11, 12])]);
    await bus.write(0x48, Uint8Array.of(7));
    log.push([...await bus.read(0x48, 3)]);
  });
  assertEquals(log, [[], [11, 12, 0]]);
  assertEquals(device.log, ["write 7 11 12", "write 7", "read 3"]);
});

Deno.test("I2C: writeRead reads a register after a repeated start, as one transfer", async () => {
  const log: unknown[] = [];
  const device = await withRegisters(async (board) => {
    const bus = board.i2c("I2C1");
    await bus.write(0x48, [1, 21, 22]);
    const other = createTask(() => bus.write(0x48, [9, 99]));
    log.push(
      ...await gather(() => bus.writeRead(0x48, [1], 2), () => bus.writeRead(0x48, [2], 1)),
    );
    await other;
  });
  assertEquals(log, [Uint8Array.of(21, 22), Uint8Array.of(22)]);
  // Nothing comes between a write and its read.
  assertEquals(device.log, [
    "write 1 21 22",
    "write 9 99",
    "write 1",
    "read 2",
    "write 2",
    "read 1",
  ]);
});

Deno.test("I2C: a transfer takes nine bits a byte, addresses included", async () => {
  const log: number[] = [];
  await withRegisters(async (board) => {
    const bus = board.i2c("I2C1"); // 100 kHz: ten microseconds a bit
    await bus.write(0x48, [1, 2, 3]); // 4 bytes
    log.push(now());
    await bus.read(0x48, 1); // 2 bytes
    log.push(now());
    await bus.writeRead(0x48, [1], 2); // 2 and 3 bytes
    log.push(now());
    bus.close();
    await board.i2c("I2C1", { frequency: 400_000 }).read(0x48, 1);
    log.push(now());
  });
  assertEquals(log, [0.36, 0.54, 0.99, 1.035]);
});

Deno.test("I2C: transfers follow each other in the order of the calls", async () => {
  const log: string[] = [];
  const device = await withRegisters(async (board) => {
    const bus = board.i2c("I2C1");
    const write = async (value: number) => {
      await bus.write(0x48, [0, value]);
      log.push(`${value} at ${now()}`);
    };
    await gather(() => write(1), () => write(2), () => write(3));
  });
  assertEquals(log, ["1 at 0.27", "2 at 0.54", "3 at 0.81"]);
  assertEquals(device.log, ["write 0 1", "write 0 2", "write 0 3"]);
});

Deno.test("I2C: a transfer that has begun is not cut by a cancel", async () => {
  const log: unknown[] = [];
  const device = await withRegisters(async (board) => {
    const bus = board.i2c("I2C1");
    const cut = createTask(() => bus.write(0x48, [5, 55]));
    await sleep(0.1);
    cut.cancel();
    log.push([...await bus.writeRead(0x48, [5], 1)], now(), cut.cancelled());
  });
  assertEquals(log, [[55], 0.63, true]); // 0.27 and 0.36
  assertEquals(device.log, ["write 5 55", "write 5", "read 1"]);
});

Deno.test("I2C: where no device answers, that is said", async () => {
  await withRegisters(async (board) => {
    const bus = board.i2c("I2C1");
    const refused = await assertRejects(async () => await bus.read(0x09, 1), DeviceError);
    assertEquals(refused.message, "Cannot reach 0x09 on I2C1: nothing answers");
    assertEquals((await bus.read(0x48, 1)).length, 1);
  });
});

Deno.test("I2C: what is no address is refused", async () => {
  await withRegisters((board) => {
    const bus = board.i2c("I2C1");
    for (const address of [-1, 128, 0x90, 1.5, NaN]) {
      assertThrows(
        () => bus.read(address, 1),
        RangeError,
        `Cannot talk to the I2C address ${address}: pass 0 to 127, without the read/write bit`,
      );
    }
  });
});

Deno.test("I2C: transfers are in the trace, with what was sent and answered", async () => {
  const events: string[] = [];
  const onEvent = (event: TraceEvent) => {
    if (event.kind === "bus") events.push(`${event.port}: ${event.sent} > ${event.answered}`);
  };
  await simulate(async (board: Board) => {
    await board.i2c("I2C1").writeRead(0x48, [0x0f, 0xa0], 2);
    await board.spi("SPI1").transfer([0x9f, 0, 0]);
  }, async (sim) => {
    sim.i2c("I2C1", 0x48, { read: () => [0xca, 0xfe] });
    sim.spi("SPI1", () => [0xff, 0xef, 0x40]);
    await sim.sleep(10);
  }, { onEvent });
  assertEquals(events, ["I2C1: 0f a0 > ca fe", "SPI1: 9f 00 00 > ff ef 40"]);
});

Deno.test("SPI: gives as many bytes as it sends; without a device they are zero", async () => {
  const log: unknown[] = [];
  await simulate(async (board: Board) => {
    const bus = board.spi("SPI1");
    log.push([...await bus.transfer([1, 2, 3])]);
    await sleep(10);
    log.push([...await bus.transfer(Uint8Array.of(1, 2, 3))]);
  }, async (sim) => {
    await sim.sleep(5);
    sim.spi("SPI1", (bytes) => bytes.map((byte) => byte * 2));
    await sim.sleep(10);
  });
  assertEquals(log, [[0, 0, 0], [2, 4, 6]]);
});

Deno.test("SPI: a transfer takes eight bits a byte, and the next one waits for it", async () => {
  const log: string[] = [];
  await simulate(async (board: Board) => {
    const bus = board.spi("SPI1", { frequency: 8000 });
    const send = async (...bytes: number[]) => {
      await bus.transfer(bytes);
      log.push(`${bytes.length} at ${now()}`);
    };
    await gather(() => send(1, 2, 3), () => send(4), () => send());
  });
  assertEquals(log, ["3 at 3", "1 at 4", "0 at 4"]);
});

Deno.test("SPI: the device that is selected answers, its pin is low meanwhile, and the bus is shared", async () => {
  const log: string[] = [];
  const sim = await simulate(async (board: Board) => {
    const flash = board.spi("SPI1", { select: "D10", frequency: 8000 });
    const radio = board.spi("SPI1", { select: "D9", frequency: 8000 });
    const [first, second] = await gather(
      () => flash.transfer([0, 0]),
      () => radio.transfer([0, 0, 0]),
    );
    log.push(`flash ${first}`, `radio ${second}`);
    radio.close();
    assertThrows(() => radio.transfer([0]), DeviceError, 'Cannot use SPI bus "SPI1": it is closed');
    log.push(`flash ${await flash.transfer([0])}`);
  }, async (sim) => {
    sim.spi("SPI1", (bytes) => bytes.map(() => 1), "D10");
    sim.spi("SPI1", (bytes) => bytes.map(() => 2), "D9");
    await sim.sleep(10);
  });
  assertEquals(log, ["flash 1,1", "radio 2,2,2", "flash 1"]);
  assertEquals(sim.history("D10"), [
    { level: 1, time: 0 },
    { level: 0, time: 0 },
    { level: 1, time: 2 },
    { level: 0, time: 5 },
    { level: 1, time: 6 },
  ]);
  assertEquals(sim.history("D9"), [
    { level: 1, time: 0 },
    { level: 0, time: 2 },
    { level: 1, time: 5 },
  ]);
});

Deno.test("a bus that the board does not have is refused by the simulation too", async () => {
  await simulate(() => {}, (sim) => {
    assertThrows(
      () => sim.i2c("I2C9", 0x48, {}),
      RangeError,
      'Cannot find I2C bus "I2C9"; the board has I2C1',
    );
    assertThrows(() => sim.spi("SPI9", () => []), RangeError, "the board has SPI1");
    assertThrows(() => sim.spi("SPI1", () => [], "D99"), RangeError, 'Cannot find pin "D99"');
  });
});
