import { BadAnswer, type BootLine } from "./boot_line.ts";
import type { Bootloader } from "./bootloader.ts";

/** Commands. */
const GET_SYNC = 0x30;
const ENTER_PROGMODE = 0x50;
const LEAVE_PROGMODE = 0x51;
const LOAD_ADDRESS = 0x55;
const PROG_PAGE = 0x64;
const READ_PAGE = 0x74;
const READ_SIGN = 0x75;

/** Ends each command. */
const EOP = 0x20;

/** Begin and end of an answer. */
const INSYNC = 0x14;
const OK = 0x10;

const FLASH = "F".charCodeAt(0);

/** How long an answer may take, in milliseconds. */
const ANSWER = 1000;

/**
 * How often and how long to ask whether it is there. While a bootloader blinks after a reset, a command waits in the
 * chip, which has room for three bytes: a second one would arrive there as half a command.
 */
const TRIES = 3;
const SYNC = 400;
/** How long the line has to be quiet until no late answer is expected, in milliseconds. */
const QUIET = 50;

/** The protocol of AVR061, as far as Arduino's bootloaders (Optiboot, ATmegaBOOT) know it. */
export class Stk500v1 implements Bootloader {
  readonly #line: BootLine;

  constructor(line: BootLine) {
    this.#line = line;
  }

  async sync(): Promise<boolean> {
    for (let tries = 0; tries < TRIES; tries++) {
      this.#line.clear();
      await this.#line.send([GET_SYNC, EOP]);
      const [begin, end] = await this.#line.read(2, SYNC);
      if (begin !== INSYNC || end !== OK) continue;
      while ((await this.#line.read(1, QUIET)).length > 0);
      return true;
    }
    return false;
  }

  async signature(): Promise<number> {
    const [high, middle, low] = await this.#ask("its signature", [READ_SIGN], 3);
    return high! << 16 | middle! << 8 | low!;
  }

  async enter(): Promise<void> {
    await this.#ask("programming mode", [ENTER_PROGMODE], 0);
  }

  async write(address: number, page: Uint8Array): Promise<void> {
    await this.#load(address);
    await this.#ask(`a page at ${hex(address)}`, [PROG_PAGE, ...size(page.length), ...page], 0);
  }

  async read(address: number, length: number): Promise<Uint8Array> {
    await this.#load(address);
    const what = `what is at ${hex(address)}`;
    return Uint8Array.from(await this.#ask(what, [READ_PAGE, ...size(length)], length));
  }

  async leave(): Promise<void> {
    await this.#ask("the end of programming", [LEAVE_PROGMODE], 0);
  }

  /** Addresses count words, the low byte first. */
  async #load(address: number): Promise<void> {
    const word = address >> 1;
    await this.#ask(`the address ${hex(address)}`, [LOAD_ADDRESS, word & 0xff, word >> 8], 0);
  }

  /** Sends a command and gives the `length` bytes between the begin and the end of its answer. */
  async #ask(what: string, command: readonly number[], length: number): Promise<number[]> {
    this.#line.clear();
    await this.#line.send([...command, EOP]);
    const [begin] = await this.#line.read(1, ANSWER);
    if (begin === undefined) throw new BadAnswer(`no answer when asked for ${what}`, true);
    const rest = begin === INSYNC ? await this.#line.read(length + 1, ANSWER) : [];
    if (rest.pop() === OK && rest.length === length) return rest;
    throw new BadAnswer(`a wrong answer when asked for ${what}`, false);
  }
}

function hex(address: number): string {
  return `0x${address.toString(16)}`;
}

/** A length, the high byte first, in flash. */
function size(length: number): number[] {
  return [length >> 8, length & 0xff, FLASH];
}
