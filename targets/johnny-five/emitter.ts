import { EventStream } from "../../runtime/io/event_stream.ts";
import { requireScope, type Scope } from "../../runtime/scope.ts";
import { type Awaitable, Wait } from "../../runtime/wait_base.ts";
import type { Emitter, Listener } from "./io.ts";
import type { Link, LinkListener } from "./link.ts";
import { linkOf } from "./linked.ts";
import type { LinkError } from "./link_error.ts";

/**
 * Waits for the next event of that name, and gives what it was told with. An `"error"` that comes before fails the
 * wait, unless it is the event waited for; so does the link to the board of one of Johnny-Five's components when it is lost.
 * Cancelling loses nothing; between two waits events pass unheard, see
 * {@linkcode on}.
 *
 * @example
 * ```ts
 * import { timeout } from "awaitio";
 * import { type JohnnyFiveBoard, once } from "awaitio/johnny-five";
 * import five from "johnny-five";
 *
 * export default async function main(board: JohnnyFiveBoard) {
 *   const button = new five.Button({ board: board.johnnyFive, pin: 2, isPullup: true });
 *   await timeout(5000, () => once(button, "press"));
 * }
 * ```
 */
export function once<A extends readonly unknown[] = readonly unknown[]>(
  emitter: Emitter,
  event: string,
): Awaitable<A> {
  return new Once<A>(requireScope(`once(${event})`), emitter, event).park();
}

class Once<A extends readonly unknown[]> extends Wait<A> {
  private readonly subscription: Subscription;

  constructor(scope: Scope, emitter: Emitter, private readonly event: string) {
    super(scope);
    this.subscription = new Subscription(emitter, event, this.onEvent, this.onError);
  }

  private readonly onEvent = (...args: unknown[]): void => {
    this.unpark();
    this.settleWith(args);
  };

  private readonly onError = (error: unknown): void => {
    this.unpark();
    this.fail(error);
  };

  protected override unpark(): void {
    this.subscription.close();
  }

  override describe(): string {
    return `once(${this.event})`;
  }
}

/** How to collect events. */
export interface OnOptions {
  /** How many events are kept while the program is busy; 16 unless given. */
  readonly size?: number;
}

/**
 * Collects events from now on, until the `for await` over them is left (also by a cancel), the stream is closed, or
 * the task, or the `timeout` or group whose body opened it, ends. An emitter cannot be held back: when as many events as
 * `size` are kept, the oldest is dropped and counted. An `"error"` ends the stream and is thrown after what had come.
 *
 * @throws `RangeError` where the size is no whole number of at least 1.
 *
 * @example
 * ```ts
 * import { type JohnnyFiveBoard, on } from "awaitio/johnny-five";
 * import five from "johnny-five";
 *
 * export default async function main(board: JohnnyFiveBoard) {
 *   const sensor = new five.Sensor({ board: board.johnnyFive, pin: "A0", freq: 100 });
 *   for await (const [value] of on<[number]>(sensor, "data")) console.log(value);
 * }
 * ```
 */
export function on<A extends readonly unknown[] = readonly unknown[]>(
  emitter: Emitter,
  event: string,
  { size = 16 }: OnOptions = {},
): EventStream<A> {
  if (!(size >= 1) || size % 1 !== 0) {
    throw new RangeError(`Cannot keep ${size} events: pass a whole number from 1`);
  }
  return new EmittedEvents<A>(requireScope(`on(${event})`), emitter, event, size);
}

/** Events in order: made by {@linkcode on}. */
class EmittedEvents<A extends readonly unknown[]> extends EventStream<A> {
  private readonly kept: A[] = [];
  private readonly subscription: Subscription;

  constructor(scope: Scope, emitter: Emitter, event: string, private readonly size: number) {
    super(scope, `on(${event})`);
    this.subscription = new Subscription(emitter, event, this.onEvent, (error) => this.fail(error));
  }

  protected override get count(): number {
    return this.kept.length;
  }

  protected override take(): A {
    return this.kept.shift()!;
  }

  protected override detach(): void {
    this.subscription.close();
  }

  private readonly onEvent = (...args: unknown[]): void => {
    if (this.kept.length === this.size) {
      this.lost++;
      this.kept.shift();
    }
    this.kept.push(args as unknown as A);
    this.wake();
  };
}

/** Listens to one event of an emitter, to its errors, and to the link of the board that it belongs to. */
class Subscription implements LinkListener {
  private readonly link: Link | null;

  constructor(
    private readonly emitter: Emitter,
    private readonly event: string,
    private readonly onEvent: Listener,
    private readonly onError: (error: unknown) => void,
  ) {
    emitter.on(event, onEvent);
    if (event !== "error") emitter.on("error", onError);
    this.link = linkOf(emitter);
    this.link?.tell(this);
  }

  /** A component hears of nothing any more. */
  onBroken(error: LinkError, permanent: boolean): void {
    if (permanent) this.onError(error);
  }

  close(): void {
    this.emitter.removeListener(this.event, this.onEvent);
    this.emitter.removeListener("error", this.onError);
    this.link?.forget(this);
  }
}
