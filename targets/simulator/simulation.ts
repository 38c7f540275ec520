import { findBoard, uno } from "../../boards/mod.ts";
import { allTasks, createTask, currentTask, getRunningLoop } from "../../runtime/create_task.ts";
import { CancelledError, RuntimeError, TimeoutError } from "../../runtime/errors.ts";
import { Event } from "../../runtime/event.ts";
import { Board } from "../../runtime/io/board.ts";
import type { Level } from "../../runtime/io/driver.ts";
import type { BoardSpec, LineKind } from "../../runtime/io/spec.ts";
import type { ExceptionContext } from "../../runtime/exceptions.ts";
import type { EventLoop } from "../../runtime/loop.ts";
import { runWith } from "../../runtime/run.ts";
import { sleep } from "../../runtime/sleep.ts";
import type { Task } from "../../runtime/task.ts";
import { timeout } from "../../runtime/timeout.ts";
import { wait } from "../../runtime/wait.ts";
import { capture } from "./console.ts";
import { type AnalogSource, type I2cDevice, type SpiDevice, VirtualDriver } from "./driver.ts";
import type { SerialPeer } from "./line.ts";
import type { WireEdge } from "./pin.ts";
import { Random } from "./random.ts";
import { inTrace, Recorder } from "./recorder.ts";
import type { TraceEvent } from "./trace.ts";
import { virtualLoop } from "./virtual.ts";

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

/** Real firmware for simulated boards, for example `firmata` of `awaitio/firmware`. */
export interface Firmware {
  /**
   * @internal Switches a board on.
   *
   * @throws `RangeError` where there is no firmware for it.
   */
  boot(spec: BoardSpec): Promise<Booted>;
}

/** An emulated board that has started. */
export interface Booted {
  /** Ties it to a simulation, and gives the board that the program gets. */
  couple<S extends BoardSpec>(hardware: Hardware, spec: S): Board<S>;
  /** The simulation has ended. */
  stop(): void;
}

/** A program: a function that takes the board. */
export type Program<S extends BoardSpec = BoardSpec> = (board: Board<S>) => unknown;

/** What the world does while a program runs. */
export type Scenario<S extends BoardSpec = BoardSpec> = (sim: Simulation<S>) => unknown;

/** Why a simulation ended. */
export type Outcome = "program" | "scenario" | "time" | "interrupt";

/** How often a condition that is a function is looked at, besides at every change on the board. */
const LOOK = 10;
/** How long a program may clean up, in milliseconds. */
const CLEANUP = 60_000;

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
    hardware.set(this.board, parts);
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

/** What a simulated board is made of. */
export interface Hardware {
  readonly spec: BoardSpec;
  readonly driver: VirtualDriver;
  readonly recorder: Recorder;
  readonly loop: EventLoop;
}

const hardware = new WeakMap<object, Hardware>();

/** @internal What is behind a simulated board: for programs that bring a runtime of their own. */
export function hardwareOf(board: object): Hardware {
  return hardware.get(board)!;
}

/**
 * Runs a program on a simulated board, on a virtual clock, until the scenario ends (or, without one, the
 * program); then cancels the program and lets it clean up.
 *
 * @param program The program: what its module exports as default.
 * @param scenario What the world does meanwhile.
 * @param options The board, the time, the seed.
 * @returns The simulation, to look at.
 * @throws What the program or the scenario throws; the first failure that nobody handled.
 *
 * @example A test
 * ```ts
 * import { type Board, sleep } from "awaitio";
 * import { simulate } from "awaitio/simulator";
 *
 * async function blink(board: Board) {
 *   for (const led = board.output("LED1");; led.toggle()) await sleep(500);
 * }
 *
 * await simulate(blink, async (sim) => {
 *   await sim.until({ LED1: 1 });
 *   await sim.until({ LED1: 0 });
 * });
 * ```
 */
export async function simulate<S extends BoardSpec = typeof uno>(
  program: Program<S>,
  scenario?: Scenario<S> | null,
  options: SimulationOptions<S> = {},
): Promise<Simulation<S>> {
  const { board = uno, seed = 0, speed, for: limit = Infinity } = options;
  if (!(limit >= 0)) throw new RangeError(`Cannot simulate for ${limit} ms: pass 0 or more`);
  const spec = (typeof board === "string" ? findBoard(board) : board) as S;
  const booted = await options.firmware?.boot(spec) ?? null;
  const loop = virtualLoop({ seed, ...(speed === undefined ? {} : { speed }) });
  const sim = new Simulation<S>(loop, spec, options, booted);
  const release = options.capture === true ? capture(loop, sim) : () => {};
  try {
    await runWith({ loopFactory: () => loop }, async function simulator() {
      sim.recorder.hide(currentTask()!, "simulator");
      loop.observer = sim.recorder;
      try {
        await control(sim, program, scenario ?? null, limit);
      } catch (error) {
        // A program can be cancelled by itself; who cancels us is Ctrl-C.
        if (!(error instanceof CancelledError) || currentTask()!.cancelling() === 0) throw error;
        sim.outcome = "interrupt";
      }
    });
  } catch (error) {
    throw because(error, sim.faults[0]);
  } finally {
    release();
  }
  const [fault] = sim.faults;
  if (fault !== undefined) throw fault.exception ?? new Error(fault.message);
  return sim;
}

/** What nobody handled is likely why the rest failed later. */
function because(error: unknown, fault: ExceptionContext | undefined): unknown {
  if (error instanceof Error && fault !== undefined && fault.exception !== error) {
    error.cause ??= fault.exception;
  }
  return error;
}

async function control<S extends BoardSpec>(
  sim: Simulation<S>,
  program: Program<S>,
  scenario: Scenario<S> | null,
  limit: number,
): Promise<void> {
  const loop = getRunningLoop();
  const main = createTask({ name: "main" }, program, sim.board);
  // The last moment before the end: what is due at the end itself is left out. A trace shows the end.
  const last = limit * (1 - 4 * Number.EPSILON);
  let world: Task<unknown> | null = null;
  try {
    // Whatever the seed, the program has begun when the world meets it.
    await sleep(0);
    if (scenario !== null) {
      world = createTask({ name: "scenario" }, scenario, sim);
      sim.recorder.hide(world, "scenario");
    }
    let running: Task<unknown>[] = world === null ? [main] : [main, world];
    const decides = world ?? main;
    while (!decides.done() && sim.outcome === null) {
      const [done, pending] = await wait(running, {
        returnWhen: "FIRST_COMPLETED",
        timeout: last === Infinity ? null : last - loop.time(),
      });
      if (done.length === 0) sim.outcome = "time";
      for (const task of done) await task;
      running = pending;
    }
    sim.outcome ??= world === null ? "program" : "scenario";
  } finally {
    try {
      if (world !== null) await end([world]);
      await end([main]);
      // What the program has started beside itself ends with it.
      await end(allTasks().filter((task) => task !== currentTask()));
    } finally {
      sim.stop();
    }
  }
  if (!main.cancelled()) await main;
}

/**
 * Cancels tasks and waits for them; what fails meanwhile goes to the exception handler.
 *
 * @throws `RuntimeError` where one goes on for ever all the same.
 */
async function end(tasks: readonly Task<unknown>[]): Promise<void> {
  const left = tasks.filter((task) => task.cancel("the simulation has ended"));
  if (left.length === 0) return;
  const [ended, [stubborn]] = await wait(left, { timeout: CLEANUP });
  if (stubborn !== undefined) {
    const error = new RuntimeError(
      `Cannot end task "${stubborn.getName()}": it goes on ${CLEANUP} ms after it was cancelled; ` +
        `who catches CancelledError has to throw it on`,
    );
    // Closing the loop cancels it once more, and would wait for it.
    stubborn.loop.callLater(CLEANUP, () => stubborn.loop.abort(error));
    throw error;
  }
  for (const task of ended) {
    if (task.cancelled() || task.settledWell()) continue;
    task.loop.callExceptionHandler({
      message: `Task "${task.getName()}" failed while the simulation ended`,
      exception: task.exception(),
      task,
    });
  }
}
