import { RuntimeError } from "../errors.ts";
import { disown, own, requireScope, type Scope } from "../scope.ts";
import { type Awaitable, Settled, Wait } from "../wait_base.ts";
import type { DigitalInput } from "./digital_input.ts";
import type { EdgeKind, Level } from "./driver.ts";

/** A change of level. */
export interface Edge {
  /** The level after it. */
  readonly level: Level;
  /** When it was, in milliseconds of the loop's clock, as the hardware saw it. */
  readonly time: number;
}

/** How to collect edges. */
export interface EdgesOptions {
  /** How many edges are kept while the program is busy; 16 unless given. */
  readonly size?: number;
}

/** The edges of a pin, in order: made by {@linkcode DigitalInput.edges}. */
export class EdgeStream implements Disposable {
  private readonly levels: Uint8Array;
  private readonly times: Float64Array;
  private head = 0;
  private count = 0;
  private lost = 0;
  private ended = false;
  private looped = false;
  private waiting: NextEdge | null = null;

  /** @internal */
  constructor(
    private readonly scope: Scope,
    private readonly input: DigitalInput,
    /** Which edges. */
    readonly kind: EdgeKind,
    private readonly size: number,
  ) {
    this.levels = new Uint8Array(size);
    this.times = new Float64Array(size);
    own(scope, this);
  }

  /** How many edges had to be dropped because the program was too slow. */
  get dropped(): number {
    return this.lost;
  }

  /**
   * Waits for the next edge. Cancelling loses none, and unless a `for await` has called it the stream
   * stays open.
   *
   * @throws `RuntimeError` where another task waits already.
   */
  next(): Awaitable<IteratorResult<Edge, undefined>> {
    if (this.waiting !== null) {
      throw new RuntimeError(
        `Cannot wait for the edges of "${this.input.pin}": a task waits already; call edges() for each`,
      );
    }
    if (this.count > 0) return new Settled({ done: false as const, value: this.take() });
    if (this.ended) return new Settled({ done: true as const, value: undefined });
    this.waiting = new NextEdge(requireScope(`${this.input.pin}.edges()`), this, this.input);
    return this.waiting.park();
  }

  /** Ends the stream, as leaving a `for await` does. */
  return(): Awaitable<IteratorResult<Edge, undefined>> {
    this.close();
    return new Settled({ done: true as const, value: undefined });
  }

  /** Gives the watch back; what was collected can still be read. */
  close(): void {
    if (this.ended) return;
    this.ended = true;
    disown(this.scope, this);
    this.input.removeStream(this);
    this.waiting?.settle();
  }

  /** The same as {@linkcode EdgeStream.close}. */
  [Symbol.dispose](): void {
    this.close();
  }

  /** Itself. */
  [Symbol.asyncIterator](): this {
    this.looped = true;
    return this;
  }

  /** @internal */
  push(level: Level, time: number): void {
    if (this.count === this.size) {
      this.lost++;
      this.head = (this.head + 1) % this.size;
      this.count--;
    }
    const place = (this.head + this.count) % this.size;
    this.levels[place] = level;
    this.times[place] = time;
    this.count++;
    this.waiting?.settle();
  }

  /** Takes the oldest edge out of the buffer. */
  private take(): Edge {
    const place = this.head;
    this.head = (this.head + 1) % this.size;
    this.count--;
    return { level: this.levels[place] as Level, time: this.times[place]! };
  }

  /** @internal What the waiter gets when the loop goes on; it may have been closed under it. */
  claim(): IteratorResult<Edge, undefined> {
    this.waiting = null;
    return this.count > 0 ? { done: false, value: this.take() } : { done: true, value: undefined };
  }

  /** @internal The waiter was cancelled: a `for await` is left without calling `return()`. */
  leave(): void {
    this.waiting = null;
    if (this.looped) this.close();
  }
}

class NextEdge extends Wait<IteratorResult<Edge, undefined>> {
  constructor(
    scope: Scope,
    private readonly stream: EdgeStream,
    private readonly input: DigitalInput,
  ) {
    super(scope);
  }

  /** The edge is taken when the loop goes on, so that a cancel leaves it in the ring. */
  protected override claim(): boolean {
    this.value = this.stream.claim();
    return true;
  }

  protected override giveBack(): void {
    this.stream.leave();
  }

  protected override unpark(): void {
    this.stream.leave();
  }

  override describe(): string {
    return `${this.input.pin}.edges()`;
  }
}
