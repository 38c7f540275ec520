/**
 * Something that can be queued to run: a waiter, a callback, a task's start. The link is part of
 * the node, so queueing allocates nothing; a node is in at most one list at a time.
 *
 * This class and those made by the million declare their fields and set them in the constructor: V8 of Node 20
 * takes 5 times as long to make an object whose class defines fields.
 */
export abstract class Ready {
  /** @internal The node behind this one in the list it is in. */
  declare next: Ready | null;

  constructor() {
    this.next = null;
  }

  /** @internal Runs it. */
  abstract step(): void;
  /** @internal What it is, for messages. */
  abstract describe(): string;
  /** @internal Who runs when it is stepped, for messages. */
  describeStep(): string {
    return this.describe();
  }
}

/** A list from which any node can be taken out, soonest the first: who waits at a lock, on an event, for a future. */
export class WaitList<T extends Ready> {
  first: T | null = null;
  last: T | null = null;

  push(node: T): void {
    node.next = null;
    if (this.last === null) this.first = node;
    else this.last.next = node;
    this.last = node;
  }

  /** Puts a node before the first for which `later` holds. */
  insert(node: T, later: (other: T) => boolean): void {
    let before: T | null = null;
    let at = this.first;
    while (at !== null && !later(at)) {
      before = at;
      at = at.next as T | null;
    }
    if (at === null) return this.push(node);
    node.next = at;
    if (before === null) this.first = node;
    else before.next = node;
  }

  /** Takes a node out where it is in the list. */
  remove(node: T): void {
    let before: T | null = null;
    let at = this.first;
    while (at !== node) {
      if (at === null) return;
      before = at;
      at = at.next as T | null;
    }
    if (before === null) this.first = node.next as T | null;
    else before.next = node.next;
    if (this.last === node) this.last = before;
    node.next = null;
  }

  shift(): T | null {
    const node = this.first;
    if (node === null) return null;
    this.first = node.next as T | null;
    if (this.first === null) this.last = null;
    node.next = null;
    return node;
  }
}
