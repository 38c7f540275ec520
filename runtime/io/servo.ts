import { describeValue, requireTime } from "../checks.ts";
import type { PwmPort, ServoPort } from "./driver.ts";
import { ramp } from "./ramp.ts";
import { closedError } from "./request.ts";

/** The angle at the longest pulse, in degrees. */
const FULL = 180;
/** Pulses come every 20 ms. */
const PERIOD = 20;
/** How many pulses a second that is. */
const FREQUENCY: number = 1000 / PERIOD;

/** What a servo takes where it is not told, in microseconds: Arduino's Servo library has the same. */
export const SERVO_PULSES: { readonly minPulse: number; readonly maxPulse: number } = {
  minPulse: 544,
  maxPulse: 2400,
};

/**
 * A servo: it holds the angle that it is told. Nothing moves before the first angle.
 *
 * @example
 * ```ts
 * import { type Board, sleep } from "awaitio";
 *
 * export default async function main(board: Board) {
 *   const flap = board.servo("D9");
 *   flap.angle = 0;
 *   await sleep(1000);
 *   await flap.move(90, 2000);
 * }
 * ```
 */
export class Servo implements Disposable {
  private current: number | undefined = undefined;
  private open = true;

  /** @internal Servos are opened by {@linkcode Board.servo}. */
  constructor(
    /** The pin's name. */
    readonly pin: string,
    private readonly port: ServoPort,
    private readonly minPulse: number,
    private readonly maxPulse: number,
    private readonly closed: () => void,
  ) {}

  /** The angle that it was told last, 0 to 180 degrees; `undefined` before the first. */
  get angle(): number | undefined {
    return this.current;
  }

  set angle(angle: number) {
    requireAngle(this.pin, angle);
    if (!this.open) throw closedError(`pin "${this.pin}"`);
    this.current = angle;
    this.port.write(this.minPulse + (this.maxPulse - this.minPulse) * angle / FULL);
  }

  /**
   * Moves evenly to an angle within `ms` milliseconds; at once where no angle was told before. Cancelled, it stays
   * where it is.
   *
   * @throws `RangeError` where the angle is not 0 to 180 or `ms` is no number; `DeviceError` where it is closed.
   */
  async move(angle: number, ms: number): Promise<void> {
    requireAngle(this.pin, angle);
    requireTime("move", "a time of", ms);
    const from = this.current ?? angle;
    const set = (angle: number): void => void (this.angle = angle);
    await ramp(`${this.pin}.move()`, from, angle, ms, PERIOD, set);
  }

  /** Gives the pin back; the servo holds its angle no longer. */
  close(): void {
    if (!this.open) return;
    this.open = false;
    this.port.close();
    this.closed();
  }

  /** The same as {@linkcode Servo.close}. */
  [Symbol.dispose](): void {
    this.close();
  }
}

/** Drives a servo where the hardware has nothing but PWM. */
export function servoByPwm(openPwm: (frequency: number) => PwmPort): ServoPort {
  const port = openPwm(FREQUENCY);
  return {
    write: (pulse) => port.write(pulse / (1000 * PERIOD)),
    close() {
      port.write(0);
      port.close();
    },
  };
}

function requireAngle(pin: string, angle: number): void {
  if (angle >= 0 && angle <= FULL) return;
  throw new RangeError(`Cannot move ${pin} to ${describeValue(angle)} degrees: pass 0 to ${FULL}`);
}
