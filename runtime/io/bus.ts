import { describeValue } from "../checks.ts";
import type { Awaitable } from "../wait_base.ts";
import type { I2cPort, SpiPort } from "./driver.ts";
import { closedError, request } from "./request.ts";

/**
 * An I2C bus. Transfers follow each other in the order of the calls; one that has begun is not cut by a
 * cancel, its answer is dropped.
 *
 * @example
 * ```ts
 * import type { Board } from "awaitio";
 *
 * export default async function main(board: Board) {
 *   const bus = board.i2c("I2C1", { frequency: 400_000 });
 *   const [high, low] = await bus.writeRead(0x48, [0], 2);
 *   console.log(high, low);
 * }
 * ```
 */
export class I2c implements Disposable {
  private open = true;

  /** @internal Buses are opened by {@linkcode Board.i2c}. */
  constructor(
    /** The bus's name. */
    readonly name: string,
    private readonly port: I2cPort,
    private readonly closed: () => void,
  ) {}

  /**
   * Writes bytes to the device at `address` (7 bits).
   *
   * @throws `DeviceError` where no device answers.
   */
  write(address: number, bytes: ArrayLike<number>): Awaitable<Uint8Array> {
    return this.transfer("write", address, bytes, 0);
  }

  /** Reads `length` bytes from the device at `address`. */
  read(address: number, length: number): Awaitable<Uint8Array> {
    return this.transfer("read", address, [], length);
  }

  /** Writes bytes, then reads `length` bytes after a repeated start: how registers are read. */
  writeRead(address: number, bytes: ArrayLike<number>, length: number): Awaitable<Uint8Array> {
    return this.transfer("writeRead", address, bytes, length);
  }

  /** Gives the bus back. */
  close(): void {
    if (!this.open) return;
    this.open = false;
    this.port.close();
    this.closed();
  }

  /** The same as {@linkcode I2c.close}. */
  [Symbol.dispose](): void {
    this.close();
  }

  /** Checks the address and sends, then reads `length` bytes; `verb` is for messages. */
  private transfer(
    verb: string,
    address: number,
    bytes: ArrayLike<number>,
    length: number,
  ): Awaitable<Uint8Array> {
    if (!(address >= 0 && address < 128) || address % 1 !== 0) {
      throw new RangeError(
        `Cannot talk to the I2C address ${describeValue(address)}: pass 0 to 127, without the ` +
          `read/write bit`,
      );
    }
    if (!this.open) throw closedError(`I2C bus "${this.name}"`);
    const hex = address.toString(16).padStart(2, "0");
    return request<Uint8Array>(
      `${this.name}.${verb}(0x${hex})`,
      (done) => this.port.transfer(address, Uint8Array.from(bytes), length, done),
    );
  }
}

/**
 * An SPI bus with one device selected.
 *
 * @example
 * ```ts
 * import type { Board } from "awaitio";
 *
 * export default async function main(board: Board) {
 *   const flash = board.spi("SPI1", { select: "D10" });
 *   const [, maker] = await flash.transfer([0x9f, 0, 0, 0]);
 *   console.log(maker);
 * }
 * ```
 */
export class Spi implements Disposable {
  private open = true;

  /** @internal Buses are opened by {@linkcode Board.spi}. */
  constructor(
    /** The bus's name. */
    readonly name: string,
    private readonly port: SpiPort,
    private readonly closed: () => void,
  ) {}

  /** Sends bytes and gives as many. A cancel does not cut it. */
  transfer(bytes: ArrayLike<number>): Awaitable<Uint8Array> {
    if (!this.open) throw closedError(`SPI bus "${this.name}"`);
    return request<Uint8Array>(
      `${this.name}.transfer()`,
      (done) => this.port.transfer(Uint8Array.from(bytes), done),
    );
  }

  /** Gives the bus back. */
  close(): void {
    if (!this.open) return;
    this.open = false;
    this.port.close();
    this.closed();
  }

  /** The same as {@linkcode Spi.close}. */
  [Symbol.dispose](): void {
    this.close();
  }
}
