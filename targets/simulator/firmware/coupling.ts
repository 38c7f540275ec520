import type { Hardware } from "../hardware.ts";
import type { VirtualClock } from "../virtual_clock.ts";
import type { EmulatedCable } from "./cable.ts";
import type { EmulatedBoard, EmulatedPin } from "./emulated.ts";

/** How often voltages that change by themselves are looked at, in milliseconds. */
const ANALOG_STEP = 1;

/**
 * Ties an emulated board to the virtual clock and to the world's wires: what the chip drives shows there, what the world
 * drives reaches the chip. The board's time runs on only as far as nothing happens that somebody could react to.
 */
export class Coupling {
  /** What the board's time was when the virtual clock began. */
  private readonly began: number;
  /** Whether something has happened since the board began to run. */
  private stopped = false;
  private readonly modes = new Map<string, EmulatedPin["mode"]>();

  /** The pins that a timer drives, or has driven before they were all on or off, with its frequency. */
  private readonly frequencies = new Map<string, number>();

  constructor(
    private readonly board: EmulatedBoard,
    private readonly cable: EmulatedCable,
    private readonly clock: VirtualClock,
    private readonly hardware: Hardware,
  ) {
    const { spec, driver } = hardware;
    this.began = board.milliseconds;
    for (const name of Object.keys(spec.pins)) {
      driver.pin(name).onDrive = (level) => board.setLevel(name, level ?? undefined);
      this.show(name, board.pin(name));
    }
    board.onPin = (name, state, time) => this.at(time, () => this.show(name, state));
    board.onSerial = (byte, time) => this.at(time, () => cable.deliver(Uint8Array.of(byte)));
    driver.onI2c = (_bus, address, device) => board.attachI2c(address, device);
    clock.couple((until) => this.advance(until));
  }

  /** Lets the board run up to a virtual time, or until something happens. */
  private advance(until: number): void {
    const { driver } = this.hardware;
    const changing = driver.analogNoise > 0 ||
      [...driver.analogSources.values()].some((source) => typeof source === "function");
    for (const pin of driver.analogSources.keys()) this.board.setAnalog(pin, driver.voltage(pin));
    const end = changing ? Math.min(until, this.clock.now() + ANALOG_STEP) : until;
    this.stopped = false;
    this.board.runUntil(this.began + end);
    // An instruction may reach beyond.
    if (!this.stopped) this.clock.set(end);
  }

  /** Something happens on the board; the world may want to react before the board goes on. */
  private at(time: number, what: () => void): void {
    this.clock.set(time - this.began);
    what();
    this.stopped = true;
    this.board.stop();
  }

  /** A pin as the chip has set it. */
  private show(name: string, { mode, level, wave }: EmulatedPin): void {
    const { driver } = this.hardware;
    const wire = driver.pin(name);
    const before = this.modes.get(name);
    if (mode === "pwm" || mode === "output" && this.frequencies.has(name)) {
      // At 0 and 1 Arduino's analogWrite leaves the timer out.
      this.showDuty(name, wave?.duty ?? level, wave?.frequency ?? this.frequencies.get(name)!);
    } else if (mode === "output") {
      if (before === "output") wire.write(level);
      else wire.open("output", level);
    } else {
      wire.open(mode === "pullup" ? "inputPullUp" : "input", 0);
      this.frequencies.delete(name);
      driver.duties.delete(name);
    }
    this.modes.set(name, mode);
  }

  private showDuty(pin: string, duty: number, frequency: number): void {
    const { driver, recorder } = this.hardware;
    this.frequencies.set(pin, frequency);
    if (driver.duties.get(pin) === duty) return;
    driver.duties.set(pin, duty);
    recorder.during({ kind: "pwm", pin, duty, frequency }, () => driver.changed());
  }
}
