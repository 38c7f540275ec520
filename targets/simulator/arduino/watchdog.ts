import type { CPU } from "avr8js";

const MCUSR = 0x54;
const WDTCSR = 0x60;

/** Of MCUSR: the watchdog has reset the chip. */
export const WATCHDOG = 0x08;

// Bits of WDTCSR.
const WDCE = 0x10;
const WDE = 0x08;
const PRESCALER = 0x27;

/** Within how many cycles a change has to follow that WDCE allows. */
const WINDOW = 4;
/** Its own oscillator, in Hz, and the shortest time, in its cycles. */
const OSCILLATOR = 128_000;
const SHORTEST = 2048;

/**
 * The ATmega328P's watchdog as chapter 10.9 of its datasheet has it, in the mode in which it resets the chip; it makes
 * no interrupts. Clearing WDE and changing the time take the timed sequence, and WDE stays set while MCUSR says that
 * the watchdog has reset the chip. (avr8js has one that restarts the CPU alone, and not what is around it.)
 */
export class Watchdog {
  readonly #cpu: CPU;
  readonly #clock: number;
  readonly #expire: () => void;
  /** Until when WDE and the time may be changed. */
  #until = -1;
  /** When it was last told to wait, or enabled. */
  #since = 0;

  /**
   * @param clock In Hz.
   * @param onReset Called when it resets the chip.
   */
  constructor(cpu: CPU, clock: number, onReset: () => void) {
    this.#cpu = cpu;
    this.#clock = clock;
    this.#expire = () => onReset();
    cpu.writeHooks[WDTCSR] = (value, before) => {
      this.#write(value, before);
      return true;
    };
    cpu.onWatchdogReset = () => this.#restart();
    if (cpu.data[MCUSR]! & WATCHDOG) this.#write(WDE, 0);
  }

  #write(value: number, before: number): void {
    const { data, cycles } = this.#cpu;
    const allowed = cycles <= this.#until && (value & WDCE) === 0;
    this.#until = (value & WDCE) !== 0 && (value & WDE) !== 0 ? cycles + WINDOW + 1 : -1;
    const forced = data[MCUSR]! & WATCHDOG ? WDE : 0;
    data[WDTCSR] = allowed
      ? value & (WDE | PRESCALER) | forced
      : before & (WDE | PRESCALER) | value & WDE;
    if ((before & WDE) === 0) this.#since = cycles;
    this.#schedule();
  }

  #restart(): void {
    this.#since = this.#cpu.cycles;
    this.#schedule();
  }

  /** A new time counts from when it was last told to wait: it may be over already. */
  #schedule(): void {
    const cpu = this.#cpu;
    cpu.clearClockEvent(this.#expire);
    const control = cpu.data[WDTCSR]!;
    if ((control & WDE) === 0) return;
    const shift = control & 7 | (control & 0x20) >> 2;
    const time = Math.round((SHORTEST << shift) / OSCILLATOR * this.#clock);
    cpu.addClockEvent(this.#expire, this.#since + time - cpu.cycles);
  }
}
