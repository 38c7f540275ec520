import {
  adcConfig,
  AVRADC,
  AVREEPROM,
  AVRIOPort,
  AVRTWI,
  CPU,
  eepromConfig,
  portBConfig,
  portCConfig,
  portDConfig,
  timer0Config,
  timer1Config,
  timer2Config,
  twiConfig,
} from "avr8js";
import { Core } from "./core.ts";
import { Timer } from "./timer.ts";
import { Usart } from "./usart.ts";

/** Sizes of the ATmega328P's memories, in bytes. */
export const FLASH = 32_768;
export const RAM = 2048;
export const EEPROM = 1024;

/** MCUSR, and its bits for what reset the chip. */
const MCUSR = 0x54;
export const POWER_ON = 0x01;
export const EXTERNAL = 0x02;

/** What outlasts a reset. */
export interface Kept {
  readonly flash: Uint16Array<ArrayBuffer>;
  readonly eeprom: Uint8Array;
  /** Cycles since power on. */
  readonly cycles: number;
  /** The data space before; only memory and general registers are taken. */
  readonly data?: Uint8Array;
  /** Why it was reset, as MCUSR says it. */
  readonly cause: number;
}

/** An ATmega328P that comes out of reset: all peripherals as they then are, memory as it was. */
export class Chip {
  readonly cpu: CPU;
  readonly core: Core;
  readonly ports: { readonly B: AVRIOPort; readonly C: AVRIOPort; readonly D: AVRIOPort };
  readonly timers: readonly Timer[];
  readonly usart: Usart;
  readonly adc: AVRADC;
  readonly twi: AVRTWI;

  /**
   * @param clock In Hz.
   * @param frame How many cycles a byte takes on its way to the USART.
   */
  constructor({ flash, eeprom, cycles, data, cause }: Kept, clock: number, frame: number) {
    const cpu = this.cpu = new CPU(flash, RAM);
    cpu.cycles = cycles;
    if (data !== undefined) {
      cpu.data.set(data.subarray(0, 32));
      cpu.data.set(data.subarray(256), 256);
    }
    cpu.data[MCUSR] = cause;
    this.ports = {
      B: new AVRIOPort(cpu, portBConfig),
      C: new AVRIOPort(cpu, portCConfig),
      D: new AVRIOPort(cpu, portDConfig),
    };
    this.timers = [timer0Config, timer1Config, timer2Config]
      .map((config) => new Timer(cpu, config, clock));
    this.usart = new Usart(cpu, frame);
    this.adc = new AVRADC(cpu, adcConfig);
    this.twi = new AVRTWI(cpu, twiConfig, clock);
    new AVREEPROM(cpu, {
      readMemory: (address) => eeprom[address % eeprom.length]!,
      writeMemory: (address, value) => void (eeprom[address % eeprom.length]! &= value),
      eraseMemory: (address) => void (eeprom[address % eeprom.length] = 0xff),
    }, eepromConfig);
    // The core looks for the hooks that all these have set.
    this.core = new Core(cpu);
  }
}
