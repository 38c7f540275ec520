/** As much of an ATmega2560 as its bootloader and Firmata's start need, for tests. */

import { avrInstruction, CPU, timer0Config } from "avr8js";
import { FLASH_2560, SelfProgramming } from "../simulator/arduino/self_programming.ts";
import { Timer } from "../simulator/arduino/timer.ts";
import { Usart } from "../simulator/arduino/usart.ts";
import type { PortBoard } from "./boot_world_test.ts";
import { readIntelHex } from "./intel_hex.ts";

const CLOCK = 16e6;
const FLASH = 262_144;
/** Its memory begins 256 bytes later than that of a smaller chip: there are more registers. */
const RAM = 8192 + 256;
const BOOT = 0x3e000;
const MCUSR = 0x54;
const EXTERNAL = 0x02;
const SPM = 0x95e8;

/** Its interrupts' vectors, in words: chapter 14 of its datasheet. */
const TIMER0 = { compAInterrupt: 0x2a, compBInterrupt: 0x2c, ovfInterrupt: 0x2e };
const USART0 = {
  rxCompleteInterrupt: 0x32,
  dataRegisterEmptyInterrupt: 0x34,
  txCompleteInterrupt: 0x36,
};

/** Runs one instruction at a time: CPU, flash that it programs, USART0 and timer 0, which counts the milliseconds. */
export class BootingMega implements PortBoard {
  onSerial: (byte: number, time: number) => void = () => {};
  /** What its flash holds. */
  readonly cells: Uint16Array;
  readonly #frame: number;
  #cpu!: CPU;
  #usart!: Usart;
  #programming!: SelfProgramming;

  constructor(bootloader: string, baudRate = 115_200) {
    this.cells = new Uint16Array(readIntelHex(bootloader, FLASH).buffer);
    this.#frame = Math.round(10 * CLOCK / baudRate);
    this.reset();
  }

  get milliseconds(): number {
    return this.#cpu.cycles * 1000 / CLOCK;
  }

  get arriving(): number {
    return this.#usart.arriving;
  }

  receive(bytes: Iterable<number>): void {
    this.#usart.receive(bytes);
  }

  runUntil(milliseconds: number): void {
    const cpu = this.#cpu;
    for (const end = milliseconds * CLOCK / 1000; cpu.cycles < end;) {
      if (cpu.progMem[cpu.pc] === SPM) this.#programming.store();
      avrInstruction(cpu);
      cpu.tick();
    }
  }

  reset(): void {
    const cycles = this.#cpu?.cycles ?? 0;
    const cpu = this.#cpu = new CPU(this.cells.slice(), RAM);
    cpu.cycles = cycles;
    cpu.pc = BOOT / 2;
    cpu.data[MCUSR] = EXTERNAL;
    this.#usart = new Usart(cpu, this.#frame, USART0);
    new Timer(cpu, { ...timer0Config, ...TIMER0 }, CLOCK);
    this.#usart.onSent = (byte) => this.onSerial(byte, this.milliseconds);
    this.#programming = new SelfProgramming(cpu, {
      ...{ sections: FLASH_2560, boot: BOOT, cells: this.cells, clock: CLOCK },
      onChange() {},
    });
  }
}
