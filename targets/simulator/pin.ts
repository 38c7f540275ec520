import type {
  DigitalMode,
  DigitalPort,
  Done,
  EdgeKind,
  Level,
  OnEdge,
} from "../../runtime/io/driver.ts";
import { EdgeWatch } from "../../runtime/io/edge_watch.ts";
import type { EventLoop } from "../../runtime/loop.ts";
import { inTrace, type Recorder } from "./recorder.ts";

/** A change of level, as it was on the wire; times are to the nanosecond, as in a trace. */
export interface WireEdge {
  /** The level from then on. */
  readonly level: Level;
  /** When it came, in milliseconds of the simulator's clock. */
  readonly time: number;
}

/**
 * A wire: what the program drives, what the world outside drives, and the pull decide its level. The
 * program wins over the world; a pin that nothing drives reads 0.
 */
export class VirtualPin implements DigitalPort {
  /** Every change so far. */
  readonly history: WireEdge[] = [];
  /** Hears what the world outside drives. */
  onDrive: ((level: Level | null) => void) | null = null;
  private mode: DigitalMode | null = null;
  private driven: Level | null = null;
  private outside: Level | null = null;
  private now: Level = 0;
  private watched: EdgeWatch | null = null;

  /** @param changed Hears of every change. */
  constructor(
    readonly name: string,
    private readonly loop: EventLoop,
    private readonly recorder: Recorder,
    private readonly changed: () => void,
  ) {}

  /** The level on the wire. */
  get level(): Level {
    return this.now;
  }

  /** Configures the pin as the program asks. */
  open(mode: DigitalMode, initial: Level): this {
    this.mode = mode;
    this.driven = mode.startsWith("output") ? initial : null;
    this.update();
    return this;
  }

  read(done: Done<Level>): void {
    done(null, this.now);
  }

  write(level: Level): void {
    if (this.driven === null) throw new Error(`Cannot write to "${this.name}": it is an input`);
    this.driven = level;
    this.update();
  }

  watch(edge: EdgeKind, debounce: number, onEdge: OnEdge): void {
    this.unwatch();
    const { loop, recorder } = this;
    const keep = (settled: () => void): () => void => recorder.keepCause(settled);
    this.watched = new EdgeWatch({ loop, edge, debounce, onEdge, keep }, this.now);
  }

  unwatch(): void {
    this.watched?.stop();
    this.watched = null;
  }

  /** The pin stays as it was configured, as a chip's does, until it is opened anew. */
  close(): void {
    this.unwatch();
  }

  /** Whether somebody watches it. */
  get isWatched(): boolean {
    return this.watched !== null;
  }

  /** The world outside drives the wire, or lets go of it with `null`. */
  drive(level: Level | null): void {
    this.outside = level;
    this.update();
    this.onDrive?.(level);
  }

  private update(): void {
    const level = this.resolve();
    if (level === this.now) return;
    this.now = level;
    const time = this.loop.time();
    this.history.push({ level, time: inTrace(time) });
    const dir = this.driven === null ? "in" : "out";
    this.recorder.during({ kind: "pin", pin: this.name, level, dir }, () => {
      this.watched?.tell(level, time);
      this.changed();
    });
  }

  private resolve(): Level {
    if (this.driven !== null && !(this.mode === "outputOpenDrain" && this.driven === 1)) {
      return this.driven;
    }
    if (this.outside !== null) return this.outside;
    return this.mode === "inputPullUp" || this.mode === "outputOpenDrain" ? 1 : 0;
  }
}
