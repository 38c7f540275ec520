/**
 * The part of Espruino's API that this target calls, as the interpreter (2v29) has it. A file that calls
 * a global declares it from here: `declare const getTime: Espruino["getTime"];`, so that its first lines
 * say what it needs, and no other code of the project sees a global that it does not have.
 *
 * @module
 */

/** What `setWatch` tells. */
export interface WatchEvent {
  /** The level after the edge. */
  readonly state: boolean;
  /** When the edge was, in seconds of `getTime()`. */
  readonly time: number;
  /** When the edge before it was. */
  readonly lastTime?: number;
}

/** How to watch a pin. Buttons are debounced by 25 ms unless told. */
export interface WatchOptions {
  readonly repeat?: boolean;
  readonly edge?: "rising" | "falling" | "both";
  /** Milliseconds. */
  readonly debounce?: number;
}

/** The modes of `pinMode`. */
export type PinMode =
  | "analog"
  | "input"
  | "input_pullup"
  | "input_pulldown"
  | "output"
  | "opendrain"
  | "auto";

/**
 * How to set a serial line up. A key that is there with `undefined` counts as 0 where it takes a number,
 * and crashes the interpreter where it takes a word.
 */
export interface SerialSetup {
  readonly rx?: string | undefined;
  readonly tx?: string | undefined;
  readonly cts?: string | undefined;
  readonly bytesize?: number;
  readonly parity?: string | null;
  readonly stopbits?: number;
  readonly flow?: "xon" | null;
  /** Whether to tell of framing and parity errors. */
  readonly errors?: boolean;
}

/** A serial line. Data are binary strings: a character a byte. */
export interface SerialDevice {
  setup(baudRate: number, options: SerialSetup): void;
  /** Missing where `saveOnFlash` is true. */
  unsetup?(): void;
  write(bytes: Uint8Array | string): void;
  on(event: "data", listener: (text: string) => void): void;
  on(event: "framing" | "parity", listener: () => void): void;
  removeAllListeners(): void;
}

/** An I2C bus. Its calls block, and throw where no device answers. */
export interface I2cDevice {
  setup(options: { scl: string; sda: string; bitrate: number }): void;
  writeTo(address: number | { address: number; stop: boolean }, bytes: Uint8Array): void;
  readFrom(address: number, length: number): Uint8Array;
}

/** An SPI bus. Its calls block. */
export interface SpiDevice {
  setup(
    options: { sck: string; miso: string; mosi: string; baud: number; mode: number },
  ): void;
  /** Sends bytes and gives as many; `select` is low meanwhile. */
  send(bytes: Uint8Array, select?: string): Uint8Array;
}

/** Espruino's globals. Pins may be given by their names. */
export interface Espruino {
  pinMode(pin: string, mode: PinMode): void;
  digitalWrite(pin: string, level: 0 | 1): void;
  digitalRead(pin: string): 0 | 1;
  analogRead(pin: string): number;
  analogWrite(pin: string, duty: number, options: { freq: number }): void;
  /** Gives an id from 1; nothing, and a warning on the console, where the pin cannot be watched. */
  setWatch(listener: (event: WatchEvent) => void, pin: string, options: WatchOptions): number;
  /** Throws for an id that is not there; without one it clears **every** watch. */
  clearWatch(id: number): void;
  /** Gives an id from 1, which is used again once no timer is left. Throws above 100 years. */
  setTimeout<A extends unknown[]>(fn: (...args: A) => void, ms: number, ...args: A): number;
  /** Throws for `undefined`; without an id it clears **every** timer. */
  clearTimeout(id: number): void;
  /** Seconds of the wall clock, which `setTime` moves. */
  getTime(): number;
  setTime(seconds: number): void;
  print(...what: unknown[]): void;
  readonly E: {
    /** A byte for each character of a binary string. */
    toUint8Array(text: string): Uint8Array;
    /** The name of the line that the console is on. */
    getConsole(): string | null;
  };
}

/** Lines and buses by their names: `Serial1`, `I2C1`, `SPI1`. */
export interface Lines {
  readonly [name: string]: unknown;
}
