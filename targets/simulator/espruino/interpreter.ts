import { Event } from "../../../runtime/event.ts";
import { setCallingLoop } from "../../../runtime/platform.ts";
import type { Hardware } from "../hardware.ts";
import { VirtualI2cBus, VirtualSpiBus } from "./buses.ts";
import { VirtualPins } from "./pins.ts";
import { VirtualSerialDevice } from "./serial.ts";
import { VirtualStorage } from "./storage.ts";
import { VirtualTimers } from "./timers.ts";
import { VirtualWatches } from "./watches.ts";

/** Bytes of a variable's block. */
const BLOCK = 16;

/** Names and what they stand for. */
export interface Globals {
  readonly [name: string]: unknown;
}

/**
 * Espruino's API on a simulated board: what an artefact finds there in the place of a real interpreter.
 * Times are those of the virtual clock; code takes none, and memory is not counted.
 */
export class VirtualInterpreter {
  /** The globals that it has besides JavaScript's own. */
  readonly globals: Globals;
  private readonly timers: VirtualTimers;
  private readonly watches: VirtualWatches;
  private readonly serials: readonly VirtualSerialDevice[];
  private readonly ended = new Event();
  /** How far the wall clock was moved, in seconds. */
  private shift = 0;

  constructor(private readonly hardware: Hardware) {
    const { spec, driver, recorder, loop } = hardware;
    const changed = (): void => this.lookForTheEnd();
    const getTime = (ms = loop.time()): number => ms / 1000 + this.shift;
    const buttons = new Set(
      Object.entries(spec.roles).filter(([role]) => /^BTN/.test(role)).map(([, { pin }]) => pin),
    );
    this.timers = new VirtualTimers(loop, changed);
    this.watches = new VirtualWatches(loop, getTime, (pin) => buttons.has(pin), changed);
    const pins = new VirtualPins(driver);
    const wiring = { driver, recorder, pins };
    const serials = named(
      spec.serials,
      (name) => new VirtualSerialDevice(name, driver, spec.saveOnFlash === true),
    );
    this.serials = Object.values(serials);
    const { timers, watches } = this;
    const print = (...values: unknown[]): void => {
      // A promise of the engine's goes on outside the loop; what it prints is the program's all the same.
      const before = setCallingLoop(loop);
      try {
        console.log(...values);
      } finally {
        setCallingLoop(before);
      }
    };
    this.globals = {
      ...pinNames(Object.keys(spec.pins)),
      ...named(spec.roles, (role) => spec.roles[role]!.pin),
      ...serials,
      ...named(spec.i2cs, (name) => new VirtualI2cBus(name, wiring)),
      ...named(spec.spis, (name) => new VirtualSpiBus(name, wiring)),
      pinMode: pins.pinMode,
      digitalWrite: pins.digitalWrite,
      digitalRead: pins.digitalRead,
      analogRead: pins.analogRead,
      analogWrite: pins.analogWrite,
      setWatch: (fn: unknown, pin: unknown, options?: unknown) => {
        const wire = pins.wire(pin);
        pins.use(wire, "input");
        return watches.add(fn, wire, options);
      },
      clearWatch: watches.clearWatch,
      setTimeout: timers.setTimeout,
      clearTimeout: timers.clearTimeout,
      setInterval: timers.setInterval,
      clearInterval: timers.clearInterval,
      changeInterval: timers.changeInterval,
      getTime: () => getTime(),
      setTime: (seconds: number) => {
        this.shift = seconds - loop.time() / 1000;
      },
      print,
      console: { log: print, info: print, debug: print, warn: print, error: print },
      E: {
        toUint8Array: (text: string) => Uint8Array.from(text, (char) => char.charCodeAt(0)),
        clip: (x: number, min: number, max: number) => Math.min(Math.max(x, min), max),
        // The console of the simulator is on no line of the board.
        getConsole: () => null,
        on: () => {},
      },
      process: {
        memory: () => {
          const total = spec.memory.jsVars ?? 0;
          return { free: total, usage: 0, total, blocksize: BLOCK };
        },
        env: { BOARD: spec.id.toUpperCase() },
        version: "2v29",
        on: () => {},
      },
      require: requireFrom({ Storage: new VirtualStorage() }),
    };
  }

  /** Waits until nothing can happen any more: no timer, no watch, nobody who listens. */
  async idle(): Promise<void> {
    this.lookForTheEnd();
    await this.ended.wait();
  }

  /** How many timers there are. */
  get timerCount(): number {
    return this.timers.size;
  }

  /** Whether it has something to do now. */
  isBusy(): boolean {
    return this.timers.areDue();
  }

  /** Switches the board off. */
  stop(): void {
    this.timers.stop();
    this.watches.stop();
    for (const serial of this.serials) serial.stop();
  }

  /** Promises that were settled go on first: they may begin something. */
  private lookForTheEnd(): void {
    if (!this.isAtItsEnd()) return;
    this.hardware.loop.callSoon(() => this.isAtItsEnd() && this.ended.set());
  }

  private isAtItsEnd(): boolean {
    const { timers, watches, serials } = this;
    return timers.size + watches.size === 0 && !serials.some(({ listens }) => listens);
  }
}

function named<T>(
  entries: { readonly [name: string]: unknown },
  make: (name: string) => T,
): { [name: string]: T } {
  return Object.fromEntries(Object.keys(entries).map((name) => [name, make(name)]));
}

/** A pin is a global; here it is its name. */
function pinNames(names: readonly string[]): { [name: string]: string } {
  return Object.fromEntries(names.map((name) => [name, name]));
}

function requireFrom(modules: Globals): (name: string) => unknown {
  return (name) => {
    if (Object.hasOwn(modules, name)) return modules[name];
    throw new Error(`Module ${name} not found`);
  };
}
