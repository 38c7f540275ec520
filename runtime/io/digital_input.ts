import { WaitList } from "../ready.ts";
import { requireScope, type Scope } from "../scope.ts";
import { type Awaitable, Settled, Wait } from "../wait_base.ts";
import type { DigitalPort, EdgeKind, Gap, Level } from "./driver.ts";
import { type Edge, type EdgesOptions, EdgeStream } from "./edge_stream.ts";
import { closedError, request } from "./request.ts";
import type { RoleSpec } from "./spec.ts";

/** How to open a digital input. */
export interface InputOptions {
  /** The resistor to switch on; what the role needs, else none. */
  readonly pull?: "up" | "down" | "none";
  /** How long a level must be stable to count, in milliseconds; 0 unless given. */
  readonly debounce?: number;
}

/**
 * A pin that is read. The waits see what happens while they wait: between two of them edges pass unseen;
 * {@linkcode DigitalInput.edges} keeps them.
 *
 * @example
 * ```ts
 * import type { Board } from "awaitio";
 *
 * export default async function main(board: Board) {
 *   const door = board.input("D2", { pull: "up", debounce: 10 });
 *   await door.rising();
 *   console.log("open");
 * }
 * ```
 */
export class DigitalInput implements Disposable {
  private readonly waits: WaitList<EdgeWait> = new WaitList();
  private readonly streams: EdgeStream[] = [];
  private watching: EdgeKind | null = null;
  private open = true;

  /** @internal Inputs are opened by {@linkcode Board.input}. */
  constructor(
    /** The pin's name. */
    readonly pin: string,
    private readonly port: DigitalPort,
    private readonly debounce: number,
    private readonly closed: () => void,
  ) {}

  /** The last known level; `undefined` until a remote board has told. */
  get value(): Level | undefined {
    return this.port.level;
  }

  /** Asks for the level. Cancelling loses nothing. */
  read(): Awaitable<Level> {
    this.requireOpen();
    return request(`${this.pin}.read()`, (done) => this.port.read(done));
  }

  /** Waits for the next change to 1. Cancelling loses nothing. */
  rising(): Awaitable<Edge> {
    return this.next("rising", "rising()");
  }

  /** Waits for the next change to 0. Cancelling loses nothing. */
  falling(): Awaitable<Edge> {
    return this.next("falling", "falling()");
  }

  /** Waits for the next change. Cancelling loses nothing. */
  change(): Awaitable<Edge> {
    return this.next("both", "change()");
  }

  /** Waits until the level is 1; goes on at once where it is. */
  high(): Awaitable<void> {
    return this.until(1, "high()");
  }

  /** Waits until the level is 0; goes on at once where it is. */
  low(): Awaitable<void> {
    return this.until(0, "low()");
  }

  /**
   * Collects edges in a bounded ring from now on, until the `for await` over them is left (also by a
   * cancel), the stream is closed, or the task, or the `timeout` or group whose body opened it, ends.
   * When the ring is full the oldest edge is dropped and counted.
   *
   * @param kind Which edges.
   * @throws `RangeError` where the size is no whole number of at least 1; `DeviceError` where the pin is
   * closed.
   *
   * @example
   * ```ts
   * import type { DigitalInput } from "awaitio";
   *
   * async function count(sensor: DigitalInput) {
   *   for await (const edge of sensor.edges("rising")) console.log(edge.time);
   * }
   * ```
   */
  edges(kind: EdgeKind = "both", options: EdgesOptions = {}): EdgeStream {
    const { size = 16, gaps = false } = options;
    if (!(size >= 1) || size % 1 !== 0) {
      throw new RangeError(`Cannot keep ${size} edges: pass a whole number from 1`);
    }
    this.requireOpen();
    const stream = new EdgeStream(requireScope(`${this.pin}.edges()`), this, kind, size, gaps);
    this.streams.push(stream);
    try {
      this.watch();
    } catch (error) {
      stream.close();
      throw error;
    }
    return stream;
  }

  /** Gives the pin back; who waits gets a `DeviceError`, as does who uses it after that. */
  close(): void {
    if (!this.open) return;
    this.open = false;
    for (const stream of this.streams.slice()) stream.close();
    for (let wait = this.waits.shift(); wait !== null; wait = this.waits.shift()) {
      wait.fail(closedError(`pin "${this.pin}"`));
    }
    this.watch();
    this.port.close();
    this.closed();
  }

  /** The same as {@linkcode DigitalInput.close}. */
  [Symbol.dispose](): void {
    this.close();
  }

  /** @internal */
  add(wait: EdgeWait): void {
    this.waits.push(wait);
    try {
      this.watch();
    } catch (error) {
      this.remove(wait);
      throw error;
    }
  }

  /** @internal */
  remove(wait: EdgeWait): void {
    this.waits.remove(wait);
    this.watch();
  }

  /** @internal */
  removeStream(stream: EdgeStream): void {
    const place = this.streams.indexOf(stream);
    if (place >= 0) this.streams.splice(place, 1);
    this.watch();
  }

  /** Refuses to watch a pin that was given back. */
  private requireOpen(): void {
    if (!this.open) throw closedError(`pin "${this.pin}"`);
  }

  /** Waits for the next edge of a kind; `what` is the call, for messages. */
  private next(kind: EdgeKind, what: string): Awaitable<Edge> {
    this.requireOpen();
    return new EdgeWait(requireScope(`${this.pin}.${what}`), this, kind, what).park();
  }

  /** Waits until the pin has a level, and goes on at once where it has. */
  private until(level: Level, what: string): Awaitable<void> {
    this.requireOpen();
    if (this.port.level === level) return new Settled<void>(undefined);
    const scope = requireScope(`${this.pin}.${what}`);
    const wait = new EdgeWait(scope, this, level === 1 ? "rising" : "falling", what);
    // A remote board may not have told yet.
    if (this.port.level === undefined) {
      this.port.read((error, now) => {
        if (error !== null) wait.leaveWith(error);
        else if (now === level) wait.arrive(undefined);
      });
    }
    return wait.park() as Awaitable<unknown> as Awaitable<void>;
  }

  /** Watches what somebody waits for, and nothing when nobody does. */
  private watch(): void {
    let kind: EdgeKind | null = null;
    for (let wait = this.waits.first; wait !== null; wait = wait.next as EdgeWait | null) {
      kind = union(kind, wait.kind);
    }
    for (const stream of this.streams) kind = union(kind, stream.kind);
    // A new watch would forget the edge that is being debounced for another waiter.
    if (kind !== null && this.debounce > 0) kind = "both";
    if (kind === this.watching) return;
    // Where the pin cannot be watched, nothing is.
    this.watching = null;
    if (kind === null) this.port.unwatch();
    else this.port.watch(kind, this.debounce, this.onEdge, this.onGap);
    this.watching = kind;
  }

  private readonly onEdge = (level: Level, time: number): void => {
    for (const stream of this.streams) if (stream.sees(level)) stream.push(level, time);
    if (this.waits.first !== null) this.arrive({ level, time });
  };

  private readonly onGap = (gap: Gap): void => {
    const { error, level, changed, time } = gap;
    if (error !== null) return this.failAll(error);
    for (const stream of this.streams) stream.pushGap(gap);
    if (changed) this.arrive({ level, time, gap: true });
  };

  /** Whoever waits for this kind of edge goes on. */
  private arrive(edge: Edge): void {
    const kind = edge.level === 1 ? "rising" : "falling";
    for (let wait = this.waits.first; wait !== null;) {
      const next = wait.next as EdgeWait | null;
      if (wait.kind === "both" || wait.kind === kind) wait.arrive(edge);
      wait = next;
    }
  }

  /** Nobody who waits gets an edge any more. */
  private failAll(error: Error): void {
    const streams = this.streams.splice(0);
    for (let wait = this.waits.shift(); wait !== null; wait = this.waits.shift()) wait.fail(error);
    this.watch();
    for (const stream of streams) stream.fail(error);
  }
}

function union(a: EdgeKind | null, b: EdgeKind): EdgeKind {
  return a === null || a === b ? b : "both";
}

class EdgeWait extends Wait<Edge | undefined> {
  constructor(
    scope: Scope,
    private readonly input: DigitalInput,
    readonly kind: EdgeKind,
    private readonly what: string,
  ) {
    super(scope);
    input.add(this);
  }

  override park(): this & Wait<Edge> {
    return super.park() as this & Wait<Edge>;
  }

  arrive(edge: Edge | undefined): void {
    if (this.state !== 0) return;
    this.unpark();
    this.settle(edge);
  }

  leaveWith(error: Error): void {
    if (this.state !== 0) return;
    this.unpark();
    this.fail(error);
  }

  protected override unpark(): void {
    this.input.remove(this);
  }

  override describe(): string {
    return `${this.input.pin}.${this.what}`;
  }
}

/**
 * A button by its role: it knows which level means pressed, switches on the pull it needs and debounces.
 *
 * @example
 * ```ts
 * import type { Board } from "awaitio";
 *
 * export default async function main(board: Board) {
 *   const button = board.button("BTN1");
 *   for (;;) {
 *     await button.pressed();
 *     console.log("pressed");
 *     await button.released();
 *   }
 * }
 * ```
 */
export class Button extends DigitalInput {
  /** @internal */
  constructor(
    pin: string,
    port: DigitalPort,
    debounce: number,
    closed: () => void,
    private readonly role: RoleSpec,
  ) {
    super(pin, port, debounce, closed);
  }

  /** The level that means pressed. */
  get active(): Level {
    return this.role.active ?? 1;
  }

  /** Whether it is pressed, as far as known. */
  get isPressed(): boolean {
    return this.value === this.active;
  }

  /** Waits until it is pressed; goes on at once where it is. */
  pressed(): Awaitable<void> {
    return this.active === 1 ? this.high() : this.low();
  }

  /** Waits until it is released; goes on at once where it is. */
  released(): Awaitable<void> {
    return this.active === 1 ? this.low() : this.high();
  }

  /** Collects presses; see {@linkcode DigitalInput.edges}. */
  presses(options?: EdgesOptions): EdgeStream {
    return this.edges(this.active === 1 ? "rising" : "falling", options);
  }
}
