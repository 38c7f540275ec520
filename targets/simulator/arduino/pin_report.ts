import type { EmulatedArduino } from "./board.ts";
import type { PinState } from "./pins.ts";
import type { Pulse } from "./pulse_meter.ts";

/** A pin as it is shown: its level, or the pulses of a timer or a servo. */
export interface PinReport {
  readonly t: number;
  readonly pin: string;
  readonly mode: PinState["mode"];
  readonly level?: 0 | 1;
  /** Of a timer's PWM: the share of time that it is high, and pulses a second. */
  readonly duty?: number;
  readonly frequency?: number;
  /** Of a servo's pulses: how long, and how often, in ms. */
  readonly high?: number;
  readonly period?: number;
}

/** The longest period, in ms, that pulses have: what is slower is somebody blinking. */
const LONGEST_PERIOD = 50;

/**
 * Reports a board's pins when something about them is new. Pulses that follow each other are told once,
 * until their width changes by a hundredth of a millisecond.
 */
export class PinReporter {
  readonly #board: EmulatedArduino;
  readonly #report: (report: PinReport) => void;
  readonly #pulsing = new Map<string, string>();

  /** Takes the board's `onPin`. */
  constructor(board: EmulatedArduino, report: (report: PinReport) => void) {
    this.#board = board;
    this.#report = report;
    board.onPin = (pin, state, time) => this.#changed(pin, state, time);
  }

  /** Tells of pins that have stopped pulsing: they have no edge to tell it by. */
  look(): void {
    for (const pin of this.#pulsing.keys()) {
      if (this.pulse(pin) !== null) continue;
      this.#pulsing.delete(pin);
      const { mode, level } = this.#board.pin(pin);
      this.#report({ t: this.#board.milliseconds, pin, mode, level });
    }
  }

  /** The pulses that the firmware makes at a pin without a timer's output: a servo's. */
  pulse(pin: string): Pulse | null {
    if (this.#board.pin(pin).mode !== "output") return null;
    const pulse = this.#board.pulse(pin);
    return pulse !== null && pulse.period <= LONGEST_PERIOD ? pulse : null;
  }

  #changed(pin: string, { mode, level, wave }: PinState, t: number): void {
    if (wave !== null) return this.#report({ t, pin, mode, ...wave });
    const pulse = this.pulse(pin);
    if (pulse === null) {
      this.#pulsing.delete(pin);
      return this.#report({ t, pin, mode, level });
    }
    const [high, period] = [round(pulse.high), round(pulse.period)];
    const shape = `${high}`;
    if (this.#pulsing.get(pin) === shape) return;
    this.#pulsing.set(pin, shape);
    this.#report({ t, pin, mode, high, period });
  }
}

function round(milliseconds: number): number {
  return Math.round(milliseconds * 100) / 100;
}
