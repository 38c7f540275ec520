import type { Ready } from "./ready.ts";

/** First in, first out. */
export class ReadyQueue {
  first: Ready | null = null;
  size = 0;
  private last: Ready | null = null;

  push(node: Ready): void {
    node.next = null;
    if (this.last === null) this.first = node;
    else this.last.next = node;
    this.last = node;
    this.size++;
  }

  shift(): Ready | null {
    const node = this.first;
    if (node === null) return null;
    this.first = node.next;
    if (this.first === null) this.last = null;
    node.next = null;
    this.size--;
    return node;
  }

  /** Lays the first `count` nodes out anew: `order(n)` picks one of the `n` that are left. */
  reorder(count: number, order: (n: number) => number): void {
    const nodes: Ready[] = [];
    for (let i = 0; i < count; i++) nodes.push(this.shift()!);
    const rest: Ready[] = [];
    for (let node = this.shift(); node !== null; node = this.shift()) rest.push(node);
    while (nodes.length > 0) this.push(nodes.splice(order(nodes.length), 1)[0]!);
    for (const node of rest) this.push(node);
  }
}
