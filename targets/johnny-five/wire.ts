import { EventEmitter } from "node:events";
import type { SerialOptions } from "../../runtime/io/driver.ts";

/** A line to a board: a port of serialport's, or the emulated board's. */
export interface Wire {
  write(bytes: Uint8Array, done?: (error?: Error | null) => void): unknown;
  on(event: "data", listener: (bytes: Uint8Array) => void): unknown;
  on(event: "close" | "error", listener: (error?: Error | null) => void): unknown;
  close(done?: () => void): unknown;
}

/** Opens a serial port of this computer. */
export type OpenWire = (path: string, options: SerialOptions) => Promise<Wire>;

/** What firmata-io needs of a line. */
export class Transport extends EventEmitter {
  constructor(private readonly send: (bytes: Uint8Array, done: () => void) => void) {
    super();
  }

  write(bytes: Uint8Array, done: () => void = () => {}): void {
    this.send(bytes, done);
  }
}
