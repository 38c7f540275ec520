/** A node of the timer heap: a timer handle, or a wait that sleeps. */
export interface Timed {
  /** The deadline, in milliseconds of the loop's clock. */
  deadline: number;
  /** Breaks ties: equal deadlines fire in the order they were set. */
  order: number;
  /** Its place in the heap, or -1. */
  place: number;
  /** Its deadline has come. */
  due(): void;
  /** What it is, for messages. */
  describe(): string;
}

/** A binary heap ordered by deadline; adding and taking out allocate nothing in steady state. */
export class TimerHeap {
  private readonly nodes: (Timed | null)[] = [];
  private count = 0;
  /** How many timers are pending. */
  size = 0;

  /** The node with the earliest deadline. */
  first(): Timed | null {
    return this.size === 0 ? null : this.nodes[0]!;
  }

  add(node: Timed): void {
    node.order = this.count++;
    const place = this.size++;
    if (place === this.nodes.length) this.nodes.push(node);
    this.rise(node, place);
  }

  remove(node: Timed): void {
    const place = node.place;
    if (place < 0) return;
    node.place = -1;
    const last = this.nodes[--this.size]!;
    if (last !== node) {
      this.rise(last, place);
      if (last.place === place) this.sink(last, place);
    }
    this.nodes[this.size] = null; // keeps the room, not the node
  }

  /** Whether the earliest deadline has come at `now`. */
  isDue(now: number): boolean {
    return this.size > 0 && this.nodes[0]!.deadline <= now;
  }

  /** Takes out the node with the earliest deadline. */
  shift(): Timed {
    const node = this.nodes[0]!;
    this.remove(node);
    return node;
  }

  /** All pending nodes in no particular order. */
  all(): Timed[] {
    return this.nodes.slice(0, this.size) as Timed[];
  }

  private rise(node: Timed, place: number): void {
    const nodes = this.nodes;
    while (place > 0) {
      const parent = (place - 1) >> 1;
      const other = nodes[parent]!;
      if (!before(node, other)) break;
      nodes[place] = other;
      other.place = place;
      place = parent;
    }
    nodes[place] = node;
    node.place = place;
  }

  private sink(node: Timed, place: number): void {
    const nodes = this.nodes;
    for (;;) {
      let child = 2 * place + 1;
      if (child >= this.size) break;
      if (child + 1 < this.size && before(nodes[child + 1]!, nodes[child]!)) child++;
      const other = nodes[child]!;
      if (!before(other, node)) break;
      nodes[place] = other;
      other.place = place;
      place = child;
    }
    nodes[place] = node;
    node.place = place;
  }
}

function before(a: Timed, b: Timed): boolean {
  return a.deadline < b.deadline || (a.deadline === b.deadline && a.order < b.order);
}
