/** A pulse, as an oscilloscope shows it. */
export interface Pulse {
  /** How long it was high, in ms. */
  readonly high: number;
  /** From its beginning to the next one's, in ms. */
  readonly period: number;
}

/** Measures pulses by their edges. */
export class PulseMeter {
  #rose = NaN;
  #fell = NaN;
  #last: Pulse | null = null;

  /** The level has changed. */
  edge(level: 0 | 1, time: number): void {
    if (level === 0) {
      this.#fell = time;
      return;
    }
    const high = this.#fell - this.#rose;
    this.#last = high > 0 ? { high, period: time - this.#rose } : null;
    this.#rose = time;
  }

  /** The last whole pulse; null before there was one, and when another is long overdue. */
  pulse(now: number): Pulse | null {
    return this.#last !== null && now - this.#rose <= 2 * this.#last.period ? this.#last : null;
  }
}
