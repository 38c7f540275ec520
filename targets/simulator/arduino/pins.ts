import { type AVRIOPort, PinState as Port } from "avr8js";
import type { BoardSpec } from "../../../runtime/io/spec.ts";
import type { Chip } from "./chip.ts";
import { PulseMeter } from "./pulse_meter.ts";
import type { Wave } from "./timer.ts";

/** What a pin is set to, and what can be measured at it. */
export interface PinState {
  /** What the chip has made of it; `"pwm"`: a timer drives it. */
  readonly mode: "input" | "pullup" | "output" | "pwm";
  readonly level: 0 | 1;
  /** What the timer makes, for the mode `"pwm"`. */
  readonly wave: Wave | null;
}

/** Called with a pin's state when it has changed; a timer's pulses are no changes. */
export type PinListener = (pin: string, state: PinState) => void;

/** Where an input changes its mind, as shares of the supply: table 28-1 of the datasheet. */
const HIGH_FROM = 0.6;
const LOW_FROM = 0.3;

/** The pins that the timers' outputs A and B are on. */
const OUTPUTS = [["PD6", "PD5"], ["PB1", "PB2"], ["PB3", "PD3"]] as const;

interface Pin {
  readonly name: string;
  /** Which of the chip's ports, and which bit of it; none is analog only. */
  readonly port: "B" | "C" | "D" | null;
  readonly bit: number;
  /** Its channel of the converter. */
  readonly channel: number | null;
  readonly meter: PulseMeter;
  /** What drives it from outside, as a share of the supply; nothing. */
  drive: number | undefined;
  /** What the chip reads, as an input. */
  input: 0 | 1;
  wave: Wave | null;
  told: PinState;
}

/** The pins of an emulated board, by the names that the board gives them. */
export class Pins {
  readonly #pins = new Map<string, Pin>();
  #chip: Chip;

  /** @param now Gives the board's time, in ms. */
  constructor(
    board: BoardSpec,
    chip: Chip,
    private readonly now: () => number,
    private readonly onPin: PinListener,
  ) {
    for (const [name, { also = [] }] of Object.entries(board.pins)) {
      const place = also.map((other) => /^P([BCD])([0-7])$/.exec(other)).find((found) => found);
      const channel = /^A([0-7])$/.exec(name)?.[1];
      this.#pins.set(name, {
        name,
        port: (place?.[1] ?? null) as Pin["port"],
        bit: Number(place?.[2] ?? 0),
        channel: channel === undefined ? null : Number(channel),
        meter: new PulseMeter(),
        ...{ drive: undefined, input: 0, wave: null },
        told: { mode: "input", level: 0, wave: null },
      });
    }
    this.#chip = chip;
    this.attach(chip);
  }

  /** Goes over to a chip that was reset; what drives the pins stays. */
  attach(chip: Chip): void {
    this.#chip = chip;
    for (const [i, timer] of chip.timers.entries()) {
      timer.onWave = (name, wave) => {
        const place = OUTPUTS[i]![name === "A" ? 0 : 1];
        for (const pin of this.#pins.values()) {
          if (`P${pin.port}${pin.bit}` !== place) continue;
          pin.wave = wave;
          this.#tell(pin);
        }
      };
    }
    for (const name of ["B", "C", "D"] as const) {
      const pins = [...this.#pins.values()].filter(({ port }) => port === name);
      chip.ports[name].addListener(() => {
        for (const pin of pins) this.#refresh(pin);
      });
    }
    for (const pin of this.#pins.values()) {
      pin.wave = null;
      this.#refresh(pin);
    }
  }

  get names(): readonly string[] {
    return [...this.#pins.keys()];
  }

  state(name: string): PinState {
    return this.#find(name).told;
  }

  /** The last whole pulse, as it could be measured; null if there is none. */
  pulse(name: string): ReturnType<PulseMeter["pulse"]> {
    return this.#find(name).meter.pulse(this.now());
  }

  /** Drives a pin from outside, with a share of the supply, or lets go of it. */
  drive(name: string, value: number | undefined): void {
    const pin = this.#find(name);
    pin.drive = value;
    this.#refresh(pin);
  }

  #find(name: string): Pin {
    const pin = this.#pins.get(name);
    if (pin !== undefined) return pin;
    throw new RangeError(`Cannot find the pin "${name}": there is ${this.names.join(", ")}`);
  }

  /** What the pin's surroundings make of it now. */
  #refresh(pin: Pin): void {
    const state = this.#portState(pin);
    const pulled = state === Port.InputPullUp ? 1 : 0;
    const share = pin.drive ?? pulled;
    if (share >= HIGH_FROM) pin.input = 1;
    else if (share <= LOW_FROM) pin.input = 0;
    const { adc } = this.#chip;
    const output = state === Port.High ? 1 : state === Port.Low ? 0 : undefined;
    if (pin.channel !== null) adc.channelValues[pin.channel] = (output ?? share) * adc.avcc;
    // The chip calls back, for what then changes.
    if (pin.port !== null) this.#port(pin).setPin(pin.bit, pin.input === 1);
    this.#tell(pin);
  }

  #tell(pin: Pin): void {
    const state = this.#portState(pin);
    const output = state === Port.High || state === Port.Low;
    const level = output ? (state === Port.High ? 1 : 0) : pin.input;
    const wave = output ? pin.wave : null;
    const inputMode = state === Port.InputPullUp ? "pullup" : "input";
    const mode = wave !== null ? "pwm" : output ? "output" : inputMode;
    const { told } = pin;
    if (level !== told.level) pin.meter.edge(level, this.now());
    const same = mode === told.mode && wave === told.wave;
    if (same && level === told.level) return;
    pin.told = { mode, level, wave };
    if (!same || wave === null) this.onPin(pin.name, pin.told);
  }

  #portState(pin: Pin): Port {
    return pin.port === null ? Port.Input : this.#port(pin).pinState(pin.bit);
  }

  #port(pin: Pin): AVRIOPort {
    return this.#chip.ports[pin.port!];
  }
}
