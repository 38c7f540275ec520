import { DeviceError } from "../../runtime/errors.ts";
import type { Done, SerialPort } from "../../runtime/io/driver.ts";
import type { Wire } from "./wire.ts";

/** A serial line that is a port of this computer, where the board has none for programs. */
export class ComputerSerial implements SerialPort {
  private wire: Wire | null = null;
  private failure: Error | null = null;
  private closed = false;
  /** What the program wants before the port is open. */
  private waiting: ((wire: Wire | null) => void)[] = [];

  /** @param opening The port, once it is open. */
  constructor(
    private readonly name: string,
    opening: Promise<Wire>,
    private readonly onData: (bytes: Uint8Array) => void,
    private readonly onError: (error: Error) => void,
  ) {
    opening.then((wire) => this.attach(wire), (error) => this.fail(error));
  }

  write(bytes: Uint8Array, done: Done<void>): void {
    const copy = bytes.slice();
    this.whenOpen((wire) => {
      if (wire === null) done(this.failure);
      else wire.write(copy, (error) => done(error ? this.lost(error) : null));
    });
  }

  drain(done: Done<void>): void {
    this.write(new Uint8Array(), done);
  }

  close(): void {
    this.closed = true;
    this.wire?.close(() => {});
    this.wire = null;
  }

  private whenOpen(use: (wire: Wire | null) => void): void {
    if (this.wire !== null || this.failure !== null) use(this.wire);
    else this.waiting.push(use);
  }

  private attach(wire: Wire): void {
    if (this.closed) return void wire.close(() => {});
    this.wire = wire;
    wire.on("data", (bytes) => this.onData(bytes));
    wire.on("close", (error) => this.fail(error ?? new Error("the port was closed")));
    wire.on("error", (error) => this.fail(error ?? new Error("the port failed")));
    this.goOn();
  }

  private fail(error: Error): void {
    if (this.closed || this.failure !== null) return;
    this.wire = null;
    this.failure = this.lost(error);
    this.onError(this.failure);
    this.goOn();
  }

  private lost(error: Error): DeviceError {
    return new DeviceError(`Cannot use serial line "${this.name}": ${error.message}`);
  }

  private goOn(): void {
    const { waiting } = this;
    this.waiting = [];
    for (const use of waiting) use(this.wire);
  }
}
