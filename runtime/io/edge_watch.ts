import type { TimerHandle } from "../handle.ts";
import type { EventLoop } from "../loop.ts";
import type { EdgeKind, Level, OnEdge } from "./driver.ts";

/** What is watched for, and who hears of it. */
export interface EdgeWatchOptions {
  readonly loop: EventLoop;
  readonly edge: EdgeKind;
  /** How long a level must be stable to count, in milliseconds. */
  readonly debounce: number;
  readonly onEdge: OnEdge;
  /** What is done to a callback that waits for a level to settle. */
  readonly keep?: (settled: () => void) => () => void;
}

/** Debounces and picks edges for ports whose hardware does neither. */
export class EdgeWatch {
  /** Runs while a new level settles. */
  private settling: TimerHandle | null = null;

  /** @param reported The level when the watch begins, where it is known. */
  constructor(
    private readonly options: EdgeWatchOptions,
    private reported: Level | undefined,
  ) {}

  /** The level has changed. */
  tell(level: Level, time: number): void {
    const { debounce, loop, keep = same } = this.options;
    if (this.settling !== null) this.stop();
    if (this.reported === undefined) this.reported = level;
    else if (debounce === 0) this.report(level, time);
    else if (level !== this.reported) {
      this.settling = loop.callLater(debounce, keep(() => this.report(level, time)));
    }
  }

  /** The level was found to be this, and nothing is known of what was before. */
  restart(level: Level): void {
    this.stop();
    this.reported = level;
  }

  /** Nothing is reported any more. */
  stop(): void {
    this.settling?.cancel();
    this.settling = null;
  }

  private report(level: Level, time: number): void {
    const { edge, onEdge } = this.options;
    this.settling = null;
    this.reported = level;
    if (edge === "both" || edge === (level === 1 ? "rising" : "falling")) onEdge(level, time);
  }
}

function same(settled: () => void): () => void {
  return settled;
}
