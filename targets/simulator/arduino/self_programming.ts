import type { CPU } from "avr8js";

const SPMCSR = 0x57;
const RAMPZ = 0x5b;

// Bits of SPMCSR.
const SPMIE = 0x80;
const RWWSB = 0x40;
const RWWSRE = 0x10;
const BLBSET = 0x08;
const PGWRT = 0x04;
const PGERS = 0x02;
const SPMEN = 0x01;
const COMMAND = RWWSRE | BLBSET | PGWRT | PGERS | SPMEN;

/** Within how many cycles SPM has to follow its command. */
const WINDOW = 4;
/** How long erasing or writing a page takes, in seconds: the datasheet has 3.7 to 4.5 ms. */
const PAGE_TIME = 0.0045;

/** How a chip's flash is divided, in bytes. */
export interface FlashSections {
  readonly page: number;
  /** Where the part begins that can be read while the part before it is written. */
  readonly noReadWhileWrite: number;
}

/** Of the ATmega328P, and of the ATmega2560. */
export const FLASH_328: FlashSections = { page: 128, noReadWhileWrite: 0x7000 };
export const FLASH_2560: FlashSections = { page: 256, noReadWhileWrite: 0x3e000 };

/** What a chip programs itself with. */
export interface SelfProgrammingOptions {
  readonly sections: FlashSections;
  /** Where the boot section begins, in bytes: only code there can program, and nothing of it. */
  readonly boot: number;
  /** What the flash holds; `cpu.progMem` is what the chip can read of it now. */
  readonly cells: Uint16Array;
  /** In Hz. */
  readonly clock: number;
  /** Called when `cpu.progMem` has changed. */
  readonly onChange: () => void;
}

/**
 * Programs the flash from code in it, as chapter 26 of the ATmega328P's datasheet has it: a page buffer, pages that are
 * erased and written, and a part of the flash that cannot be read until it is enabled again. The lock bits are those
 * that Arduino sets: the boot section stays as it is. Reading and setting fuses and lock bits is not there.
 */
export class SelfProgramming {
  readonly #cpu: CPU;
  readonly #options: SelfProgrammingOptions;
  /** The page buffer; what has not been loaded is `undefined`, and erased. */
  readonly #buffer: (number | undefined)[] = [];
  /** Until when SPM does what SPMCSR says; before 0 where nothing is asked for. */
  #until = -1;
  #busy = false;

  constructor(cpu: CPU, options: SelfProgrammingOptions) {
    this.#cpu = cpu;
    this.#options = options;
    // A reset makes everything readable.
    cpu.progMem.set(options.cells);
    cpu.writeHooks[SPMCSR] = (value) => {
      const kept = this.#status() & (RWWSB | COMMAND);
      const begins = !this.#busy && (value & SPMEN) !== 0;
      if (begins) this.#until = cpu.cycles + WINDOW + 1;
      const command = begins ? value & COMMAND : kept & COMMAND;
      cpu.data[SPMCSR] = value & SPMIE | kept & RWWSB | command;
      return true;
    };
    cpu.readHooks[SPMCSR] = () => this.#status();
  }

  /** Does the SPM instruction. */
  store(): void {
    const { data, cycles, pc } = this.#cpu;
    if (cycles > this.#until || this.#busy || pc * 2 < this.#options.boot) return;
    const command = data[SPMCSR]! & COMMAND & ~SPMEN;
    const { length } = this.#cpu.progBytes;
    const address = (data[30]! | data[31]! << 8 | data[RAMPZ]! << 16) & (length - 1);
    this.#done();
    if (command === 0) this.#load(address);
    else if (command === RWWSRE) this.#enable();
    else if (command === PGERS) this.#change(address, PGERS, () => 0xffff);
    else if (command === PGWRT) {
      // Programming only clears bits.
      this.#change(address, PGWRT, (cell, i) => cell & (this.#buffer[i] ?? 0xffff));
      this.#buffer.length = 0;
    }
  }

  #status(): number {
    if (!this.#busy && this.#cpu.cycles > this.#until) this.#done();
    return this.#cpu.data[SPMCSR]!;
  }

  #done(): void {
    this.#until = -1;
    this.#cpu.data[SPMCSR]! &= ~COMMAND;
  }

  #load(address: number): void {
    const { page } = this.#options.sections;
    const { data } = this.#cpu;
    // A word that was loaded stays until the buffer is erased.
    this.#buffer[address % page >> 1] ??= data[0]! | data[1]! << 8;
  }

  #enable(): void {
    const { cells, onChange } = this.#options;
    this.#buffer.length = 0;
    this.#cpu.progMem.set(cells);
    this.#cpu.data[SPMCSR]! &= ~RWWSB;
    onChange();
  }

  #change(address: number, command: number, make: (cell: number, index: number) => number): void {
    const { sections: { page, noReadWhileWrite }, cells, boot, clock, onChange } = this.#options;
    const start = address - address % page;
    if (start >= boot) return; // locked
    const cpu = this.#cpu;
    const words = cells.subarray(start / 2, (start + page) / 2);
    words.set(words.map(make));
    const duration = Math.round(PAGE_TIME * clock);
    if (start >= noReadWhileWrite) {
      cpu.cycles += duration; // the CPU stands still
      cpu.progMem.set(words, start / 2);
    } else {
      this.#busy = true;
      cpu.data[SPMCSR]! |= RWWSB | command | SPMEN;
      cpu.progMem.fill(0xffff, 0, noReadWhileWrite / 2);
      cpu.addClockEvent(() => {
        this.#busy = false;
        this.#done();
      }, duration);
    }
    onChange();
  }
}
