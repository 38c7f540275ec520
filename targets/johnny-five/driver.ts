import { DeviceError } from "../../runtime/errors.ts";
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
  ServoOptions,
  ServoPort,
  SpiPort,
} from "../../runtime/io/driver.ts";
import type { BoardSpec } from "../../runtime/io/spec.ts";
import { RemoteAnalog } from "./driver_analog.ts";
import { RemoteI2c } from "./driver_i2c.ts";
import { RemoteInput } from "./driver_input.ts";
import { RemoteOutput } from "./driver_output.ts";
import { RemotePwm, RemoteServo } from "./driver_pwm.ts";
import { RemoteSerial } from "./driver_serial.ts";
import type { Remote } from "./remote.ts";

/** Opens what stands for a serial line of the board that its firmware does not pass on. */
export type OpenLine = (
  options: SerialOptions,
  onData: (bytes: Uint8Array) => void,
  onError: (error: Error) => void,
) => SerialPort;

/** The hardware behind one of Johnny-Five's IO plugins. */
export class JohnnyFiveDriver implements Driver {
  /** @param lines What stands for serial lines of the board, by name. */
  constructor(
    readonly remote: Remote,
    private readonly spec: BoardSpec,
    private readonly lines: { readonly [name: string]: OpenLine } = {},
  ) {}

  openDigital(name: string, mode: DigitalMode, initial: Level = 0): DigitalPort {
    const { remote } = this;
    remote.require(`open "${name}"`);
    if (mode !== "output" && mode !== "outputOpenDrain") {
      return new RemoteInput(remote, name, remote.pins.number(name, "INPUT", "for input"), mode);
    }
    const pin = remote.pins.number(name, "OUTPUT", "for output");
    return new RemoteOutput(remote, name, pin, mode, initial);
  }

  openAnalog(name: string): AnalogPort {
    this.remote.require(`open "${name}"`);
    return new RemoteAnalog(this.remote, name, this.remote.pins.channel(name));
  }

  openPwm(name: string, frequency: number): PwmPort {
    this.remote.require(`open "${name}"`);
    const pin = this.remote.pins.number(name, "PWM", "for PWM");
    return new RemotePwm(this.remote, name, pin, frequency);
  }

  openServo(name: string, options: ServoOptions): ServoPort {
    this.remote.require(`open "${name}"`);
    const pin = this.remote.pins.number(name, "SERVO", "for a servo");
    return new RemoteServo(this.remote, name, pin, options);
  }

  openSerial(
    name: string,
    options: SerialOptions,
    onData: (bytes: Uint8Array) => void,
    onError: (error: Error) => void,
  ): SerialPort {
    const open = this.lines[name];
    if (open !== undefined) return open(options, onData, onError);
    this.remote.require(`open "${name}"`);
    const spec = this.spec.serials[name] ?? {};
    return new RemoteSerial(this.remote, name, spec, options, onData, onError);
  }

  openI2c(name: string, options: I2cOptions): I2cPort {
    this.remote.require(`open "${name}"`);
    return new RemoteI2c(this.remote, name, options);
  }

  openSpi(name: string): SpiPort {
    throw new DeviceError(
      `Cannot open "${name}": the board runs ${this.remote.io.name}, which has no SPI`,
    );
  }

  close(): void {
    this.remote.close();
  }
}
