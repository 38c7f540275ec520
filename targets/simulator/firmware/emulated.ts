import type { BoardSpec, Level } from "../../../runtime/mod.ts";
import type { Libraries } from "../../johnny-five/io.ts";
import type { I2cDevice } from "../driver.ts";

/** A pin of an emulated board, as the chip has set it. */
export interface EmulatedPin {
  readonly mode: "input" | "pullup" | "output" | "pwm";
  readonly level: Level;
  readonly wave: { readonly duty: number; readonly frequency: number } | null;
}

/** A board with real firmware in an emulated chip. Its times are its own, from when it was switched on, in ms. */
export interface EmulatedBoard {
  readonly milliseconds: number;
  onSerial: (byte: number, time: number) => void;
  onPin: (pin: string, state: EmulatedPin, time: number) => void;
  runUntil(milliseconds: number): void;
  /** Ends a run from one of its callbacks. */
  stop(): void;
  receive(bytes: Iterable<number>): void;
  pin(name: string): EmulatedPin;
  setLevel(pin: string, level: Level | undefined): void;
  setAnalog(pin: string, value: number | undefined): void;
  attachI2c(address: number, device: I2cDevice): void;
}

/** What firmware is made to run with: handed in, so that a program can be compiled without it. */
export interface FirmwareKit {
  readonly libraries: Libraries;
  newBoard(spec: BoardSpec): EmulatedBoard;
}
