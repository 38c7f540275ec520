import { TimeoutError } from "../../runtime/errors.ts";
import { Event } from "../../runtime/event.ts";
import { Board } from "../../runtime/io/board.ts";
import type { Level } from "../../runtime/io/driver.ts";
import type { BoardSpec, LineKind } from "../../runtime/io/spec.ts";
import type { ExceptionContext } from "../../runtime/exceptions.ts";
import type { EventLoop } from "../../runtime/loop.ts";
import { sleep } from "../../runtime/sleep.ts";
import { timeout } from "../../runtime/timeout.ts";
import { type AnalogSource, type I2cDevice, type SpiDevice, VirtualDriver } from "./driver.ts";
import { type Booted, type Firmware, setHardware } from "./hardware.ts";
import type { SerialPeer } from "./line.ts";
import type { WireEdge } from "./pin.ts";
import { Random } from "./random.ts";
import { inTrace, Recorder } from "./recorder.ts";
import type { TraceEvent } from "./trace.ts";

/** How to simulate. */
export interface SimulationOptions<S extends BoardSpec = BoardSpec> {
  /** The board: its data, or its id; the Arduino Uno unless given. */
  readonly board?: S | string;
  /** How many milliseconds of virtual time to simulate at most; what is due at its end is left out. */
  readonly for?: number;
  /** Virtual seconds a real second; as fast as possible unless given. */
  readonly speed?: number;
  /** Shuffles the order within a turn and seeds bounce and noise; 0 (the default) shuffles nothing. */
  readonly seed?: number;
  /** How long contacts bounce, in milliseconds; 0 unless given. */
  readonly bounce?: number;
  /** How much analog readings scatter, 0..1; 0 unless given. */
  readonly noise?: number;
  /**
   * Whether what the program writes to the console goes into the trace and {@linkcode Simulation.output}
   * instead. Default `false`.
   */
  readonly capture?: boolean;
  /** Hears of everything that happens. */
  readonly onEvent?: (event: TraceEvent) => void;
  /** Real firmware on the board, see `awaitio/firmware`: the program reaches its pins through it. */
  readonly firmware?: Firmware;
}

/** A program: a function that takes the board. */
export type Program<S extends BoardSpec = BoardSpec> = (board: Board<S>) => unknown;

/** What the world does while a program runs. */
export type Scenario<S extends BoardSpec = BoardSpec> = (sim: Simulation<S>) => unknown;

/** Why a simulation ended. */
export type Outcome = "program" | "scenario" | "time" | "interrupt";

/** How often a condition that is a function is looked at, besides at every change on the board. */
const LOOK = 10;

/**
 * The world around a simulated board: presses its buttons, types on its serial lines, looks at its pins.
 * Everything happens on the virtual clock.
 *
 * @typeParam S The board's data.
 */
export class Simulation<S extends BoardSpec = BoardSpec> {
  /** Failures that nobody handled. */
  readonly faults: ExceptionContext[] = [];
  /** The lines that the program has written to the console, where they are captured. */
  readonly output: string[] = [];
  /** Why it ended; `null` while it runs. */
  outcome: Outcome | null = null;
  /** The board that the program gets. */
  readonly board: Board<S>;
  /** @internal */
  readonly recorder: Recorder;
  private readonly driver: VirtualDriver;
  private readonly random: Random;
  private readonly change = new Event();
  private ended: number | null = null;

  /** @internal */
  constructor(
    private readonly loop: EventLoop,
    spec: S,
    private readonly options: SimulationOptions<S>,
    private readonly booted: Booted | null,
  ) {
    this.random = new Random((options.seed ?? 0) + 1);
    this.recorder = new Recorder(() => loop.time(), (event) => options.onEvent?.(event));
    this.driver = new VirtualDriver(
      spec,
      loop,
      this.recorder,
      this.random,
      () => this.change.set(),
    );
    this.driver.analogNoise = options.noise ?? 0;
    const parts = { driver: this.driver, recorder: this.recorder, loop, spec };
    this.board = booted === null ? new Board(spec, this.driver) : booted.couple(parts, spec);
    setHardware(this.board, parts);
    loop.setExceptionHandler((_loop, context) => {
      // A program that is ended from outside may leave callbacks behind.
      if (loop.isClosed() && this.outcome !== "program") return;
      this.faults.push(context);
      const { message, exception } = context;
      const detail = exception === undefined ? "" : `: ${String(exception)}`;
      this.recorder.record({ kind: "fault", message: message + detail });
    });
    this.releaseAll();
  }

  /** Milliseconds of the virtual clock. */
  get time(): number {
    return this.ended ?? this.loop.time();
  }

  /** Lets virtual time pass. */
  async sleep(ms: number): Promise<void> {
    await sleep(ms);
  }

  /** Presses a button by its role for `ms` milliseconds, 50 unless given, and lets go of it. */
  async press(role: string, ms = 50): Promise<void> {
    await this.hold(role);
    try {
      await sleep(ms);
    } finally {
      await this.release(role);
    }
  }

  /** Presses a button and keeps it pressed; returns when the contact has stopped bouncing. */
  hold(role: string): Promise<void> {
    const { pin, active = 1 } = this.role(role);
    return this.contact(pin, active);
  }

  /** Lets go of a button; returns when the contact has stopped bouncing. */
  release(role: string): Promise<void> {
    const { pin, active = 1, pull } = this.role(role);
    return this.contact(pin, pull === undefined ? (active === 1 ? 0 : 1) : null);
  }

  /** Drives a pin from outside, or lets go of it with `null`. */
  drive(pin: string, level: Level | null): void {
    this.driver.pin(this.driver.resolve(pin)).drive(level);
  }

  /** Sets what an analog pin reads: 0..1, or a function of virtual time. */
  analog(pin: string, source: AnalogSource): void {
    this.driver.analogSources.set(this.driver.resolve(pin), source);
  }

  /** The far end of a serial line. */
  serial(name: string): SerialPeer {
    this.requireLine("serials", "serial line", name);
    return this.driver.line(name);
  }

  /** Puts a device on an I2C bus. */
  i2c(bus: string, address: number, device: I2cDevice): void {
    this.requireLine("i2cs", "I2C bus", bus);
    this.driver.connectI2c(bus, address, device);
  }

  /** Puts a device on an SPI bus; `select` is the pin that selects it, where there are several. */
  spi(bus: string, device: SpiDevice, select?: string): void {
    this.requireLine("spis", "SPI bus", bus);
    const key = select === undefined ? bus : `${bus}/${this.driver.resolve(select)}`;
    this.driver.spiDevices.set(key, device);
  }

  /** The level on a pin's wire. */
  level(pin: string): Level {
    return this.driver.pin(this.driver.resolve(pin)).level;
  }

  /** Whether the part with a role is on, or pressed. */
  isOn(role: string): boolean {
    const { pin, active = 1 } = this.role(role);
    return this.driver.pin(pin).level === active;
  }

  /** The duty cycle of a PWM pin, 0..1; 0 where nobody drives it. */
  duty(pin: string): number {
    return this.driver.duties.get(this.driver.resolve(pin)) ?? 0;
  }

  /** Every change of a pin's level so far. */
  history(pin: string): readonly WireEdge[] {
    return this.driver.pin(this.driver.resolve(pin)).history;
  }

  /** Whether the program watches a pin for edges. */
  isWatched(pin: string): boolean {
    return this.driver.pin(this.driver.resolve(pin)).isWatched;
  }

  /**
   * Waits until pins have levels, or until a function gives `true`.
   *
   * @param condition For example `{ LED1: 1 }`, or `() => sim.duty("D3") > 0.5`.
   * @param limit Milliseconds of virtual time; 60,000 unless given.
   * @throws `Error` where that does not happen in time, with what was there instead.
   */
  async until(
    condition: { readonly [pin: string]: Level } | (() => boolean),
    limit = 60_000,
  ): Promise<void> {
    const holds = typeof condition === "function" ? condition : () => this.matches(condition);
    const poll = typeof condition === "function" ? LOOK : null;
    try {
      await timeout(limit, async () => {
        while (!holds()) {
          this.change.clear();
          await timeout(poll, () => this.change.wait()).catch((error) => {
            if (!(error instanceof TimeoutError)) throw error;
          });
        }
      });
    } catch (error) {
      if (!(error instanceof TimeoutError) || holds()) throw error;
      throw new Error(
        `Waited ${limit} ms in vain for ${this.show(condition)}; at ${this.time} ms ` +
          this.actual(condition),
      );
    }
  }

  /** Throws where pins do not have these levels now, or where a function does not give `true`. */
  expect(condition: { readonly [pin: string]: Level } | (() => boolean)): void {
    if (typeof condition === "function" ? condition() : this.matches(condition)) return;
    throw new Error(
      `Expected ${this.show(condition)} at ${this.time} ms; ${this.actual(condition)}`,
    );
  }

  /** @internal The program has written to the console. */
  print(text: string): void {
    this.output.push(text);
    this.recorder.record({ kind: "print", text });
  }

  /** @internal Nothing happens any more. */
  stop(): void {
    this.ended = inTrace(this.loop.time());
    this.driver.stop();
    this.booted?.stop();
    this.recorder.stop();
  }

  /** Whether every pin has the level asked for. */
  private matches(levels: { readonly [pin: string]: Level }): boolean {
    return Object.entries(levels).every(([pin, level]) => this.level(pin) === level);
  }

  /** A condition as text, for messages. */
  private show(condition: { readonly [pin: string]: Level } | (() => boolean)): string {
    if (typeof condition === "function") return String(condition).replace(/\s+/g, " ");
    return Object.entries(condition).map(([pin, level]) => `${pin} = ${level}`).join(", ");
  }

  /** What is there instead of what a condition asks for, for messages. */
  private actual(condition: { readonly [pin: string]: Level } | (() => boolean)): string {
    if (typeof condition === "function") return "it gives false";
    return Object.keys(condition).map((pin) => `${pin} is ${this.level(pin)}`).join(", ");
  }

  /** Refuses a line or bus that the board does not have. */
  private requireLine(kind: LineKind, what: string, name: string): void {
    const lines = this.board.spec[kind];
    if (lines[name] !== undefined) return;
    const names = Object.keys(lines).join(", ") || "none";
    throw new RangeError(`Cannot find ${what} "${name}"; the board has ${names}`);
  }

  /** The part known by a role, or else the bare pin of that name. */
  private role(name: string): { pin: string; active?: Level; pull?: "up" | "down" } {
    return this.board.spec.roles[name] ?? { pin: this.driver.resolve(name) };
  }

  /** Buttons begin released. */
  private releaseAll(): void {
    const { roles } = this.board.spec;
    for (const name of Object.keys(roles)) {
      const { pin, active = 1, pull } = roles[name]!;
      if (/^(BTN|BUTTON)/.test(name) && pull === undefined) {
        this.driver.pin(pin).drive(active === 1 ? 0 : 1);
      }
    }
  }

  /** Moves a contact, which bounces for a while. */
  private async contact(pin: string, level: Level | null): Promise<void> {
    const wire = this.driver.pin(pin);
    const { bounce = 0 } = this.options;
    if (bounce > 0) {
      const before = wire.level;
      const times = Array.from({ length: 2 * (1 + this.random.below(3)) }, () => this.random.next())
        .sort((a, b) => a - b);
      let last = 0;
      for (const [i, time] of times.entries()) {
        wire.drive(i % 2 === 0 ? level : before);
        await sleep((time - last) * bounce);
        last = time;
      }
    }
    wire.drive(level);
  }
}
