import { assertEquals } from "@std/assert";
import { endBundlerAtTheEnd } from "../../compiler/world_test.ts";
import type { Done } from "../../runtime/io/driver.ts";
import { onBoard } from "./world_test.ts";

endBundlerAtTheEnd();

/** Collects answers: bytes, or the error's message. */
function answers(): { list: unknown[]; done: Done<Uint8Array> } {
  const list: unknown[] = [];
  return { list, done: (error, bytes) => list.push(error?.message ?? [...bytes!]) };
}

Deno.test("an I2C transfer writes, reads, or does both after a repeated start", () =>
  onBoard("pico", ({ driver, sim }) => {
    const { list, done } = answers();
    const written: number[][] = [];
    sim.i2c("I2C1", 0x48, {
      write: (bytes) => written.push([...bytes]),
      read: (length) => Array.from({ length }, (_, i) => 10 + i),
    });
    const port = driver.openI2c("I2C1", {});
    port.transfer(0x48, Uint8Array.of(1, 2), 0, done);
    port.transfer(0x48, new Uint8Array(0), 3, done);
    port.transfer(0x48, Uint8Array.of(0), 2, done);
    assertEquals(list, [[], [10, 11, 12], [10, 11]]);
    assertEquals(written, [[1, 2], [0]]);
  }));

Deno.test("an I2C bus gets the board's pins and its clock; a transfer takes its time", () =>
  onBoard("pico", ({ driver, sim, globals }) => {
    let setup = {};
    const real = globals.I2C1.setup;
    globals.I2C1.setup = function (options: object) {
      setup = { ...options }; // an object of this world
      real.call(this, options);
    };
    sim.i2c("I2C1", 0x48, {});
    const port = driver.openI2c("I2C1", { frequency: 90_000 });
    assertEquals(setup, { scl: "B8", sda: "B9", bitrate: 90_000 });
    port.transfer(0x48, Uint8Array.of(1, 2, 3, 4), 0, () => {});
    assertEquals(sim.time, 0.5); // 45 bits
  }));

Deno.test("an I2C device that does not answer is an error of the transfer", () =>
  onBoard("pico", ({ driver }) => {
    const { list, done } = answers();
    const port = driver.openI2c("I2C1", {});
    port.transfer(0x20, Uint8Array.of(1), 0, done);
    port.transfer(0x20, new Uint8Array(0), 1, done);
    assertEquals(list, ["Cannot reach 32 on I2C1", "Cannot reach 32 on I2C1"]);
  }));

Deno.test("an SPI transfer gives as many bytes as it sends, with its device selected meanwhile", () =>
  onBoard("pico", ({ driver, sim }) => {
    const { list, done } = answers();
    const levels: number[] = [];
    sim.spi("SPI1", (bytes) => {
      levels.push(sim.level("A4"));
      return bytes.map((byte) => byte ^ 0xff);
    }, "A4");
    const port = driver.openSpi("SPI1", { select: "A4" });
    assertEquals(sim.level("A4"), 1);
    port.transfer(Uint8Array.of(0x9f, 0), done);
    assertEquals(list, [[0x60, 0xff]]);
    assertEquals(sim.history("A4").map(({ level }) => level), [1, 0, 1]);
  }));

Deno.test("two SPI devices on one bus each get their own clock and mode at every transfer", () =>
  onBoard("pico", ({ driver, globals }) => {
    const setups: string[] = [];
    globals.SPI1.setup = (options: { baud: number; mode: number }) =>
      setups.push(`${options.baud} ${options.mode}`);
    const fast = driver.openSpi("SPI1", { frequency: 4_000_000, mode: 3, select: "A4" });
    const slow = driver.openSpi("SPI1", { select: "B1" });
    for (const port of [fast, slow, fast]) port.transfer(Uint8Array.of(0), () => {});
    assertEquals(setups, ["4000000 3", "1000000 0", "4000000 3"]);
  }));
