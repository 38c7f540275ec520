import type { VirtualDriver } from "../driver.ts";
import type { Recorder } from "../recorder.ts";
import { busy } from "../virtual.ts";
import type { VirtualPins } from "./pins.ts";

/** What a virtual bus needs of the board. */
interface Wiring {
  readonly driver: VirtualDriver;
  readonly recorder: Recorder;
  readonly pins: VirtualPins;
}

/** The interpreter's I2C bus: a transfer blocks, so that time passes while it is on its way. */
export class VirtualI2cBus {
  private bitrate = 100_000;
  /** What was written without a stop: the read that follows belongs to it. */
  private pending: { address: number; bytes: Uint8Array } | null = null;

  constructor(private readonly name: string, private readonly wiring: Wiring) {}

  setup({ bitrate = 100_000 }: { readonly bitrate?: number } = {}): void {
    this.bitrate = bitrate;
  }

  writeTo(to: number | { address: number; stop?: boolean }, ...data: unknown[]): void {
    const { address, stop = true } = typeof to === "number" ? { address: to } : to;
    const bytes = Uint8Array.from(data.flatMap((each) => [...each as Iterable<number>]));
    if (stop) this.transfer(address, bytes, 0);
    else this.pending = { address, bytes };
  }

  readFrom(address: number, length: number): Uint8Array {
    const bytes = this.pending?.bytes ?? new Uint8Array(0);
    this.pending = null;
    return this.transfer(address, bytes, length);
  }

  private transfer(address: number, bytes: Uint8Array, length: number): Uint8Array {
    const { driver, recorder } = this.wiring;
    // Nine bits each: the bytes and, before what is written and what is read, the address.
    const written = bytes.length > 0 || length === 0 ? 1 + bytes.length : 0;
    const read = length > 0 ? 1 + length : 0;
    busy(9 * (written + read) * 1000 / this.bitrate);
    const device = driver.i2cDevices.get(`${this.name}/${address}`);
    if (device === undefined) throw new Error("I2C Error: No ACK");
    if (bytes.length > 0) device.write?.(bytes);
    const answer = Uint8Array.from(length > 0 ? device.read?.(length) ?? [] : []);
    recorder.record({ kind: "bus", port: this.name, sent: hex(bytes), answered: hex(answer) });
    return answer;
  }
}

/** The interpreter's SPI bus. */
export class VirtualSpiBus {
  private baud = 100_000;

  constructor(private readonly name: string, private readonly wiring: Wiring) {}

  setup({ baud = 100_000 }: { readonly baud?: number } = {}): void {
    this.baud = baud;
  }

  send(data: ArrayLike<number>, select?: string): Uint8Array {
    const { driver, recorder, pins } = this.wiring;
    const bytes = Uint8Array.from(data);
    if (select !== undefined) pins.digitalWrite(select, 0);
    busy(8 * bytes.length * 1000 / this.baud);
    if (select !== undefined) pins.digitalWrite(select, 1);
    const selected = select === undefined ? this.name : `${this.name}/${driver.resolve(select)}`;
    const device = driver.spiDevices.get(selected) ?? driver.spiDevices.get(this.name);
    const answer = Uint8Array.from(device?.(bytes) ?? new Uint8Array(bytes.length));
    recorder.record({ kind: "bus", port: this.name, sent: hex(bytes), answered: hex(answer) });
    return answer;
  }
}

function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join(" ");
}
