import { DeviceError } from "../../runtime/errors.ts";
import type { Done, SerialOptions, SerialPort } from "../../runtime/io/driver.ts";
import type { SerialSpec } from "../../runtime/io/spec.ts";
import type { LinkError } from "./link_error.ts";
import type { Remote } from "./remote.ts";

/** How many bytes fit one message of the firmware's, in pairs of seven bits. */
const CHUNK = 30;
/** How many bytes the board's driver takes before it would block. */
const TRANSMIT_BUFFER = 64;
/** Bits a byte on the line: start, eight, stop. */
const FRAME = 10;

/** A serial line of the board, where its firmware passes serial lines on (StandardFirmataPlus, ConfigurableFirmata). */
export class RemoteSerial implements SerialPort {
  private readonly port: number;
  /** Milliseconds a byte. */
  private readonly byteTime: number;
  /** When everything handed over so far will have left the line. */
  private silent = 0;

  constructor(
    private readonly remote: Remote,
    private readonly name: string,
    { tx, rx }: SerialSpec,
    options: SerialOptions,
    private readonly onData: (bytes: Uint8Array) => void,
    private readonly onError: (error: Error) => void,
  ) {
    const { io } = remote;
    // The lines count from 1 on every board, Firmata's ports from 0, which is the line that it talks over.
    this.port = Number(/\d+$/.exec(name)?.[0] ?? 1) - 1;
    const cure = `give it a port of this computer: --serial ${name}=PORT`;
    if (this.port === 0) {
      throw new DeviceError(`Cannot open "${name}": Firmata talks over it; ${cure}`);
    }
    const passes = [tx, rx].every((pin) => pin === undefined || remote.pins.can(pin, "SERIAL"));
    if (!passes || io.serialConfig === undefined) {
      throw new DeviceError(
        `Cannot open "${name}": the board's firmware passes no serial lines on; ${cure}`,
      );
    }
    const { baudRate = 9600, dataBits = 8, parity = "none", stopBits = 1, flowControl = "none" } =
      options;
    if (dataBits !== 8 || parity !== "none" || stopBits !== 1 || flowControl !== "none") {
      throw new DeviceError(
        `Cannot open "${name}" with other than 8 data bits, no parity, 1 stop bit and no flow control: ` +
          "Firmata has no word for that",
      );
    }
    this.byteTime = FRAME * 1000 / baudRate;
    io.serialConfig({ portId: this.port, baud: baudRate });
    io.serialRead!(this.port, this.onReply);
    remote.add(this);
  }

  /** The board does not tell when its buffer has room, so we reckon. */
  write(bytes: Uint8Array, done: Done<void>): void {
    const { io, loop } = this.remote;
    if (this.remote.refuses(`write to "${this.name}"`, done)) return;
    for (let from = 0; from < bytes.length; from += CHUNK) {
      io.serialWrite!(this.port, [...bytes.subarray(from, from + CHUNK)]);
    }
    this.silent = Math.max(this.silent, loop.time()) + bytes.length * this.byteTime;
    this.at(this.silent - TRANSMIT_BUFFER * this.byteTime, done);
  }

  drain(done: Done<void>): void {
    this.at(this.silent, done);
  }

  close(): void {
    const { io } = this.remote;
    this.remote.remove(this);
    io.removeListener(`serial-data-${this.port}`, this.onReply);
    io.serialClose?.(this.port);
  }

  /** Bytes may have been missed: the reader hears of it once. */
  onBroken({ message }: LinkError): void {
    this.onError(new DeviceError(`Bytes of "${this.name}" may be lost: ${message}`));
  }

  private readonly onReply = (bytes: readonly number[]): void => {
    this.onData(Uint8Array.from(bytes));
  };

  private at(time: number, done: Done<void>): void {
    this.remote.loop.callAt(time, () => done(null));
  }
}
