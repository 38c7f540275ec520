import type { CPU } from "avr8js";
import { arithmetic, one, type Step } from "./arithmetic.ts";
import { ADDED, LOGIC, SUBTRACTED } from "./flags.ts";

/** Instructions that run through without a look at the clock, as one JavaScript function. */
export interface Block {
  /** How many cycles it takes at most; infinite where nothing could be translated. */
  readonly cost: number;
  /**
   * Runs it on a CPU, given also its data and the hooks, leaves the program counter behind it, and
   * gives the cycles that it took: 0 if it begins with a peripheral.
   */
  run(cpu: CPU, data: Uint8Array, hooks: Uint8Array): number;
}

/** In a map of the data space: reading, or writing, is more than memory. */
export const READ_HOOK = 1;
export const WRITE_HOOK = 2;

const SREG = 0x5f;

const UNTRANSLATED: Block = { cost: Infinity, run: () => 0 };

/**
 * Translates AVR machine code into JavaScript, a block at a time. What touches a peripheral, and what
 * is rare, is left to avr8js: a block ends before it, so a block sees neither clock nor interrupts.
 * The flags are those of the instruction set manual, where avr8js 0.21.1 has some of them wrong.
 * It ends behind whatever may enable interrupts, too.
 */
export class Translator {
  readonly #flash: Uint16Array;
  readonly #hooks: Uint8Array;

  /** @param hooks By address of the data space, `READ_HOOK` and `WRITE_HOOK`; 65,536 long. */
  constructor(flash: Uint16Array, hooks: Uint8Array) {
    this.#flash = flash;
    this.#hooks = hooks;
  }

  /** The block that begins at `start`, of `longest` instructions at most. */
  translate(start: number, longest: number): Block {
    const lines: string[] = [];
    const seen = new Set<number>();
    let [pc, cycles, cost] = [start, 0, 0];
    for (let ended = false; !ended;) {
      const step = seen.has(pc) || seen.size >= longest ? null : this.#step(pc, cycles);
      if (step === null) {
        if (seen.size === 0) return UNTRANSLATED;
        lines.push(leave(pc, cycles));
        break;
      }
      seen.add(pc);
      lines.push(step.code);
      cost = Math.max(cost, cycles + step.cycles + (step.more ?? 0));
      cycles += step.cycles;
      ended = step.ends === true;
      if (ended) lines.push(step.next === undefined ? finish(cycles) : leave(step.next, cycles));
      else pc = this.#wrap(step.next ?? pc + 1);
    }
    // d: data, h: hooks, p: program bytes; f: the flags, i: interrupts enabled and T.
    const make = new Function(
      ...["p", "ADDED", "SUBTRACTED", "LOGIC"],
      `return (cpu, d, h) => { let f = d[95] & 63, i = d[95] & 192, a = 0, x = 0, y = 0, c = 0;
${lines.join("\n")} };`,
    );
    return { cost, run: make(new Uint8Array(this.#flash.buffer), ADDED, SUBTRACTED, LOGIC) };
  }

  #wrap(pc: number): number {
    return pc & (this.#flash.length - 1);
  }

  /** One instruction, `before` cycles into the block; null if it cannot be translated. */
  #step(pc: number, before: number): Step | null {
    const op = this.#flash[pc]!;
    return arithmetic(op) ?? this.#flow(op, pc, before) ?? this.#skip(op, pc, before) ??
      this.#registersOfIo(op, pc) ?? this.#memory(op, pc, before);
  }

  /** Jumps, calls, returns and branches. */
  #flow(op: number, pc: number, before: number): Step | null {
    if (op >> 12 === 0b1100) { // RJMP
      return { code: "", cycles: 2, next: this.#wrap(pc + 1 + signed(op, 12)) };
    }
    if (op >> 12 === 0b1101) { // RCALL
      return {
        code: call(pc + 1),
        cycles: 3,
        next: this.#wrap(pc + 1 + signed(op, 12)),
      };
    }
    if (op >> 11 === 0b11110) { // BRBS, BRBC
      const flag = op & 7;
      const set = flag < 6 ? `f&${1 << flag}` : `i&${1 << flag}`;
      const target = this.#wrap(pc + 1 + signed(op >> 3, 7));
      const taken = op & 0x400 ? `!(${set})` : set;
      if (target > pc) {
        const code = `if(${taken}){${leave(target, before + 2)}}`;
        return { code, cycles: 1, more: 1 };
      }
      // Backwards is how a loop goes on.
      const otherwise = op & 0x400 ? set : `!(${set})`;
      const code = `if(${otherwise}){${leave(this.#wrap(pc + 1), before + 1)}}`;
      return { code, cycles: 2, next: target };
    }
    const long = (): number => this.#wrap(this.#flash[pc + 1]!);
    if ((op & 0xfe0e) === 0x940c) return { code: "", cycles: 3, next: long() }; // JMP
    if ((op & 0xfe0e) === 0x940e) return { code: call(pc + 2), cycles: 4, next: long() }; // CALL
    const mask = this.#flash.length - 1;
    switch (op) {
      case 0x9508: // RET
      case 0x9518: // RETI
        return {
          code: `a=(d[93]|d[94]<<8)+2;d[93]=a;d[94]=a>>8;cpu.pc=(d[a-1]<<8|d[a])&${mask};` +
            (op === 0x9518 ? "i|=128;" : ""),
          cycles: 4,
          ends: true,
        };
      case 0x9409: // IJMP
        return { code: `cpu.pc=(d[30]|d[31]<<8)&${mask};`, cycles: 2, ends: true };
      case 0x9509: // ICALL
        return {
          code: `${call(pc + 1)}cpu.pc=(d[30]|d[31]<<8)&${mask};`,
          cycles: 3,
          ends: true,
        };
    }
    if ((op & 0xff8f) === 0x9408) { // BSET
      const flag = 1 << (op >> 4 & 7);
      const code = flag < 64 ? `f|=${flag};` : `i|=${flag};`;
      return { code, cycles: 1, ...(flag === 128 ? { ends: true, next: this.#wrap(pc + 1) } : {}) };
    }
    if ((op & 0xff8f) === 0x9488) { // BCLR
      const flag = 1 << (op >> 4 & 7);
      return one(flag < 64 ? `f&=${~flag};` : `i&=${~flag};`);
    }
    return null;
  }

  /** What leaves out the next instruction. */
  #skip(op: number, pc: number, before: number): Step | null {
    let condition: string;
    const bit = 1 << (op & 7);
    const register = op >> 4 & 31;
    if (op >> 10 === 0b000100) condition = `d[${register}]===d[${op & 15 | op >> 5 & 16}]`; // CPSE
    else if ((op & 0xfe08) === 0xfc00) condition = `!(d[${register}]&${bit})`; // SBRC
    else if ((op & 0xfe08) === 0xfe00) condition = `d[${register}]&${bit}`; // SBRS
    else if ((op & 0xfd00) === 0x9900) { // SBIC, SBIS
      const address = 32 + (op >> 3 & 31);
      if (this.#hooks[address]! & READ_HOOK) return null;
      condition = op & 0x200 ? `d[${address}]&${bit}` : `!(d[${address}]&${bit})`;
    } else return null;
    const size = isLong(this.#flash[this.#wrap(pc + 1)]!) ? 2 : 1;
    const code = `if(${condition}){${leave(this.#wrap(pc + 1 + size), before + 1 + size)}}`;
    return { code, cycles: 1, more: size };
  }

  /** IN and OUT. */
  #registersOfIo(op: number, pc: number): Step | null {
    if (op >> 12 !== 0b1011) return null;
    const address = 32 + (op & 15 | op >> 5 & 48);
    const register = op >> 4 & 31;
    if (op & 0x800) { // OUT
      if (address === SREG) {
        const code = `x=d[${register}];f=x&63;i=x&192;`;
        return { code, cycles: 1, ends: true, next: this.#wrap(pc + 1) };
      }
      return this.#hooks[address]! & WRITE_HOOK ? null : one(`d[${address}]=d[${register}];`);
    }
    if (address === SREG) return one(`d[${register}]=i|f;`);
    return this.#hooks[address]! & READ_HOOK ? null : one(`d[${register}]=d[${address}];`);
  }

  /** Loads, stores, the stack, and reads of the program's memory. */
  #memory(op: number, pc: number, before: number): Step | null {
    const r = op >> 4 & 31;
    const store = (op & 0x200) !== 0;
    if ((op & 0xd000) === 0x8000) { // LDD, STD, with Y or Z
      const q = op & 7 | op >> 7 & 24 | op >> 8 & 32;
      return access({ store, r, pointer: op & 8 ? 28 : 30, offset: q, pc, before });
    }
    if (op >> 10 !== 0b100100) return null;
    const pointer = { 0x0: 30, 0x8: 28, 0xc: 26 }[op & 12] ?? 0;
    switch (op & 15) {
      case 0x0: { // LDS, STS
        const address = this.#flash[this.#wrap(pc + 1)]!;
        if (this.#hooks[address]! & (store ? WRITE_HOOK : READ_HOOK)) return null;
        const code = store ? `d[${address}]=d[${r}];` : `d[${r}]=d[${address}];`;
        return { code, cycles: 2, next: pc + 2 };
      }
      case 0x1:
      case 0x9:
      case 0xd:
        return access({ store, r, pointer, after: 1, pc, before });
      case 0x2:
      case 0xa:
      case 0xe:
        return access({ store, r, pointer, first: -1, pc, before });
      case 0xc:
        return access({ store, r, pointer, pc, before });
      case 0x4:
      case 0x5: { // LPM
        if (store) return null;
        const inc = op & 1 ? "a++;d[30]=a;d[31]=a>>8;" : "";
        return { code: `a=d[30]|d[31]<<8;d[${r}]=p[a];${inc}`, cycles: 3 };
      }
      case 0xf: // POP, PUSH
        return {
          code: store
            ? `a=d[93]|d[94]<<8;d[a]=d[${r}];a--;d[93]=a;d[94]=a>>8;`
            : `a=(d[93]|d[94]<<8)+1;d[93]=a;d[94]=a>>8;d[${r}]=d[a];`,
          cycles: 2,
        };
    }
    return null;
  }
}

function leave(pc: number, cycles: number): string {
  return `cpu.pc=${pc};${finish(cycles)}`;
}

function finish(cycles: number): string {
  return `d[95]=i|f;return ${cycles};`;
}

/** Puts a return address on the stack. */
function call(back: number): string {
  return `a=d[93]|d[94]<<8;d[a]=${back & 255};d[a-1]=${back >> 8};a-=2;d[93]=a;d[94]=a>>8;`;
}

function signed(value: number, width: number): number {
  return value << 32 - width >> 32 - width;
}

function isLong(op: number): boolean {
  return (op & 0xfc0f) === 0x9000 || (op & 0xfe0c) === 0x940c;
}

interface Access {
  readonly store: boolean;
  /** The register that is stored or loaded. */
  readonly r: number;
  /** The lower register of the pointer. */
  readonly pointer: number;
  readonly offset?: number;
  /** What is added to the pointer before, and after. */
  readonly first?: number;
  readonly after?: number;
  readonly pc: number;
  readonly before: number;
}

/** A load or store through a pointer, which leaves the block if it meets a peripheral. */
function access({ store, r, pointer, offset = 0, first = 0, after = 0, pc, before }: Access): Step {
  const at = `d[${pointer}]|d[${pointer + 1}]<<8`;
  const from = first === 0 ? at : `(${at})${first}&65535`;
  const code = [
    `a=${offset === 0 ? from : `(${at})+${offset}`};`,
    `if(h[a]&${store ? WRITE_HOOK : READ_HOOK}){${leave(pc, before)}}`,
    first === 0 ? "" : `d[${pointer}]=a;d[${pointer + 1}]=a>>8;`,
    store ? `d[a]=d[${r}];` : `d[${r}]=d[a];`,
    after === 0 ? "" : `a+=${after};d[${pointer}]=a;d[${pointer + 1}]=a>>8;`,
  ];
  return { code: code.join(""), cycles: 2 };
}
