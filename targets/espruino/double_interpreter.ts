import type { DoubleStorage } from "./double_storage.ts";

type Timer = ReturnType<typeof setTimeout>;

/** What the interpreter is connected to. */
export interface Surroundings {
  readonly board: string;
  readonly version: string;
  readonly storage: DoubleStorage;
  /** Whether it leaves out what does not fit a small board. */
  readonly saveOnFlash: boolean;
  /** Prints on the console, with `\n` at line ends. */
  print(text: string): void;
  /** A program began to run without end. */
  onBusy(): void;
  /** The memory was reset, and with it the console's echo. */
  onReset(): void;
}

/** Where the double stands in for a program that never yields: nothing after it is run. */
const NEVER_YIELDS = /while\s*\((1|true)\);/;

const BANNER = "\n ____                 _ \n|  __|___ ___ ___ _ _|_|___ ___ \n";

/** Evaluates what is typed and what is saved, with the interpreter's own functions. */
export class DoubleInterpreter {
  readonly #around: Surroundings;
  #timers = new Set<Timer>();
  #global: Record<string, unknown> = {};
  /** What `reset` or `load` asked for, to be done when the line has ended. */
  #todo: (() => void) | null = null;
  echo = true;

  constructor(around: Surroundings) {
    this.#around = around;
    this.#clear();
  }

  #clear(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers = new Set();
    this.echo = true;
    this.#global = this.#library();
    this.#around.onReset();
  }

  /** Runs what is saved, as at power-on and after `load()`. */
  boot(): void {
    this.#clear();
    const { storage } = this.#around;
    const saved = [".bootrst", ".bootcde"].find((name) => storage.read(name) !== undefined);
    if (saved !== undefined) this.run(storage.read(saved)!, saved);
    else this.#around.print(BANNER);
  }

  /** Stops everything. */
  stop(): void {
    for (const timer of this.#timers) clearTimeout(timer);
  }

  /** Runs code; errors are printed. Gives the value of its last expression. */
  run(code: string, file: string): unknown {
    const endless = NEVER_YIELDS.exec(code);
    const value = this.#guard(() => this.#evaluate(code.slice(0, endless?.index)), file);
    if (endless !== null) this.#around.onBusy();
    return value;
  }

  /** Does what `reset()` or `load()` asked for. */
  idle(): void {
    const todo = this.#todo;
    this.#todo = null;
    todo?.();
  }

  #evaluate(code: string): unknown {
    const source = `${code}\n//# sourceURL=double.js`;
    return new Function("scope", "source", "with (scope) return eval(source)")(
      this.#global,
      source,
    );
  }

  #guard(run: () => unknown, file: string): unknown {
    try {
      return run();
    } catch (error) {
      const [, line = 1, column = 1] =
        /double\.js:(\d+):(\d+)/.exec((error as Error).stack ?? "") ??
          [];
      const where = file === "" ? "REPL (:1:1)" : `${file}:${line}:${column}`;
      this.#around.print(`Uncaught ${error}\n    at ${where}\n^\n`);
      return undefined;
    }
  }

  #library(): Record<string, unknown> {
    const { storage, board, version, saveOnFlash } = this.#around;
    const small: Pick<DoubleStorage, "read" | "write" | "erase"> = {
      read: (...args) => storage.read(...args),
      write: (...args) => storage.write(...args),
      erase: (name) => storage.erase(name),
    };
    const print = (...values: unknown[]): void => this.#around.print(`${values.join(" ")}\n`);
    const timed =
      (start: (run: () => void, ms?: number) => Timer) => (run: () => void, ms?: number) => {
        const timer = start(() => this.#guard(run, ".bootcde"), ms);
        this.#timers.add(timer);
        return timer;
      };
    const library: Record<string, unknown> = {
      ...{ print, console: { log: print } },
      ...{ setTimeout: timed(setTimeout), setInterval: timed(setInterval), clearInterval },
      process: { env: { BOARD: board, VERSION: version }, version },
      require: (name: string): unknown => {
        if (name === "Storage") return saveOnFlash ? small : storage;
        throw new Error(`Module ${name} not found`);
      },
      echo: (on: unknown) => void (this.echo = Boolean(on)),
      reset: (saved?: unknown) => {
        if (saved) { for (const name of [".bootcde", ".bootrst"]) storage.erase(name); }
        this.#todo = () => {
          this.#clear();
          const always = storage.read(".bootrst");
          if (always !== undefined) this.run(always, ".bootrst");
          else this.#around.print(BANNER);
        };
      },
      load: (name?: string) => {
        this.#todo = () => {
          if (name === undefined) return this.boot();
          this.#clear();
          const code = storage.read(name);
          if (code !== undefined) this.run(code, name);
        };
      },
    };
    library["global"] = library;
    return library;
  }
}
