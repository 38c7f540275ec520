import { DeviceError } from "../../runtime/errors.ts";
import type { Done, I2cOptions, I2cPort } from "../../runtime/io/driver.ts";
import { closedError } from "../../runtime/io/request.ts";
import { fromSevenBits, SYSEX } from "./firmata.ts";
import { Question } from "./question.ts";
import type { Remote } from "./remote.ts";

/** The only clock that Firmata knows, in hertz. */
const CLOCK = 100_000;
/** How many bytes the firmware's buffers hold: of a message in pairs of seven bits, and of Arduino's Wire library. */
const LONGEST_WRITE = 30;
const LONGEST_READ = 32;

/** What the firmware says before an answer that is too short. */
const TOO_FEW = "I2C: Too few";

interface Transfer {
  readonly address: number;
  readonly bytes: Uint8Array;
  readonly length: number;
  readonly done: Done<Uint8Array>;
}

/**
 * The board's I2C bus. One transfer at a time: an answer tells its device and register, but not whose it is. What is
 * only written is not acknowledged, so of a device that is not there a read tells.
 */
export class RemoteI2c implements I2cPort {
  private readonly queue: Transfer[] = [];
  private asked: Question<Uint8Array> | null = null;
  /** The firmware has said that the answer under way is not whole. */
  private short = false;

  constructor(
    private readonly remote: Remote,
    private readonly name: string,
    { frequency = CLOCK }: I2cOptions,
  ) {
    const { io } = remote;
    if (io.i2cConfig === undefined || io.i2cReadOnce === undefined || io.i2cWrite === undefined) {
      throw new DeviceError(`Cannot open "${name}": the board runs ${io.name}, which has no I2C`);
    }
    if (frequency !== CLOCK) {
      throw new DeviceError(
        `Cannot run "${name}" at ${frequency} Hz: Firmata's clock is ${CLOCK} Hz; leave it out`,
      );
    }
    io.i2cConfig({});
    remote.add(this);
  }

  transfer(address: number, bytes: Uint8Array, length: number, done: Done<Uint8Array>): void {
    const longest = bytes.length > LONGEST_WRITE ? LONGEST_WRITE : LONGEST_READ;
    if (bytes.length > LONGEST_WRITE || length > LONGEST_READ) {
      const what = bytes.length > LONGEST_WRITE ? `write ${bytes.length}` : `read ${length}`;
      const whom = `${describe(address)} on "${this.name}"`;
      done(
        new DeviceError(
          `Cannot ${what} bytes at once: ${whom}: the firmware takes at most ${longest}; ` +
            `split the transfer`,
        ),
      );
      return;
    }
    this.queue.push({ address, bytes: bytes.slice(), length, done });
    if (this.asked === null) this.next();
  }

  close(): void {
    const error = closedError(`I2C bus "${this.name}"`);
    for (const { done } of this.queue.splice(0)) done(error);
    this.asked?.refuse(error);
    this.remote.remove(this);
  }

  /** What comes too short is filled up with old bytes; only a message before it tells. */
  onSysex(command: number, data: Uint8Array): void {
    if (command !== SYSEX.string) return;
    const text = String.fromCharCode(...fromSevenBits(data));
    if (text.startsWith(TOO_FEW)) this.short = true;
  }

  /** Begins the first transfer of the queue; what only writes is over at once. */
  private next(): void {
    for (let transfer = this.queue.shift(); transfer; transfer = this.queue.shift()) {
      const reach = `reach ${describe(transfer.address)} on "${this.name}"`;
      if (this.remote.refuses(reach, transfer.done)) continue;
      if (transfer.length > 0) return this.ask(transfer);
      this.remote.io.i2cWrite!(transfer.address, [...transfer.bytes]);
      transfer.done(null, new Uint8Array());
    }
  }

  private ask({ address, bytes, length, done }: Transfer): void {
    const { io } = this.remote;
    const whom = `${describe(address)} on "${this.name}"`;
    // A register is written with the bus held; more than one byte can only be written before.
    const register = bytes.length === 1 ? bytes[0]! : null;
    const event = `I2C-reply-${address}-${register ?? 0}`;
    const onReply = (answer: readonly number[]): void => {
      if (answer.length >= length && !this.short) {
        question.answer(Uint8Array.from(answer.slice(0, length)));
      } else {
        question.refuse(
          new DeviceError(
            `Cannot read ${length} bytes from ${whom}: nothing answers, or not with as many`,
          ),
        );
      }
    };
    const question = new Question<Uint8Array>(this.remote, `read ${whom}`, done, () => {
      this.asked = null;
      io.removeListener(event, onReply);
      // What the answer wakes may ask next.
      queueMicrotask(() => this.asked === null && this.next());
    });
    this.asked = question;
    this.short = false;
    io.i2cConfig!({ address, settings: { stopTX: register === null } });
    if (register !== null) io.i2cReadOnce!(address, register, length, onReply);
    else {
      if (bytes.length > 0) io.i2cWrite!(address, [...bytes]);
      io.i2cReadOnce!(address, length, onReply);
    }
  }
}

function describe(address: number): string {
  return `0x${address.toString(16).padStart(2, "0")}`;
}
