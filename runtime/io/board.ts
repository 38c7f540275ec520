import { AnalogInput, type PwmOptions, PwmOutput } from "./analog.ts";
import { BoardRules, type Opened, type Settings } from "./board_rules.ts";
import { I2c, Spi } from "./bus.ts";
import { Button, DigitalInput, type InputOptions } from "./digital_input.ts";
import { DigitalOutput, type OutputOptions } from "./digital_output.ts";
import type {
  DigitalMode,
  Driver,
  I2cOptions,
  SerialOptions,
  ServoOptions,
  SpiOptions,
} from "./driver.ts";
import { Serial } from "./serial.ts";
import { Servo, SERVO_PULSES, servoByPwm } from "./servo.ts";
import type { BoardSpec, LineName, PinName, RoleSpec } from "./spec.ts";

/** How long a button's level must be stable, in milliseconds, as Espruino has it. */
const BUTTON_DEBOUNCE = 25;

/**
 * A board: hands out its pins and lines by the names printed on it or by role (`LED1`, `BTN1`). With the
 * type of a board's data, a pin that it does not have, or that cannot do what is asked, does not compile.
 *
 * Asking again for what is open already gives the same thing, if it is asked for the same use.
 *
 * @typeParam S The board's data; any board unless given.
 *
 * @example
 * ```ts
 * import type { Board } from "awaitio";
 * import type { uno } from "awaitio/boards";
 *
 * export default function main(board: Board<typeof uno>) {
 *   board.output("D13").on();
 *   board.pwm("D3").duty = 0.5; // "D2" does not compile: it has no PWM
 * }
 * ```
 */
export class Board<S extends BoardSpec = BoardSpec> implements Disposable {
  private readonly opened: { [name: string]: Opened } = {};

  /**
   * Makes a board with nothing open.
   *
   * @param spec The board's data.
   * @param driver What reaches its hardware.
   * @param rules What refuses pins and options that the board does not have; `null` where that was done before.
   */
  constructor(
    /** The board's data. */
    readonly spec: S,
    private readonly driver: Driver,
    private readonly rules: BoardRules | null = new BoardRules(spec),
  ) {}

  /** Opens a pin as a digital input. */
  input(pin: PinName<S, "input">, options: InputOptions = {}): DigitalInput {
    this.rules?.requireInput(pin, "for input", options);
    const role = this.role(pin);
    const pull = options.pull ?? role?.pull ?? "none";
    const { debounce = 0 } = options;
    const name = role?.pin ?? pin;
    return this.open(name, "input", options, { pull, debounce }, (closed) => {
      const port = this.driver.openDigital(name, inputMode(pull));
      return new DigitalInput(name, port, debounce, closed);
    });
  }

  /** Opens a button by its role, with the pull that it needs, debounced by 25 ms unless told. */
  button(role: PinName<S, "input">, options: InputOptions = {}): Button {
    this.rules?.requireInput(role, "for a button", options);
    const spec = this.role(role) ?? { pin: role };
    const pull = options.pull ?? spec.pull ?? "none";
    const { debounce = BUTTON_DEBOUNCE } = options;
    return this.open(spec.pin, "button", options, { pull, debounce }, (closed) => {
      const port = this.driver.openDigital(spec.pin, inputMode(pull));
      return new Button(spec.pin, port, debounce, closed, spec);
    });
  }

  /** Opens a pin as a digital output, off unless told. */
  output(pin: PinName<S, "output">, options: OutputOptions = {}): DigitalOutput {
    this.rules?.requirePin(pin, "output", "for output");
    const role = this.role(pin);
    const active = role?.active ?? 1;
    const { openDrain = false, initial = active === 1 ? 0 : 1 } = options;
    const name = role?.pin ?? pin;
    const asked = { ...options, initial: undefined, ...(role === undefined ? {} : { active }) };
    return this.open(name, "output", asked, { active, openDrain }, (closed) => {
      const mode = openDrain ? "outputOpenDrain" : "output";
      const port = this.driver.openDigital(name, mode, initial);
      return new DigitalOutput(name, port, active, initial, closed);
    });
  }

  /** Opens a pin as an analog input. */
  analog(pin: PinName<S, "analog">): AnalogInput {
    this.rules?.requirePin(pin, "analog", "for analog input");
    const name = this.role(pin)?.pin ?? pin;
    return this.open(name, "analog input", {}, {}, (closed) => {
      return new AnalogInput(name, this.driver.openAnalog(name), this.spec.analogVolts, closed);
    });
  }

  /** Opens a pin for PWM. */
  pwm(pin: PinName<S, "pwm">, options: PwmOptions = {}): PwmOutput {
    this.rules?.requirePwm(pin, options);
    const { frequency = 500, duty = 0 } = options;
    const name = this.role(pin)?.pin ?? pin;
    const asked = { ...options, duty: undefined };
    return this.open(name, "PWM output", asked, { frequency }, (closed) => {
      const port = this.driver.openPwm(name, frequency);
      return new PwmOutput(name, port, frequency, duty, closed);
    });
  }

  /** Opens a pin for a servo. */
  servo(pin: PinName<S, "servo" | "pwm">, options: ServoOptions = {}): Servo {
    this.rules?.requireServo(pin, options);
    const { minPulse, maxPulse } = { ...SERVO_PULSES, ...options };
    const name = this.role(pin)?.pin ?? pin;
    return this.open(name, "servo", options, { minPulse, maxPulse }, (closed) => {
      const port = this.driver.openServo?.(name, { minPulse, maxPulse }) ??
        servoByPwm((frequency) => this.driver.openPwm(name, frequency));
      return new Servo(name, port, minPulse, maxPulse, closed);
    });
  }

  /** Opens a serial line. */
  serial(name: LineName<S, "serials">, options: SerialOptions = {}): Serial {
    this.rules?.requireSerial(name, options);
    const settings = { ...options, baudRate: options.baudRate ?? 9600 };
    return this.open(name, "serial line", options, settings, (closed) => {
      return new Serial(name, this.driver, settings, closed);
    });
  }

  /** Opens an I2C bus. */
  i2c(name: LineName<S, "i2cs">, options: I2cOptions = {}): I2c {
    this.rules?.requireBus("i2cs", "I2C bus", name, options);
    return this.open(name, "I2C bus", options, options, (closed) => {
      return new I2c(name, this.driver.openI2c(name, options), closed);
    });
  }

  /** Opens an SPI bus for one device. */
  spi(name: LineName<S, "spis">, options: SpiOptions = {}): Spi {
    this.rules?.requireSpi(name, options);
    const select = options.select === undefined
      ? undefined
      : this.role(options.select)?.pin ?? options.select;
    const key = select === undefined ? name : `${name}/${select}`;
    const settings = select === undefined ? options : { ...options, select };
    return this.open(key, "SPI bus", settings, settings, (closed) => {
      return new Spi(name, this.driver.openSpi(name, settings), closed);
    });
  }

  /** Closes everything that is open. */
  close(): void {
    for (const { thing } of Object.values(this.opened)) thing.close();
    this.driver.close();
  }

  /** The same as {@linkcode Board.close}. */
  [Symbol.dispose](): void {
    this.close();
  }

  /** The part that a name stands for; nothing where it is a pin's. */
  private role(name: string): RoleSpec | undefined {
    return this.spec.roles[name];
  }

  /** Gives what is open under `name` already, or makes it; another use of it is refused. */
  private open<T extends Opened["thing"]>(
    name: string,
    kind: string,
    asked: Settings,
    settings: Settings,
    make: (closed: () => void) => T,
  ): T {
    const known = this.opened[name];
    if (known === undefined) {
      const thing = make(() => {
        delete this.opened[name];
      });
      this.opened[name] = { kind, settings, thing };
      return thing;
    }
    this.rules?.requireSame(name, kind, asked, known);
    if (known.kind !== kind) throw new Error(`${name} is open as ${known.kind}`);
    return known.thing as T;
  }
}

function inputMode(pull: "up" | "down" | "none"): DigitalMode {
  return pull === "up" ? "inputPullUp" : pull === "down" ? "inputPullDown" : "input";
}
