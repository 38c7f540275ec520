import { assert, assertEquals } from "@std/assert";
import { avrInstruction } from "avr8js";
import { Chip, EEPROM, FLASH, POWER_ON } from "./chip.ts";
import { FIRMATA } from "../../johnny-five/firmata_images.ts";
import { readIntelHex } from "../../johnny-five/intel_hex.ts";

/** A chip with Firmata in it, whose bytes and levels are noted with their cycles. */
function chip(): { made: Chip; log: string[] } {
  const flash = new Uint16Array(readIntelHex(FIRMATA["uno"]!, FLASH).buffer);
  const eeprom = new Uint8Array(EEPROM).fill(0xff);
  const made = new Chip({ flash, eeprom, cycles: 0, cause: POWER_ON }, 16e6, 2778);
  const log: string[] = [];
  made.usart.onSent = (byte) => log.push(`${made.cpu.cycles} sent ${byte}`);
  for (const [name, port] of Object.entries(made.ports)) {
    port.addListener((value) => log.push(`${made.cpu.cycles} ${name} ${value}`));
  }
  return { made, log };
}

Deno.test("Core runs Firmata as avr8js does one instruction at a time, to the cycle", () => {
  const [fast, slow] = [chip(), chip()];
  const told = [0xf4, 3, 3, 0xe3, 64, 0, 0xf4, 9, 4, 0xe9, 90, 0, 0xd0, 1, 0xc0, 1, 0xf5, 13, 1];
  for (let milliseconds = 60; milliseconds <= 2340; milliseconds += 60) {
    const until = milliseconds * 16_000;
    fast.made.core.run(until);
    while (slow.made.cpu.cycles < until) {
      avrInstruction(slow.made.cpu);
      slow.made.cpu.tick();
    }
    const where = ({ made: { cpu } }: typeof fast): number[] => [cpu.cycles, cpu.pc, cpu.SP];
    assertEquals(where(fast), where(slow));
    // It listens when it has blinked its version.
    if (milliseconds === 2160) { for (const { made } of [fast, slow]) made.usart.receive(told); }
  }
  assertEquals(fast.log, slow.log);
  assert(fast.log.length > 250, `${fast.log.length} events`);
});
