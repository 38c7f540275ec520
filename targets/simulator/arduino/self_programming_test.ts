import { assertEquals } from "@std/assert";
import { IdleCpu } from "./idle_cpu.ts";
import { type FlashSections, SelfProgramming } from "./self_programming.ts";

/** A small chip: four pages of two words, of which the last is the bootloader's. */
const SECTIONS: FlashSections = { page: 4, noReadWhileWrite: 8 };
const BOOT = 12;
const CLOCK = 16e6;
/** A page takes 4.5 ms. */
const PAGE = 72_000;

const SPMCSR = 0x57;
const FILL = 0x01;
const ERASE = 0x03;
const WRITE = 0x05;
const ENABLE = 0x11;
const BUSY = 0x40;

class Chip {
  readonly cpu = new IdleCpu();
  readonly cells = Uint16Array.from([
    0x1111,
    0x2222,
    0x3333,
    0x4444,
    0x5555,
    0x6666,
    0x7777,
    0x8888,
  ]);
  readonly spm: SelfProgramming;
  changes = 0;

  constructor() {
    const cells = new Uint16Array(this.cpu.progMem.length);
    cells.set(this.cells);
    this.cells = cells;
    this.cpu.pc = BOOT / 2;
    this.spm = new SelfProgramming(this.cpu, {
      ...{ sections: SECTIONS, boot: BOOT, cells, clock: CLOCK },
      onChange: () => this.changes++,
    });
  }

  /** Writes the command to SPMCSR and does SPM `late` cycles afterwards. */
  do(command: number, address = 0, word = 0, late = 1): void {
    const { cpu } = this;
    cpu.data[0] = word & 0xff;
    cpu.data[1] = word >> 8;
    cpu.data[30] = address;
    cpu.writeData(SPMCSR, command);
    cpu.cycles += late;
    this.spm.store();
  }

  /** What the first words of the flash hold, and what the CPU reads there. */
  get words(): [number[], number[]] {
    return [[...this.cells.subarray(0, 7)], [...this.cpu.progMem.subarray(0, 7)]];
  }

  get status(): number {
    return this.cpu.readData(SPMCSR);
  }

  /** Lets time pass, without code. */
  pass(cycles: number): void {
    this.cpu.cycles += cycles;
    this.cpu.tick();
  }
}

Deno.test("SelfProgramming erases and writes a page that nobody can read meanwhile, until that is enabled again", () => {
  const chip = new Chip();
  const erased = 0xffff;
  chip.do(ERASE, 4);
  assertEquals(chip.status, BUSY | ERASE);
  assertEquals(chip.words, [
    [0x1111, 0x2222, erased, erased, 0x5555, 0x6666, 0x7777],
    [erased, erased, erased, erased, 0x5555, 0x6666, 0x7777],
  ]);
  chip.pass(PAGE - 1);
  assertEquals(chip.status, BUSY | ERASE);
  chip.pass(1);
  assertEquals(chip.status, BUSY);
  chip.do(FILL, 4, 0xabcd);
  chip.do(FILL, 6, 0x1234);
  chip.do(WRITE, 4);
  chip.pass(PAGE);
  const written = [0x1111, 0x2222, 0xabcd, 0x1234, 0x5555, 0x6666, 0x7777];
  assertEquals(chip.words[0], written);
  assertEquals(chip.words[1][0], erased);
  chip.do(ENABLE);
  assertEquals([chip.status, chip.words], [0, [written, written]]);
});

Deno.test("SelfProgramming only clears bits of a page that was not erased", () => {
  const chip = new Chip();
  chip.do(FILL, 4, 0x00ff);
  chip.do(WRITE, 4);
  assertEquals(chip.cells.slice(2, 4), Uint16Array.of(0x3333 & 0x00ff, 0x4444));
});

Deno.test("SelfProgramming stops the CPU for a page of the part that can be read while the other is written", () => {
  const chip = new Chip();
  const before = chip.cpu.cycles;
  chip.do(ERASE, 8);
  assertEquals([chip.cpu.cycles - before, chip.status], [PAGE + 1, 0]);
  assertEquals(chip.words[1].slice(3, 7), [0x4444, 0xffff, 0xffff, 0x7777]);
});

Deno.test("SelfProgramming does nothing late, from the program, or to the bootloader", () => {
  const chip = new Chip();
  const before = chip.words;
  chip.do(ERASE, 0, 0, 7);
  chip.do(ERASE, BOOT);
  chip.cpu.pc = 0;
  chip.do(ERASE, 0);
  chip.cpu.cycles += 10;
  assertEquals([chip.words, chip.status, chip.changes], [before, 0, 0]);
});

Deno.test("SelfProgramming forgets what was loaded when reading is enabled, and keeps the first of two words", () => {
  const chip = new Chip();
  chip.do(FILL, 8, 0x0000);
  chip.do(ENABLE);
  chip.do(ERASE, 8);
  chip.do(FILL, 8, 0x0f0f);
  chip.do(FILL, 8, 0xf0f0);
  chip.do(WRITE, 8);
  assertEquals(chip.words[0].slice(4, 6), [0x0f0f, 0xffff]);
});
