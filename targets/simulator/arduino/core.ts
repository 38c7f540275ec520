import { avrInstruction, type CPU } from "avr8js";
import { type Block, READ_HOOK, Translator, WRITE_HOOK } from "./translator.ts";

/** How many instructions a block has at most. */
const LONGEST = 48;

/** How often code has run one instruction at a time before it is translated. */
const WARM = 30;

/** The instruction that programs the flash, which avr8js leaves out. */
const SPM = 0x95e8;

/** What has been translated of a program. */
interface Translation {
  readonly hooks: Uint8Array;
  readonly translator: Translator;
  /** By their beginnings. */
  readonly blocks: (Block | undefined)[];
  /** Blocks of one instruction. */
  readonly steps: (Block | undefined)[];
  readonly warmth: Uint8Array;
}

/** By the flash: a board that is reset, and a second one with the same firmware, are warm at once. */
const translations = new WeakMap<Uint16Array, Translation>();

/**
 * Runs the CPU of a {@linkcode Chip} fast: machine code that is run often becomes JavaScript. It does
 * what `avrInstruction(cpu); cpu.tick()` over and over does, cycle by cycle; a block runs only if it
 * ends before the next event of the clock, and interrupts are looked at wherever they can have come.
 *
 * Make it last, when all hooks are in place. After a change of the flash it has to {@linkcode Core.forget}.
 */
export class Core {
  readonly #cpu: CPU;
  readonly #translation: Translation;
  readonly #onSpm: () => void;
  #stopped = false;

  /** @param onSpm Does the instruction SPM. */
  constructor(cpu: CPU, onSpm: () => void = () => {}) {
    this.#cpu = cpu;
    this.#onSpm = onSpm;
    const { progMem } = cpu;
    let translation = translations.get(progMem);
    if (translation === undefined) {
      const hooks = hooksOf(cpu);
      const empty = (): undefined[] => new Array(progMem.length).fill(undefined);
      const translator = new Translator(progMem, hooks);
      const warmth = new Uint8Array(progMem.length);
      translation = { hooks, translator, blocks: empty(), steps: empty(), warmth };
      translations.set(progMem, translation);
    }
    this.#translation = translation;
  }

  /** Runs until the clock stands at `cycles`, or a few cycles behind where an instruction takes them. */
  run(cycles: number): void {
    const cpu = this.#cpu;
    this.#stopped = false;
    while (cpu.cycles < cycles && !this.#stopped) {
      const spent = this.#runBlocks(Math.min(cycles, nextEvent(cpu)) - cpu.cycles);
      if (spent > 0) cpu.cycles += spent;
      else this.#step();
      cpu.tick();
    }
  }

  /** Ends a run from one of its callbacks. */
  stop(): void {
    this.#stopped = true;
  }

  /** The flash has changed: what was translated of it no longer holds. */
  forget(): void {
    const { blocks, steps, warmth } = this.#translation;
    blocks.fill(undefined);
    steps.fill(undefined);
    warmth.fill(0);
  }

  /** One instruction, by the same translation: what a program does must not depend on when events come. */
  #step(): void {
    const cpu = this.#cpu;
    const { steps, translator, hooks } = this.#translation;
    const step = steps[cpu.pc] ??= translator.translate(cpu.pc, 1);
    const taken = step.run(cpu, cpu.data, hooks);
    if (taken > 0) cpu.cycles += taken;
    else {
      if (cpu.progMem[cpu.pc] === SPM) this.#onSpm();
      avrInstruction(cpu);
    }
  }

  #runBlocks(room: number): number {
    const cpu = this.#cpu;
    const { blocks, hooks } = this.#translation;
    const { data } = cpu;
    let spent = 0;
    for (;;) {
      const block = blocks[cpu.pc];
      if (block === undefined) {
        this.#warm(cpu.pc);
        return spent;
      }
      if (block.cost > room - spent) return spent;
      const taken = block.run(cpu, data, hooks);
      if (taken === 0) return spent; // it begins with a peripheral
      spent += taken;
      if (cpu.nextInterrupt >= 0 && cpu.interruptsEnabled) return spent;
    }
  }

  #warm(pc: number): void {
    const { warmth, blocks, translator } = this.#translation;
    if (++warmth[pc]! >= WARM) blocks[pc] = translator.translate(pc, LONGEST);
  }
}

function nextEvent(cpu: CPU): number {
  const event = (cpu as unknown as { readonly nextClockEvent: { readonly cycles: number } | null })
    .nextClockEvent;
  return event === null ? Infinity : event.cycles;
}

function hooksOf(cpu: CPU): Uint8Array {
  const hooks = new Uint8Array(65_536);
  const both = READ_HOOK | WRITE_HOOK;
  hooks.fill(both, cpu.data.length);
  hooks[0x5f] = both; // SREG: a block holds it in variables
  for (let address = 32; address < 256; address++) {
    if (cpu.readHooks[address] !== undefined) hooks[address]! |= READ_HOOK;
    if (cpu.writeHooks[address] !== undefined) hooks[address]! |= WRITE_HOOK;
  }
  return hooks;
}
