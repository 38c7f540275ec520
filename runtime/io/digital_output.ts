import { sleep } from "../sleep.ts";
import type { Awaitable } from "../wait_base.ts";
import type { DigitalPort, Level } from "./driver.ts";
import { closedError, request } from "./request.ts";

/** How to open a digital output. */
export interface OutputOptions {
  /** The level to begin with; off unless given. */
  readonly initial?: Level;
  /** Whether 1 lets go of the line instead of driving it. Default `false`. */
  readonly openDrain?: boolean;
}

/**
 * A pin that is driven. `on` and `off` know the level at which its part is on; `value` is the level.
 *
 * @example
 * ```ts
 * import { type Board, sleep } from "awaitio";
 *
 * export default async function main(board: Board) {
 *   const led = board.output("LED1");
 *   for (;;) {
 *     led.toggle();
 *     await sleep(500);
 *   }
 * }
 * ```
 */
export class DigitalOutput implements Disposable {
  private level: Level;
  private open = true;

  /** @internal Outputs are opened by {@linkcode Board.output}. */
  constructor(
    /** The pin's name. */
    readonly pin: string,
    private readonly port: DigitalPort,
    /** The level at which its part is on. */
    readonly active: Level,
    initial: Level,
    private readonly closed: () => void,
  ) {
    this.level = initial;
  }

  /** The level last written. */
  get value(): Level {
    return this.level;
  }

  set value(level: Level) {
    this.write(level);
  }

  /** Whether its part is on. */
  get isOn(): boolean {
    return this.level === this.active;
  }

  /**
   * Drives the pin.
   *
   * @throws `DeviceError` where it is closed.
   */
  write(level: Level): void {
    this.requireOpen();
    this.level = level;
    this.port.write(level);
  }

  /** Changes the level. */
  toggle(): void {
    this.write(this.level === 1 ? 0 : 1);
  }

  /** Switches its part on. */
  on(): void {
    this.write(this.active);
  }

  /** Switches its part off. */
  off(): void {
    this.write(this.active === 1 ? 0 : 1);
  }

  /** Asks for the level on the wire, which an open drain or a short may keep from what was written. */
  read(): Awaitable<Level> {
    this.requireOpen();
    return request(`${this.pin}.read()`, (done) => this.port.read(done));
  }

  /** Switches on for `ms` milliseconds; off also where it is cancelled. */
  async pulse(ms: number): Promise<void> {
    this.on();
    try {
      await sleep(ms);
    } finally {
      if (this.open) this.off();
    }
  }

  /** Gives the pin back as it is. */
  close(): void {
    if (!this.open) return;
    this.open = false;
    this.port.close();
    this.closed();
  }

  /** The same as {@linkcode DigitalOutput.close}. */
  [Symbol.dispose](): void {
    this.close();
  }

  /** Refuses to drive a pin that was given back. */
  private requireOpen(): void {
    if (!this.open) throw closedError(`pin "${this.pin}"`);
  }
}
