import { Buffer } from "node:buffer";
import { closePort, openPort, type Port, SerialError } from "../serial/mod.ts";
import { EXIT } from "../exit.ts";
import { LATE, within } from "../within.ts";
import { BoardFailure, BoardGone } from "./flash_failure.ts";

/** How to reach a board. */
export interface LinkOptions {
  /** Bits a second; boards on USB ignore it. */
  readonly baudRate: number;
  /** How long any one answer may take, in milliseconds. */
  readonly timeout: number;
}

/**
 * The serial line to a board: what comes is kept as text, one character a byte, until it is looked
 * at. XON and XOFF are left to the system, which stops at once; we would still have bytes under way.
 */
export class Link implements AsyncDisposable {
  readonly path: string;
  readonly timeout: number;
  /** What came since `clear`. */
  #text = "";
  #gone = false;
  /** Wakes whoever waits for text. */
  #wake = (): void => {};
  readonly #port: Port;

  private constructor(path: string, port: Port, timeout: number) {
    this.path = path;
    this.timeout = timeout;
    this.#port = port;
    port.on("data", (bytes: Buffer) => {
      this.#text += bytes.toString("latin1");
      this.#wake();
    });
    port.on("error", () => this.#lose());
    port.on("close", () => this.#lose());
  }

  /** @throws {BoardFailure} If the port cannot be opened. */
  static async open(path: string, { baudRate, timeout }: LinkOptions): Promise<Link> {
    try {
      return new Link(path, await openPort(path, { baudRate, xon: true }), timeout);
    } catch (error) {
      if (!(error instanceof SerialError)) throw error;
      throw new BoardFailure(
        error.message,
        error.code === "EBUSY" ? EXIT.deviceBusy : EXIT.noDevice,
      );
    }
  }

  #lose(): void {
    this.#gone = true;
    this.#wake();
  }

  /** What came since `clear`. */
  get text(): string {
    return this.#text;
  }

  /** Forgets what came. */
  clear(): void {
    this.#text = "";
  }

  /**
   * Sends characters as bytes.
   *
   * @throws {BoardGone} If the board was unplugged.
   * @throws {BoardFailure} If the board takes nothing.
   */
  async send(text: string): Promise<void> {
    if (this.#gone) throw new BoardGone(this.path);
    const written = new Promise<Error | null | undefined>((resolve) =>
      this.#port.write(Buffer.from(text, "latin1"), undefined, resolve)
    );
    const error = await within(this.timeout, written);
    if (error === LATE) {
      throw new BoardFailure(
        `Cannot send to the board on "${this.path}": it stopped the line (XOFF) and has not ` +
          `let it go on for ${this.timeout / 1000} s; try --recover, or unplug it`,
        EXIT.timeLimit,
      );
    }
    if (error !== null && error !== undefined) throw new BoardGone(this.path);
  }

  /**
   * Waits until `find` finds something in what came.
   *
   * @returns What it found, or `undefined` after `timeout` ms.
   * @throws {BoardGone} If the board was unplugged.
   */
  async until<T>(find: (text: string) => T | undefined, timeout: number): Promise<T | undefined> {
    const deadline = performance.now() + timeout;
    for (;;) {
      const found = find(this.#text);
      if (found !== undefined) return found;
      if (this.#gone) throw new BoardGone(this.path);
      const left = deadline - performance.now();
      if (left <= 0) return undefined;
      await within(left, new Promise<void>((resolve) => this.#wake = resolve));
    }
  }

  /** Waits until nothing has come for `quiet` ms, `timeout` ms at most; gives all that came. */
  async settle(quiet: number, timeout: number): Promise<string> {
    const deadline = performance.now() + timeout;
    for (let length = -1; length !== this.#text.length && performance.now() < deadline;) {
      length = this.#text.length;
      await this.until((text) => text.length > length ? true : undefined, quiet);
    }
    return this.#text;
  }

  async close(): Promise<void> {
    await closePort(this.#port);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}
