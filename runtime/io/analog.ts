import { describeValue, requireTime } from "../checks.ts";
import { requireScope } from "../scope.ts";
import { sleepUntil } from "../sleep.ts";
import type { Awaitable } from "../wait_base.ts";
import { type Missed, Ticker } from "../ticker.ts";
import type { AnalogPort, PwmPort } from "./driver.ts";
import { ramp } from "./ramp.ts";
import { closedError, request } from "./request.ts";

/** One reading of an analog input. */
export interface Sample {
  /** 0..1 of full scale. */
  readonly value: number;
  /** When it came, in milliseconds of the loop's clock. */
  readonly time: number;
}

/** How to wait for a threshold. */
export interface ThresholdOptions {
  /**
   * The width of the band around the threshold in which nothing happens, 0..1: `above` waits for half of it
   * over the threshold, `below` for half of it under, so that noise does not make them chatter. Default 0.
   */
  readonly hysteresis?: number;
  /** Milliseconds between readings; 20 unless given. */
  readonly period?: number;
}

/**
 * A pin whose voltage is read, 0..1 of the board's full scale.
 *
 * @example
 * ```ts
 * import type { Board } from "awaitio";
 *
 * export default async function main(board: Board) {
 *   const light = board.analog("SENSOR1");
 *   await light.below(0.3, { hysteresis: 0.05 });
 *   console.log("it is getting dark");
 * }
 * ```
 */
export class AnalogInput implements Disposable {
  private last: number | undefined = undefined;
  private open = true;

  /** @internal Inputs are opened by {@linkcode Board.analog}. */
  constructor(
    /** The pin's name. */
    readonly pin: string,
    private readonly port: AnalogPort,
    /** The volts at which it reads 1. */
    readonly fullScale: number,
    private readonly closed: () => void,
  ) {}

  /** The last reading, 0..1; `undefined` before the first. */
  get value(): number | undefined {
    return this.last;
  }

  /** Asks for the value, 0..1. Cancelling loses nothing. */
  read(): Awaitable<number> {
    return this.ask();
  }

  /**
   * Reads at a fixed period without drift, for ever.
   *
   * @param period Milliseconds between readings; the first comes after one period.
   * @param options `missed`: what to do about readings missed while the program was busy; `"skip"` unless
   * given.
   */
  async *samples(
    period: number,
    options: { readonly missed?: Missed } = {},
  ): AsyncGenerator<Sample, never, void> {
    const { missed = "skip" } = options;
    const { loop } = requireScope(`${this.pin}.samples()`);
    const ticker = new Ticker(period, { missed });
    for (;;) {
      await ticker.next();
      const value = await this.ask(period);
      yield { value, time: loop.time() };
    }
  }

  /**
   * Waits until the value is above `threshold`, 0..1, and gives it.
   *
   * @throws `RangeError` where no reading can be.
   */
  above(threshold: number, options?: ThresholdOptions): Promise<number> {
    return this.cross(1, threshold, options);
  }

  /**
   * Waits until the value is below `threshold`, 0..1, and gives it.
   *
   * @throws `RangeError` where no reading can be.
   */
  below(threshold: number, options?: ThresholdOptions): Promise<number> {
    return this.cross(-1, threshold, options);
  }

  /** Gives the pin back. */
  close(): void {
    if (!this.open) return;
    this.open = false;
    this.port.close();
    this.closed();
  }

  /** The same as {@linkcode AnalogInput.close}. */
  [Symbol.dispose](): void {
    this.close();
  }

  /** Asks for the value; `period` is how often. */
  private ask(period?: number): Awaitable<number> {
    if (!this.open) throw closedError(`pin "${this.pin}"`);
    return request<number>(`${this.pin}.read()`, (done) => {
      this.port.read((error, value) => {
        if (error === null) this.last = value;
        done(error, value);
      }, period);
    });
  }

  /** Reads every `period` ms until the value is past the threshold on the side of `sign`. */
  private async cross(
    sign: 1 | -1,
    threshold: number,
    options: ThresholdOptions = {},
  ): Promise<number> {
    const { hysteresis = 0, period = 20 } = options;
    requireFraction(`wait at ${this.pin}`, "a threshold of", threshold);
    requireFraction(`wait at ${this.pin}`, "a hysteresis of", hysteresis);
    if (!(period > 0)) {
      throw new RangeError(`Cannot read ${this.pin} every ${period} ms: pass a period above 0`);
    }
    const side = sign === 1 ? "above" : "below";
    const bound = threshold + sign * hysteresis / 2;
    if (sign === 1 ? bound >= 1 : bound <= 0) {
      throw new RangeError(
        `Cannot wait at ${this.pin} for a value ${side} ${bound}: readings are 0 to 1`,
      );
    }
    const scope = requireScope(`${this.pin}.${side}()`);
    for (let deadline = scope.loop.time() + period;; deadline += period) {
      const value = await this.ask(period);
      if (sign === 1 ? value > bound : value < bound) return value;
      const now = scope.loop.time();
      if (deadline < now) deadline = now + period;
      await sleepUntil(scope, deadline);
    }
  }
}

/** How to open a PWM output. */
export interface PwmOptions {
  /** Pulses a second; 500 unless given. */
  readonly frequency?: number;
  /** The duty cycle to begin with, 0..1; 0 unless given. */
  readonly duty?: number;
}

/** How to fade. */
export interface FadeOptions {
  /** Milliseconds between steps; 20 unless given. */
  readonly period?: number;
}

/**
 * A pin driven by pulses.
 *
 * @example
 * ```ts
 * import type { Board } from "awaitio";
 *
 * export default async function main(board: Board) {
 *   const lamp = board.pwm("HEATER1", { frequency: 1000 });
 *   await lamp.fade(1, 2000);
 *   await lamp.fade(0, 2000);
 * }
 * ```
 */
export class PwmOutput implements Disposable {
  private current: number;
  private rate: number;
  private open = true;

  /** @internal Outputs are opened by {@linkcode Board.pwm}. */
  constructor(
    /** The pin's name. */
    readonly pin: string,
    private readonly port: PwmPort,
    frequency: number,
    duty: number,
    private readonly closed: () => void,
  ) {
    this.rate = frequency;
    this.current = duty;
    this.port.write(duty);
  }

  /** The duty cycle, 0..1. */
  get duty(): number {
    return this.current;
  }

  set duty(duty: number) {
    requireDuty(this.pin, duty);
    this.requireOpen();
    this.current = duty;
    this.port.write(duty);
  }

  /** Pulses a second. */
  get frequency(): number {
    return this.rate;
  }

  set frequency(frequency: number) {
    requireFrequency(this.pin, frequency);
    this.requireOpen();
    this.rate = frequency;
    this.port.write(this.current, frequency);
  }

  /**
   * Moves the duty cycle evenly to `duty` within `ms` milliseconds. Cancelled, it stays where it is.
   *
   * @throws `RangeError` where `duty` is not 0..1 or `ms` is no number; `DeviceError` where it is closed.
   */
  async fade(duty: number, ms: number, options: FadeOptions = {}): Promise<void> {
    requireFraction(`fade ${this.pin}`, "a duty of", duty);
    requireTime("fade", "a time of", ms);
    const { period = 20 } = options;
    if (!(period > 0)) {
      throw new RangeError(`Cannot fade ${this.pin} every ${period} ms: pass a period above 0`);
    }
    const set = (duty: number): void => void (this.duty = duty);
    await ramp(`${this.pin}.fade()`, this.current, duty, ms, period, set);
  }

  /** Gives the pin back, switched off. */
  close(): void {
    if (!this.open) return;
    this.open = false;
    this.port.write(0);
    this.port.close();
    this.closed();
  }

  /** The same as {@linkcode PwmOutput.close}. */
  [Symbol.dispose](): void {
    this.close();
  }

  /** Refuses to drive a pin that was given back. */
  private requireOpen(): void {
    if (!this.open) throw closedError(`pin "${this.pin}"`);
  }
}

/** @internal */
export function requireDuty(pin: string, duty: number): void {
  requireFraction(`drive ${pin}`, "a duty of", duty);
}

function requireFraction(action: string, what: string, value: number): void {
  if (value >= 0 && value <= 1) return;
  throw new RangeError(`Cannot ${action} with ${what} ${describeValue(value)}: pass 0 to 1`);
}

/** @internal */
export function requireFrequency(pin: string, frequency: number): void {
  if (frequency > 0 && frequency !== Infinity) return;
  throw new RangeError(`Cannot drive ${pin} at ${describeValue(frequency)} Hz: pass more than 0`);
}
