import { assertEquals } from "@std/assert";
import { usart0Config } from "avr8js";
import { IdleCpu } from "./idle_cpu.ts";
import { Usart } from "./usart.ts";

const { UCSRA, UCSRB, UBRRL, UDR } = usart0Config;

/** As Arduino's Serial.begin(57600) sets it: 17 times 8 cycles a bit, 1,360 a byte. */
const BYTE = 1360;
/** How many cycles a byte at 57,600 baud takes on its way to the chip. */
const FRAME = 2778;
const RECEIVES = 0x10;
const SENDS = 0x08;
const EMPTY = 0x20;
const OVERRUN = 0x08;
const RECEIVED = 0x80;

function usart(enabled: number): { cpu: IdleCpu; line: Usart; sent: [number, number][] } {
  const cpu = new IdleCpu();
  const line = new Usart(cpu, FRAME);
  cpu.writeData(UCSRA, 0x02);
  cpu.writeData(UBRRL, 16);
  cpu.writeData(UCSRB, enabled);
  const sent: [number, number][] = [];
  line.onSent = (byte) => sent.push([byte, cpu.cycles]);
  return { cpu, line, sent };
}

Deno.test("Usart sends one byte while the next waits, without a gap, each when its stop bit has left", () => {
  const { cpu, sent } = usart(SENDS);
  cpu.writeData(UDR, 1);
  assertEquals(cpu.data[UCSRA]! & EMPTY, EMPTY);
  cpu.writeData(UDR, 2);
  assertEquals(cpu.data[UCSRA]! & EMPTY, 0);
  cpu.pass(BYTE);
  assertEquals(cpu.data[UCSRA]! & EMPTY, EMPTY);
  cpu.pass(2 * BYTE);
  assertEquals(sent, [[1, BYTE], [2, 2 * BYTE]]);
});

Deno.test("Usart tells when all has been sent", () => {
  const { cpu } = usart(SENDS);
  cpu.writeData(UDR, 1);
  cpu.pass(BYTE - 1);
  assertEquals(cpu.data[UCSRA]! & 0x40, 0);
  cpu.pass(1);
  assertEquals(cpu.data[UCSRA]! & 0x40, 0x40);
});

Deno.test("Usart keeps two received bytes and one in the shift register, and loses what comes then", () => {
  const { cpu, line } = usart(RECEIVES);
  line.receive([1, 2, 3, 4, 5]);
  cpu.pass(3 * FRAME - 1);
  assertEquals([line.lost, cpu.data[UCSRA]! & OVERRUN], [0, 0]);
  cpu.pass(3 * FRAME);
  assertEquals([line.lost, cpu.data[UCSRA]! & OVERRUN], [2, OVERRUN]);
  assertEquals([cpu.readData(UDR), cpu.readData(UDR), cpu.readData(UDR)], [1, 2, 5]);
  assertEquals(cpu.data[UCSRA]! & (OVERRUN | RECEIVED), 0);
});

Deno.test("Usart loses nothing that is read in time", () => {
  const { cpu, line } = usart(RECEIVES);
  line.receive([1, 2, 3, 4, 5]);
  const read: number[] = [];
  for (let i = 0; i < 6 * FRAME; i++) {
    cpu.pass(1);
    if (cpu.data[UCSRA]! & RECEIVED) read.push(cpu.readData(UDR));
  }
  assertEquals([read, line.lost], [[1, 2, 3, 4, 5], 0]);
});

Deno.test("Usart hears nothing while its receiver is off, and counts what it missed", () => {
  const { cpu, line } = usart(SENDS);
  line.receive([1, 2]);
  cpu.pass(3 * FRAME);
  assertEquals([line.lost, cpu.data[UCSRA]! & RECEIVED], [2, 0]);
});
