import {
  AnalogInput,
  type PwmOptions,
  PwmOutput,
  requireDuty,
  requireFrequency,
} from "./analog.ts";
import { I2c, Spi } from "./bus.ts";
import { Button, DigitalInput, type InputOptions } from "./digital_input.ts";
import { DigitalOutput, type OutputOptions } from "./digital_output.ts";
import type { DigitalMode, Driver, I2cOptions, SerialOptions, SpiOptions } from "./driver.ts";
import { Serial } from "./serial.ts";
import type { BoardSpec, Capability, LineKind, LineName, PinName, RoleSpec } from "./spec.ts";

/** How long a button's level must be stable, in milliseconds, as Espruino has it. */
const BUTTON_DEBOUNCE = 25;

/** What something was opened with. */
interface Settings {
  readonly [name: string]: unknown;
}

/** Something opened on a board. */
interface Opened {
  readonly kind: string;
  readonly settings: Settings;
  readonly thing: Disposable & { close(): void };
}

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
   */
  constructor(
    /** The board's data. */
    readonly spec: S,
    private readonly driver: Driver,
  ) {}

  /** Opens a pin as a digital input. */
  input(pin: PinName<S, "input">, options: InputOptions = {}): DigitalInput {
    const { name, role } = this.pin(pin, "input", "for input");
    const pull = options.pull ?? role?.pull ?? "none";
    this.requirePull(pin, pull);
    const { debounce = 0 } = options;
    requireDebounce(pin, debounce);
    return this.open(name, "input", { pull, debounce }, { ...options }, (closed) => {
      const port = this.driver.openDigital(name, inputMode(pull));
      return new DigitalInput(name, port, debounce, closed);
    });
  }

  /** Opens a button by its role, with the pull that it needs, debounced by 25 ms unless told. */
  button(role: PinName<S, "input">, options: InputOptions = {}): Button {
    const { name, role: spec = { pin: role } } = this.pin(role, "input", "for a button");
    const pull = options.pull ?? spec.pull ?? "none";
    this.requirePull(role, pull);
    const { debounce = BUTTON_DEBOUNCE } = options;
    requireDebounce(role, debounce);
    return this.open(name, "button", { pull, debounce }, { ...options }, (closed) => {
      const port = this.driver.openDigital(name, inputMode(pull));
      return new Button(name, port, debounce, closed, spec);
    });
  }

  /** Opens a pin as a digital output, off unless told. */
  output(pin: PinName<S, "output">, options: OutputOptions = {}): DigitalOutput {
    const { name, role } = this.pin(pin, "output", "for output");
    const active = role?.active ?? 1;
    const initial = options.initial ?? (active === 1 ? 0 : 1);
    const { openDrain = false } = options;
    const { initial: _, ...asked } = { ...options, ...(role === undefined ? {} : { active }) };
    return this.open(name, "output", { active, openDrain }, asked, (closed) => {
      const mode = openDrain ? "outputOpenDrain" : "output";
      const port = this.driver.openDigital(name, mode, initial);
      return new DigitalOutput(name, port, active, initial, closed);
    });
  }

  /** Opens a pin as an analog input. */
  analog(pin: PinName<S, "analog">): AnalogInput {
    const { name } = this.pin(pin, "analog", "for analog input");
    return this.open(name, "analog input", {}, {}, (closed) => {
      return new AnalogInput(name, this.driver.openAnalog(name), this.spec.analogVolts, closed);
    });
  }

  /** Opens a pin for PWM. */
  pwm(pin: PinName<S, "pwm">, options: PwmOptions = {}): PwmOutput {
    const { name } = this.pin(pin, "pwm", "for PWM");
    const { frequency = 500, duty = 0 } = options;
    requireFrequency(name, frequency);
    requireDuty(name, duty);
    const { duty: _, ...asked } = options;
    return this.open(name, "PWM output", { frequency }, asked, (closed) => {
      const port = this.driver.openPwm(name, frequency);
      return new PwmOutput(name, port, frequency, duty, closed);
    });
  }

  /** Opens a serial line. */
  serial(name: LineName<S, "serials">, options: SerialOptions = {}): Serial {
    this.requireLine("serials", "serial line", name);
    const { baudRate = 9600 } = options;
    if (!(baudRate > 0)) {
      throw new RangeError(`Cannot open "${name}" at ${baudRate} baud: pass bits a second`);
    }
    const settings = { ...options, baudRate };
    return this.open(name, "serial line", settings, { ...options }, (closed) => {
      return new Serial(name, this.driver, settings, closed);
    });
  }

  /** Opens an I2C bus. */
  i2c(name: LineName<S, "i2cs">, options: I2cOptions = {}): I2c {
    this.requireLine("i2cs", "I2C bus", name);
    if (options.frequency !== undefined) requireFrequency(name, options.frequency);
    return this.open(name, "I2C bus", { ...options }, { ...options }, (closed) => {
      return new I2c(name, this.driver.openI2c(name, options), closed);
    });
  }

  /** Opens an SPI bus for one device. */
  spi(name: LineName<S, "spis">, options: SpiOptions = {}): Spi {
    this.requireLine("spis", "SPI bus", name);
    if (options.frequency !== undefined) requireFrequency(name, options.frequency);
    const select = options.select === undefined
      ? {}
      : { select: this.pin(options.select, "output", "to select a device").name };
    const key = select.select === undefined ? name : `${name}/${select.select}`;
    const settings = { ...options, ...select };
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

  /** Gives what is open under `name` already, or makes it; refuses another use of it, or other options. */
  private open<T extends Opened["thing"]>(
    name: string,
    kind: string,
    settings: Settings,
    asked: Settings,
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
    const differs = Object.keys(asked).find((key) => asked[key] !== known.settings[key]);
    if (known.kind === kind && differs === undefined) return known.thing as T;
    const show = (settings: Settings): string =>
      known.kind !== kind || differs === undefined
        ? ""
        : ` with ${differs} ${String(settings[differs] ?? "unset")}`;
    throw new Error(
      `Cannot open "${name}" of ${this.spec.name} as ${article(kind)}${
        show(asked)
      }: it is open as ` +
        `${article(known.kind)}${show(known.settings)}; close that first`,
    );
  }

  /** The pin behind a name or role, which must be able to do what is asked. */
  private pin(
    name: string,
    capability: Capability,
    purpose: string,
  ): { name: string; role?: RoleSpec } {
    const role = this.spec.roles[name];
    const pin = role?.pin ?? name;
    const spec = this.spec.pins[pin];
    if (spec?.can.includes(capability) === true) {
      return role === undefined ? { name: pin } : { name: pin, role };
    }
    const why = spec === undefined ? "the board has no such pin" : "the pin cannot do that";
    const able = this.able(capability);
    throw new RangeError(
      `Cannot open "${name}" of ${this.spec.name} ${purpose}: ${why}; ` +
        (able.length === 0 ? "none can" : `these can: ${able.join(", ")}`),
    );
  }

  /** The roles and pins that have a capability, for messages. */
  private able(capability: Capability): string[] {
    const { pins, roles } = this.spec;
    const can = (pin: string): boolean => pins[pin]?.can.includes(capability) === true;
    return [
      ...Object.keys(roles).filter((role) => can(roles[role]!.pin)),
      ...Object.keys(pins).filter(can),
    ];
  }

  /** Refuses a pull that the pin does not have. */
  private requirePull(name: string, pull: "up" | "down" | "none"): void {
    if (pull !== "none") {
      this.pin(name, pull === "up" ? "pullup" : "pulldown", `with a pull-${pull}`);
    }
  }

  /** Refuses a line or bus that the board does not have. */
  private requireLine(kind: LineKind, what: string, name: string): void {
    if (this.spec[kind][name] !== undefined) return;
    const names = Object.keys(this.spec[kind]);
    throw new RangeError(
      `Cannot open "${name}" of ${this.spec.name}: the board has no such ${what}; ` +
        (names.length === 0 ? "it has none" : `it has ${names.join(", ")}`),
    );
  }
}

function inputMode(pull: "up" | "down" | "none"): DigitalMode {
  return pull === "up" ? "inputPullUp" : pull === "down" ? "inputPullDown" : "input";
}

function requireDebounce(pin: string, debounce: number): void {
  if (debounce >= 0 && debounce !== Infinity) return;
  throw new RangeError(`Cannot debounce "${pin}" by ${debounce} ms: pass 0 or more`);
}

function article(kind: string): string {
  return `${/^[aeiouI]/.test(kind) ? "an" : "a"} ${kind}`;
}
