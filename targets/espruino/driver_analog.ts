import type { AnalogPort, Done } from "../../runtime/io/driver.ts";
import type { Espruino } from "./api.ts";

declare const analogRead: Espruino["analogRead"];

/** An analog input of the chip. */
export class EspruinoAnalog implements AnalogPort {
  constructor(private readonly pin: string) {}

  read(done: Done<number>): void {
    // Near ground an nRF52 gives less than 0.
    done(null, Math.max(analogRead(this.pin), 0));
  }

  close(): void {}
}
