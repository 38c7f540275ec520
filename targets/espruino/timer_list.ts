import type { Timed } from "../../runtime/timer_heap.ts";

/**
 * Deadlines in a list, the earliest first: takes the place of the runtime's heap on boards, which have few timers and
 * little room.
 */
export class TimerHeap {
  private head: Timed | null = null;

  /** The node with the earliest deadline. */
  first(): Timed | null {
    return this.head;
  }

  /** Puts a node behind those that are due no later. */
  add(node: Timed): void {
    let before: Timed | null = null;
    let at = this.head;
    while (at !== null && at.deadline <= node.deadline) {
      before = at;
      at = at.later!;
    }
    node.later = at;
    if (before === null) this.head = node;
    else before.later = node;
  }

  /** Takes a node out, if it is there. */
  remove(node: Timed): void {
    let before: Timed | null = null;
    let at = this.head;
    while (at !== null && at !== node) {
      before = at;
      at = at.later!;
    }
    if (at === null) return;
    if (before === null) this.head = at.later!;
    else before.later = at.later!;
  }

  /** Takes out the node with the earliest deadline. */
  shift(): Timed {
    const node = this.head!;
    this.head = node.later!;
    return node;
  }

  /** All pending nodes. */
  all(): Timed[] {
    const nodes: Timed[] = [];
    for (let at = this.head; at !== null; at = at.later!) nodes.push(at);
    return nodes;
  }
}
