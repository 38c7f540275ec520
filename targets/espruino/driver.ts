import type {
  AnalogPort,
  DigitalMode,
  DigitalPort,
  Driver,
  I2cOptions,
  I2cPort,
  Level,
  PwmPort,
  SerialOptions,
  SerialPort,
  SpiOptions,
  SpiPort,
} from "../../runtime/io/driver.ts";
import type { BoardSpec } from "../../runtime/io/spec.ts";
import { EspruinoAnalog } from "./driver_analog.ts";
import { EspruinoI2c } from "./driver_i2c.ts";
import { EspruinoInput } from "./driver_input.ts";
import { EspruinoOutput } from "./driver_output.ts";
import { EspruinoPwm } from "./driver_pwm.ts";
import { EspruinoSerial } from "./driver_serial.ts";
import { EspruinoSpi } from "./driver_spi.ts";

/** The hardware that Espruino runs on. A kind of port a file: what a program does not open is not built in. */
export class EspruinoDriver implements Driver {
  constructor(private readonly spec: BoardSpec) {}

  openDigital(pin: string, mode: DigitalMode, initial: Level = 0): DigitalPort {
    return mode === "output" || mode === "outputOpenDrain"
      ? new EspruinoOutput(pin, mode, initial)
      : new EspruinoInput(pin, mode);
  }

  openAnalog(pin: string): AnalogPort {
    return new EspruinoAnalog(pin);
  }

  openPwm(pin: string, frequency: number): PwmPort {
    return new EspruinoPwm(pin, frequency);
  }

  openSerial(
    name: string,
    options: SerialOptions,
    onData: (bytes: Uint8Array) => void,
    onError: (error: Error) => void,
  ): SerialPort {
    return new EspruinoSerial(name, this.spec.serials[name]!, options, onData, onError);
  }

  openI2c(name: string, options: I2cOptions): I2cPort {
    return new EspruinoI2c(name, this.spec.i2cs[name]!, options);
  }

  openSpi(name: string, options: SpiOptions): SpiPort {
    return new EspruinoSpi(name, this.spec.spis[name]!, options);
  }

  /** Every port gives back what it has. */
  close(): void {}
}
