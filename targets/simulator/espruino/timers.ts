import type { TimerHandle } from "../../../runtime/handle.ts";
import type { EventLoop } from "../../../runtime/loop.ts";

/** The longest timer, in milliseconds: 100 years. */
const LONGEST = 31_536_000_001_000;

interface Timer {
  readonly fn: (...args: unknown[]) => unknown;
  readonly args: readonly unknown[];
  /** Milliseconds between calls; 0 for a timeout. */
  interval: number;
  due: number;
  handle: TimerHandle;
}

/**
 * The interpreter's timers, its traps included: ids begin at 1 again when no timer is left, `undefined`
 * is refused, and no id at all clears every timer. Code takes no time here, so that the least delay,
 * 0.1 ms on a board, is none.
 */
export class VirtualTimers {
  private readonly timers = new Map<number, Timer>();

  /** @param changed Hears when a timer has ended. */
  constructor(private readonly loop: EventLoop, private readonly changed: () => void) {}

  /** How many there are. */
  get size(): number {
    return this.timers.size;
  }

  /** Whether one is due now. */
  areDue(): boolean {
    return [...this.timers.values()].some(({ due }) => due <= this.loop.time());
  }

  readonly setTimeout = (fn: unknown, ms?: number, ...args: unknown[]): number =>
    this.add("Timeout", fn, ms, args);

  readonly setInterval = (fn: unknown, ms?: number, ...args: unknown[]): number =>
    this.add("Interval", fn, ms, args);

  readonly clearTimeout = (...ids: unknown[]): void => this.clear("Timeout", ids);

  readonly clearInterval = (...ids: unknown[]): void => this.clear("Interval", ids);

  readonly changeInterval = (id: number, ms: number): void => {
    const timer = this.timers.get(id);
    if (timer === undefined) throw new Error("Unknown Interval");
    timer.handle.cancel();
    timer.interval = ms;
    this.arm(id, timer, this.loop.time() + ms);
  };

  /** Forgets them all. */
  stop(): void {
    for (const { handle } of this.timers.values()) handle.cancel();
    this.timers.clear();
  }

  private add(kind: string, fn: unknown, ms: unknown, args: readonly unknown[]): number {
    if (typeof fn !== "function") throw new Error("Function or String not supplied!");
    const delay = Math.max(Number(ms) || 0, 0);
    if (delay > LONGEST) throw new Error("Interval is too long (>100 years)");
    const id = nextId(this.timers);
    const timer = { fn, args, interval: kind === "Interval" ? delay : 0, due: 0 } as Timer;
    this.arm(id, timer, this.loop.time() + delay);
    this.timers.set(id, timer);
    return id;
  }

  private arm(id: number, timer: Timer, due: number): void {
    // To the nanosecond, as a trace: floats of seconds would put what is due together in any order.
    timer.due = Math.round(due * 1e6) / 1e6;
    timer.handle = this.loop.callAt(timer.due, () => this.fire(id, timer));
  }

  private fire(id: number, timer: Timer): void {
    if (timer.interval > 0) this.arm(id, timer, timer.due + timer.interval);
    else this.timers.delete(id);
    try {
      timer.fn(...timer.args);
    } finally {
      this.changed();
    }
  }

  private clear(kind: string, ids: readonly unknown[]): void {
    if (ids.length === 0) return this.stop();
    const [id] = ids;
    if (id === undefined) {
      throw new Error(`clear${kind}(undefined) not allowed. Use clear${kind}() instead`);
    }
    this.timers.get(id as number)?.handle.cancel();
    this.timers.delete(id as number);
  }
}

/** The next id of a list, as the interpreter counts. */
export function nextId(list: ReadonlyMap<number, unknown>): number {
  return Math.max(0, ...list.keys()) + 1;
}
