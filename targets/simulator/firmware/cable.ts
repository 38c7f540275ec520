import { EventEmitter } from "node:events";
import type { Wire } from "../../johnny-five/wire.ts";
import type { Random } from "../random.ts";
import type { EmulatedBoard } from "./emulated.ts";

/** The serial line of an emulated board: a cable that can be pulled, and can lose bytes. */
export class EmulatedCable {
  /** How likely a byte is to get lost, each way, 0..1. */
  loss: { readonly toBoard: number; readonly toHost: number } = { toBoard: 0, toHost: 0 };
  private plugged = true;
  private wire: EmulatedWire | null = null;

  constructor(private readonly board: EmulatedBoard, private readonly random: Random) {}

  /** Opens the line. Unlike a real Uno the board is not reset by that. */
  open(): Promise<Wire> {
    if (!this.plugged) return Promise.reject(new Error("no such device"));
    this.wire = new EmulatedWire((bytes) => {
      if (this.plugged) this.board.receive(this.survivors(bytes, this.loss.toBoard));
    });
    return Promise.resolve(this.wire);
  }

  /** What the firmware has sent. */
  deliver(bytes: Uint8Array): void {
    const left = this.survivors(bytes, this.loss.toHost);
    if (this.plugged && left.length > 0) this.wire?.emit("data", left);
  }

  /** Pulls the cable. */
  unplug(): void {
    this.plugged = false;
    const { wire } = this;
    this.wire = null;
    wire?.emit("close", new Error("unplugged"));
  }

  /** Puts it back in. */
  plug(): void {
    this.plugged = true;
  }

  private survivors(bytes: Uint8Array, loss: number): Uint8Array {
    return loss === 0 ? bytes : bytes.filter(() => this.random.next() >= loss);
  }
}

class EmulatedWire extends EventEmitter implements Wire {
  constructor(private readonly send: (bytes: Uint8Array) => void) {
    super();
  }

  write(bytes: Uint8Array, done: () => void = () => {}): void {
    this.send(bytes);
    queueMicrotask(done);
  }

  close(done: () => void = () => {}): void {
    queueMicrotask(done);
  }
}
