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
import { FLASH_328, SelfProgramming } from "./self_programming.ts";
import { Timer } from "./timer.ts";
import { Usart } from "./usart.ts";
import { Watchdog } from "./watchdog.ts";

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
  /** Where there is a bootloader. */
  readonly boot?: Boot;
}

/** A bootloader, at which the chip starts; only then are there self-programming and a watchdog. */
export interface Boot {
  /** Where its section begins, in bytes. */
  readonly start: number;
  /** What the flash holds, of which a chip that programs itself cannot read everything. */
  readonly cells: Uint16Array<ArrayBuffer>;
  /** The watchdog resets the chip. */
  readonly onWatchdog: () => void;
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
  constructor({ flash, eeprom, cycles, data, cause, boot }: Kept, clock: number, frame: number) {
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
    const programming = boot === undefined ? null : this.#bootFrom(boot, clock);
    // The core looks for the hooks that all these have set.
    this.core = new Core(cpu, () => programming?.store());
    if (programming !== null) this.core.forget();
  }

  #bootFrom({ start, cells, onWatchdog }: Boot, clock: number): SelfProgramming {
    this.cpu.pc = start / 2;
    new Watchdog(this.cpu, clock, onWatchdog);
    const onChange = (): void => this.core.forget();
    return new SelfProgramming(this.cpu, {
      sections: FLASH_328,
      boot: start,
      cells,
      clock,
      onChange,
    });
  }
}
