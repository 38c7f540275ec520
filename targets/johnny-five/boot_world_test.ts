/** What tests of flashing share: an Arduino with a real bootloader behind a port. */

import { EmulatedArduino } from "../simulator/arduino/board.ts";
import { ERASED } from "../simulator/arduino/real_bootloaders_test.ts";
import type { BootPort, OpenBootPort } from "./boot_line.ts";

/** How long an answer may take, and a pause within one, in ms of the board's time. */
const ANSWER = 400;
const PAUSE = 6;
/** What the uploader waits after a reset, and Firmata takes to start. */
const BLINKING = 300;
const STARTING = 4000;

/** What a board on a port can do. Its time only passes while it is needed. */
export interface PortBoard {
  onSerial: (byte: number, time: number) => void;
  readonly milliseconds: number;
  readonly arriving: number;
  runUntil(milliseconds: number): void;
  receive(bytes: Iterable<number>): void;
  reset(): void;
}

/** What can go wrong on the way; a hook gets the bytes and gives those that arrive. */
export interface Faults {
  toBoard?(bytes: Uint8Array): Uint8Array;
  fromBoard?(bytes: number[]): number[];
}

/** A port with an Arduino on it, which opening it and DTR reset. */
export class BoardPort {
  /** Opens the port. */
  readonly open: OpenBootPort;
  /** The speeds it was opened with, and resets. */
  readonly log: string[] = [];
  faults: Faults = {};
  #lose: (error?: Error | null) => void = () => {};

  /** @param speeds The speeds that the board understands. */
  constructor(readonly board: PortBoard, speeds: readonly number[]) {
    this.open = (_path, { baudRate }) => {
      this.log.push(`open ${baudRate}`);
      board.reset();
      return Promise.resolve(this.#port(baudRate, speeds));
    };
  }

  /** Pulls the cable. */
  unplug(): void {
    this.#lose(new Error("unplugged"));
  }

  #port(baudRate: number, speeds: readonly number[]): BootPort {
    const { board } = this;
    let onData = (_bytes: Uint8Array): void => {};
    let sent: number[] = [];
    board.onSerial = (byte) => sent.push(byte);
    const deliver = (): void => {
      const bytes = speeds.includes(baudRate) ? sent : [];
      sent = [];
      onData(Uint8Array.from(this.faults.fromBoard?.(bytes) ?? bytes));
    };
    const pass = (limit: number): void => {
      const end = board.milliseconds + limit;
      while (board.arriving > 0) board.runUntil(board.milliseconds + 1);
      for (let before = -1; board.milliseconds < end;) {
        if (sent.length > 0 && sent.length === before) break;
        before = sent.length;
        board.runUntil(board.milliseconds + PAUSE);
      }
      setTimeout(deliver);
    };
    return {
      write: (bytes, done) => {
        const arriving = this.faults.toBoard?.(bytes) ?? bytes;
        if (speeds.includes(baudRate)) board.receive(arriving);
        pass(ANSWER);
        done?.();
      },
      on: (event: string, listener: (value: never) => void) => {
        if (event === "data") onData = listener as (bytes: Uint8Array) => void;
        else this.#lose = listener as (error?: Error | null) => void;
      },
      set: ({ dtr }, done) => {
        if (dtr) {
          this.log.push("reset");
          board.reset();
          board.runUntil(board.milliseconds + BLINKING);
          sent = [];
        }
        done(null);
      },
      update: (settings, done) => {
        this.log.push(`speed ${settings.baudRate}`);
        baudRate = settings.baudRate;
        board.runUntil(board.milliseconds + STARTING);
        setTimeout(deliver);
        done(null);
      },
      close: (done) => done?.(),
    };
  }
}

/** An Uno, Nano or the like with a bootloader, and with nothing else unless given. */
export function withBootloader(
  bootloader: string,
  { baudRate = 115_200, firmware = ERASED } = {},
): EmulatedArduino {
  return new EmulatedArduino({ bootloader, firmware, baudRate });
}
