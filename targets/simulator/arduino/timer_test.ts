import { assertEquals } from "@std/assert";
import {
  AVRIOPort,
  portBConfig,
  portDConfig,
  timer0Config,
  timer1Config,
  timer2Config,
} from "avr8js";
import { IdleCpu } from "./idle_cpu.ts";
import { Timer, type TimerConfig, type Wave } from "./timer.ts";

interface World {
  readonly cpu: IdleCpu;
  readonly edges: string[];
  readonly waves: (Wave | null)[];
}

/** A timer whose output A's edges are noted with the cycles between them. */
function timer(config: TimerConfig): World {
  const cpu = new IdleCpu();
  const ports = [new AVRIOPort(cpu, portBConfig), new AVRIOPort(cpu, portDConfig)];
  const made = new Timer(cpu, config, 16_000_000);
  const edges: string[] = [];
  const port = ports.find(({ portConfig }) => portConfig.PORT === config.compPortA)!;
  let last = 0;
  port.addListener((now, before) => {
    const bit = 1 << config.compPinA;
    if ((now & bit) === (before & bit)) return;
    edges.push(`${cpu.cycles - last} ${now & bit ? "up" : "down"}`);
    last = cpu.cycles;
  });
  const waves: (Wave | null)[] = [];
  made.onWave = (name, wave) => name === "A" && waves.push(wave);
  cpu.writeData(port.portConfig.DDR, 1 << config.compPinA);
  return { cpu, edges, waves };
}

function setWord(cpu: IdleCpu, register: number, value: number): void {
  cpu.writeData(register + 1, value >> 8);
  cpu.writeData(register, value & 255);
}

Deno.test("Timer 0 in fast PWM is high for one count more than OCR, 256 counts a pulse", () => {
  const { cpu, edges, waves } = timer(timer0Config);
  cpu.writeData(timer0Config.OCRA, 63);
  cpu.writeData(timer0Config.TCCRA, 0x83);
  cpu.writeData(timer0Config.TCCRB, 3);
  cpu.pass(64 * 256 * 3 + 64);
  assertEquals(edges.slice(-4), ["4096 down", "12288 up", "4096 down", "12288 up"]);
  assertEquals(waves.at(-1), { duty: 0.25, frequency: 976.5625 });
});

Deno.test("Timer 2 in phase-correct PWM is high for OCR counts of 255, up and down", () => {
  const { cpu, edges, waves } = timer(timer2Config);
  cpu.writeData(timer2Config.OCRA, 51);
  cpu.writeData(timer2Config.TCCRA, 0x81);
  cpu.writeData(timer2Config.TCCRB, 4);
  cpu.pass(64 * 510 * 4);
  assertEquals(edges.slice(-2), [`${102 * 64} down`, `${408 * 64} up`]);
  assertEquals(waves.at(-1)!.duty, 0.2);
  assertEquals(Math.round(waves.at(-1)!.frequency * 1000) / 1000, 490.196);
});

Deno.test("Timer: a PWM at its ends is level", () => {
  for (const [mode, ocr, level] of [[0x81, 0, 0], [0x81, 255, 1], [0x83, 255, 1]] as const) {
    const { cpu, edges } = timer(timer2Config);
    cpu.writeData(timer2Config.OCRA, ocr);
    cpu.writeData(timer2Config.TCCRA, mode);
    cpu.writeData(timer2Config.TCCRB, 1);
    cpu.pass(2000);
    const settled = edges.length;
    cpu.pass(2000);
    assertEquals(edges.length, settled);
    assertEquals(cpu.data[portBConfig.PIN]! >> timer2Config.compPinA & 1, level);
  }
});

Deno.test("Timer 1 clears at OCRA, sets the flag there and toggles its pin", () => {
  const { cpu, edges, waves } = timer(timer1Config);
  setWord(cpu, timer1Config.OCRA, 999);
  cpu.writeData(timer1Config.TCCRA, 0x40);
  cpu.writeData(timer1Config.TCCRB, 0x0a);
  cpu.pass(8 * 1000);
  assertEquals(cpu.data[timer1Config.TIFR]! & 2, 2);
  cpu.pass(8 * 2000);
  assertEquals(edges.slice(1), ["8000 down", "8000 up"]);
  assertEquals(waves.at(-1), { duty: 0.5, frequency: 1000 });
});

Deno.test("Timer 1 counts a word, and takes one", () => {
  const { cpu } = timer(timer1Config);
  cpu.writeData(timer1Config.TCCRB, 1);
  setWord(cpu, timer1Config.TCNT, 0x1234);
  cpu.pass(0x100);
  const low = cpu.readData(timer1Config.TCNT);
  assertEquals(cpu.readData(timer1Config.TCNT + 1) << 8 | low, 0x1334);
});

Deno.test("Timer 0 overflows every 256 counts, and its flag is cleared by writing it", () => {
  const { cpu } = timer(timer0Config);
  cpu.writeData(timer0Config.TCCRB, 2);
  cpu.pass(8 * 256 - 1);
  assertEquals(cpu.data[timer0Config.TIFR]! & 1, 0);
  cpu.pass(1);
  assertEquals(cpu.data[timer0Config.TIFR]! & 1, 1);
  cpu.writeData(timer0Config.TIFR, 1);
  assertEquals(cpu.data[timer0Config.TIFR]! & 1, 0);
});

Deno.test("Timer: a new OCR counts from the next pulse on", () => {
  const { cpu, edges } = timer(timer0Config);
  cpu.writeData(timer0Config.OCRA, 63);
  cpu.writeData(timer0Config.TCCRA, 0x83);
  cpu.writeData(timer0Config.TCCRB, 1);
  cpu.pass(256 * 3 + 10);
  cpu.writeData(timer0Config.OCRA, 9);
  cpu.pass(256 * 2);
  assertEquals(edges.slice(-5), ["64 down", "192 up", "10 down", "246 up", "10 down"]);
});
