import type { PwmPort, ServoOptions, ServoPort } from "../../runtime/io/driver.ts";
import { getHost } from "../../runtime/platform.ts";
import type { Remote } from "./remote.ts";

/** The steps of a duty cycle, where the plugin does not tell. */
const STEPS = 255;
/** What programs have that ask for no frequency. */
const UNASKED = 500;

/**
 * A pin that the board drives by pulses, at the frequency of its timer (490 or 980 Hz on an Uno): Firmata has no word for
 * one. A program that asks for another is told once.
 */
export class RemotePwm implements PwmPort {
  private readonly steps: number;
  private told = false;

  constructor(
    private readonly remote: Remote,
    private readonly name: string,
    private readonly pin: number,
    frequency: number,
  ) {
    this.tellOfFrequency(frequency);
    this.steps = remote.io.RESOLUTION?.PWM ?? STEPS;
    remote.io.pinMode(pin, remote.io.MODES.PWM);
  }

  write(duty: number, frequency: number = UNASKED): void {
    const { io } = this.remote;
    this.tellOfFrequency(frequency);
    this.remote.require(`drive "${this.name}"`);
    io.analogWrite(this.pin, Math.round(duty * this.steps));
  }

  close(): void {}

  private tellOfFrequency(frequency: number): void {
    if (frequency === UNASKED || this.told) return;
    this.told = true;
    getHost().report(
      `Note: "${this.name}" is not driven at ${frequency} Hz but at the board's own frequency, ` +
        "which Firmata cannot set",
    );
  }
}

/** A pin on which the board drives a servo. */
export class RemoteServo implements ServoPort {
  constructor(
    private readonly remote: Remote,
    private readonly name: string,
    private readonly pin: number,
    { minPulse = 0, maxPulse = 0 }: ServoOptions,
  ) {
    const { io } = remote;
    if (io.servoConfig === undefined) io.pinMode(pin, io.MODES.SERVO);
    else io.servoConfig(pin, minPulse, maxPulse);
  }

  /** From 544 on the firmware takes the number for microseconds and not for degrees. */
  write(pulse: number): void {
    const { io } = this.remote;
    this.remote.require(`move "${this.name}"`);
    const microseconds = Math.round(pulse);
    if (io.servoWrite === undefined) io.analogWrite(this.pin, microseconds);
    else io.servoWrite(this.pin, microseconds);
  }

  /** An input gives no pulses. */
  close(): void {
    this.remote.io.pinMode(this.pin, this.remote.io.MODES.INPUT);
  }
}
