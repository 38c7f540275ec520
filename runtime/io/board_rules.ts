import { type PwmOptions, requireDuty, requireFrequency } from "./analog.ts";
import type { InputOptions } from "./digital_input.ts";
import type { I2cOptions, SerialOptions, ServoOptions, SpiOptions } from "./driver.ts";
import { SERVO_PULSES } from "./servo.ts";
import type { BoardSpec, Capability, LineKind, RoleSpec } from "./spec.ts";

/** A servo's pulses come every 20 ms, in microseconds. */
const LONGEST_PULSE = 20_000;

/** What something was opened with. */
export type Settings = object;

/** Something opened on a board. */
export interface Opened {
  readonly kind: string;
  readonly settings: Settings;
  readonly thing: Disposable & { close(): void };
}

/** Refuses what a board does not have or cannot do, and says what can be done instead. */
export class BoardRules {
  /** @param spec The board's data. */
  constructor(private readonly spec: BoardSpec) {}

  /** Refuses a pin that the board does not have, or that cannot do what is asked. */
  requirePin(name: string, capability: Capability, purpose: string): RoleSpec | undefined {
    const role = this.spec.roles[name];
    const spec = this.spec.pins[role?.pin ?? name];
    if (spec?.can.includes(capability) === true) return role;
    const why = spec === undefined ? "the board has no such pin" : "the pin cannot do that";
    const able = this.able(capability);
    throw new RangeError(
      `Cannot open "${name}" of ${this.spec.name} ${purpose}: ${why}; ` +
        (able.length === 0 ? "none can" : `these can: ${able.join(", ")}`),
    );
  }

  /** Refuses a pin that cannot be an input with these options. */
  requireInput(name: string, purpose: string, { pull, debounce = 0 }: InputOptions): void {
    const role = this.requirePin(name, "input", purpose);
    const needed = pull ?? role?.pull ?? "none";
    if (needed !== "none") {
      this.requirePin(name, needed === "up" ? "pullup" : "pulldown", `with a pull-${needed}`);
    }
    if (debounce >= 0 && debounce !== Infinity) return;
    throw new RangeError(`Cannot debounce "${name}" by ${debounce} ms: pass 0 or more`);
  }

  /** Refuses a pin without PWM, and options that make no sense. */
  requirePwm(name: string, { frequency = 500, duty = 0 }: PwmOptions): void {
    const pin = this.requirePin(name, "pwm", "for PWM")?.pin ?? name;
    requireFrequency(pin, frequency);
    requireDuty(pin, duty);
  }

  /** Refuses a pin that cannot drive a servo, and pulses that none takes. */
  requireServo(name: string, options: ServoOptions): void {
    const { minPulse, maxPulse } = { ...SERVO_PULSES, ...options };
    const { pins, roles } = this.spec;
    const pin = pins[roles[name]?.pin ?? name];
    // PWM does as well where the board's data does not tell of servos.
    const capability = pin?.can.includes("pwm") === true ? "pwm" : "servo";
    this.requirePin(name, capability, "for a servo");
    if (minPulse > 0 && maxPulse > minPulse && maxPulse < LONGEST_PULSE) return;
    throw new RangeError(
      `Cannot drive a servo on "${name}" by pulses of ${minPulse} to ${maxPulse} µs: ` +
        `pass minPulse above 0 and maxPulse above that, below ${LONGEST_PULSE}`,
    );
  }

  /** Refuses a serial line that the board does not have, and no speed. */
  requireSerial(name: string, { baudRate = 9600 }: SerialOptions): void {
    this.requireLine("serials", "serial line", name);
    if (baudRate > 0) return;
    throw new RangeError(`Cannot open "${name}" at ${baudRate} baud: pass bits a second`);
  }

  /** Refuses a bus that the board does not have, and no clock. */
  requireBus(kind: LineKind, what: string, name: string, { frequency }: I2cOptions): void {
    this.requireLine(kind, what, name);
    if (frequency !== undefined) requireFrequency(name, frequency);
  }

  /** The same of an SPI bus and the pin that selects its device. */
  requireSpi(name: string, options: SpiOptions): void {
    this.requireBus("spis", "SPI bus", name, options);
    if (options.select !== undefined) {
      this.requirePin(options.select, "output", "to select a device");
    }
  }

  /** Refuses to give what is open for another use, or with other options. */
  requireSame(name: string, kind: string, asked: Settings, known: Opened): void {
    const wanted = Object.entries(asked).filter(([, value]) => value !== undefined);
    const settings = new Map(Object.entries(known.settings));
    const differs = wanted.find(([key, value]) => settings.get(key) !== value);
    if (known.kind === kind && differs === undefined) return;
    const show = (value: unknown): string =>
      known.kind !== kind || differs === undefined
        ? ""
        : ` with ${differs[0]} ${String(value ?? "unset")}`;
    throw new Error(
      `Cannot open "${name}" of ${this.spec.name} as ${article(kind)}${show(differs?.[1])}: ` +
        `it is open as ${article(known.kind)}${show(settings.get(differs?.[0] ?? ""))}; ` +
        `close that first`,
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

function article(kind: string): string {
  return `${/^[aeiouI]/.test(kind) ? "an" : "a"} ${kind}`;
}
