import { DeviceError } from "../../runtime/errors.ts";
import { Event } from "../../runtime/event.ts";
import type { Done, SerialOptions, SerialPort } from "../../runtime/io/driver.ts";
import { decodeUtf8, encodeUtf8 } from "../../runtime/io/utf8.ts";
import type { EventLoop } from "../../runtime/loop.ts";
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

  /** @internal */
  constructor(
    readonly name: string,
    private readonly loop: EventLoop,
    private readonly recorder: Recorder,
    private readonly random: Random,
    private readonly changed: () => void,
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
    this.port = new VirtualSerial(this, this.loop, options.baudRate ?? 9600, onData, onError);
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
    const text = decodeUtf8(bytes);
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
    this.recorder.during(
      { kind: "serial", port: this.name, dir: "rx", text: decodeUtf8(bytes) },
      deliver,
      "scenario",
    );
  }

  /** @internal */
  keepCause(later: () => void): () => void {
    return this.recorder.keepCause(later);
  }
}

/** The program's end of the line. */
class VirtualSerial implements SerialPort {
  private readonly byteTime: number;
  private readonly outgoing: { bytes: Uint8Array; done: Done<void> }[] = [];
  private queued = 0;
  private sending = false;
  private receiving = false;
  private drained: Done<void>[] = [];
  private open = true;

  constructor(
    private readonly peer: SerialPeer,
    private readonly loop: EventLoop,
    baudRate: number,
    private readonly onData: (bytes: Uint8Array) => void,
    private readonly onError: (error: Error) => void,
  ) {
    this.byteTime = BITS * 1000 / baudRate;
  }

  write(bytes: Uint8Array, done: Done<void>): void {
    this.outgoing.push({ bytes: bytes.slice(), done });
    this.queued += bytes.length;
    this.acknowledge();
    this.transmit();
  }

  drain(done: Done<void>): void {
    if (this.queued === 0) done(null);
    else this.drained.push(done);
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
    this.loop.callLater(
      bytes.length * this.byteTime,
      this.peer.keepCause(() => {
        this.receiving = false;
        if (this.open) this.peer.reached(bytes, () => this.onData(bytes));
        this.receive();
      }),
    );
  }

  fail(message: string): void {
    this.onError(new DeviceError(message));
  }

  private transmit(): void {
    const first = this.outgoing[0];
    if (this.sending || first === undefined) return;
    this.sending = true;
    const { bytes } = first;
    this.loop.callLater(
      bytes.length * this.byteTime,
      this.peer.keepCause(() => {
        this.sending = false;
        this.outgoing.shift();
        this.queued -= bytes.length;
        if (bytes.length > 0) this.peer.arrived(bytes);
        if (first.done !== accepted) first.done(null);
        this.acknowledge();
        if (this.queued === 0) { for (const done of this.drained.splice(0)) done(null); }
        this.transmit();
      }),
    );
  }

  /** Lets those writers go on whose bytes fit into the buffer. */
  private acknowledge(): void {
    let total = 0;
    for (const write of this.outgoing) {
      total += write.bytes.length;
      if (total > TRANSMIT_BUFFER) return;
      const { done } = write;
      write.done = accepted;
      if (done !== accepted) done(null);
    }
  }
}

function accepted(): void {}
