/**
 * A world in which a program goes on as fast as it can: an LED that counts, a button that is pressed again and again,
 * and a clock that jumps to whatever comes next. It allocates nothing but the numbers of the clock, so that what a
 * program allocates in it is the program's and the loop's.
 *
 * @module
 */

import { uno } from "../boards/uno.ts";
import { Board } from "../runtime/io/board.ts";
import type {
  DigitalMode,
  DigitalPort,
  Done,
  Driver,
  Level,
  OnEdge,
} from "../runtime/io/driver.ts";
import type { BoardSpec } from "../runtime/io/spec.ts";
import { EventLoop } from "../runtime/loop.ts";
import { COMPILED } from "../runtime/native.ts";
import type { Platform } from "../runtime/platform.ts";

/** How many microtasks a native program may take from one await to the next. */
const LOOKS_BEFORE_IDLE = 8;
/** What the clock shows first: a fraction, as real clocks do, since V8 keeps whole numbers for less. */
const BEGINNING = 0.25;
/** How long the button is held and let go, in milliseconds. */
const HOLD = 50;

/** A program's LED: counts how often it was written. */
class Led implements DigitalPort {
  level: Level = 0;
  private written = 0;

  constructor(private readonly onWrite: (count: number) => void) {}

  write(level: Level): void {
    this.level = level;
    this.onWrite(++this.written);
  }

  read(done: Done<Level>): void {
    done(null, this.level);
  }

  watch(): void {}
  unwatch(): void {}
  close(): void {}
}

/** A button with a pull-up that somebody presses for ever. */
class BusyButton implements DigitalPort {
  level: Level = 1;
  /** When its level changes next. */
  next = BEGINNING + HOLD;
  private edge = "";
  private onEdge: OnEdge | null = null;

  /** Its level changes now. */
  change(): void {
    const time = this.next;
    this.next += HOLD;
    this.level = this.level === 1 ? 0 : 1;
    if (this.edge === "both" || this.edge === (this.level === 1 ? "rising" : "falling")) {
      this.onEdge?.(this.level, time);
    }
  }

  watch(edge: string, _debounce: number, onEdge: OnEdge): void {
    this.edge = edge;
    this.onEdge = onEdge;
  }

  unwatch(): void {
    this.edge = "";
  }

  read(done: Done<Level>): void {
    done(null, this.level);
  }

  write(): never {
    throw new Error("Cannot write to the button: it is an input");
  }

  close(): void {}
}

/** A clock that shows at once the time of what comes next, a deadline of the program or a change of the button. */
class JumpingClock implements Platform {
  private time = BEGINNING;
  private deadline = Infinity;
  private going = false;

  constructor(private readonly loop: EventLoop, private readonly button: BusyButton) {}

  now(): number {
    return this.time;
  }

  wakeAt(time: number): void {
    this.deadline = time;
  }

  wakeSoon(): void {
    if (this.going) return;
    this.going = true;
    queueMicrotask(this.goOn);
  }

  /** A turn of a compiled program leaves nothing to microtasks; one of a native program may need a few. */
  private readonly goOn = async (): Promise<void> => {
    for (let looks = 0; this.going; looks++) {
      if (this.loop.turn()) looks = 0;
      else if (!this.loop.isRunning()) this.going = false;
      else if (COMPILED || looks > LOOKS_BEFORE_IDLE) {
        this.jump();
        looks = 0;
      }
      if (!COMPILED) await undefined;
    }
  };

  private jump(): void {
    if (this.deadline < this.button.next) this.time = this.deadline;
    else {
      this.time = this.button.next;
      this.button.change();
    }
  }
}

/** What {@linkcode inSteadyWorld} throws in a program to end it. */
class Enough extends Error {}

/**
 * Runs a program for ever, until it has written to its LED often enough.
 *
 * @param main The program's function.
 * @param onWrite Hears how often the LED has been written to; gives whether that is enough.
 */
export async function inSteadyWorld(
  main: (board: Board) => unknown,
  onWrite: (count: number) => boolean,
): Promise<void> {
  const button = new BusyButton();
  const led = new Led((count) => {
    if (onWrite(count)) throw new Enough();
  });
  const loop = new EventLoop({ newPlatform: (loop) => new JumpingClock(loop, button) });
  const board = new Board<BoardSpec>(uno, driverOf(led, button));
  try {
    await loop.runUntilComplete(main, board);
  } catch (error) {
    if (!(error instanceof Enough)) throw error;
  }
}

/** A board's hardware: its outputs are `led`, its inputs `button`. */
function driverOf(led: DigitalPort, button: DigitalPort): Driver {
  return {
    openDigital: (_: string, mode: DigitalMode) => mode.startsWith("output") ? led : button,
    openAnalog: missing,
    openPwm: missing,
    openSerial: missing,
    openI2c: missing,
    openSpi: missing,
    close() {},
  };
}

function missing(): never {
  throw new Error("Cannot open that: this world has an LED and a button");
}
