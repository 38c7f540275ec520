/** Where a queue keeps its items. */
export interface ItemStore<T> {
  readonly size: number;
  put(item: T): void;
  take(): T;
}

/** First in, first out; in steady state it allocates nothing. */
export class Ring<T> implements ItemStore<T> {
  size = 0;
  private slots: (T | undefined)[] = [];
  private head = 0;

  put(item: T): void {
    const { slots, size } = this;
    if (size === slots.length) {
      // Full: unroll it, oldest first, into twice the room.
      const wider: (T | undefined)[] = [];
      for (let i = 0; i < size; i++) wider.push(slots[(this.head + i) % size]);
      for (let i = Math.max(size, 4); i > 0; i--) wider.push(undefined);
      this.slots = wider;
      this.head = 0;
    }
    this.slots[(this.head + size) % this.slots.length] = item;
    this.size++;
  }

  take(): T {
    const item = this.slots[this.head] as T;
    this.slots[this.head] = undefined;
    this.head = (this.head + 1) % this.slots.length;
    this.size--;
    return item;
  }
}

/** Last in, first out. */
export class Stack<T> implements ItemStore<T> {
  private readonly items: T[] = [];

  get size(): number {
    return this.items.length;
  }

  put(item: T): void {
    this.items.push(item);
  }

  take(): T {
    return this.items.pop() as T;
  }
}

/** A binary heap; equal items come out in the order in which they went in. */
export class Heap<T> implements ItemStore<T> {
  private readonly nodes: { readonly item: T; readonly order: number }[] = [];
  private count = 0;

  constructor(private readonly compare: (a: T, b: T) => number) {}

  get size(): number {
    return this.nodes.length;
  }

  put(item: T): void {
    const { nodes } = this;
    let place = nodes.length;
    nodes.push({ item, order: this.count++ });
    while (place > 0) {
      const parent = (place - 1) >> 1;
      if (!this.before(place, parent)) break;
      this.swap(place, parent);
      place = parent;
    }
  }

  take(): T {
    const { nodes } = this;
    this.swap(0, nodes.length - 1);
    const { item } = nodes.pop()!;
    let place = 0;
    for (;;) {
      let child = 2 * place + 1;
      if (child >= nodes.length) return item;
      if (child + 1 < nodes.length && this.before(child + 1, child)) child++;
      if (!this.before(child, place)) return item;
      this.swap(place, child);
      place = child;
    }
  }

  private before(a: number, b: number): boolean {
    const first = this.nodes[a]!;
    const second = this.nodes[b]!;
    const order = this.compare(first.item, second.item);
    return order < 0 || (order === 0 && first.order < second.order);
  }

  private swap(a: number, b: number): void {
    const { nodes } = this;
    const node = nodes[a]!;
    nodes[a] = nodes[b]!;
    nodes[b] = node;
  }
}
