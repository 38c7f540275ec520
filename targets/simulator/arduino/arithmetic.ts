/**
 * Instructions that work on registers alone, as JavaScript. In it are `d`, the data; `f`, the flags
 * carry to half carry; `i`, the flags T and I; `a`, `x`, `y` and `c` for what comes between; and the
 * tables of `flags.ts`.
 *
 * @module
 */

/** What one instruction becomes. */
export interface Step {
  readonly code: string;
  /** Cycles when it goes on. */
  readonly cycles: number;
  /** More cycles when it leaves the block in its middle. */
  readonly more?: number;
  /** Where it goes on, if that is not behind it. */
  readonly next?: number;
  /** The block ends with it: it has set the program counter, or says where by `next`. */
  readonly ends?: boolean;
}

/** An instruction of one cycle. */
export function one(code: string): Step {
  return { code, cycles: 1 };
}

/** Arithmetic, logic, moves and shifts; null for what is none of them. */
export function arithmetic(op: number): Step | null {
  const d = op >> 4 & 31;
  const r = op & 15 | op >> 5 & 16;
  const high = 16 + (op >> 4 & 15);
  const k = op & 15 | op >> 4 & 240;
  switch (op >> 10) {
    case 0b000001: // CPC
      return one(`x=d[${d}];y=d[${r}];${subtractWithCarry}`);
    case 0b000010: // SBC
      return one(`x=d[${d}];y=d[${r}];c=f&1;${subtractWithCarry}d[${d}]=x-y-c;`);
    case 0b000011: // ADD
      return one(`x=d[${d}];y=d[${r}];f=ADDED[x<<8|y];d[${d}]=x+y;`);
    case 0b000101: // CP
      return one(`f=SUBTRACTED[d[${d}]<<8|d[${r}]];`);
    case 0b000110: // SUB
      return one(`x=d[${d}];y=d[${r}];f=SUBTRACTED[x<<8|y];d[${d}]=x-y;`);
    case 0b000111: // ADC
      return one(`x=d[${d}];y=d[${r}];c=f&1;f=ADDED[c<<16|x<<8|y];d[${d}]=x+y+c;`);
    case 0b001000: // AND
      return one(logic(d, `d[${d}]&d[${r}]`));
    case 0b001001: // EOR
      return one(logic(d, `d[${d}]^d[${r}]`));
    case 0b001010: // OR
      return one(logic(d, `d[${d}]|d[${r}]`));
    case 0b001011: // MOV
      return one(`d[${d}]=d[${r}];`);
    case 0b100111: // MUL
      return {
        code: `x=d[${d}]*d[${r}];d[0]=x;d[1]=x>>8;f=f&60|(x===0?2:0)|x>>15;`,
        cycles: 2,
      };
  }
  switch (op >> 12) {
    case 0b0011: // CPI
      return one(`f=SUBTRACTED[d[${high}]<<8|${k}];`);
    case 0b0100: // SBCI
      return one(`x=d[${high}];y=${k};c=f&1;${subtractWithCarry}d[${high}]=x-y-c;`);
    case 0b0101: // SUBI
      return one(`x=d[${high}];f=SUBTRACTED[x<<8|${k}];d[${high}]=x-${k};`);
    case 0b0110: // ORI
      return one(logic(high, `d[${high}]|${k}`));
    case 0b0111: // ANDI
      return one(logic(high, `d[${high}]&${k}`));
    case 0b1110: // LDI
      return one(`d[${high}]=${k};`);
  }
  if (op === 0) return one(""); // NOP
  if (op >> 8 === 1) { // MOVW
    const [to, from] = [(op >> 4 & 15) * 2, (op & 15) * 2];
    return one(`x=d[${from + 1}];d[${to}]=d[${from}];d[${to + 1}]=x;`);
  }
  if (op >> 9 === 0b1001011) return addToWord(op);
  return op >> 9 === 0b1001010 ? oneOperand(op, d) : bits(op, d);
}

const subtractWithCarry = "f=SUBTRACTED[(f&1)<<16|x<<8|y]&(f|253);";

function logic(register: number, result: string): string {
  return `x=${result};d[${register}]=x;f=f&33|LOGIC[x];`;
}

/** ADIW, SBIW. */
function addToWord(op: number): Step {
  const register = 24 + (op >> 3 & 6);
  const k = op & 15 | op >> 2 & 48;
  const minus = (op & 0x100) !== 0;
  const [overflow, carry] = minus ? ["x&~y", "y&~x"] : ["y&~x", "x&~y"];
  return {
    code: `x=d[${register}]|d[${register + 1}]<<8;y=x${minus ? "-" : "+"}${k}&65535;` +
      `d[${register}]=y;d[${register + 1}]=y>>8;a=(${overflow})>>15&1;c=y>>15;` +
      `f=f&32|(${carry})>>15&1|(y===0?2:0)|c<<2|a<<3|(a^c)<<4;`,
    cycles: 2,
  };
}

function oneOperand(op: number, d: number): Step | null {
  const shifted = (result: string): string =>
    `x=d[${d}];y=${result};d[${d}]=y;c=y>>7;` +
    "f=f&32|x&1|(y===0?2:0)|c<<2|(c^x&1)<<3|(x&1)<<4;";
  const overflow = (at: number): string => `(x===${at}?LOGIC[x]^24:LOGIC[x])`;
  switch (op & 15) {
    case 0x0: // COM
      return one(`x=255-d[${d}];d[${d}]=x;f=f&32|LOGIC[x]|1;`);
    case 0x1: // NEG
      return one(`x=d[${d}];d[${d}]=-x;f=SUBTRACTED[x];`);
    case 0x2: // SWAP
      return one(`x=d[${d}];d[${d}]=x<<4|x>>4;`);
    case 0x3: // INC
      return one(`x=d[${d}]+1&255;d[${d}]=x;f=f&33|${overflow(0x80)};`);
    case 0xa: // DEC
      return one(`x=d[${d}]-1&255;d[${d}]=x;f=f&33|${overflow(0x7f)};`);
    case 0x5: // ASR
      return one(shifted("x>>1|x&128"));
    case 0x6: // LSR
      return one(shifted("x>>1"));
    case 0x7: // ROR
      return one(shifted("x>>1|(f&1)<<7"));
  }
  return null;
}

/** BLD, BST. */
function bits(op: number, d: number): Step | null {
  const bit = op & 7;
  if ((op & 0xfe08) === 0xf800) {
    return one(`d[${d}]=d[${d}]&${255 & ~(1 << bit)}|(i>>6&1)<<${bit};`);
  }
  if ((op & 0xfe08) === 0xfa00) return one(`i=i&128|(d[${d}]>>${bit}&1)<<6;`);
  return null;
}
