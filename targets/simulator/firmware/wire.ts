import { EventEmitter } from "node:events";
import type { Wire } from "../../johnny-five/link.ts";
import type { EmulatedBoard } from "./emulated.ts";

/** The serial line of an emulated board. */
export class EmulatedWire extends EventEmitter implements Wire {
  constructor(private readonly board: EmulatedBoard) {
    super();
  }

  write(bytes: Uint8Array, done: () => void = () => {}): void {
    this.board.receive(bytes);
    queueMicrotask(done);
  }

  /** What the firmware has sent. */
  deliver(bytes: Uint8Array): void {
    this.emit("data", bytes);
  }

  close(done: () => void = () => {}): void {
    queueMicrotask(done);
  }
}
