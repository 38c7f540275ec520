import type { Scope } from "../scope.ts";
import type { DigitalInput } from "./digital_input.ts";
import type { EdgeKind, Gap, Level } from "./driver.ts";
import { EventStream } from "./event_stream.ts";

/** A change of level. */
export interface Edge {
  /** The level after it. */
  readonly level: Level;
  /**
   * When it was, in milliseconds of the loop's clock, as the hardware saw it; where a remote board tells
   * no times (Firmata), when the host heard of it.
   */
  readonly time: number;
  /**
   * `true` where the link to a remote board was interrupted before it: edges may have been missed, and this is how
   * the level was found afterwards.
   */
  readonly gap?: true;
}

/** How to collect edges. */
export interface EdgesOptions {
  /** How many edges are kept while the program is busy; 16 unless given. */
  readonly size?: number;
  /**
   * Whether every interruption of the link to a remote board gives an edge with `gap`, also where the level is the same
   * as before. Default `false`.
   */
  readonly gaps?: boolean;
}

/** Marks the level of an edge with a gap before it. */
const GAP = 2;

/** The edges of a pin, in order: made by {@linkcode DigitalInput.edges}. */
export class EdgeStream extends EventStream<Edge> {
  private readonly levels: Uint8Array;
  private readonly times: Float64Array;
  private head = 0;
  /** @internal */
  protected override count = 0;

  /** @internal */
  constructor(
    scope: Scope,
    private readonly input: DigitalInput,
    /** Which edges. */
    readonly kind: EdgeKind,
    private readonly size: number,
    private readonly gaps: boolean,
  ) {
    super(scope, `${input.pin}.edges()`);
    this.levels = new Uint8Array(size);
    this.times = new Float64Array(size);
  }

  /** @internal */
  sees(level: Level): boolean {
    return this.kind === "both" || this.kind === (level === 1 ? "rising" : "falling");
  }

  /** @internal The link was interrupted. */
  pushGap({ level, changed, time }: Gap): void {
    if (this.gaps || changed && this.sees(level)) this.push(level, time, true);
  }

  /** @internal */
  push(level: Level, time: number, gap = false): void {
    if (this.count === this.size) {
      this.lost++;
      this.head = (this.head + 1) % this.size;
      this.count--;
    }
    const place = (this.head + this.count) % this.size;
    this.levels[place] = gap ? level | GAP : level;
    this.times[place] = time;
    this.count++;
    this.wake();
  }

  /** @internal */
  protected override take(): Edge {
    const place = this.head;
    this.head = (this.head + 1) % this.size;
    this.count--;
    const level = this.levels[place]!;
    const edge = { level: (level & 1) as Level, time: this.times[place]! };
    return level < GAP ? edge : { ...edge, gap: true };
  }

  /** @internal */
  protected override detach(): void {
    this.input.removeStream(this);
  }
}
