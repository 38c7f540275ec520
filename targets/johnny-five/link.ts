import { REPORT_VERSION } from "./firmata.ts";
import { FirmataReader } from "./firmata_reader.ts";
import { LinkError, type LinkFault } from "./link_error.ts";
import { Session } from "./session.ts";
import { Transport, type Wire } from "./wire.ts";

/** How to keep a link. */
export interface LinkOptions {
  /** What the line is called in messages, for example `/dev/ttyACM0`. */
  readonly name: string;
  /** Opens the line, also anew after it was lost. */
  open(): Promise<Wire>;
  /** Whether a link that breaks comes back, with all that the board had been told. Default `false`. */
  readonly reconnect?: boolean;
  /** Calls `fn` after `ms` milliseconds until it is told not to; `setTimeout` unless given. */
  after?(ms: number, fn: () => void): () => void;
}

/** Who has something waiting on the board. */
export interface LinkListener {
  /** What was on its way is lost; after `permanent` nothing comes any more. */
  onBroken?(error: LinkError, permanent: boolean): void;
  /** A sysex message came. */
  onSysex?(command: number, data: Uint8Array): void;
}

/** How the link is: `"up"` means that the board answers. */
export type LinkState = "connecting" | "up" | "broken" | "closed";

/** Milliseconds between attempts to open a line that was lost. */
const RETRY = 250;
/** How long a board has to say that it is there before it is asked, and before the line is opened anew, in milliseconds. */
const ASK = 1000;
const PATIENCE = 5000;

/**
 * Keeps the talk with a board that speaks Firmata. It is firmata-io's transport, and reads along: it knows what the
 * board has been told, hears that it restarted, and when bytes were lost.
 */
export class Link {
  /** @internal What firmata-io writes to and hears. */
  readonly transport: Transport;
  private current: LinkState = "connecting";
  private failure: LinkError | null = null;
  private broken = 0;
  private wire: Wire | null = null;
  private pieces = 0;
  private readonly session = new Session();
  private readonly listeners = new Set<LinkListener>();
  private readonly reader: FirmataReader;
  /** How often the board was asked for its version and has not answered yet. */
  private asked = 0;
  private stopTimer: () => void = () => {};

  /** @internal Boards come with theirs. */
  constructor(private readonly options: LinkOptions) {
    this.transport = new Transport((bytes, done) => this.write(bytes, done));
    this.reader = new FirmataReader({
      onVersion: () => this.heardVersion(),
      onSysex: (command, data) => {
        for (const each of [...this.listeners]) each.onSysex?.(command, data);
      },
      onDamage: (what) => this.heardDamage(what),
    });
  }

  /** How the link is. */
  get state(): LinkState {
    return this.current;
  }

  /** How often it was interrupted so far. */
  get gaps(): number {
    return this.broken;
  }

  /** @internal How many pieces of data have come so far: what is in one has come at the same time. */
  get received(): number {
    return this.pieces;
  }

  /** @internal Opens the line; the board is there once firmata-io has said so. */
  async open(): Promise<void> {
    this.attach(await this.options.open());
    this.transport.emit("open");
  }

  /** @internal The handshake is over. */
  established(): void {
    this.current = "up";
    this.asked = 0;
  }

  /**
   * @internal Refuses to go on with a link that is gone for good.
   *
   * @param action What was asked for.
   */
  require(action: string): void {
    if (this.failure === null) return;
    throw new LinkError(this.failure.fault, `Cannot ${action}: ${this.failure.message}`);
  }

  /** @internal Hears of the link until {@linkcode Link.forget}. */
  tell(listener: LinkListener): void {
    this.listeners.add(listener);
  }

  /** @internal Ends {@linkcode Link.tell}. */
  forget(listener: LinkListener): void {
    this.listeners.delete(listener);
  }

  /** @internal Sends bytes past firmata-io, and lets them be remembered as its own are. */
  send(bytes: Uint8Array): void {
    this.write(bytes, () => {});
  }

  /** @internal Closes the line once all is sent. */
  async close(): Promise<void> {
    const { wire } = this;
    this.current = "closed";
    this.failure ??= new LinkError("lost", "the link was closed");
    this.stopTimer();
    this.wire = null;
    if (wire !== null) {
      await new Promise<void>((resolve) => wire.write(new Uint8Array(), () => resolve()));
      await new Promise<void>((resolve) => wire.close(() => resolve()));
    }
    this.transport.emit("close");
  }

  /** Remembers a message and sends it; to a board that is away, later. */
  private write(bytes: Uint8Array, done: () => void): void {
    this.session.note(bytes);
    if (bytes[0] === REPORT_VERSION) this.asked++;
    // What is said to a board that is away is said again when it is back.
    if (this.wire === null) queueMicrotask(done);
    else this.wire.write(bytes, () => done());
  }

  /** Goes on over a line that has been opened. */
  private attach(wire: Wire): void {
    this.wire = wire;
    wire.on("data", (bytes) => {
      if (this.wire !== wire) return;
      this.pieces++;
      this.reader.feed(bytes);
      this.transport.emit("data", bytes);
    });
    const gone = (error?: Error | null): void => {
      if (this.wire === wire) this.lost(error);
    };
    wire.on("close", gone);
    wire.on("error", gone);
  }

  /** The line has closed or failed. */
  private lost(error?: Error | null): void {
    const { wire } = this;
    this.wire = null;
    // After an error the line may still be open.
    wire?.close(() => {});
    const { name } = this.options;
    const why = error?.message ? ` (${error.message})` : "";
    if (this.breaks("lost", `the line to the board on ${name} is gone${why}`)) this.reopen();
  }

  /** Notes that the link broke; `true` where it may come back. */
  private breaks(fault: LinkFault, what: string): boolean {
    if (this.current === "closed" || this.failure !== null) return false;
    const { reconnect = false } = this.options;
    const first = this.current === "connecting";
    const cure = first || reconnect ? "" : "; with reconnect it would come back";
    const error = new LinkError(fault, what + cure);
    this.broken++;
    this.current = "broken";
    const permanent = first || !reconnect;
    if (permanent) this.failure = error;
    for (const each of [...this.listeners]) each.onBroken?.(error, permanent);
    if (permanent) this.transport.emit("close");
    return !permanent;
  }

  /** Sets the link's one timer. */
  private after(ms: number, fn: () => void): void {
    this.stopTimer();
    const { after = withTimeout } = this.options;
    this.stopTimer = after(ms, fn);
  }

  /** Tries to open the line until it can be, and until the board says that it is there. */
  private reopen(): void {
    this.reader.reset();
    this.after(RETRY, () => {
      this.options.open().then((wire) => {
        if (this.current !== "broken") return void wire.close();
        this.attach(wire);
        this.transport.emit("open");
        this.awaitVersion();
      }, () => this.current === "broken" && this.reopen());
    });
  }

  /** Waits for the version that a board tells when it has started, and asks where it was not reset. */
  private awaitVersion(): void {
    this.after(ASK, () => {
      this.send(Uint8Array.of(REPORT_VERSION));
      this.after(PATIENCE - ASK, () => {
        const { wire } = this;
        this.wire = null;
        wire?.close(() => this.reopen());
      });
    });
  }

  /** The board has told its version: asked, or because it has started. */
  private heardVersion(): void {
    if (this.current === "connecting" || this.current === "closed") return;
    const asked = this.asked > 0;
    if (asked) this.asked--;
    if (this.current === "broken") return this.restore();
    if (asked) return;
    const restarted = `the board on ${this.options.name} has restarted`;
    if (this.breaks("restarted", restarted)) this.restore();
  }

  /** Bytes made no sense. */
  private heardDamage(what: string): void {
    if (this.current !== "up") return;
    const where = `bytes from the board on ${this.options.name}`;
    if (this.breaks("damaged", `${where} were lost or garbled (${what})`)) this.resume(false);
  }

  /** Brings a board that knows nothing to where it was. */
  private restore(): void {
    this.stopTimer();
    this.asked = 0;
    this.resume(true);
  }

  /** Goes on; levels may have changed meanwhile, so the board is asked for them, whose reports end the gap. */
  private resume(anew: boolean): void {
    this.current = "up";
    const words = anew ? this.session.replay() : this.session.reports();
    for (const message of words) this.wire!.write(message);
  }
}

function withTimeout(ms: number, fn: () => void): () => void {
  const timer = setTimeout(fn, ms);
  return () => clearTimeout(timer);
}
