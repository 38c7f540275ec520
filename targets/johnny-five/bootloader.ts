import { BootLine } from "./boot_line.ts";
import { Stk500v1 } from "./stk500v1.ts";
import { Stk500v2 } from "./stk500v2.ts";

/** A bootloader: the program in a chip that puts another program there. Addresses are in bytes. */
export interface Bootloader {
  /** Whether it answers. */
  sync(): Promise<boolean>;
  /** The chip's signature, which tells its type: three bytes, the first one the highest. */
  signature(): Promise<number>;
  enter(): Promise<void>;
  /** Erases and writes one page. Pages have to come one after the other, from 0. */
  write(address: number, page: Uint8Array): Promise<void>;
  read(address: number, length: number): Promise<Uint8Array>;
  /** Ends it; the program starts. */
  leave(): Promise<void>;
}

/** How a board gets its program. */
export interface BootloaderSpec {
  readonly signature: number;
  /** The bootloader's speeds, in bits a second: the likely one first. */
  readonly baudRates: readonly number[];
  /** Bytes of a page of flash. */
  readonly page: number;
  /** Bytes of flash before the bootloader. */
  readonly room: number;
  talk(line: BootLine): Bootloader;
}

const atmega328p = {
  signature: 0x1e950f,
  page: 128,
  talk: (line: BootLine): Bootloader => new Stk500v1(line),
};

/** By the board's id. Nanos from before 2018 have a bootloader of 2 kB, at half the speed. */
export const BOOTLOADERS: { readonly [board: string]: BootloaderSpec } = {
  uno: { ...atmega328p, baudRates: [115_200], room: 0x7e00 },
  nano: { ...atmega328p, baudRates: [115_200, 57_600], room: 0x7800 },
  mega: {
    signature: 0x1e9801,
    baudRates: [115_200],
    page: 256,
    room: 0x3e000,
    talk: (line) => new Stk500v2(line),
  },
};

/** Chips that are likely to answer, by their signatures. */
export const CHIPS: { readonly [signature: number]: string } = {
  0x1e9307: "ATmega8",
  0x1e9406: "ATmega168",
  0x1e940b: "ATmega168P",
  0x1e950f: "ATmega328P",
  0x1e9514: "ATmega328",
  0x1e9516: "ATmega328PB",
  0x1e9703: "ATmega1280",
  0x1e9801: "ATmega2560",
};
