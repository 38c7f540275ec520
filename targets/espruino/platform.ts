import type { EventLoop } from "../../runtime/loop.ts";
import type { Platform } from "../../runtime/platform.ts";
import type { Espruino } from "./api.ts";
import { now } from "./clock.ts";

declare const setTimeout: Espruino["setTimeout"];
declare const clearTimeout: Espruino["clearTimeout"];

/**
 * A loop on Espruino: one timer of the interpreter for its next deadline, and between deadlines nothing,
 * so that the board can sleep.
 */
export class EspruinoPlatform implements Platform {
  /** The timer's id; 0 for none. `clearTimeout` must not get an old one: ids are used again. */
  timer = 0;

  /** @param loop Whose turns it calls. */
  constructor(readonly loop: EventLoop) {}

  now(): number {
    return now();
  }

  wakeAt(time: number, now: number): void {
    if (this.timer !== 0) clearTimeout(this.timer);
    // A timer of more than 100 years throws; this is in 2065.
    this.timer = time < 3e12 ? setTimeout(due, time - now, this) : 0;
  }

  wakeSoon(): void {
    setTimeout(run, 0, this);
  }
}

/** Turns in a row; then the interpreter deals with its console and with what pins report. */
function run(platform: EspruinoPlatform): void {
  for (let turns = 99; platform.loop.turn();) if (turns-- === 0) return platform.wakeSoon();
}

/** The deadline has come. */
function due(platform: EspruinoPlatform): void {
  platform.timer = 0;
  run(platform);
}
