import { DeviceError } from "../../runtime/errors.ts";
import { Event } from "../../runtime/event.ts";
import type { Done, SerialOptions, SerialPort } from "../../runtime/io/driver.ts";
import { encodeUtf8 } from "../../runtime/io/utf8.ts";
import { timeout } from "../../runtime/timeout.ts";
import { TimeoutError } from "../../runtime/errors.ts";
import type { Random } from "./random.ts";
import type { Recorder } from "./recorder.ts";

/** How many bytes the virtual UART hands over at once. */
const FIFO = 16;
/** How many bytes it takes before a write has to wait. */
const TRANSMIT_BUFFER = 64;
/** Start bit, eight data bits, stop bit. */
const BITS = 10;

/** The clock of the hardware. */
export interface HardwareClock {
  now(): number;
  /** Does something at `time`, with the cause that there is now. */
  at(time: number, what: () => void): void;
}

/**
 * The far end of a virtual serial line: what the scenario types there, the program reads, at the line's
 * baud rate; what the program writes can be read and expected here.
 */
export class SerialPeer {
  private text = "";
  private seen = 0;
  private readonly more = new Event();
  private port: VirtualSerial | null = null;
  private typed: Uint8Array[] = [];
  private flips = 0;
  /** Characters may be split over writes, and over the bytes that are handed over at once. */
  private readonly written = new TextDecoder("utf-8", { ignoreBOM: true });
  private readonly read = new TextDecoder("utf-8", { ignoreBOM: true });

  /** @internal */
  constructor(
    readonly name: string,
    private readonly recorder: Recorder,
    private readonly random: Random,
    private readonly changed: () => void,
    private readonly clock: HardwareClock,
  ) {}

  /** Everything the program has written so far, as text. */
  get received(): string {
    return this.text;
  }

  /** Whether the program has opened the line. */
  get isOpen(): boolean {
    return this.port !== null;
  }

  /** Sends text to the program. What comes before the program opens the line is lost, as on a board. */
  type(text: string): void {
    this.send(encodeUtf8(text));
  }

  /** Sends bytes to the program. */
  send(bytes: Uint8Array): void {
    this.typed.push(bytes.slice());
    this.port?.receive();
  }

  /** From now on flips each bit of what is sent with this probability, 0..1. */
  noise(probability: number): void {
    this.flips = probability;
  }

  /** Breaks the line: the program's reads fail with this message. */
  break(message: string): void {
    this.recorder.during(
      { kind: "fault", message: `${this.name}: ${message}` },
      () => this.port?.fail(message),
      "scenario",
    );
  }

  /**
   * Waits until the program has written `wanted`, after what was expected before.
   *
   * @param limit Milliseconds of virtual time; 10,000 unless given.
   * @returns What was written up to and with `wanted`.
   * @throws `Error` where it does not come in time, with what came instead.
   */
  async expect(wanted: string, limit = 10_000): Promise<string> {
    try {
      return await timeout(limit, async () => {
        for (;;) {
          const place = this.text.indexOf(wanted, this.seen);
          if (place >= 0) {
            const found = this.text.slice(this.seen, place + wanted.length);
            this.seen = place + wanted.length;
            return found;
          }
          this.more.clear();
          await this.more.wait();
        }
      });
    } catch (error) {
      if (!(error instanceof TimeoutError)) throw error;
      throw new Error(
        `Expected ${JSON.stringify(wanted)} on ${this.name} within ${limit} ms; got ` +
          JSON.stringify(this.text.slice(this.seen)),
      );
    }
  }

  /** @internal The program opens the line. */
  open(
    options: SerialOptions,
    onData: (bytes: Uint8Array) => void,
    onError: (error: Error) => void,
  ): SerialPort {
    this.typed = [];
    this.port = new VirtualSerial(this, this.clock, options.baudRate ?? 9600, onData, onError);
    return this.port;
  }

  /** @internal */
  closed(): void {
    this.port = null;
  }

  /** @internal The next bytes for the program, at most a FIFO full. */
  next(): Uint8Array | null {
    const first = this.typed[0];
    if (first === undefined) return null;
    if (first.length <= FIFO) this.typed.shift();
    else this.typed[0] = first.subarray(FIFO);
    const bytes = first.slice(0, FIFO);
    if (this.flips > 0) {
      for (let i = 0; i < bytes.length; i++) {
        for (let bit = 1; bit < 256; bit <<= 1) {
          if (this.random.next() < this.flips) bytes[i] = bytes[i]! ^ bit;
        }
      }
    }
    return bytes;
  }

  /** @internal The program's bytes have come. */
  arrived(bytes: Uint8Array): void {
    const text = this.written.decode(bytes, { stream: true });
    this.recorder.during(
      { kind: "serial", port: this.name, dir: "tx", text },
      () => {
        this.text += text;
        this.more.set();
        this.changed();
      },
    );
  }

  /** @internal Bytes reach the program. */
  reached(bytes: Uint8Array, deliver: () => void): void {
    const text = this.read.decode(bytes, { stream: true });
    this.recorder.during(
      { kind: "serial", port: this.name, dir: "rx", text },
      deliver,
      "scenario",
    );
  }
}

/** The program's end of the line. */
class VirtualSerial implements SerialPort {
  private readonly byteTime: number;
  /** When everything handed over so far will have left the line. */
  private silent = 0;
  private receiving = false;
  private open = true;

  constructor(
    private readonly peer: SerialPeer,
    private readonly clock: HardwareClock,
    baudRate: number,
    private readonly onData: (bytes: Uint8Array) => void,
    private readonly onError: (error: Error) => void,
  ) {
    this.byteTime = BITS * 1000 / baudRate;
  }

  write(bytes: Uint8Array, done: Done<void>): void {
    const sent = bytes.slice();
    this.silent = Math.max(this.silent, this.clock.now()) + sent.length * this.byteTime;
    if (sent.length > 0) this.at(this.silent, () => this.peer.arrived(sent));
    this.at(this.silent - TRANSMIT_BUFFER * this.byteTime, () => done(null));
  }

  drain(done: Done<void>): void {
    this.at(this.silent, () => done(null));
  }

  close(): void {
    this.open = false;
    this.peer.closed();
  }

  receive(): void {
    if (this.receiving || !this.open) return;
    const bytes = this.peer.next();
    if (bytes === null) return;
    this.receiving = true;
    this.clock.at(this.clock.now() + bytes.length * this.byteTime, () => {
      this.receiving = false;
      if (this.open) this.peer.reached(bytes, () => this.onData(bytes));
      this.receive();
    });
  }

  fail(message: string): void {
    this.onError(new DeviceError(message));
  }

  private at(time: number, what: () => void): void {
    if (time <= this.clock.now()) what();
    else this.clock.at(time, what);
  }
}
