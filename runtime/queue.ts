import { QueueEmpty, QueueFull, QueueShutDown, RuntimeError } from "./errors.ts";
import { Heap, type ItemStore, Ring, Stack } from "./item_store.ts";
import { Line, type LineKind, Parked, type Place } from "./parked.ts";
import { requireScope, type Scope } from "./scope.ts";
import { offer } from "./native.ts";
import type { Awaitable } from "./wait_base.ts";
import { PENDING, Settled, settled } from "./wait_base.ts";

/**
 * Hands items from task to task, first in, first out (asyncio: `Queue`). Who waits is served in the
 * order of coming; an item that meets a cancelled getter stays where it was.
 *
 * @typeParam T What it holds.
 *
 * @example
 * ```ts
 * import { createTask, Queue, run } from "awaitio";
 *
 * await run(async () => {
 *   const queue = new Queue<number>(2);
 *   createTask(async () => {
 *     for (let i = 0; i < 5; i++) await queue.put(i);
 *     queue.shutdown();
 *   });
 *   for await (const item of queue) console.log(item);
 * });
 * ```
 */
export class Queue<T> {
  /** @internal */
  readonly getters: Line<Getter<T>, Queue<unknown>> = new Line(GET, this);
  /** @internal */
  readonly putters: Line<Putter, Queue<unknown>> = new Line(PUT, this);
  /** @internal */
  readonly joiners: Line<Parked<void>, Queue<unknown>> = new Line(JOIN, this);
  /** Items set aside for getters that were woken and have not run yet. */
  private promised = 0;
  /** Room set aside for putters that were woken and have not run yet. */
  private granted = 0;
  private unfinished = 0;
  private closed = false;
  private readonly items: ItemStore<T>;

  /**
   * Makes a queue with nothing in it.
   *
   * @param maxsize How many items fit; 0 for no limit.
   * @throws `RangeError` where that is no number.
   */
  constructor(
    /** How many items fit; 0 for no limit. */
    readonly maxsize = 0,
  ) {
    if (typeof maxsize !== "number" || Number.isNaN(maxsize)) {
      throw new RangeError(`Cannot make a queue for ${maxsize} items: pass a number`);
    }
    this.items = this.newStore();
  }

  /** @internal Where the items are kept; what sets the kinds of queue apart. */
  protected newStore(): ItemStore<T> {
    return new Ring<T>();
  }

  /** How many items are in it. */
  qsize(): number {
    return this.items.size;
  }

  /** Whether there is no item. */
  empty(): boolean {
    return this.items.size === 0;
  }

  /** Whether there is no room. */
  full(): boolean {
    return this.maxsize > 0 && this.items.size >= this.maxsize;
  }

  /**
   * Waits for room and puts an item.
   *
   * @throws `QueueShutDown` where the queue was shut down.
   */
  put(item: T): Awaitable<void> {
    if (this.closed) return new Settled(shutDown("put into") as never, true);
    if (this.granted === 0 && this.putters.first === null && this.roomLeft() > 0) {
      this.store(item);
      return settled(undefined);
    }
    const wait = new Numbered<void>(requireScope("queue.put()"), this.putters, item);
    this.putters.push(wait);
    wait.park();
    this.wakePutters();
    return offer(wait);
  }

  /**
   * Puts an item where there is room.
   *
   * @throws `QueueFull` where there is none; `QueueShutDown` where the queue was shut down.
   */
  putNowait(item: T): void {
    if (this.closed) throw shutDown("put into");
    if (this.full()) throw new QueueFull(`Cannot put into the queue: it holds ${this.maxsize}`);
    this.store(item);
  }

  /**
   * Waits for an item and takes it. Cancelling loses none.
   *
   * @throws `QueueShutDown` where the queue was shut down and is empty.
   */
  get(): Awaitable<T> {
    if (this.promised === 0 && this.getters.first === null && this.items.size > 0) {
      return settled(this.take());
    }
    if (this.closed && this.items.size <= this.promised) {
      return new Settled(shutDown("get from") as never, true);
    }
    const wait = new Numbered<T>(requireScope("queue.get()"), this.getters);
    this.getters.push(wait);
    wait.park();
    this.wakeGetters();
    return offer(wait);
  }

  /**
   * Takes an item where there is one.
   *
   * @throws `QueueEmpty` where there is none; `QueueShutDown` where the queue was shut down and is empty.
   */
  getNowait(): T {
    if (this.items.size === 0) {
      if (this.closed) throw shutDown("get from");
      throw new QueueEmpty("Cannot get from the queue: it is empty");
    }
    return this.take();
  }

  /**
   * Says that an item that was taken has been dealt with; see {@linkcode Queue.join}.
   *
   * @throws `RuntimeError` where that was said more often than items were put.
   */
  taskDone(): void {
    if (this.unfinished === 0) {
      throw new RuntimeError("Cannot call taskDone(): it was called once for every item already");
    }
    if (--this.unfinished === 0) this.wakeJoiners();
  }

  /** Waits until every item that was put has been dealt with. */
  join(): Awaitable<void> {
    if (this.unfinished === 0) return settled(undefined);
    const wait = new Parked<void>(requireScope("queue.join()"), this.joiners);
    this.joiners.push(wait);
    return offer(wait.park());
  }

  /**
   * Shuts it down: nothing more can be put, and when it is empty, getting throws `QueueShutDown`.
   *
   * @param immediate Whether to throw away what is in it.
   */
  shutdown(immediate = false): void {
    this.closed = true;
    if (immediate) {
      while (this.items.size > 0) {
        this.items.take();
        if (this.unfinished > 0) this.unfinished--;
      }
      if (this.unfinished === 0) this.wakeJoiners();
    }
    // Getters that were woken still take what was promised to them; the others get nothing more.
    if (this.items.size <= this.promised) this.refuseGetters();
    for (let wait = this.putters.shift(); wait !== null; wait = this.putters.shift()) {
      wait.fail(shutDown("put into"));
    }
  }

  /** The items, until the queue is shut down and empty. */
  async *[Symbol.asyncIterator](): AsyncGenerator<T, void, void> {
    for (;;) {
      let item: T;
      try {
        item = await this.get();
      } catch (error) {
        if (error instanceof QueueShutDown) return;
        throw error;
      }
      yield item;
    }
  }

  /** @internal A getter that was woken runs; `false` where somebody took its item meanwhile. */
  claimItem(wait: Getter<T>): boolean {
    this.promised--;
    if (this.items.size > 0) {
      wait.value = this.take();
    } else if (this.closed) {
      wait.refuse(shutDown("get from"));
    } else {
      wait.state = PENDING;
      this.getters.insert(wait, (other) => other.number > wait.number);
      return false;
    }
    return true;
  }

  /** @internal A putter that was woken runs; `false` where somebody took its room meanwhile. */
  claimRoom(wait: Putter): boolean {
    this.granted--;
    if (this.closed) {
      wait.refuse(shutDown("put into"));
    } else if (this.full()) {
      wait.state = PENDING;
      this.putters.insert(wait, (other) => other.number > wait.number);
      return false;
    } else {
      this.store(wait.value as T);
      wait.value = undefined;
    }
    return true;
  }

  /** @internal A getter that was woken is cancelled: its item is the next one's. */
  returnItem(): void {
    this.promised--;
    this.wakeGetters();
  }

  /** @internal A putter that was woken is cancelled: its room is the next one's. */
  returnRoom(): void {
    this.granted--;
    this.wakePutters();
  }

  /** How many more items fit, the room set aside for woken putters not counted. */
  private roomLeft(): number {
    return this.maxsize > 0 ? this.maxsize - this.items.size - this.granted : Infinity;
  }

  /** Puts an item in and wakes who it is for. */
  private store(item: T): void {
    this.items.put(item);
    this.unfinished++;
    this.wakeGetters();
  }

  /** Takes the next item out and wakes who waits for its room. */
  private take(): T {
    const item = this.items.take();
    this.wakePutters();
    if (this.closed && this.items.size <= this.promised) this.refuseGetters();
    return item;
  }

  /** Wakes a getter for every item that is not promised yet. */
  private wakeGetters(): void {
    while (this.getters.first !== null && this.items.size > this.promised) {
      this.promised++;
      this.getters.shift()!.settle();
    }
  }

  /** Wakes as many putters as there is room for. */
  private wakePutters(): void {
    while (this.putters.first !== null && this.roomLeft() > 0) {
      this.granted++;
      const wait = this.putters.shift()!;
      wait.settleWith(wait.value);
    }
  }

  /** Wakes everybody who waits until all items are done. */
  private wakeJoiners(): void {
    for (let wait = this.joiners.shift(); wait !== null; wait = this.joiners.shift()) wait.settle();
  }

  /** Sends every getter on with `QueueShutDown`. */
  private refuseGetters(): void {
    for (let wait = this.getters.shift(); wait !== null; wait = this.getters.shift()) {
      wait.fail(shutDown("get from"));
    }
  }
}

let numbers = 0;

/** A wait that gets its place back when it is parked again. */
class Numbered<T> extends Parked<T> {
  /** Its place in the order of coming. */
  declare readonly number: number;

  constructor(scope: Scope, place: Place, item?: unknown) {
    super(scope, place, item);
    this.number = ++numbers;
  }

  /** It was woken for nothing. */
  refuse(error: unknown): void {
    this.failWith(error);
  }
}

type Getter<T> = Numbered<T>;
type Putter = Numbered<void>;

// The tables serve queues of every type.
const GET: LineKind<Queue<unknown>> = {
  what: "queue.get()",
  giveBack: (queue) => queue.returnItem(),
  claim: (queue, wait) => queue.claimItem(wait as Getter<unknown>),
};

const PUT: LineKind<Queue<unknown>> = {
  what: "queue.put()",
  giveBack: (queue) => queue.returnRoom(),
  claim: (queue, wait) => queue.claimRoom(wait as Putter),
};

const JOIN: LineKind<Queue<unknown>> = { what: "queue.join()" };

function shutDown(action: string): QueueShutDown {
  return new QueueShutDown(`Cannot ${action} the queue: it was shut down`);
}

/** A queue that gives the latest item first (asyncio: `LifoQueue`). */
export class LifoQueue<T> extends Queue<T> {
  /** @internal */
  protected override newStore(): ItemStore<T> {
    return new Stack<T>();
  }
}

/**
 * A queue that gives the smallest item first (asyncio: `PriorityQueue`).
 *
 * @example
 * ```ts
 * import { PriorityQueue } from "awaitio";
 *
 * const jobs = new PriorityQueue<{ at: number }>(0, (a, b) => a.at - b.at);
 * ```
 */
export class PriorityQueue<T> extends Queue<T> {
  /**
   * Makes a queue with nothing in it.
   *
   * @param maxsize How many items fit; 0 for no limit.
   * @param compare Negative where `a` comes before `b`; `<` decides unless given.
   */
  constructor(maxsize = 0, private readonly compare?: (a: T, b: T) => number) {
    super(maxsize);
  }

  /** @internal */
  protected override newStore(): ItemStore<T> {
    return new Heap<T>((a, b) =>
      this.compare !== undefined ? this.compare(a, b) : a < b ? -1 : b < a ? 1 : 0
    );
  }
}
