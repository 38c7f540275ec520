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
  /** Milliseconds that analog readers ask for, each once. */
  private readonly intervals: number[] = [];

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

  /** Has analog values come at least every `ms` milliseconds until the function that it returns is called. */
  sampleEvery(ms: number): () => void {
    this.intervals.push(ms);
    this.applyInterval();
    return () => {
      this.intervals.splice(this.intervals.indexOf(ms), 1);
      this.applyInterval();
    };
  }

  private applyInterval(): void {
    const asked = this.intervals.length === 0 ? USUAL_INTERVAL : Math.min(...this.intervals);
    const interval = Math.min(Math.max(Math.round(asked), SHORTEST_INTERVAL), LONGEST_INTERVAL);
    this.io.setSamplingInterval?.(interval);
  }

  /** Whether somebody listens, also one of Johnny-Five's components. */
  private hears(event: string): boolean {
    return (this.io.listenerCount?.(event) ?? 1) > 0;
  }
}
