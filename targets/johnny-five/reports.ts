import type { IoPlugin } from "./io.ts";

/** How many pins Firmata reports together. */
const PORT = 8;
/** The firmware's interval where nobody has asked for one, and the shortest that it takes, in milliseconds. */
const USUAL_INTERVAL = 19;
const SHORTEST_INTERVAL = 10;
/** The longest that fits the message: 14 bits. */
const LONGEST_INTERVAL = 0x3fff;

/** Has the board report what somebody listens to, and no more: in Firmata reading is subscribing, for ever. */
export class Reports {
  /** How often the program samples, in milliseconds, by analog channel. */
  private readonly periods = new Map<number, number>();

  private interval = USUAL_INTERVAL;

  constructor(private readonly io: IoPlugin) {}

  /** Reports a pin's level now, and then when it changes. */
  listenDigital(pin: number, listener: (level: number) => void): void {
    this.io.digitalRead(pin, listener);
  }

  /** Asks for the levels of what is reported already. */
  askDigital(pin: number): void {
    this.io.reportDigitalPin?.(pin, 1);
  }

  /** Ends {@linkcode Reports.listenDigital}; a port goes silent with its last listener. */
  leaveDigital(pin: number, listener: (level: number) => void): void {
    this.io.removeListener(`digital-read-${pin}`, listener);
    const first = pin - pin % PORT;
    for (let each = first; each < first + PORT; each++) {
      if (this.hears(`digital-read-${each}`)) return;
    }
    this.io.reportDigitalPin?.(pin, 0);
  }

  /** Reports an analog channel at once, and then at every interval. */
  listenAnalog(channel: number, listener: (value: number) => void): void {
    this.io.analogRead(channel, listener);
  }

  /** Ends {@linkcode Reports.listenAnalog}. */
  leaveAnalog(channel: number, listener: (value: number) => void): void {
    this.io.removeListener(`analog-read-${channel}`, listener);
    if (!this.hears(`analog-read-${channel}`)) this.io.reportAnalogPin?.(channel, 0);
  }

  /** Has analog values come at least every `period` milliseconds; 0 asks for nothing. */
  sampleEvery(channel: number, period: number): void {
    if (period === 0) this.periods.delete(channel);
    else this.periods.set(channel, period);
    const asked = this.periods.size === 0 ? USUAL_INTERVAL : Math.min(...this.periods.values());
    const interval = Math.min(Math.max(Math.round(asked), SHORTEST_INTERVAL), LONGEST_INTERVAL);
    if (interval === this.interval) return;
    this.interval = interval;
    this.io.setSamplingInterval?.(interval);
  }

  /** Whether somebody listens, also one of Johnny-Five's components. */
  private hears(event: string): boolean {
    return (this.io.listenerCount?.(event) ?? 1) > 0;
  }
}
