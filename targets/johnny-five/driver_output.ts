import type { DigitalMode, DigitalPort, Done, Level } from "../../runtime/io/driver.ts";
import { DeviceError } from "../../runtime/errors.ts";
import type { Remote } from "./remote.ts";

/**
 * A pin that the board drives. Writes are not acknowledged. An open drain is made of the two modes: driven low, or
 * an input, which floats.
 */
export class RemoteOutput implements DigitalPort {
  level: Level;

  constructor(
    private readonly remote: Remote,
    private readonly name: string,
    private readonly pin: number,
    private readonly mode: DigitalMode,
    initial: Level,
  ) {
    this.level = initial;
    const { io } = remote;
    // The firmware drives a pin low when it becomes an output, so a high one has a short low pulse.
    if (mode === "output") io.pinMode(pin, io.MODES.OUTPUT);
    this.write(initial);
  }

  /** What was written last: the board is not asked, and of a wire that somebody else pulls nothing is known. */
  read(done: Done<Level>): void {
    done(null, this.level);
  }

  write(level: Level): void {
    const { io } = this.remote;
    this.remote.require(`write to "${this.name}"`);
    this.level = level;
    if (this.mode === "outputOpenDrain") {
      io.pinMode(this.pin, level === 0 ? io.MODES.OUTPUT : io.MODES.INPUT);
      if (level === 1) return;
    }
    io.digitalWrite(this.pin, level);
  }

  watch(): never {
    throw new DeviceError(`Cannot watch "${this.name}": it is an output`);
  }

  unwatch(): void {}

  /** The pin stays as it was driven, as a chip's does. */
  close(): void {}
}
