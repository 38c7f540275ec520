import { PseudoTerminal } from "../../serial/pseudo_terminal.ts";
import type { EmulatedArduino } from "./board.ts";

/** As many bytes as the USB chip of an Uno takes ahead of its serial line. */
const USB_BUFFER = 64;

/** How many bytes wait for a program that does not read; then the oldest stay and new ones are lost. */
const UNREAD = 4096;

/** How a board is on its pseudo-terminal. */
export interface LinkOptions {
  /** Whether opening the port resets the board, as an Uno's DTR does. */
  readonly autoReset: boolean;
  /** Called when a program has opened or closed the port. */
  readonly onPort?: (open: boolean) => void;
}

/** The serial line between an emulated board and a pseudo-terminal, for any program to open. */
export class PtyLink implements Disposable {
  /** Bytes that went to the board, from it, and that no program was there to take. */
  readonly bytes = { received: 0, sent: 0, dropped: 0 };
  readonly #wire = new PseudoTerminal();
  readonly #board: EmulatedArduino;
  readonly #options: LinkOptions;
  #open = false;
  #unread: number[] = [];

  constructor(board: EmulatedArduino, options: LinkOptions) {
    this.#board = board;
    this.#options = options;
    board.onSerial = (byte) => this.#unread.push(byte);
  }

  /** The port. */
  get path(): string {
    return this.#wire.path;
  }

  /** Whether a program has the port open. */
  get isOpen(): boolean {
    return this.#open;
  }

  /** Hands over what has come from either side, and resets the board if the port was opened. */
  exchange(): void {
    const open = this.#wire.isOpen;
    // What was written before a close arrives all the same.
    const room = USB_BUFFER - this.#board.arriving;
    if (room > 0) {
      const bytes = this.#wire.read(room);
      this.bytes.received += bytes.length;
      this.#board.receive(bytes);
    }
    if (open !== this.#open) this.#change(open);
    if (open) {
      const written = this.#wire.write(Uint8Array.from(this.#unread));
      this.bytes.sent += written;
      this.#unread.splice(0, written);
    }
    this.#drop(open ? UNREAD : 0);
  }

  #change(open: boolean): void {
    this.#open = open;
    if (!open) this.#wire.discard();
    else if (this.#options.autoReset) {
      this.#drop(0);
      this.#board.reset();
    }
    this.#options.onPort?.(open);
  }

  #drop(keep: number): void {
    if (this.#unread.length <= keep) return;
    this.bytes.dropped += this.#unread.length - keep;
    this.#unread.length = keep;
  }

  [Symbol.dispose](): void {
    this.#wire.close();
  }
}
