import type { AVRIOPort, CPU, timer0Config } from "avr8js";
import type { Interrupt } from "./interrupt.ts";

/** Where a timer's registers are, as avr8js lists them. */
export type TimerConfig = typeof timer0Config;

/** What a timer does to a pin: avr8js has the numbers, but does not export their names. */
const OVERRIDE = { none: 0, enable: 1, set: 2, clear: 3, toggle: 4 } as const;

/** How a timer counts, tables 15-8, 16-4 and 18-8 of the datasheet. */
interface Mode {
  /** Up and down again. */
  readonly dual: boolean;
  /** The highest count, or which register says it. */
  readonly top: number | "A" | "ICR";
  /** When a written OCR counts. */
  readonly update: "at once" | "top" | "bottom";
  /** Whether compare outputs are pulses as wide as OCR says. */
  readonly pwm: boolean;
}

const normal = (top: Mode["top"]): Mode => ({ dual: false, top, update: "at once", pwm: false });
const fast = (top: Mode["top"]): Mode => ({ dual: false, top, update: "bottom", pwm: true });
const dual = (top: Mode["top"], update: "top" | "bottom" = "top"): Mode => ({
  ...{ dual: true, top, update, pwm: true },
});

const MODES_8: readonly Mode[] = [
  ...[normal(0xff), dual(0xff), normal("A"), fast(0xff)],
  ...[normal(0xff), dual("A"), normal(0xff), fast("A")],
];
const MODES_16: readonly Mode[] = [
  ...[normal(0xffff), dual(0xff), dual(0x1ff), dual(0x3ff)],
  ...[normal("A"), fast(0xff), fast(0x1ff), fast(0x3ff)],
  ...[dual("ICR", "bottom"), dual("A", "bottom"), dual("ICR"), dual("A")],
  ...[normal("ICR"), normal(0xffff), fast("ICR"), fast("A")],
];

/** A timer's output that drives a pin. */
export interface Wave {
  /** How much of the time it is high, 0 to 1. */
  readonly duty: number;
  /** Pulses a second, in Hz. */
  readonly frequency: number;
}

interface Channel {
  readonly name: "A" | "B";
  readonly register: number;
  readonly port: AVRIOPort | undefined;
  readonly pin: number;
  readonly match: Interrupt;
  /** The value that counts, and the one that was written last. */
  value: number;
  written: number;
  /** What was last told of its wave. */
  wave: Wave | null;
  /** COM bits: 0 leaves the pin alone, 1 toggles it, 2 is high up to a match, 3 from there. */
  output: number;
}

/**
 * A timer of the ATmega328P (chapters 15, 16 and 18 of the datasheet). It sets its next event on the
 * clock and sleeps until then, where avr8js' own wakes at every count: that alone would cost a fifth of
 * a second a second. Not here: external clocks, input capture, forced compares, timer 2's own crystal.
 */
export class Timer {
  /** Called when what the timer makes of the pin of channel A or B has changed; null: nothing. */
  onWave: (name: "A" | "B", wave: Wave | null) => void = () => {};

  readonly #cpu: CPU;
  readonly #config: TimerConfig;
  readonly #clock: number;
  readonly #channels: readonly [Channel, Channel];
  readonly #overflow: Interrupt;
  readonly #max: number;
  #mode: Mode = MODES_8[0]!;
  #divider = 0;
  #icr = 0;
  #highByte = 0;
  /** Where in its period it stood (counts down lie behind the top), and at which cycle. */
  #position = 0;
  #since = 0;
  /** The event that is set, and where it lies. */
  #event: { readonly position: number; readonly cycle: number } | null = null;

  /** @param clock The chip's clock, in Hz. */
  constructor(cpu: CPU, config: TimerConfig, clock: number) {
    this.#cpu = cpu;
    this.#clock = clock;
    this.#config = config;
    this.#max = config.bits === 16 ? 0xffff : 0xff;
    const channel = (name: "A" | "B"): Channel => ({
      name,
      register: config[`OCR${name}`],
      port: cpu.gpioByPort[config[`compPort${name}`]],
      pin: config[`compPin${name}`],
      match: this.#interrupt(
        ...[config[`comp${name}Interrupt`], config[`OCF${name}`], config[`OCIE${name}`]] as const,
      ),
      ...{ value: 0, written: 0, output: 0, wave: null },
    });
    this.#channels = [channel("A"), channel("B")];
    this.#overflow = this.#interrupt(config.ovfInterrupt, config.TOV, config.TOIE);
    this.#attach();
  }

  /** What the timer makes of a channel's pin; null if it leaves the pin alone. */
  #wave({ output, value }: Channel): Wave | null {
    if (output === 0 || this.#divider === 0) return null;
    const frequency = this.#clock / this.#divider / this.#period;
    if (output === 1 || !this.#mode.pwm) {
      return output === 1 ? { duty: 0.5, frequency: frequency / 2 } : null;
    }
    const top = this.#top;
    const share = this.#mode.dual
      ? Math.min(value, top) / top
      : Math.min(value + 1, top + 1) / (top + 1);
    return { duty: output === 2 ? share : 1 - share, frequency };
  }

  #attach(): void {
    const { readHooks, writeHooks, data } = this.#cpu;
    const { TCNT, TCCRA, TCCRB, TIFR, TIMSK, ICR } = this.#config;
    readHooks[TCNT] = (address) => {
      const count = this.#count;
      if (this.#max > 0xff) data[address + 1] = count >> 8;
      return data[address] = count & 0xff;
    };
    writeHooks[TCNT] = (value) => {
      this.#change(() => {
        this.#position = this.#word(value);
        this.#since = this.#cpu.cycles;
      });
    };
    for (const channel of this.#channels) {
      writeHooks[channel.register] = (value) => {
        this.#change(() => {
          channel.written = this.#word(value);
          if (this.#mode.update === "at once") channel.value = channel.written;
        });
      };
    }
    if (this.#max > 0xff) {
      const keep = (value: number): void => void (this.#highByte = value);
      for (const register of [TCNT, ICR, ...this.#channels.map(({ register }) => register)]) {
        writeHooks[register + 1] = keep;
      }
      writeHooks[ICR] = (value) => this.#change(() => void (this.#icr = this.#word(value)));
    }
    for (const register of [TCCRA, TCCRB]) {
      writeHooks[register] = (value) => {
        data[register] = value;
        this.#change(() => this.#configure());
        return true;
      };
    }
    writeHooks[TIFR] = (value) => {
      for (const each of this.#interrupts()) this.#cpu.clearInterruptByFlag(each, value);
      return true;
    };
    writeHooks[TIMSK] = (value) => {
      data[TIMSK] = value;
      for (const each of this.#interrupts()) this.#cpu.updateInterruptEnable(each, value);
      return true;
    };
  }

  #configure(): void {
    const { data } = this.#cpu;
    const [a, b] = [data[this.#config.TCCRA]!, data[this.#config.TCCRB]!];
    const modes = this.#max > 0xff ? MODES_16 : MODES_8;
    this.#mode = modes[(a & 3 | b >> 1 & 12) % modes.length]!;
    if (this.#mode.update === "at once") {
      for (const channel of this.#channels) channel.value = channel.written;
    }
    const divider = Object.values<number>({ ...this.#config.dividers })[b & 7]!;
    if (divider !== this.#divider) this.#since = this.#cpu.cycles;
    this.#divider = divider;
    for (const [i, channel] of this.#channels.entries()) {
      let output = a >> 6 - 2 * i & 3;
      // Toggling in a PWM mode is for channel A alone, where OCRA is the top.
      if (output === 1 && this.#mode.pwm && (i === 1 || this.#mode.top !== "A")) output = 0;
      if (output === channel.output) continue;
      channel.output = output;
      channel.port?.timerOverridePin(channel.pin, output === 0 ? OVERRIDE.none : OVERRIDE.enable);
    }
    this.#position %= this.#period;
  }

  /** Changes something on which the next event depends. */
  #change(change: () => void): void {
    const { cycles } = this.#cpu;
    if (this.#event !== null) this.#cpu.clearClockEvent(this.#fire);
    while (this.#event !== null && this.#event.cycle <= cycles) this.#pass();
    if (this.#divider > 0) {
      const counts = Math.floor((cycles - this.#since) / this.#divider);
      this.#position = (this.#position + counts) % this.#period;
      this.#since += counts * this.#divider;
    }
    change();
    this.#plan();
    this.#set();
    this.#tell();
  }

  #tell(): void {
    for (const channel of this.#channels) {
      const wave = this.#wave(channel);
      const { wave: told } = channel;
      if (wave?.duty === told?.duty && wave?.frequency === told?.frequency) continue;
      channel.wave = wave;
      this.onWave(channel.name, wave);
    }
  }

  readonly #fire = (): void => {
    this.#pass();
    this.#set();
  };

  /** Sets the planned event on the clock. */
  #set(): void {
    if (this.#event === null) return;
    this.#cpu.addClockEvent(this.#fire, this.#event.cycle - this.#cpu.cycles);
  }

  /** Goes to the planned event, does what lies there, and plans the next. */
  #pass(): void {
    const { position, cycle } = this.#event!;
    this.#position = position;
    this.#since = cycle;
    const [top, period] = [this.#top, this.#period];
    for (const channel of this.#channels) {
      const { value } = channel;
      if (value > top) continue;
      // A match shows one count later.
      if (position === (value + 1) % period) this.#matched(channel, "up");
      if (this.#mode.dual && position === (period - value + 1) % period) {
        this.#matched(channel, "down");
      }
    }
    if (position === 0) {
      // What clears at the top has not come to the highest count, unless they are the same.
      if (this.#mode.pwm || top === this.#max) this.#cpu.setInterruptFlag(this.#overflow);
      if (this.#mode.update === "bottom") this.#update();
      if (this.#mode.pwm && !this.#mode.dual) {
        for (const channel of this.#channels) this.#drive(channel, true);
      }
    }
    if (position === top && this.#mode.update === "top") this.#update();
    this.#plan();
  }

  #matched(channel: Channel, way: "up" | "down"): void {
    this.#cpu.setInterruptFlag(channel.match);
    const { output, value, port, pin } = channel;
    if (output === 0) return;
    if (output === 1) return port?.timerOverridePin(pin, OVERRIDE.toggle);
    if (!this.#mode.pwm) {
      return port?.timerOverridePin(pin, output === 2 ? OVERRIDE.clear : OVERRIDE.set);
    }
    // At its ends a wave is level, and both ways fall together.
    if (value === this.#top) this.#drive(channel, true);
    else if (this.#mode.dual && value === 0) this.#drive(channel, false);
    else this.#drive(channel, way === "down");
  }

  /** Sets the pin as the output's sense says. */
  #drive({ output, port, pin }: Channel, high: boolean): void {
    if (output < 2) return;
    port?.timerOverridePin(pin, high === (output === 2) ? OVERRIDE.set : OVERRIDE.clear);
  }

  #update(): void {
    if (this.#channels.every(({ value, written }) => value === written)) return;
    for (const channel of this.#channels) channel.value = channel.written;
    this.#tell();
  }

  /** Finds the next place in the period where something happens. */
  #plan(): void {
    if (this.#divider === 0) {
      this.#event = null;
      return;
    }
    const [top, period] = [this.#top, this.#period];
    let ahead = period - this.#position;
    const look = (place: number): void => {
      const distance = (place - this.#position - 1 + 2 * period) % period + 1;
      if (distance < ahead) ahead = distance;
    };
    for (const { value } of this.#channels) {
      if (value > top) continue;
      look(value + 1);
      if (this.#mode.dual) look(period - value + 1);
    }
    if (this.#mode.dual) look(top);
    this.#event = {
      position: (this.#position + ahead) % period,
      cycle: this.#since + ahead * this.#divider,
    };
  }

  get #top(): number {
    const { top } = this.#mode;
    const chosen = top === "A" ? this.#channels[0].value : top === "ICR" ? this.#icr : top;
    // A counter above its top goes on to the highest count.
    return this.#mode.dual || this.#position <= chosen ? chosen : this.#max;
  }

  /** How many counts a round has. */
  get #period(): number {
    return this.#mode.dual ? Math.max(1, 2 * this.#top) : this.#top + 1;
  }

  get #count(): number {
    const passed = this.#divider === 0
      ? 0
      : Math.floor((this.#cpu.cycles - this.#since) / this.#divider);
    const position = (this.#position + passed) % this.#period;
    return this.#mode.dual && position > this.#top ? this.#period - position : position;
  }

  #word(low: number): number {
    return this.#max > 0xff ? this.#highByte << 8 | low : low;
  }

  #interrupts(): Interrupt[] {
    return [this.#overflow, ...this.#channels.map(({ match }) => match)];
  }

  #interrupt(address: number, flag: number, enable: number): Interrupt {
    const { TIFR, TIMSK } = this.#config;
    return {
      ...{ address, flagRegister: TIFR, flagMask: flag },
      ...{ enableRegister: TIMSK, enableMask: enable },
    };
  }
}
