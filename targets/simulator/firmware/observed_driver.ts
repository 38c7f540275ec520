import type { AnalogPort, Done, I2cOptions, I2cPort } from "../../../runtime/io/driver.ts";
import type { BoardSpec } from "../../../runtime/io/spec.ts";
import { JohnnyFiveDriver, type OpenLine } from "../../johnny-five/driver.ts";
import type { Remote } from "../../johnny-five/remote.ts";
import type { Recorder } from "../recorder.ts";

/** A driver whose readings and transfers are in the trace, as those of the plain simulator are. */
export class ObservedDriver extends JohnnyFiveDriver {
  constructor(
    remote: Remote,
    spec: BoardSpec,
    lines: { readonly [name: string]: OpenLine },
    private readonly recorder: Recorder,
  ) {
    super(remote, spec, lines);
  }

  override openAnalog(pin: string): AnalogPort {
    return new ObservedAnalog(super.openAnalog(pin), pin, this.recorder);
  }

  override openI2c(name: string, options: I2cOptions): I2cPort {
    return new ObservedI2c(super.openI2c(name, options), name, this.recorder);
  }
}

class ObservedAnalog implements AnalogPort {
  constructor(
    private readonly port: AnalogPort,
    private readonly pin: string,
    private readonly recorder: Recorder,
  ) {}

  read(done: Done<number>, period?: number): void {
    this.port.read((error, value = 0) => {
      if (error !== null) return done(error);
      this.recorder.during({ kind: "analog", pin: this.pin, value }, () => done(null, value));
    }, period);
  }

  close(): void {
    this.port.close();
  }
}

class ObservedI2c implements I2cPort {
  constructor(
    private readonly port: I2cPort,
    private readonly name: string,
    private readonly recorder: Recorder,
  ) {}

  transfer(address: number, bytes: Uint8Array, length: number, done: Done<Uint8Array>): void {
    this.port.transfer(address, bytes, length, (error, answer = new Uint8Array()) => {
      if (error !== null) return done(error);
      this.recorder.transfer(this.name, bytes, answer, () => done(null, answer));
    });
  }

  close(): void {
    this.port.close();
  }
}
