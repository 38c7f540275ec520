import type { DigitalMode, DigitalPort, Done, Level } from "../../runtime/io/driver.ts";
import type { Espruino } from "./api.ts";

declare const pinMode: Espruino["pinMode"];
declare const digitalRead: Espruino["digitalRead"];
declare const digitalWrite: Espruino["digitalWrite"];

/** A pin that the chip drives. */
export class EspruinoOutput implements DigitalPort {
  constructor(private readonly pin: string, mode: DigitalMode, initial: Level) {
    if (mode === "output") {
      // The level first, so that the pin is never driven to another.
      digitalWrite(pin, initial);
      pinMode(pin, mode);
    } else {
      // The mode first, so that it never drives a line high that somebody else holds low.
      pinMode(pin, "opendrain");
      digitalWrite(pin, initial);
    }
  }

  get level(): Level {
    return digitalRead(this.pin);
  }

  read(done: Done<Level>): void {
    done(null, digitalRead(this.pin));
  }

  write(level: Level): void {
    digitalWrite(this.pin, level);
  }

  /** A board has no way to ask for the edges of an output. */
  watch(): void {}

  unwatch(): void {}

  /** The pin stays as it is. */
  close(): void {}
}
