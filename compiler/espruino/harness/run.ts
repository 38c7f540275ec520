/**
 * Runs artefacts without the interpreter, with the same gaps.
 *
 * @module
 */

import vm from "node:vm";
import { setImmediate } from "node:timers";
import type { Level } from "../tree.ts";
import { type Clock, VirtualTimers } from "./clock.ts";
import { instrument } from "./instrument.ts";
import { preludeFor } from "./prelude.ts";
import { show } from "./show.ts";

export type { Clock };

/** What an artefact can see besides the language: an API of the board. */
export type Globals = { readonly [name: string]: unknown };

/** How to run artefacts. */
export interface HarnessOptions {
  /** `"standard"` unless given. */
  readonly level?: Level;
  /** More globals; a function is given the world that it is for. */
  readonly globals?: Globals | ((world: World) => Globals);
  /** Tells the time; a clock that jumps from timer to timer unless given. */
  readonly clock?: Clock;
  /** Is told every line that is printed. */
  readonly onLine?: (line: string) => void;
}

/** An error that nobody caught. */
export interface Uncaught {
  /** What the interpreter prints of it, without the "Uncaught". */
  readonly message: string;
  readonly error: unknown;
  /** When it was thrown. */
  readonly time: number;
}

interface Harness {
  caught(error: unknown): unknown;
}

/** An interpreter's world: one context in which scripts are run one after the other, as at its console. */
export class World {
  /** What has been printed. */
  readonly output: string[] = [];
  /** What has been thrown and not caught. */
  readonly errors: Uncaught[] = [];
  readonly clock: Clock;
  private readonly context: vm.Context;
  private readonly harness: Harness;
  private readonly level: Level;
  private readonly running = new Map<number, () => void>();
  private lastTimer = 0;

  constructor(private readonly options: HarnessOptions = {}) {
    this.level = options.level ?? "standard";
    this.clock = options.clock ?? new VirtualTimers();
    this.context = vm.createContext({});
    this.harness = vm.runInContext(preludeFor(this.level), this.context) as Harness;
    const { globals = {} } = options;
    this.define({
      ...this.basics(),
      ...(typeof globals === "function" ? globals(this) : globals),
    });
  }

  /** Adds globals. */
  define(globals: Globals): void {
    for (const [name, value] of Object.entries(globals)) this.context[name] = value;
    for (const name of ["global", "globalThis"]) {
      vm.runInContext(`this.${name} = this`, this.context);
    }
  }

  /** Runs a script up to its end, or to the error that ends it. */
  run(code: string): void {
    let script: string;
    try {
      script = instrument(code, this.level);
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      return this.uncaught(
        vm.runInContext(`SyntaxError(${JSON.stringify(error.message)})`, this.context),
      );
    }
    this.guard(() => void vm.runInContext(script, this.context, { filename: "artefact.js" }));
  }

  /** Calls back into the script: what it throws is told, and ends nothing else. */
  guard(fn: () => void): void {
    try {
      fn();
    } catch (error) {
      this.uncaught(error);
    }
  }

  /** Prints a line. */
  print(...values: unknown[]): void {
    const line = values.map(show).join(" ");
    this.output.push(line);
    this.options.onLine?.(line);
  }

  private uncaught(thrown: unknown): void {
    const error = this.harness.caught(thrown);
    let message: string;
    try {
      message = String(error);
    } catch {
      message = "[object Object]";
    }
    this.errors.push({ message, error, time: this.clock.now() });
    this.print(`Uncaught ${message}`);
  }

  /** Tells of a promise that failed and that nobody listened to. */
  unhandled(reason: unknown): void {
    let text: string;
    try {
      text = String(this.harness.caught(reason));
    } catch {
      text = "[object Object]";
    }
    this.uncaught(
      vm.runInContext(
        `Error(${JSON.stringify(`Unhandled promise rejection: ${text}`)})`,
        this.context,
      ),
    );
  }

  private basics(): Globals {
    const print = (...values: unknown[]): void => this.print(...values);
    const start =
      (repeat: boolean) => (fn: (...args: unknown[]) => void, ms = 0, ...args: unknown[]) => {
        const id = ++this.lastTimer;
        const stop = this.clock.start(
          () => {
            if (!repeat) this.running.delete(id);
            this.guard(() => fn(...args));
          },
          Number(ms),
          repeat,
        );
        this.running.set(id, stop);
        return id;
      };
    const { running } = this;
    const fail = (message: string): never => {
      throw vm.runInContext(`Error(${JSON.stringify(message)})`, this.context);
    };
    const clear = function (...args: unknown[]): void {
      if (args.length === 0) {
        // Without an argument it means all of them.
        for (const stop of running.values()) stop();
        running.clear();
        return;
      }
      const [id] = args;
      if (id === undefined || id === null) fail("clearTimeout(undefined) not allowed");
      running.get(Number(id))?.();
      running.delete(Number(id));
    };
    const now = (): number => this.clock.now();
    const seconds = (): number => 1_600_000_000 + now() / 1000;
    const Time = vm.runInContext("Date", this.context) as DateConstructor;
    Time.now = () => seconds() * 1000;
    return {
      print,
      console: { log: print, error: print, warn: print, info: print, debug: print },
      setTimeout: start(false),
      setInterval: start(true),
      clearTimeout: clear,
      clearInterval: clear,
      getTime: seconds,
    };
  }
}

/** How to run one artefact. */
export interface RunOptions extends HarnessOptions {
  /** When to end, in milliseconds; when nothing is due any more unless given. */
  readonly until?: number;
}

/** What came of it. */
export interface RunResult {
  /** The lines that were printed, uncaught errors among them. */
  readonly output: readonly string[];
  /** What was thrown and not caught. */
  readonly errors: readonly Uncaught[];
  /** When it ended. */
  readonly time: number;
}

/** Runs an artefact on a clock that jumps from timer to timer. */
export async function runArtefact(code: string, options: RunOptions = {}): Promise<RunResult> {
  const { until = Infinity } = options;
  const clock = new VirtualTimers();
  const world = new World({ ...options, clock });
  const onRejection = (event: PromiseRejectionEvent): void => {
    event.preventDefault();
    world.unhandled(event.reason);
  };
  globalThis.addEventListener("unhandledrejection", onRejection);
  try {
    world.run(code);
    for (;;) {
      await jobs();
      const due = clock.take(until);
      if (due === null) break;
      due();
    }
  } finally {
    globalThis.removeEventListener("unhandledrejection", onRejection);
  }
  if (until !== Infinity) clock.pass(until);
  return { output: world.output, errors: world.errors, time: clock.now() };
}

/** Lets promises run. */
function jobs(): Promise<void> {
  return new Promise((resolve) => setImmediate(() => resolve()));
}
