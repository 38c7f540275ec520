import { RuntimeError } from "../errors.ts";
import { disown, own, requireScope, type Scope } from "../scope.ts";
import { type Awaitable, Settled, Wait } from "../wait_base.ts";

/**
 * Things that happen, collected in a bounded ring until the `for await` over them is left (also by a cancel), the stream
 * is closed, or the scope that opened it ends. When the ring is full the oldest is dropped and counted.
 */
export abstract class EventStream<T> implements Disposable {
  /** How many had to be dropped because the program was too slow. */
  get dropped(): number {
    return this.lost;
  }

  /** How many were dropped so far. */
  protected lost = 0;
  private ended = false;
  private failure: { readonly error: unknown } | null = null;
  private looped = false;
  private waiting: NextEvent<T> | null = null;

  /** @internal Streams are opened by what they listen to; `what` is that call, for messages. */
  protected constructor(private readonly scope: Scope, private readonly what: string) {
    own(scope, this);
  }

  /** How many are in the ring. */
  protected abstract readonly count: number;
  /** Takes the oldest out of the ring. */
  protected abstract take(): T;
  /** Listens no more. */
  protected abstract detach(): void;

  /**
   * Waits for the next one. Cancelling loses none, and unless a `for await` has called it the stream stays open.
   *
   * @throws `RuntimeError` where another task waits already; once, what the stream failed with, after what had come.
   */
  next(): Awaitable<IteratorResult<T, undefined>> {
    const { what } = this;
    if (this.waiting !== null) {
      throw new RuntimeError(
        `Cannot wait for ${what}: a task waits already; open a stream for each`,
      );
    }
    if (this.count > 0) return new Settled({ done: false as const, value: this.take() });
    if (this.failure !== null) return new Settled(this.takeFailure() as never, true);
    if (this.ended) return new Settled({ done: true as const, value: undefined });
    this.waiting = new NextEvent<T>(requireScope(what), this, what);
    return this.waiting.park();
  }

  /** Ends the stream, as leaving a `for await` does. */
  return(): Awaitable<IteratorResult<T, undefined>> {
    this.close();
    return new Settled({ done: true as const, value: undefined });
  }

  /** Listens no more; what was collected can still be read. */
  close(): void {
    if (this.ended) return;
    this.ended = true;
    disown(this.scope, this);
    this.detach();
    this.wake();
  }

  /** The same as {@linkcode EventStream.close}. */
  [Symbol.dispose](): void {
    this.close();
  }

  /** Itself. */
  [Symbol.asyncIterator](): this {
    this.looped = true;
    return this;
  }

  /** @internal Nothing will come any more, and that is no end that was asked for. */
  fail(error: unknown): void {
    if (!this.ended) this.failure = { error };
    this.close();
  }

  /**
   * @internal What the waiter gets when the loop goes on; it may have been closed under it.
   *
   * @throws What the stream failed with.
   */
  claim(): IteratorResult<T, undefined> {
    this.waiting = null;
    if (this.count > 0) return { done: false, value: this.take() };
    if (this.failure !== null) throw this.takeFailure();
    return { done: true, value: undefined };
  }

  /** @internal The waiter was cancelled: a `for await` is left without calling `return()`. */
  leave(): void {
    this.waiting = null;
    if (this.looped) this.close();
  }

  /** Whoever waits goes on. */
  protected wake(): void {
    this.waiting?.settle();
  }

  /** The failure is told once; after it the stream has ended. */
  private takeFailure(): unknown {
    const { error } = this.failure!;
    this.failure = null;
    return error;
  }
}

class NextEvent<T> extends Wait<IteratorResult<T, undefined>> {
  constructor(
    scope: Scope,
    private readonly stream: EventStream<T>,
    private readonly what: string,
  ) {
    super(scope);
  }

  /** It is taken when the loop goes on, so that a cancel leaves it in the ring. */
  protected override claim(): boolean {
    try {
      this.value = this.stream.claim();
    } catch (error) {
      this.failWith(error);
    }
    return true;
  }

  protected override giveBack(): void {
    this.stream.leave();
  }

  protected override unpark(): void {
    this.stream.leave();
  }

  override describe(): string {
    return this.what;
  }
}
