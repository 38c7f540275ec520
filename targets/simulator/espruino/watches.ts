import type { TimerHandle } from "../../../runtime/handle.ts";
import type { Level } from "../../../runtime/io/driver.ts";
import type { EventLoop } from "../../../runtime/loop.ts";
import type { VirtualPin } from "../pin.ts";
import { nextId } from "./timers.ts";

/** What a callback is told. */
interface Told {
  readonly state: boolean;
  readonly time: number;
  readonly lastTime: number | undefined;
  readonly pin: string;
}

interface Watch {
  readonly fn: (event: Told) => unknown;
  readonly pin: VirtualPin;
  readonly repeat: boolean;
  readonly edge: -1 | 0 | 1;
  /** Milliseconds. */
  readonly debounce: number;
  state: Level;
  lastTime: number | undefined;
  /** The decision that is pending. */
  deciding: { state: Level; due: number; handle: TimerHandle } | null;
}

const EDGES: { readonly [name: string]: -1 | 0 | 1 } = { falling: -1, both: 0, rising: 1 };

/**
 * `setWatch` as `jsinteractive.c` has it. An edge is queued and told from the idle loop, with the time at
 * which it was; with a debounce every edge puts the decision off, and the time told is that of the last.
 * `clearWatch` does not take a pending decision back.
 */
export class VirtualWatches {
  private readonly watches = new Map<number, Watch>();

  /**
   * @param toSeconds Makes a time of `getTime()` of one of the loop.
   * @param isButton Whether a pin is a button, whose watches are debounced.
   * @param changed Hears when a watch has ended.
   */
  constructor(
    private readonly loop: EventLoop,
    private readonly toSeconds: (ms: number) => number,
    private readonly isButton: (pin: string) => boolean,
    private readonly changed: () => void,
  ) {}

  /** How many there are. */
  get size(): number {
    return this.watches.size;
  }

  /** Watches a pin and gives the id. */
  add(fn: unknown, pin: VirtualPin, options: unknown): number {
    if (typeof fn !== "function") throw new Error("Function or String not supplied!");
    const button = this.isButton(pin.name);
    const given =
      (typeof options === "object" && options !== null ? options : { repeat: options }) as {
        repeat?: unknown;
        edge?: unknown;
        debounce?: unknown;
      };
    const debounce = given.debounce === undefined ? (button ? 25 : 0) : Number(given.debounce);
    const id = nextId(this.watches);
    this.watches.set(id, {
      fn: fn as Watch["fn"],
      pin,
      repeat: Boolean(given.repeat),
      edge: given.edge === undefined ? (button ? 1 : 0) : edgeOf(given.edge),
      debounce: debounce > 0 ? debounce : 0,
      state: pin.level,
      lastTime: undefined,
      deciding: null,
    });
    if (!pin.isWatched) {
      pin.watch("both", 0, (level, time) => {
        this.loop.callSoon(() => this.happened(pin, level, time));
      });
    }
    return id;
  }

  readonly clearWatch = (...ids: unknown[]): void => {
    const [id] = ids;
    if (ids.length > 0 && id === undefined) {
      throw new Error("clearWatch(undefined) not allowed. Use clearWatch() instead");
    }
    if (ids.length > 0 && !this.watches.has(id as number)) throw new Error(`Unknown Watch ${id}`);
    for (const each of ids.length === 0 ? [...this.watches.keys()] : [id as number]) {
      this.remove(each, this.watches.get(each)!);
    }
  };

  /** Forgets them all, and what is pending. */
  stop(): void {
    for (const [id, watch] of this.watches) {
      watch.deciding?.handle.cancel();
      this.remove(id, watch);
    }
  }

  private remove(id: number, watch: Watch): void {
    this.watches.delete(id);
    if (![...this.watches.values()].some(({ pin }) => pin === watch.pin)) watch.pin.unwatch();
  }

  private happened(pin: VirtualPin, level: Level, time: number): void {
    for (const [id, watch] of [...this.watches]) {
      if (watch.pin !== pin) continue;
      if (watch.debounce === 0) {
        watch.state = level;
        this.tell(id, watch, level, time);
      } else if (watch.deciding !== null) {
        watch.deciding.handle.cancel();
        const { due } = watch.deciding;
        if (time > due && level !== watch.state) {
          // It should have been told, but nobody came to do it.
          watch.deciding = null;
          watch.state = level;
          this.tell(id, watch, level, due - watch.debounce);
        } else this.decideLater(id, watch, level, time + watch.debounce);
      } else if (level !== watch.state) {
        this.decideLater(id, watch, level, time + watch.debounce);
      }
    }
  }

  private decideLater(id: number, watch: Watch, state: Level, due: number): void {
    const handle = this.loop.callAt(due, () => {
      watch.deciding = null;
      if (watch.state !== state) {
        watch.state = state;
        this.tell(id, watch, state, due - watch.debounce);
      }
    });
    watch.deciding = { state, due, handle };
  }

  private tell(id: number, watch: Watch, level: Level, at: number): void {
    const { edge, lastTime, pin } = watch;
    const time = this.toSeconds(at);
    watch.lastTime = time;
    if (edge !== 0 && edge !== (level === 1 ? 1 : -1)) return;
    try {
      watch.fn({ state: level === 1, time, lastTime, pin: pin.name });
    } finally {
      if (!watch.repeat && this.watches.get(id) === watch) this.remove(id, watch);
      this.changed();
    }
  }
}

function edgeOf(edge: unknown): -1 | 0 | 1 {
  const known = typeof edge === "number" ? Math.sign(Math.trunc(edge)) : EDGES[String(edge)];
  if (known !== undefined) return known as -1 | 0 | 1;
  throw new TypeError("'edge' in setWatch should be 1, -1, 0, 'rising', 'falling' or 'both'");
}
