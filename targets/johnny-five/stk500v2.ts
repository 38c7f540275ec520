import { BadAnswer, type BootLine } from "./boot_line.ts";
import type { Bootloader } from "./bootloader.ts";

/** A message: these two, a sequence number between them, its length, the body, and a checksum. */
const MESSAGE_START = 0x1b;
const TOKEN = 0x0e;

/** Commands. */
const SIGN_ON = 0x01;
const LOAD_ADDRESS = 0x06;
const ENTER_PROGMODE = 0x10;
const LEAVE_PROGMODE = 0x11;
const PROGRAM_FLASH = 0x13;
const READ_FLASH = 0x14;
const READ_SIGNATURE = 0x1b;

const STATUS_OK = 0x00;

/** How long an answer may take by the protocol, in milliseconds. */
const SIGN_ON_ANSWER = 200;
const ANSWER = 1000;
const FLASH_ANSWER = 5000;

const TRIES = 5;

/** What a programmer has to know of the chip, which a bootloader does not look at: of the ATmega2560. */
const ENTER = [200, 100, 25, 32, 0, 0x53, 3, 0xac, 0x53, 0, 0];
const LEAVE = [1, 1];
/** By page and with polling, and the chip's own commands: load page, write page, read. */
const WRITE = [0xc1, 10, 0x40, 0x4c, 0x20, 0, 0];
const READ = [0x20];
const SIGNATURE = 0x30;

/** Marks an address beyond 64 kB. */
const EXTENDED = 0x80;

/**
 * The protocol of AVR068, as Arduino's bootloader for the Mega knows it. Nothing but the first command is sent again: the
 * bootloader erases page after page, whatever address it was given.
 */
export class Stk500v2 implements Bootloader {
  readonly #line: BootLine;
  #sequence = 0;

  constructor(line: BootLine) {
    this.#line = line;
  }

  async sync(): Promise<boolean> {
    for (let tries = 0; tries < TRIES; tries++) {
      // Old bootloaders only take 1 as the first.
      this.#sequence = 0;
      try {
        const name = await this.#ask("its name", [SIGN_ON], SIGN_ON_ANSWER);
        if (/^.(AVRISP|STK500)_2$/s.test(String.fromCharCode(...name))) return true;
      } catch (error) {
        if (!(error instanceof BadAnswer)) throw error;
      }
    }
    return false;
  }

  async signature(): Promise<number> {
    let signature = 0;
    for (const index of [0, 1, 2]) {
      const ask = [READ_SIGNATURE, 4, SIGNATURE, 0, index, 0];
      const [byte] = await this.#ask("its signature", ask, ANSWER, 2);
      signature = signature << 8 | byte!;
    }
    return signature;
  }

  async enter(): Promise<void> {
    await this.#ask("programming mode", [ENTER_PROGMODE, ...ENTER], ANSWER);
  }

  async write(address: number, page: Uint8Array): Promise<void> {
    await this.#load(address);
    const command = [PROGRAM_FLASH, ...size(page.length), ...WRITE, ...page];
    await this.#ask(`a page at ${hex(address)}`, command, FLASH_ANSWER);
  }

  async read(address: number, length: number): Promise<Uint8Array> {
    await this.#load(address);
    const command = [READ_FLASH, ...size(length), ...READ];
    const answer = await this.#ask(`what is at ${hex(address)}`, command, FLASH_ANSWER, length + 1);
    return Uint8Array.from(answer.slice(0, -1));
  }

  async leave(): Promise<void> {
    await this.#ask("the end of programming", [LEAVE_PROGMODE, ...LEAVE], ANSWER);
  }

  /** Addresses count words, the high byte first. */
  async #load(address: number): Promise<void> {
    const word = address >> 1;
    const bytes = [word >> 24 & 0x7f | EXTENDED, word >> 16 & 0xff, word >> 8 & 0xff, word & 0xff];
    await this.#ask(`the address ${hex(address)}`, [LOAD_ADDRESS, ...bytes], ANSWER);
  }

  /**
   * Sends a command and gives the body of its answer behind the status.
   *
   * @param length How many bytes that has to be; any number unless given.
   */
  async #ask(
    what: string,
    command: readonly number[],
    timeout: number,
    length?: number,
  ): Promise<number[]> {
    this.#sequence = this.#sequence + 1 & 0xff;
    const message = [MESSAGE_START, this.#sequence, ...size(command.length), TOKEN, ...command];
    this.#line.clear();
    await this.#line.send([...message, checksum(message)]);
    const [id, status, ...rest] = await this.#receive(what, timeout);
    if (id !== command[0]) {
      throw new BadAnswer(`an answer to another command when asked for ${what}`, false);
    }
    if (status !== STATUS_OK) {
      throw new BadAnswer(`the status 0x${status?.toString(16)} when asked for ${what}`, false);
    }
    if (length === undefined || rest.length === length) return rest;
    throw new BadAnswer(`${rest.length} bytes when asked for ${what}`, false);
  }

  /** The body of the message that answers. */
  async #receive(what: string, timeout: number): Promise<number[]> {
    const head = await this.#line.read(5, timeout);
    if (head.length === 0) throw new BadAnswer(`no answer when asked for ${what}`, true);
    const [start, sequence, high = 0, low = 0, token] = head;
    if (start === MESSAGE_START && sequence === this.#sequence && token === TOKEN) {
      const length = high << 8 | low;
      const body = await this.#line.read(length + 1, timeout);
      const sum = body.pop();
      if (body.length === length && sum === checksum([...head, ...body])) return body;
    }
    throw new BadAnswer(`a garbled answer when asked for ${what}`, false);
  }
}

function checksum(bytes: readonly number[]): number {
  return bytes.reduce((sum, byte) => sum ^ byte, 0);
}

function size(length: number): number[] {
  return [length >> 8, length & 0xff];
}

function hex(address: number): string {
  return `0x${address.toString(16)}`;
}
