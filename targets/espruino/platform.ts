import type { EventLoop } from "../../runtime/loop.ts";
import type { Platform } from "../../runtime/platform.ts";
import type { Espruino } from "./api.ts";
import { now, reach } from "./clock.ts";

declare const setTimeout: Espruino["setTimeout"];
declare const clearTimeout: Espruino["clearTimeout"];

/**
 * A loop on Espruino: one timer of the interpreter for its next deadline, and between deadlines nothing,
 * so that the board can sleep.
 */
export class EspruinoPlatform implements Platform {
  private deadline = 0;
  /** The timer's id; 0 for none. `clearTimeout` must not get an old one: ids are used again. */
  private timer = 0;

  /** Turns in a row; then the interpreter deals with its console and with what pins report. */
  private readonly run = (): void => {
    for (let turns = 99; this.loop.turn();) if (turns-- === 0) return this.wakeSoon();
  };

  private readonly due = (): void => {
    this.timer = 0;
    // The interpreter may have been told another time by something else than `setTime`.
    if (this.deadline - now() > 1) return this.wakeAt(this.deadline);
    reach(this.deadline);
    this.run();
  };

  constructor(private readonly loop: EventLoop) {}

  now(): number {
    return now();
  }

  wakeAt(time: number): void {
    if (this.timer !== 0) clearTimeout(this.timer);
    this.deadline = time;
    // A timer of more than 100 years throws; this is in 2065.
    this.timer = time < 3e12 ? setTimeout(this.due, time - now()) : 0;
  }

  wakeSoon(): void {
    setTimeout(this.run, 0);
  }
}
