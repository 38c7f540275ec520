import { assertEquals } from "@std/assert";
import { IdleCpu } from "./idle_cpu.ts";
import { WATCHDOG, Watchdog } from "./watchdog.ts";

const MCUSR = 0x54;
const WDTCSR = 0x60;
const CHANGE = 0x18;
const ONE_SECOND = 0x0e;
const SHORTEST = 0x08;
const OFF = 0;
/** The shortest time, in cycles of 16 MHz. */
const SIXTEEN_MS = 256_000;

function watchdog(cause = 0): { cpu: IdleCpu; resets: number[] } {
  const cpu = new IdleCpu();
  cpu.data[MCUSR] = cause;
  const resets: number[] = [];
  new Watchdog(cpu, 16e6, () => resets.push(cpu.cycles));
  return { cpu, resets };
}

function set(cpu: IdleCpu, value: number): void {
  cpu.writeData(WDTCSR, CHANGE);
  cpu.cycles += 2;
  cpu.writeData(WDTCSR, value);
}

function pass(cpu: IdleCpu, cycles: number): void {
  cpu.cycles += cycles;
  cpu.tick();
}

Deno.test("Watchdog resets the chip when it was not told for its time", () => {
  const { cpu, resets } = watchdog();
  set(cpu, ONE_SECOND);
  cpu.onWatchdogReset();
  const began = cpu.cycles;
  pass(cpu, 64 * SIXTEEN_MS - 1);
  assertEquals(resets, []);
  pass(cpu, 1);
  assertEquals(resets, [began + 64 * SIXTEEN_MS]);
});

Deno.test("Watchdog waits anew whenever it is told", () => {
  const { cpu, resets } = watchdog();
  set(cpu, SHORTEST);
  cpu.onWatchdogReset();
  for (let i = 0; i < 5; i++) {
    pass(cpu, SIXTEEN_MS - 1);
    cpu.onWatchdogReset();
  }
  assertEquals(resets, []);
  pass(cpu, SIXTEEN_MS);
  assertEquals(resets.length, 1);
});

Deno.test("Watchdog takes another time, and its end, only within four cycles", () => {
  const { cpu, resets } = watchdog();
  set(cpu, ONE_SECOND);
  cpu.writeData(WDTCSR, OFF);
  assertEquals(cpu.data[WDTCSR], ONE_SECOND);
  cpu.writeData(WDTCSR, CHANGE);
  cpu.cycles += 7;
  cpu.writeData(WDTCSR, SHORTEST);
  assertEquals(cpu.data[WDTCSR], ONE_SECOND);
  set(cpu, OFF);
  pass(cpu, 100 * SIXTEEN_MS);
  assertEquals([cpu.data[WDTCSR], resets], [OFF, []]);
});

Deno.test("Watchdog goes on at its shortest time after it has reset the chip, until MCUSR is cleared", () => {
  const { cpu, resets } = watchdog(WATCHDOG);
  set(cpu, OFF);
  assertEquals(cpu.data[WDTCSR], SHORTEST);
  cpu.data[MCUSR] = 0;
  set(cpu, OFF);
  pass(cpu, 10 * SIXTEEN_MS);
  assertEquals([cpu.data[WDTCSR], resets], [OFF, []]);
});

Deno.test("Watchdog counts a shorter time from when it was last told to wait", () => {
  const { cpu, resets } = watchdog();
  set(cpu, ONE_SECOND);
  cpu.onWatchdogReset();
  pass(cpu, 2 * SIXTEEN_MS);
  set(cpu, SHORTEST);
  pass(cpu, 1);
  assertEquals(resets.length, 1);
});
