import { setTimeout as sleep } from "node:timers/promises";
import { LATE, within } from "../within.ts";
import type { Wire } from "./wire.ts";

/** A serial port whose control lines and speed can be changed: serialport's streams are such. */
export interface BootPort extends Wire {
  set(lines: { dtr: boolean; rts: boolean }, done: (error: Error | null) => void): unknown;
  update(settings: { baudRate: number }, done: (error: Error | null) => void): unknown;
}

/** Opens a serial port. */
export type OpenBootPort = (path: string, settings: { baudRate: number }) => Promise<BootPort>;

/** How long DTR stays low for a reset, in milliseconds. */
const RESET = 100;
/** How long a write may take, in milliseconds. */
const WRITE = 5000;

/** The board is not there any more. */
export class LineGone extends Error {}

/** The board does not answer as its protocol says. */
export class BadAnswer extends Error {
  /** @param silent Whether there was no answer at all. */
  constructor(message: string, readonly silent: boolean) {
    super(message);
  }
}

/** The serial line to a bootloader: bytes out, and a known number of bytes back. */
export class BootLine {
  readonly #port: BootPort;
  #received: number[] = [];
  #gone: string | null = null;
  #wake: () => void = () => {};

  constructor(port: BootPort) {
    this.#port = port;
    port.on("data", (bytes) => {
      this.#received.push(...bytes);
      this.#wake();
    });
    const lose = (error?: Error | null): void => {
      this.#gone ??= error?.message ?? "the port was closed";
      this.#wake();
    };
    port.on("close", lose);
    port.on("error", lose);
  }

  /** Resets the board: on an Arduino, DTR going low does. */
  async reset(): Promise<void> {
    await this.#control((done) => this.#port.set({ dtr: false, rts: false }, done));
    await sleep(RESET);
    await this.#control((done) => this.#port.set({ dtr: true, rts: true }, done));
  }

  /** Changes the speed without a reset. */
  async setSpeed(baudRate: number): Promise<void> {
    await this.#control((done) => this.#port.update({ baudRate }, done));
  }

  /** Forgets what has come. */
  clear(): void {
    this.#received = [];
  }

  /** @throws {LineGone} If the board was unplugged. */
  async send(bytes: readonly number[]): Promise<void> {
    if (this.#gone !== null) throw new LineGone(this.#gone);
    const written = new Promise<Error | null | undefined>((resolve) =>
      this.#port.write(Uint8Array.from(bytes), resolve)
    );
    const error = await within(WRITE, written);
    if (error === LATE) throw new LineGone("the port takes no bytes");
    if (error) throw new LineGone(error.message);
  }

  /**
   * Waits for `count` bytes.
   *
   * @returns What came: fewer bytes where the others did not come within `timeout` ms.
   * @throws {LineGone} If the board was unplugged.
   */
  async read(count: number, timeout: number): Promise<number[]> {
    const deadline = performance.now() + timeout;
    while (this.#received.length < count) {
      if (this.#gone !== null) throw new LineGone(this.#gone);
      const left = deadline - performance.now();
      if (left <= 0) break;
      await within(left, new Promise<void>((resolve) => this.#wake = resolve));
    }
    return this.#received.splice(0, count);
  }

  async close(): Promise<void> {
    await new Promise<void>((resolve) => this.#port.close(() => resolve()));
  }

  async #control(act: (done: (error: Error | null) => void) => void): Promise<void> {
    const error = await new Promise<Error | null>((resolve) => act(resolve));
    if (error) throw new LineGone(error.message);
  }
}
