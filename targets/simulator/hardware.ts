import type { Board } from "../../runtime/io/board.ts";
import type { BoardSpec } from "../../runtime/io/spec.ts";
import type { EventLoop } from "../../runtime/loop.ts";
import type { VirtualDriver } from "./driver.ts";
import type { Recorder } from "./recorder.ts";

/** What a simulated board is made of. */
export interface Hardware {
  readonly spec: BoardSpec;
  readonly driver: VirtualDriver;
  readonly recorder: Recorder;
  readonly loop: EventLoop;
}

const hardware = new WeakMap<object, Hardware>();

/** @internal Notes what a board is made of. */
export function setHardware(board: object, parts: Hardware): void {
  hardware.set(board, parts);
}

/** @internal What is behind a simulated board: for programs that bring a runtime of their own. */
export function hardwareOf(board: object): Hardware {
  return hardware.get(board)!;
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
