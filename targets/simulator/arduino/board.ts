import { nano } from "../../../boards/nano.ts";
import { uno } from "../../../boards/uno.ts";
import type { BoardSpec } from "../../../runtime/io/spec.ts";
import { FIRMATA } from "../../johnny-five/firmata_images.ts";
import { readIntelHex } from "../../johnny-five/intel_hex.ts";
import type { I2cDevice } from "../driver.ts";
import { type Boot, Chip, EEPROM, EXTERNAL, FLASH, type Kept, POWER_ON } from "./chip.ts";
import { connectI2c } from "./i2c.ts";
import { Pins, type PinState } from "./pins.ts";
import type { Pulse } from "./pulse_meter.ts";
import { WATCHDOG } from "./watchdog.ts";

/** The crystal of the board, in Hz. */
const CLOCK = 16_000_000;

/** The boards that it can be. */
export const EMULATED: readonly BoardSpec[] = [uno, nano];

/** Flash by the firmware: boards with the same one share it, and what was translated of it. */
const flashes = new Map<string, Uint16Array<ArrayBuffer>>();

function flashOf(firmware: string): Uint16Array<ArrayBuffer> {
  let flash = flashes.get(firmware);
  if (flash === undefined) {
    flash = new Uint16Array(readIntelHex(firmware, FLASH).buffer);
    flashes.set(firmware, flash);
  }
  return flash;
}

/** Where a boot section can begin, in bytes, by the chip's fuses. */
const BOOT_SECTIONS: readonly number[] = [0x7e00, 0x7c00, 0x7800, 0x7000];

/** A flash of its own, since it changes. */
function withBootloader(
  firmware: string,
  bootloader: string,
): { flash: Uint16Array<ArrayBuffer>; start: number } {
  const boot = readIntelHex(bootloader, FLASH);
  const start = boot.findIndex((byte) => byte !== 0xff);
  if (!BOOT_SECTIONS.includes(start)) {
    throw new RangeError(
      `Cannot use the bootloader: it begins at 0x${start.toString(16)}, where no boot section does`,
    );
  }
  const flash = readIntelHex(firmware, FLASH);
  flash.set(boot.subarray(start), start);
  return { flash: new Uint16Array(flash.buffer), start };
}

/** What an emulated Arduino is made of. */
export interface ArduinoOptions {
  /** A board with an ATmega328P; the Uno unless given. */
  readonly board?: BoardSpec;
  /** What is in its flash, as Intel HEX; Firmata unless given. */
  readonly firmware?: string;
  /** A bootloader, as Intel HEX, at which the chip starts and which can change what is in its flash; none unless given. */
  readonly bootloader?: string;
  /** At how many bits a second the other side of the serial line sends; 57,600 unless given. */
  readonly baudRate?: number;
}

/**
 * An Arduino Uno or Nano with real firmware in an emulated ATmega328P.
 *
 * Time only passes in {@linkcode EmulatedArduino.runUntil}: everything that happens meanwhile happens
 * in it, at its exact time, and calls back from there. Without a bootloader the firmware runs at once
 * after a reset, where a real board first waits about a second for an upload; the watchdog, which
 * ends that wait, is only there with one. Not emulated are SPI, sleep (it goes on), brown-outs, and the noise of analog inputs.
 *
 * @example
 * ```ts
 * import { EmulatedArduino } from "./board.ts";
 *
 * const board = new EmulatedArduino();
 * board.onSerial = (byte, time) => console.log(time, byte);
 * board.runUntil(3000);
 * ```
 */
export class EmulatedArduino {
  /** A byte has left over TX; `time` is that of its stop bit's end. */
  onSerial: (byte: number, time: number) => void = () => {};
  /**
   * A pin's mode, level or PWM has changed, whoever did it. The single pulses of a timer's PWM are no
   * changes.
   */
  onPin: (pin: string, state: PinState, time: number) => void = () => {};

  readonly #frame: number;
  readonly #devices = new Map<number, I2cDevice>();
  readonly #flash: Uint16Array<ArrayBuffer>;
  readonly #boot: Boot | null = null;
  readonly #eeprom = new Uint8Array(EEPROM).fill(0xff);
  readonly #pins: Pins;
  #chip: Chip;
  #lost = 0;
  #stopped = false;

  /** @throws {RangeError} If the firmware cannot be read or there is none for the board. */
  constructor(
    { board = uno, firmware = FIRMATA[board.id], bootloader, baudRate = 57_600 }: ArduinoOptions =
      {},
  ) {
    if (firmware === undefined || board.chip !== "ATmega328P") {
      throw new RangeError(
        `Cannot emulate the board "${board.id}": there is ${
          EMULATED.map(({ id }) => id).join(", ")
        }`,
      );
    }
    if (bootloader === undefined) this.#flash = flashOf(firmware);
    else {
      const { flash, start } = withBootloader(firmware, bootloader);
      this.#flash = flash;
      this.#boot = { start, cells: flash.slice(), onWatchdog: () => this.#restart(WATCHDOG) };
    }
    this.#frame = Math.round(10 * CLOCK / baudRate);
    this.#chip = this.#powerUp({ cycles: 0, cause: POWER_ON });
    this.#pins = new Pins(
      board,
      this.#chip,
      () => this.milliseconds,
      (pin, state) => this.onPin(pin, state, this.milliseconds),
    );
  }

  /** The board's time: since power on, by its crystal, in ms. */
  get milliseconds(): number {
    return this.#chip.cpu.cycles * 1000 / CLOCK;
  }

  /** The names of its pins. */
  get pins(): readonly string[] {
    return this.#pins.names;
  }

  /** How many received bytes were lost because the chip did not listen or read too late. */
  get lost(): number {
    return this.#lost + this.#chip.usart.lost;
  }

  /**
   * Lets the board run up to a time, in ms, or until {@linkcode EmulatedArduino.stop}; a whole instruction may reach a
   * little beyond.
   */
  runUntil(milliseconds: number): void {
    const cycles = milliseconds * CLOCK / 1000;
    this.#stopped = false;
    // A reset in a callback puts another chip in its place.
    while (this.#chip.cpu.cycles < cycles && !this.#stopped) this.#chip.core.run(cycles);
  }

  /** Ends a run from one of its callbacks. */
  stop(): void {
    this.#stopped = true;
    this.#chip.core.stop();
  }

  /** Bytes begin to arrive at RX, behind those that are still on their way. */
  receive(bytes: Iterable<number>): void {
    this.#chip.usart.receive(bytes);
  }

  /** How many bytes are on their way to RX. */
  get arriving(): number {
    return this.#chip.usart.arriving;
  }

  /**
   * Connects a pin to ground (0) or to the supply (1), or lets go of it: then its pull-up decides, and
   * without one it reads 0. A pin that the chip drives keeps its level.
   *
   * @throws {RangeError} If there is no such pin.
   */
  setLevel(pin: string, level: 0 | 1 | undefined): void {
    this.#pins.drive(pin, level);
  }

  /**
   * Puts a share of the supply on a pin, 0 to 1, or lets go of it. Read as digital it is high from 0.6
   * and low up to 0.3, and stays as it was between them.
   *
   * @throws {RangeError} If there is no such pin, or no such voltage.
   */
  setAnalog(pin: string, value: number | undefined): void {
    if (value !== undefined && !(value >= 0 && value <= 1)) {
      throw new RangeError(`Cannot put ${value} on ${pin}: give a share of the supply, 0 to 1`);
    }
    this.#pins.drive(pin, value);
  }

  /**
   * What a pin is set to and its level.
   *
   * @throws {RangeError} If there is no such pin.
   */
  pin(name: string): PinState {
    return this.#pins.state(name);
  }

  /**
   * The last whole pulse at a pin, be it a timer's PWM or a servo's; null if none came lately.
   *
   * @throws {RangeError} If there is no such pin.
   */
  pulse(name: string): Pulse | null {
    return this.#pins.pulse(name);
  }

  /** Puts a device on the I2C bus (SDA A4, SCL A5), at an address of 7 bits. */
  attachI2c(address: number, device: I2cDevice): void {
    this.#devices.set(address, device);
  }

  /** Pushes the reset button: the firmware begins anew. Memory, EEPROM and the board's time stay. */
  reset(): void {
    this.#restart(EXTERNAL);
  }

  #restart(cause: number): void {
    const before = this.#chip;
    before.core.stop();
    this.#lost += before.usart.lost;
    const { data, cycles } = before.cpu;
    this.#chip = this.#powerUp({ data, cycles, cause });
    this.#pins.attach(this.#chip);
    // What is on the line does not stop because nobody listens.
    this.#chip.usart.receive(before.usart.takeArriving());
  }

  #powerUp(how: Omit<Kept, "flash" | "eeprom" | "boot">): Chip {
    const boot = this.#boot === null ? {} : { boot: this.#boot };
    const kept = { ...how, ...boot, flash: this.#flash, eeprom: this.#eeprom };
    const chip = new Chip(kept, CLOCK, this.#frame);
    chip.usart.onSent = (byte) => this.onSerial(byte, this.milliseconds);
    connectI2c(chip.cpu, chip.twi, this.#devices, CLOCK);
    return chip;
  }
}
