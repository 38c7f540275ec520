import { RuntimeError } from "./errors.ts";
import type { Equipment } from "./equipment.ts";
import { currentScope, equip, runInScope } from "./native.ts";
import type { EventLoop } from "./loop.ts";
import type { Scope } from "./scope.ts";

/** What a target gives a loop. Times are monotonic milliseconds. */
export interface Platform {
  /** The time now. */
  now(): number;
  /**
   * Call `loop.turn()` at `time` at the latest; a later call replaces an earlier one. `Infinity`
   * means that no deadline is pending: only an event from outside can go on.
   *
   * @param now The time that the loop has read last, which is the present one where a deadline is pending.
   */
  wakeAt(time: number, now: number): void;
  /** Call `loop.turn()` as soon as the current callback has returned. */
  wakeSoon(): void;
  /** The loop is closed: release what was taken for it. */
  close?(): void;
}

/**
 * Carries the current scope through a program's awaits. In native mode that is the engine's own
 * mechanism (`AsyncLocalStorage`); where the coroutines are compiled, a variable does.
 */
export interface Carrier {
  /** The scope of the code that is running; nothing outside tasks. */
  get(): Scope | null | undefined;
  /** Runs `fn` with `scope` as the current one, also in what it goes on to await. */
  run<A extends unknown[], R>(scope: Scope | null, fn: (...args: A) => R, ...args: A): R;
}

/** The engine's `AbortSignal` where the program is compiled for one that has it. */
export type Signal = typeof globalThis extends { AbortSignal: { prototype: infer S } } ? S
  : unknown;

/** Aborts a {@linkcode Signal}. */
export interface Aborter {
  readonly signal: Signal;
  abort(reason?: unknown): void;
}

/** What the target hands to the runtime, once, before the first loop is made. */
export interface Host extends Equipment {
  /** Carries the current scope; compiled coroutines carry it themselves. */
  readonly carrier?: Carrier;
  /**
   * Makes the platform of a new loop. It must call `loop.turn()` from a context in which
   * `carrier.get()` gives nothing, and let what a turn resumed run before the next.
   */
  newPlatform(loop: EventLoop): Platform;
  /**
   * Tells the developer something: uncaught errors, warnings of debug mode.
   *
   * @param exception What was thrown; `undefined` where nothing was.
   */
  report(text: string, exception?: unknown): void;
  /** Makes an aborter, where the engine has `AbortSignal`. */
  newAborter?(): Aborter;
  /** Calls `interrupt` on Ctrl-C until the function that it returns is called. */
  onInterrupt?(interrupt: () => void): () => void;
}

let host: Host | null = null;

/** Hands the runtime what it needs of the target. The entry module of a target calls it. */
export function install(target: Host): void {
  host = target;
  equip(target);
}

/** The target's host: its entry module has installed one. */
export function getHost(): Host {
  return host!;
}

export { currentScope, runInScope };

let calling: EventLoop | null = null;

/** The loop of the code that is running, or `null`. */
export function runningLoop(): EventLoop | null {
  return currentScope()?.loop ?? calling;
}

/** The loop of the code that is running; `action` names the call in the error where there is none. */
export function requireLoop(action: string): EventLoop {
  const loop = runningLoop();
  if (loop === null) {
    throw new RuntimeError(
      `Cannot call ${action}: there is no running loop here. Start the program with run(main)`,
    );
  }
  return loop;
}

/** Says which loop runs a callback, and gives what to say when it has returned. */
export function setCallingLoop(loop: EventLoop | null): EventLoop | null {
  const before = calling;
  calling = loop;
  return before;
}
