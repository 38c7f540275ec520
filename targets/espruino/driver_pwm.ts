import type { PwmPort } from "../../runtime/io/driver.ts";
import type { Espruino } from "./api.ts";

declare const analogWrite: Espruino["analogWrite"];
declare const digitalWrite: Espruino["digitalWrite"];
declare const pinMode: Espruino["pinMode"];

/** A pin that the chip drives by pulses. */
export class EspruinoPwm implements PwmPort {
  constructor(private readonly pin: string, private freq: number) {}

  write(duty: number, frequency?: number): void {
    if (frequency) this.freq = frequency;
    analogWrite(this.pin, duty, { freq: this.freq });
  }

  /** An ordinary output again: only a new mode frees the pulse generator. */
  close(): void {
    pinMode(this.pin, "output");
    digitalWrite(this.pin, 0);
  }
}
