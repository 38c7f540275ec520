/** A queue under test: every item is in one place, and comes out in its turn. */

import { LifoQueue, PriorityQueue, Queue, QueueEmpty, QueueFull, QueueShutDown } from "awaitio";
import type { Things } from "./stress_program_test.ts";
import { type Chain, describe, name, type Operation, type Thing } from "./stress_chain_test.ts";
import type { World } from "./stress_world_test.ts";

/** What goes through the queues. */
export interface Item {
  readonly label: string;
  readonly rank: number;
}

/** A queue and the model of what is in it. */
export class QueueThing implements Thing {
  readonly queue: Queue<Item>;
  /** What it holds, in the order of putting. */
  private contents: Item[] = [];
  /** Everything that was ever in it. */
  private readonly known: Set<Item> = new Set();
  /** Items taken by calls whose program has not got them yet. */
  private readonly onTheWay: Map<Operation, Item> = new Map();
  private unfinished = 0;
  private latest = { get: 0, put: 0 };
  /** When something was taken or put without waiting: who was woken for it waits again. */
  private snatched = 0;
  private count = 0;
  private closed = false;
  /** How often everything had been dealt with. */
  emptied = 0;

  constructor(
    private readonly world: World,
    readonly name: string,
    private readonly shape: Things["queues"][number],
  ) {
    const { kind, size } = shape;
    this.queue = kind === "fifo"
      ? new Queue(size)
      : kind === "lifo"
      ? new LifoQueue(size)
      : new PriorityQueue(size, (a, b) => a.rank - b.rank);
  }

  /** Whether every item has been dealt with. */
  get finished(): boolean {
    return this.unfinished === 0;
  }

  newItem(): Item {
    this.count++;
    return { label: `${this.name}#${this.count}`, rank: (this.count * 7) % 5 };
  }

  /** Calls `get()`; what it takes is known at the moment at which it is taken. */
  get(op: Operation, watched: boolean): PromiseLike<Item> {
    const before = this.queue.qsize();
    op.ticket = this.world.ticket();
    const call = this.queue.get();
    if (this.queue.qsize() < before) this.takenAtOnce(op);
    else if (watched) call.then((item) => this.taken(op, item), ignore);
    return call;
  }

  /** Takes the next item as `for await` does. */
  async next(op: Operation): Promise<Item> {
    const before = this.queue.qsize();
    const items = this.queue[Symbol.asyncIterator]();
    const answer = items.next();
    if (this.queue.qsize() < before) this.takenAtOnce(op);
    const { value, done } = await answer;
    if (done === true) throw new QueueShutDown("The loop over the queue has ended");
    await items.return();
    return value;
  }

  /** The program has got `item`. */
  got(op: Operation, item: Item): void {
    if (!this.onTheWay.has(op)) this.taken(op, item);
    if (this.onTheWay.get(op) !== item) this.world.blame(`${describe(op)} got another item`);
    this.onTheWay.delete(op);
    this.world.note(op.chain.name, `got ${item.label}`);
  }

  /** A call has ended without giving the program anything. */
  missed(op: Operation): void {
    const item = this.onTheWay.get(op);
    if (item === undefined) return;
    this.onTheWay.delete(op);
    this.world.blame(`${describe(op)} took ${item.label}, and its program never got it`);
  }

  /** Calls `put()`. */
  put(op: Operation, item: Item, watched: boolean): PromiseLike<void> {
    const before = this.queue.qsize();
    op.ticket = this.world.ticket();
    const call = this.queue.put(item);
    op.settled = this.queue.qsize() > before;
    if (op.settled) this.stored(op, item);
    else if (watched) call.then(() => this.stored(op, item), ignore);
    return call;
  }

  /** The program knows that `item` is in. */
  wasPut(op: Operation, item: Item): void {
    if (!this.known.has(item)) this.stored(op, item);
  }

  putNowait(chain: Chain, item: Item): void {
    const room = this.shape.size === 0 || this.contents.length < this.shape.size;
    try {
      this.queue.putNowait(item);
      if (!room || this.closed) {
        this.world.blame(`putNowait() put into ${this.name}, which is full`);
      }
      this.contents.push(item);
      this.known.add(item);
      this.unfinished++;
      this.snatched = this.world.ticket();
      this.world.note(chain.name, `putNowait ${item.label}`);
    } catch (error) {
      const right = this.closed
        ? error instanceof QueueShutDown
        : error instanceof QueueFull && !room;
      if (!right) this.world.blame(`putNowait() into ${this.name} threw ${name(error)}`);
    }
  }

  /** @returns Whether it took an item. */
  getNowait(who: string): boolean {
    const some = this.contents.length > 0;
    try {
      const item = this.queue.getNowait();
      this.take(item, `getNowait() in ${who}`);
      this.snatched = this.world.ticket();
      this.world.note(who, `getNowait ${item.label}`);
      return true;
    } catch (error) {
      const right = !some &&
        (this.closed ? error instanceof QueueShutDown : error instanceof QueueEmpty);
      if (!right) this.world.blame(`getNowait() from ${this.name} threw ${name(error)}`);
      return false;
    }
  }

  shutdown(immediate: boolean): void {
    this.closed = true;
    if (immediate) {
      for (let i = this.contents.length; i > 0; i--) this.finishOne();
      this.contents = [];
    }
    this.queue.shutdown(immediate);
    if (immediate && this.queue.qsize() > 0) this.world.blame(`${this.name} was not emptied`);
  }

  /** Whether a call may throw `error`. */
  refuses(error: unknown): boolean {
    return error instanceof QueueShutDown && this.closed;
  }

  taskDone(): void {
    this.finishOne();
    this.queue.taskDone();
  }

  checkIdle(): void {
    const { queue, world, contents } = this;
    // Whoever waits now waits in the order of coming.
    this.snatched = 0;
    const putting = world.waiting(this, "put").length;
    const getting = world.waiting(this, "get").length;
    const { size } = this.shape;
    const full = size > 0 && contents.length >= size;
    if (queue.qsize() !== contents.length || queue.full() !== full) {
      world.blame(`${this.name} says that it holds ${queue.qsize()} instead of ${contents.length}`);
    }
    if (full && contents.length > size) world.blame(`${this.name} holds more than ${size}`);
    if (putting > 0 && !full) {
      world.blame(`${putting} wait to put into ${this.name}, which has room`);
    }
    if (getting > 0 && contents.length > 0) {
      world.blame(`${getting} wait to get from ${this.name}, which has items`);
    }
    if (putting + getting > 0 && this.closed) {
      world.blame(`calls wait at ${this.name}, which is shut`);
    }
    if (world.waiting(this, "join").length > 0 && this.finished) {
      world.blame(`join() waits at ${this.name}, though all is done`);
    }
  }

  open(round: number): void {
    if (!this.closed) this.shutdown(round % 2 === 1 || this.count % 2 === 0);
    while (this.contents.length > 0 && this.getNowait("the end")) this.taskDone();
  }

  checkEnd(): void {
    const { world } = this;
    while (this.contents.length > 0 && this.getNowait("the end")) this.taskDone();
    for (const { label } of this.contents) world.blame(`${label} was lost`);
    if (this.queue.qsize() > 0) world.blame(`${this.name} holds an item that nobody put`);
    for (const item of this.onTheWay.values()) world.blame(`${item.label} never arrived`);
    if (this.unfinished !== 0) world.blame(`${this.unfinished} of ${this.name} are unfinished`);
    try {
      this.queue.taskDone();
      world.blame(`${this.name} has items that were not said to be done`);
    } catch {
      // As it must: everything is done.
    }
  }

  private stored(op: Operation, item: Item): void {
    this.known.add(item);
    this.contents.push(item);
    this.unfinished++;
    this.world.note(op.chain.name, `${item.label} is in ${this.name}`);
    this.latest.put = this.inTurn(op, this.latest.put);
  }

  private taken(op: Operation, item: Item): void {
    this.take(item, describe(op));
    this.onTheWay.set(op, item);
    this.latest.get = this.inTurn(op, this.latest.get);
  }

  private takenAtOnce(op: Operation): void {
    op.settled = true;
    this.taken(op, this.first()!);
  }

  private inTurn(op: Operation, latest: number): number {
    const free = this.world.shuffled || op.ticket < this.snatched;
    return free ? latest : this.world.overtakes(op, latest);
  }

  private take(item: Item, who: string): void {
    const place = this.contents.indexOf(item);
    if (place < 0) return this.world.blame(`${who} got ${item.label}, which is not there`);
    const first = this.first()!;
    if (item !== first) this.world.blame(`${who} got ${item.label} before ${first.label}`);
    this.contents.splice(place, 1);
  }

  /** Which of the items comes out first. */
  private first(): Item | undefined {
    const { contents } = this;
    if (this.shape.kind === "lifo") return contents[contents.length - 1];
    if (this.shape.kind === "fifo") return contents[0];
    return contents.reduce<Item | undefined>(
      (best, item) => best === undefined || item.rank < best.rank ? item : best,
      undefined,
    );
  }

  private finishOne(): void {
    if (--this.unfinished === 0) this.emptied++;
  }
}

/** What was thrown is seen by who awaits the call. */
export function ignore(): void {}
