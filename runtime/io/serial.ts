import { DeviceError, IncompleteReadError, LimitOverrunError, RuntimeError } from "../errors.ts";
import type { TimerHandle } from "../handle.ts";
import { describeValue } from "../checks.ts";
import { requireScope, type Scope } from "../scope.ts";
import type { Awaitable } from "../wait_base.ts";
import { Wait } from "../wait_base.ts";
import { ByteRing } from "./byte_ring.ts";
import type { Driver, SerialOptions, SerialPort } from "./driver.ts";
import { closedError, request } from "./request.ts";
import { decodeUtf8, encodeUtf8 } from "./utf8.ts";

const NEWLINE = 10;
const RETURN = 13;

/**
 * A serial line. Bytes that come while nobody reads are kept, up to the buffer's size; what does not fit is
 * counted in `dropped`. Cancelling a read loses no byte: bytes leave the buffer when the reader goes on.
 *
 * @example
 * ```ts
 * import type { Board } from "awaitio";
 *
 * export default async function main(board: Board) {
 *   const line = board.serial("Serial1", { baudRate: 115200 });
 *   for await (const text of line) await line.write(`you said ${text}\n`);
 * }
 * ```
 */
export class Serial implements Disposable {
  private readonly ring: ByteRing;
  private readonly port: SerialPort;
  private reader: SerialRead<unknown> | null = null;
  private ended = false;
  private failure: Error | null = null;
  private lost = 0;

  /** @internal Lines are opened by {@linkcode Board.serial}. */
  constructor(
    /** The line's name. */
    readonly name: string,
    driver: Driver,
    options: SerialOptions,
    private readonly closed: () => void,
  ) {
    this.ring = new ByteRing(options.bufferSize ?? 1024);
    this.port = driver.openSerial(
      name,
      options,
      (bytes) => this.receive(bytes),
      (error) => this.fail(error),
    );
  }

  /** How many bytes can be read at once. */
  get available(): number {
    return this.ring.size;
  }

  /** How many bytes were dropped because the buffer was full. */
  get dropped(): number {
    return this.lost;
  }

  /**
   * Waits for at least one byte and gives what is there, at most `max` bytes; nothing at the line's end.
   */
  read(max = Infinity): Awaitable<Uint8Array> {
    if (!(max >= 1)) {
      throw new RangeError(`Cannot read ${describeValue(max)} bytes: pass at least 1`);
    }
    return this.start("read()", {
      found: () => this.ring.size > 0 || this.ended ? Math.min(this.ring.size, max) : -1,
      convert: (bytes) => bytes,
    });
  }

  /**
   * Waits for a line and gives it without its end (`\n` or `\r\n`), decoded as UTF-8.
   *
   * @throws `LimitOverrunError` where the buffer is full and holds no line end; `IncompleteReadError` at
   * the line's end.
   */
  readLine(): Awaitable<string> {
    return this.start("readLine()", this.separated([NEWLINE], trimLine));
  }

  /**
   * Waits for exactly `length` bytes.
   *
   * @throws `IncompleteReadError` where the line ends before.
   */
  readExactly(length: number): Awaitable<Uint8Array> {
    if (!(length >= 0) || length % 1 !== 0) {
      throw new RangeError(
        `Cannot read ${describeValue(length)} bytes: pass a whole number from 0`,
      );
    }
    this.ring.reserve(length);
    return this.start(`readExactly(${length})`, {
      found: () => {
        if (this.ring.size >= length) return length;
        return this.ended ? this.ring.size : -1;
      },
      convert(bytes) {
        if (bytes.length < length) throw new IncompleteReadError(bytes, length);
        return bytes;
      },
    });
  }

  /**
   * Waits for `separator` and gives what came up to it, itself included.
   *
   * @throws `LimitOverrunError` where the buffer is full and does not hold it; `IncompleteReadError` at the
   * line's end.
   */
  readUntil(separator: string | Uint8Array): Awaitable<Uint8Array> {
    const wanted = typeof separator === "string" ? encodeUtf8(separator) : separator;
    if (wanted.length === 0) throw new RangeError("Cannot read up to nothing: pass a separator");
    return this.start("readUntil()", this.separated(wanted, (bytes) => bytes));
  }

  /** Waits for at least one byte, and then until the line has been silent for `ms` milliseconds. */
  readUntilIdle(ms: number): Awaitable<Uint8Array> {
    if (!(ms > 0)) throw new RangeError(`Cannot wait ${describeValue(ms)} ms: pass more than 0`);
    const scope = requireScope(`${this.name}.readUntilIdle()`);
    const { loop } = scope;
    let timer: TimerHandle | null = null;
    let idle = false;
    const silent = (): void => {
      idle = true;
      this.look();
    };
    return this.start("readUntilIdle()", {
      found: () => {
        if (idle || this.ended) return this.ring.size;
        if (this.ring.size > 0) {
          timer?.cancel();
          timer = loop.callLater(ms, silent);
        }
        return -1;
      },
      convert: (bytes) => bytes,
      leave: () => timer?.cancel(),
    });
  }

  /**
   * Writes text, as UTF-8, or bytes; goes on when the line can take more. Cancelled, what was handed over
   * is sent all the same.
   */
  write(data: string | Uint8Array): Awaitable<void> {
    const bytes = typeof data === "string" ? encodeUtf8(data) : data;
    return request(`${this.name}.write()`, (done) => {
      if (this.ended) done(closedError(`serial line "${this.name}"`));
      else this.port.write(bytes, done);
    });
  }

  /** Waits until everything written has left the line. */
  drain(): Awaitable<void> {
    return request(`${this.name}.drain()`, (done) => this.port.drain(done));
  }

  /** The lines, without their ends, until the line ends; what came after the last one included. */
  async *[Symbol.asyncIterator](): AsyncGenerator<string, void, void> {
    for (;;) {
      let line: string;
      try {
        line = await this.readLine();
      } catch (error) {
        if (!(error instanceof IncompleteReadError)) throw error;
        if (error.partial.length > 0) yield decodeUtf8(error.partial);
        return;
      }
      yield line;
    }
  }

  /** Closes the line: a reader gets what is left, and then the line's end. */
  close(): void {
    if (this.ended) return;
    this.ended = true;
    this.look();
    this.port.close();
    this.closed();
  }

  /** The same as {@linkcode Serial.close}. */
  [Symbol.dispose](): void {
    this.close();
  }

  /** @internal The reader goes on or is cancelled. */
  leave(): void {
    this.reader = null;
  }

  /** @internal */
  takeBytes(length: number): Uint8Array {
    return this.ring.take(length);
  }

  /** Makes the caller the line's one reader, until its query is met. */
  private start<T>(what: string, query: Query<T>): Awaitable<T> {
    if (this.reader !== null) {
      throw new RuntimeError(
        `Cannot read from "${this.name}": another task waits in ${this.reader.describe()}`,
      );
    }
    const scope = requireScope(`${this.name}.${what}`);
    const read = new SerialRead<T>(scope, this, `${this.name}.${what}`, query);
    this.reader = read as SerialRead<unknown>;
    read.park();
    this.look();
    return read;
  }

  /** Buffers bytes that came, counts those that do not fit, and lets the reader look. */
  private receive(bytes: Uint8Array): void {
    if (this.ended) return;
    this.lost += this.ring.put(bytes);
    this.look();
  }

  /** A broken line: the reader, or else the next one, hears why once what had come is read. */
  private fail(error: Error): void {
    this.failure = error;
    this.look();
  }

  /** Lets the reader look at the buffer, and tells it of a broken line where it has to wait on. */
  private look(): void {
    const { reader } = this;
    if (reader === null) return;
    reader.look();
    if (this.failure === null || this.reader !== reader || !reader.waits()) return;
    const error = this.failure;
    this.failure = null;
    reader.break(error instanceof DeviceError ? error : new DeviceError(error.message));
  }

  /** A query for the bytes up to and with a separator. */
  private separated<T>(wanted: ArrayLike<number>, convert: (bytes: Uint8Array) => T): Query<T> {
    let scanned = 0;
    let complete = false;
    return {
      found: () => {
        const end = this.ring.indexOf(wanted, scanned);
        complete = end >= 0;
        if (complete) return end + wanted.length;
        scanned = Math.max(0, this.ring.size - wanted.length + 1);
        if (this.ring.full) {
          throw new LimitOverrunError(
            `Cannot find the separator in ${this.ring.size} bytes: raise bufferSize, or read() on`,
            scanned,
          );
        }
        return this.ended ? this.ring.size : -1;
      },
      convert(bytes) {
        if (!complete) throw new IncompleteReadError(bytes, null);
        return convert(bytes);
      },
    };
  }
}

/** What a reader looks for. */
interface Query<T> {
  /** How many bytes to take; -1 where it has to wait on. */
  found(): number;
  /** Makes the result; what it throws is what the reader gets. */
  convert(bytes: Uint8Array): T;
  leave?(): void;
}

class SerialRead<T> extends Wait<T> {
  private length = 0;

  constructor(
    scope: Scope,
    private readonly serial: Serial,
    private readonly what: string,
    private readonly query: Query<T>,
  ) {
    super(scope);
  }

  waits(): boolean {
    return this.state === 0;
  }

  look(): void {
    if (this.state !== 0) return;
    try {
      this.length = this.query.found();
    } catch (error) {
      return this.break(error as Error);
    }
    if (this.length >= 0) this.settle();
  }

  break(error: Error): void {
    this.unpark();
    this.fail(error);
  }

  /** The bytes leave the buffer only now, so that a cancel leaves them there. */
  protected override claim(): boolean {
    this.unpark();
    try {
      this.value = this.query.convert(this.serial.takeBytes(this.length));
    } catch (error) {
      this.failWith(error);
    }
    return true;
  }

  protected override giveBack(): void {
    this.unpark();
  }

  protected override unpark(): void {
    this.query.leave?.();
    this.serial.leave();
  }

  override describe(): string {
    return this.what;
  }
}

function trimLine(bytes: Uint8Array): string {
  const end = bytes[bytes.length - 2] === RETURN ? bytes.length - 2 : bytes.length - 1;
  return decodeUtf8(bytes.subarray(0, end));
}
