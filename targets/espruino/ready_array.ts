import type { Ready } from "../../runtime/ready.ts";

/** First in, first out, in an array: the interpreter's own is smaller and faster than a list of ours. */
export class ReadyQueue {
  private readonly nodes: Ready[] = [];

  get size(): number {
    return this.nodes.length;
  }

  push(node: Ready): void {
    this.nodes.push(node);
  }

  shift(): Ready | null {
    return this.nodes.shift() ?? null;
  }

  /** Boards keep the order. */
  reorder(): void {}
}
