import type { Buffer } from "node:buffer";
import fs from "node:fs";
import type {
  BindingPortInterface,
  PortStatus,
  SetOptions,
  UpdateOptions,
} from "@serialport/bindings-interface";
import { errorCode, SerialError } from "./error.ts";
import { type Settings, speedArguments, stty } from "./stty.ts";

/** How long `close` waits for a write that the device does not take, in milliseconds. */
const WRITE_GRACE = 500;

/** The handles of an open port. */
export interface Handles {
  /** A descriptor of Node's, which reads for a tenth of a second at most. */
  readonly reading: number;
  /** Writes; holds the lock. */
  readonly writing: Deno.FsFile;
}

/** A serial port that `UnixBinding` opened. */
export class UnixPort implements BindingPortInterface {
  readonly openOptions: Settings;
  #handles: Handles | null;
  /** Aborted when the port closes, which ends what is under way. */
  readonly #closing = new AbortController();
  #reading: Promise<number> | null = null;
  #writing: Promise<void> | null = null;
  #baudRate: number;

  constructor(handles: Handles, settings: Settings) {
    this.#handles = handles;
    this.openOptions = settings;
    this.#baudRate = settings.baudRate;
  }

  get isOpen(): boolean {
    return this.#handles !== null;
  }

  /** Closes the port; a read or write under way rejects as cancelled. */
  async close(): Promise<void> {
    const { reading, writing } = this.#open();
    this.#handles = null;
    this.#closing.abort();
    if (this.#writing !== null) await this.#release();
    // The descriptor must stay until its read has returned: its number could be given anew.
    await this.#reading?.catch(() => {});
    fs.closeSync(reading);
    writing.close();
  }

  /**
   * Lets go of a write that flow control holds. A device that takes nothing although it may keeps
   * the write's thread until it is unplugged or the process ends.
   */
  async #release(): Promise<void> {
    const waiting = new AbortController();
    const timer = setTimeout(() => waiting.abort(), WRITE_GRACE);
    const drain = Deno.build.os === "linux" ? ["-drain"] : [];
    const given = new Promise<void>((resolve) =>
      waiting.signal.addEventListener("abort", () => resolve())
    );
    await stty(this.openOptions.path, [...drain, "-ixon", "-crtscts"], waiting.signal).catch(
      () => {},
    );
    await Promise.race([this.#writing?.catch(() => {}), given]);
    clearTimeout(timer);
  }

  /** Reads at least one byte. A cancelled read may have taken bytes that nobody gets. */
  async read(
    buffer: Buffer,
    offset: number,
    length: number,
  ): Promise<{ buffer: Buffer; bytesRead: number }> {
    if (!(buffer instanceof Uint8Array)) throw new TypeError('"buffer" is not a Buffer');
    if (!Number.isInteger(offset)) throw new TypeError(`"offset" is not an integer: ${offset}`);
    if (!Number.isInteger(length)) throw new TypeError(`"length" is not an integer: ${length}`);
    if (buffer.length < offset + length) throw new Error("buffer is too small");
    for (;;) {
      const { reading, writing } = this.#open();
      const bytesRead = await this.#orClosed(this.#readOnce(reading, buffer, offset, length));
      if (bytesRead > 0) return { buffer, bytesRead };
      // Nothing within the tenth of a second, or nothing ever again: a port that hung up is no
      // terminal any more.
      if (this.isOpen && !writing.isTerminal()) throw this.#gone();
    }
  }

  async #readOnce(
    reading: number,
    buffer: Uint8Array,
    offset: number,
    length: number,
  ): Promise<number> {
    const bytes = readDescriptor(reading, buffer, offset, length);
    this.#reading = bytes;
    try {
      return await bytes;
    } catch (error) {
      return this.#fail(error);
    } finally {
      this.#reading = null;
    }
  }

  /** Writes all of it; resolves when the operating system has it. */
  async write(buffer: Buffer): Promise<void> {
    if (!(buffer instanceof Uint8Array)) throw new TypeError('"buffer" is not a Buffer');
    const { writing } = this.#open();
    this.#writing = this.#writeAll(writing, buffer);
    await this.#orClosed(this.#writing);
  }

  async #writeAll(writing: Deno.FsFile, buffer: Uint8Array): Promise<void> {
    try {
      for (let done = 0; done < buffer.length && this.isOpen;) {
        done += await writing.write(buffer.subarray(done));
      }
    } catch (error) {
      this.#fail(error);
    } finally {
      this.#writing = null;
    }
  }

  /** Changes the speed, after what was written has left. */
  async update(options: UpdateOptions): Promise<void> {
    if (typeof options?.baudRate !== "number") {
      throw new TypeError('"options.baudRate" is not a number');
    }
    await this.#stty(speedArguments(options.baudRate));
    this.#baudRate = options.baudRate;
  }

  /**
   * Sets DTR and RTS, which only move together here: the speed 0 lowers both, any other raises
   * them. Breaks and CTS or DSR of our own need an ioctl that neither stty nor Deno offers.
   */
  async set(options: SetOptions): Promise<void> {
    if (options === null || typeof options !== "object") {
      throw new TypeError('"options" is not an object');
    }
    if (options.brk === true) {
      this.#open();
      throw new SerialError("ENOTSUP", "Cannot send a break: stty has no word for it; use Node");
    }
    const { dtr = true } = options;
    if (dtr) await this.#stty(speedArguments(this.#baudRate));
    else await this.#hangUp();
  }

  async #hangUp(): Promise<void> {
    try {
      await this.#stty(["0"]);
    } catch (error) {
      // Drivers that keep the speed besides make stty say that it could not do everything.
      const { baudRate } = await this.getBaudRate();
      if (baudRate !== 0) throw error;
    }
  }

  /** Always rejects: no command tells the state of the control lines. */
  get(): Promise<PortStatus> {
    this.#open();
    return Promise.reject(
      new SerialError("ENOTSUP", "Cannot tell CTS, DSR and DCD: stty does not show them; use Node"),
    );
  }

  async getBaudRate(): Promise<{ baudRate: number }> {
    return { baudRate: Number(await this.#stty(["speed"])) };
  }

  /** Discards what was received. What was written cannot be called back here. */
  async flush(): Promise<void> {
    const { reading } = this.#open();
    // A read under way would take the rest: then there is nothing that waits.
    if (this.#reading !== null) return;
    const rubbish = new Uint8Array(4096);
    let bytes = 0;
    do {
      bytes = await this.#orClosed(this.#readOnce(reading, rubbish, 0, rubbish.length));
    } while (bytes === rubbish.length);
  }

  /** Waits until all that was written has left the port (on macOS: until the system has it). */
  async drain(): Promise<void> {
    this.#open();
    await this.#writing;
    // Setting anything waits for the output first.
    await this.#stty(["clocal"]);
  }

  #open(): Handles {
    if (this.#handles === null) throw new Error("Port is not open");
    return this.#handles;
  }

  async #stty(args: readonly string[]): Promise<string> {
    this.#open();
    return await this.#orClosed(stty(this.openOptions.path, args, this.#closing.signal));
  }

  /** What `done` gives, unless the port closes first. */
  async #orClosed<T>(done: Promise<T>): Promise<T> {
    const { signal } = this.#closing;
    let onAbort = (): void => {};
    const closed = new Promise<never>((_resolve, reject) => {
      onAbort = () => reject(new SerialError("ECANCELED", "Port is not open"));
      if (signal.aborted) onAbort();
      else signal.addEventListener("abort", onAbort);
    });
    try {
      return await Promise.race([done, closed]);
    } finally {
      signal.removeEventListener("abort", onAbort);
      done.catch(() => {});
    }
  }

  #fail(error: unknown): never {
    if (error instanceof SerialError) throw error;
    throw errorCode(error) === undefined ? error : this.#gone();
  }

  #gone(): SerialError {
    const { path } = this.openOptions;
    return new SerialError("EIO", `The serial port "${path}" is gone: it was unplugged or reset`);
  }
}

function readDescriptor(
  descriptor: number,
  buffer: Uint8Array,
  offset: number,
  length: number,
): Promise<number> {
  return new Promise((resolve, reject) => {
    fs.read(
      descriptor,
      buffer,
      offset,
      length,
      null,
      (error, bytes) => error === null ? resolve(bytes) : reject(error),
    );
  });
}
