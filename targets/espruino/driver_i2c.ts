import { DeviceError } from "../../runtime/errors.ts";
import type { Done, I2cOptions, I2cPort } from "../../runtime/io/driver.ts";
import type { I2cSpec } from "../../runtime/io/spec.ts";
import type { I2cDevice, Lines } from "./api.ts";

/** An I2C bus of the chip. Its transfers block: they are done when they return. */
export class EspruinoI2c implements I2cPort {
  private readonly bus: I2cDevice;

  constructor(private readonly name: string, pins: I2cSpec, options: I2cOptions) {
    this.bus = (globalThis as unknown as Lines)[name] as I2cDevice;
    this.bus.setup({ scl: pins.scl, sda: pins.sda, bitrate: options.frequency || 1e5 });
  }

  transfer(address: number, bytes: Uint8Array, length: number, done: Done<Uint8Array>): void {
    const bus = this.bus;
    let answer: Uint8Array;
    try {
      if (bytes.length > 0 || length === 0) {
        bus.writeTo(length > 0 ? { address, stop: false } : address, bytes);
      }
      answer = length > 0 ? bus.readFrom(address, length) : new Uint8Array(0);
    } catch {
      return done(new DeviceError(`Cannot reach ${address} on ${this.name}`));
    }
    done(null, answer);
  }

  close(): void {}
}
