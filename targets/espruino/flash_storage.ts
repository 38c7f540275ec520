import type { BoardConsole } from "./flash_console.ts";

/** What runs when the board starts. */
export const BOOT_CODE = ".bootcde";
/** Would run instead of it, and after a reset too. */
export const BOOT_RESET_CODE = ".bootrst";
/** Where a program waits until it is verified. */
export const STAGED = ".awaitio";

/** The longest name of a file. */
export const LONGEST_NAME = 28;

/** What a file takes besides its bytes: a header of 32, and up to 8 to the next boundary; twice. */
const OVERHEAD = 80;

/** How many characters one answer of `readBack` carries. */
const READ_SIZE = 512;

/** Room in a board's Storage, in bytes. */
export interface Room {
  /** What can be written at once. */
  readonly free: number;
  /** What erased files still occupy; the board clears that away when it needs to. */
  readonly trash: number;
}

/** The files in a board's flash, which outlive `reset()` and power. */
export class Storage {
  readonly #console: BoardConsole;

  constructor(console: BoardConsole) {
    this.#console = console;
  }

  /** What a file of `length` bytes takes. */
  static roomFor(length: number): number {
    return length + OVERHEAD;
  }

  #call(call: string): string {
    return `require("Storage").${call}`;
  }

  /** `null` where the firmware cannot tell: those of the smallest boards. */
  async room(): Promise<Room | null> {
    const free = await this.#console.ask<number | null>(
      `require("Storage").getFree?require("Storage").getFree():null`,
    );
    if (free === null) return null;
    // Old firmwares do not tell.
    const trash = await this.#console.ask<number>(
      `require("Storage").getStats?require("Storage").getStats().trashBytes:0`,
    );
    return { free, trash };
  }

  /** Clears away what erased files occupy. */
  async compact(): Promise<void> {
    await this.#console.ask(this.#call("compact()"));
  }

  /** How long a file is; `null` if there is none. */
  async length(name: string): Promise<number | null> {
    return await this.#console.ask<number | null>(
      `(function(f){return f===undefined?null:f.length})(${this.#read(name)})`,
    );
  }

  #read(name: string, ...range: number[]): string {
    return this.#call(`read(${[JSON.stringify(name), ...range].join()})`);
  }

  /** Reads a file's bytes, one character a byte. */
  async readBack(name: string, onRead: (bytes: number) => void): Promise<string> {
    const length = await this.length(name) ?? 0;
    let text = "";
    while (text.length < length) {
      const part = await this.#console.ask<unknown>(this.#read(name, text.length, READ_SIZE));
      if (typeof part !== "string" || part === "") break;
      text += part;
      onRead(text.length);
    }
    return text;
  }

  async erase(name: string): Promise<void> {
    await this.#console.ask(this.#call(`erase(${JSON.stringify(name)})`));
  }

  /**
   * Copies a file. Only where there is room for both without clearing trash away, which would move
   * the original while it is read.
   */
  async copy(from: string, to: string): Promise<void> {
    await this.#console.ask(this.#call(`write(${JSON.stringify(to)},${this.#read(from)})`));
  }

  async same(one: string, other: string): Promise<boolean> {
    return await this.#console.ask<boolean>(`${this.#read(one)}===${this.#read(other)}`);
  }

  /** Writes a part of a file that will have `length` bytes. */
  async writePart(name: string, part: string, offset: number, length: number): Promise<void> {
    const range = offset === 0 ? `0,${length}` : offset;
    await this.#console.ask(
      this.#call(`write(${JSON.stringify(name)},${literal(part)},${range})`),
    );
  }
}

/** A string as the interpreter reads it; one character a byte. */
export function literal(text: string): string {
  return JSON.stringify(text).replace(
    /\\u00([0-9a-f]{2})|[\x7f-\xff]/g,
    (found, hex?: string) => `\\x${hex ?? found.charCodeAt(0).toString(16)}`,
  );
}
