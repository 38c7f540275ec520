import type { Done, SpiOptions, SpiPort } from "../../runtime/io/driver.ts";
import type { SpiSpec } from "../../runtime/io/spec.ts";
import type { Espruino, Lines, SpiDevice } from "./api.ts";

declare const digitalWrite: Espruino["digitalWrite"];

/** An SPI bus of the chip, for one device. Its transfers block: they are done when they return. */
export class EspruinoSpi implements SpiPort {
  private readonly bus: SpiDevice;

  constructor(name: string, private readonly pins: SpiSpec, private readonly options: SpiOptions) {
    this.bus = (globalThis as unknown as Lines)[name] as SpiDevice;
    if (options.select) digitalWrite(options.select, 1);
  }

  /** Another device on the same bus may have set it up otherwise. */
  transfer(bytes: Uint8Array, done: Done<Uint8Array>): void {
    const pins = this.pins;
    const options = this.options;
    this.bus.setup({
      sck: pins.sck,
      miso: pins.miso,
      mosi: pins.mosi,
      baud: options.frequency || 1e6,
      mode: options.mode || 0,
    });
    done(null, this.bus.send(bytes, options.select));
  }

  close(): void {}
}
