import type { Timed } from "../../runtime/timer_heap.ts";

/** Seconds since 1970 as a float are that exact, in milliseconds: a timer can be early by as much. */
const DIGIT = 1e-3;

/**
 * Deadlines in an array, the earliest first: takes the place of the runtime's heap on boards, which have few timers and
 * little room.
 */
export class TimerHeap {
  private readonly nodes: Timed[] = [];

  /** How many timers are pending. */
  get size(): number {
    return this.nodes.length;
  }

  /** The node with the earliest deadline. */
  first(): Timed | null {
    return this.nodes[0] ?? null;
  }

  /** Puts a node behind those that are due no later. */
  add(node: Timed): void {
    let place = 0;
    while (place < this.nodes.length && this.nodes[place]!.deadline <= node.deadline) place++;
    this.nodes.splice(place, 0, node);
  }

  /** Takes a node out, if it is there. */
  remove(node: Timed): void {
    const place = this.nodes.indexOf(node);
    if (place >= 0) this.nodes.splice(place, 1);
  }

  /** Whether the earliest deadline has come at `now`, or comes within the clock's last digit. */
  isDue(now: number): boolean {
    return this.nodes.length > 0 && this.nodes[0]!.deadline < now + DIGIT;
  }

  /** Takes out the node with the earliest deadline. */
  shift(): Timed {
    return this.nodes.shift()!;
  }

  /** All pending nodes. */
  all(): Timed[] {
    return this.nodes.slice();
  }
}
