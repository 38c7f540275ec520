/** Timers, as the interpreter's world tells them. */
export interface Clock {
  /** The time now, in milliseconds. */
  now(): number;
  /** Calls `fn` after `ms`, again and again where `repeat`; gives what ends it. */
  start(fn: () => void, ms: number, repeat: boolean): () => void;
}

interface Timer {
  readonly fn: () => void;
  readonly period: number | null;
  due: number;
  order: number;
}

/** A clock that jumps to the next timer. */
export class VirtualTimers implements Clock {
  private time = 0;
  private order = 0;
  private timers: Timer[] = [];

  now(): number {
    return this.time;
  }

  start(fn: () => void, ms: number, repeat: boolean): () => void {
    const wait = Math.max(0, Number.isNaN(ms) ? 0 : ms);
    const period = repeat ? Math.max(wait, 1) : null;
    const timer: Timer = { fn, period, due: this.time + wait, order: ++this.order };
    this.timers.push(timer);
    return () => {
      this.timers = this.timers.filter((each) => each !== timer);
    };
  }

  /** When the next timer is due; `Infinity` where there is none. */
  next(): number {
    return Math.min(Infinity, ...this.timers.map(({ due }) => due));
  }

  /** Jumps to the next timer and gives what it calls; `null` where none is due up to `limit`. */
  take(limit: number): (() => void) | null {
    const [first] = this.timers.toSorted((a, b) => a.due - b.due || a.order - b.order);
    if (first === undefined || first.due > limit) return null;
    this.time = Math.max(this.time, first.due);
    if (first.period === null) this.timers = this.timers.filter((each) => each !== first);
    else {
      first.due += first.period;
      first.order = ++this.order;
    }
    return first.fn;
  }

  /** Lets the time pass without a timer. */
  pass(until: number): void {
    this.time = Math.max(this.time, until);
  }
}
