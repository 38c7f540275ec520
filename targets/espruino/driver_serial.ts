import { DeviceError } from "../../runtime/errors.ts";
import type { Done, SerialOptions, SerialPort } from "../../runtime/io/driver.ts";
import type { SerialSpec } from "../../runtime/io/spec.ts";
import type { Espruino, Lines, SerialDevice } from "./api.ts";
import { now } from "./clock.ts";

declare const E: Espruino["E"];
declare const setTimeout: Espruino["setTimeout"];

/** How many bytes the interpreter takes before a write would block. */
const TRANSMIT_BUFFER = 64;

/** A serial line of the chip. */
export class EspruinoSerial implements SerialPort {
  private readonly line: SerialDevice;
  /** Milliseconds a character. */
  private readonly byteTime: number;
  /** When everything handed over so far will have left the line. */
  private silent = 0;

  constructor(
    name: string,
    pins: SerialSpec,
    options: SerialOptions,
    onData: (bytes: Uint8Array) => void,
    onError: (error: Error) => void,
  ) {
    // The console would get the bytes, and the program none.
    if (E.getConsole() === name) throw new DeviceError(`Cannot open ${name}: it is the console`);
    const baud = options.baudRate || 9600;
    const bytesize = options.dataBits || 8;
    const stopbits = options.stopBits || 1;
    const parity = options.parity || null;
    const hardware = options.flowControl === "rts-cts";
    // The interpreter's "cts" is a pin that it drives: what everybody else calls RTS.
    if (hardware && !pins.rts) throw new DeviceError(`Cannot open ${name}: it has no RTS pin`);
    const line = (globalThis as unknown as Lines)[name] as SerialDevice;
    this.line = line;
    this.byteTime = (1 + bytesize + (parity && parity !== "none" ? 1 : 0) + stopbits) * 1e3 / baud;
    line.setup(baud, {
      rx: pins.rx,
      tx: pins.tx,
      cts: hardware ? pins.rts : undefined,
      bytesize,
      parity,
      stopbits,
      flow: options.flowControl === "xon-xoff" ? "xon" : null,
      errors: true,
    });
    line.on("data", (text) => onData(E.toUint8Array(text)));
    line.on("framing", () => onError(new DeviceError(`Framing error on ${name}`)));
    line.on("parity", () => onError(new DeviceError(`Parity error on ${name}`)));
  }

  /** The interpreter does not tell when its buffer has room, so we reckon. */
  write(bytes: Uint8Array, done: Done<void>): void {
    this.silent = Math.max(this.silent, now()) + bytes.length * this.byteTime;
    this.line.write(bytes);
    this.at(this.silent - TRANSMIT_BUFFER * this.byteTime, done);
  }

  drain(done: Done<void>): void {
    this.at(this.silent, done);
  }

  close(): void {
    const line = this.line;
    line.removeAllListeners();
    if (line.unsetup) line.unsetup();
    // What nobody listens for would be kept in memory.
    else line.on("data", () => {});
  }

  private at(time: number, done: Done<void>): void {
    const wait = time - now();
    if (wait > 0) setTimeout(done, wait, null);
    else done(null);
  }
}
