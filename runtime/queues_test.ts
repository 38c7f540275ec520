import { assertEquals } from "@std/assert";
import { getHeapStatistics } from "node:v8";
import { Random } from "../targets/simulator/random.ts";
import { Ready, WaitList } from "./ready.ts";
import { ReadyQueue } from "./ready_queue.ts";
import { type Timed, TimerHeap } from "./timer_heap.ts";

class Node extends Ready {
  constructor(readonly name: number) {
    super();
  }

  override step(): void {}

  override describe(): string {
    return `${this.name}`;
  }
}

class Timer implements Timed {
  order = 0;
  place = -1;

  constructor(public deadline: number, readonly name: number) {}

  due(): void {}

  describe(): string {
    return `${this.name}`;
  }
}

/** V8 counts by buffers of up to 256 KB; the smallest object a time would make 16 MB of a million. */
const LEAST = 1_000_000;

/** The bytes that `work` allocates, whatever the collector does meanwhile. */
function allocated(work: () => void): number {
  const total = (): number =>
    (getHeapStatistics() as unknown as { total_allocated_bytes: number }).total_allocated_bytes;
  for (let i = 0; i < 3; i++) work(); // lets the engine compile it
  const before = total();
  work();
  return total() - before;
}

Deno.test("ReadyQueue: first in, first out", () => {
  const queue = new ReadyQueue();
  for (const name of [1, 2, 3]) queue.push(new Node(name));
  assertEquals(queue.size, 3);
  assertEquals(queue.shift()?.describe(), "1");
  queue.push(new Node(4));
  const rest: (string | undefined)[] = [];
  while (queue.size > 0) rest.push(queue.shift()?.describe());
  assertEquals(rest, ["2", "3", "4"]);
  assertEquals(queue.shift(), null);
});

Deno.test("ReadyQueue: reorder lays out the first nodes only", () => {
  const queue = new ReadyQueue();
  for (const name of [1, 2, 3, 4, 5]) queue.push(new Node(name));
  queue.reorder(3, (count) => count - 1);
  const order: (string | undefined)[] = [];
  while (queue.size > 0) order.push(queue.shift()?.describe());
  assertEquals(order, ["3", "2", "1", "4", "5"]);
});

Deno.test("ReadyQueue: in steady state it allocates nothing", () => {
  const queue = new ReadyQueue();
  const nodes = Array.from({ length: 8 }, (_, i) => new Node(i));
  const bytes = allocated(() => {
    for (let i = 0; i < 1_000_000; i++) {
      queue.push(nodes[i % 8]!);
      if (i % 8 === 7) { while (queue.shift() !== null); }
    }
  });
  assertEquals(bytes < LEAST, true, `${bytes} bytes for 1,000,000 nodes`);
});

Deno.test("WaitList: any node can be taken out, and put back in its place", () => {
  const list = new WaitList<Node>();
  const [a, b, c] = [new Node(1), new Node(2), new Node(3)];
  for (const node of [a, b, c]) list.push(node);
  list.remove(b);
  list.insert(b, (other) => other.name > b.name);
  list.remove(c);
  list.insert(c, (other) => other.name > c.name);
  const order: number[] = [];
  for (let node = list.shift(); node !== null; node = list.shift()) order.push(node.name);
  assertEquals(order, [1, 2, 3]);
  assertEquals([list.first, list.last], [null, null]);
});

Deno.test("TimerHeap: deadline order, equal deadlines in the order they were set, any removed", () => {
  for (let seed = 1; seed <= 300; seed++) {
    const random = new Random(seed);
    const heap = new TimerHeap();
    const expected: Timer[] = [];
    for (let name = 0; name < 60; name++) {
      const timer = new Timer(random.below(12), name);
      heap.add(timer);
      expected.push(timer);
      if (random.below(3) === 0) {
        const [gone] = expected.splice(random.below(expected.length), 1);
        heap.remove(gone!);
        assertEquals(gone!.place, -1);
      }
    }
    expected.sort((a, b) => a.deadline - b.deadline || a.name - b.name);
    const order: string[] = [];
    for (let timer = heap.first(); timer !== null; timer = heap.first()) {
      order.push(timer.describe());
      heap.remove(timer);
    }
    assertEquals(order, expected.map((timer) => timer.describe()), `seed ${seed}`);
  }
});

Deno.test("TimerHeap: in steady state it allocates nothing", () => {
  const heap = new TimerHeap();
  const timers = Array.from({ length: 64 }, (_, i) => new Timer(i, i));
  const bytes = allocated(() => {
    for (let i = 0; i < 1_000_000; i++) {
      const timer = timers[i % 64]!;
      heap.remove(timer);
      timer.deadline = (i * 7919) % 1000;
      heap.add(timer);
    }
  });
  assertEquals(bytes < LEAST, true, `${bytes} bytes for 1,000,000 timers`);
});
