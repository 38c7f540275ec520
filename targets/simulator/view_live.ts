/**
 * The picture of a running program, kept up to date at the bottom of a terminal.
 *
 * @module
 */

import type { TraceEvent } from "./trace.ts";
import { Lanes } from "./view_lanes.ts";
import { drawLanes, plotWidth } from "./view_picture.ts";
import { paint, printable, seconds } from "./view_text.ts";

/** Where a live view draws. Size and colour are asked for again at every redraw. */
export interface Terminal {
  /** Writes text and escape sequences as they are. */
  write(text: string): void;
  /** Width in cells. */
  readonly columns: number;
  /** Height in lines. */
  readonly rows: number;
  /** Whether colours are wanted. */
  readonly color: boolean;
}

/** How a live view behaves. */
export interface LiveOptions {
  /** The wall clock, in ms. */
  now(): number;
  /** How much of the run is shown at a time, in ms of the simulator's clock; 10,000 unless given. */
  readonly window?: number;
}

/** The shortest wall time between two redraws, in ms. */
const FRAME = 1000 / 15;

/** The wall clock is read once in this many events, unless one must be seen at once. */
const EVENTS_PER_LOOK = 64;

const UP = (lines: number) => lines > 0 ? `\u001b[${lines}A` : "";
const ERASE_RIGHT = "\u001b[K";
const ERASE_BELOW = "\u001b[J";

/**
 * Draws a running program in place: a panel with one time axis for pins, lines and tasks, and above
 * it, as ordinary lines that scroll away, what the program prints.
 *
 * It has no timer of its own: what came less than a frame after the last redraw is drawn by the next
 * event or {@link LiveView.advance}.
 */
export class LiveView {
  readonly #terminal: Terminal;
  readonly #now: () => number;
  readonly #window: number;
  readonly #lanes: Lanes;
  #time = 0;
  #printed: string[] = [];
  #drawnAt = -Infinity;
  #drawn = { lines: 0, width: 0 };
  #events = 0;
  #closed = false;

  /**
   * Prepares to draw on `terminal`; nothing is drawn yet.
   *
   * @throws {RangeError} If the window is not above 0 ms.
   */
  constructor(terminal: Terminal, options: LiveOptions) {
    this.#terminal = terminal;
    this.#now = () => options.now();
    this.#window = options.window ?? 10_000;
    if (!(this.#window > 0)) {
      throw new RangeError(`Cannot show a window of ${this.#window} ms: it must be above 0`);
    }
    this.#lanes = new Lanes(this.#window);
  }

  /** How many changes are kept in memory; bounded by the number of lanes, not by the run. */
  get retained(): number {
    return this.#lanes.size;
  }

  /** Takes an event, and redraws if it is time to. */
  event(event: TraceEvent): void {
    this.#time = Math.max(this.#time, event.t);
    this.#lanes.event(event);
    if (event.kind === "print") {
      for (const line of event.text.replace(/\r?\n$/, "").split("\n")) {
        this.#printed.push(printable(line));
      }
    } else if (event.kind === "fault") {
      const text = `✗ ${seconds(event.t)}  ${printable(event.message)}`;
      this.#printed.push(paint(text, "failed", this.#terminal.color));
    }
    if (this.#printed.length > 0 || ++this.#events % EVENTS_PER_LOOK === 0) this.#look();
  }

  /** Tells that the simulator's clock has come to `t` ms, and redraws if it is time to. */
  advance(t: number): void {
    this.#time = Math.max(this.#time, t);
    this.#look();
  }

  /** Draws the final state, the whole run if it fits, and leaves the cursor below it. */
  close(): void {
    if (this.#closed) return;
    const to = this.#time > 0 ? this.#time : this.#window;
    this.#draw(Math.max(0, to - this.#window), to);
    this.#closed = true;
  }

  #look(): void {
    const now = this.#now();
    if (this.#closed || now - this.#drawnAt < FRAME) return;
    this.#drawnAt = now;
    if (this.#time <= this.#window) return this.#draw(0, this.#window);
    // The axis moves by whole columns, so that what is drawn moves but never changes its shape.
    const step = this.#window / plotWidth(this.#lanes, this.#width);
    const to = Math.ceil(this.#time / step) * step;
    this.#draw(to - this.#window, to);
  }

  /** A column less than there is: a full line makes some terminals begin another. */
  get #width(): number {
    return Math.max(1, this.#terminal.columns - 1);
  }

  #draw(from: number, to: number): void {
    this.#lanes.forget(from);
    const { columns, rows, color } = this.#terminal;
    const lines = drawLanes(this.#lanes, {
      columns: this.#width,
      from,
      to,
      until: this.#time,
      color,
      rows: Math.max(2, rows - 1),
      roomy: Math.floor(rows * 2 / 3),
    });
    // In a terminal made narrower meanwhile each old line takes several.
    const folds = Math.max(1, Math.ceil(this.#drawn.width / columns));
    let text = "\r" + UP(this.#drawn.lines * folds);
    if (this.#printed.length > 0) text += ERASE_BELOW + this.#printed.join("\n") + "\n";
    for (const line of lines) text += line + ERASE_RIGHT + "\n";
    this.#terminal.write(text + ERASE_BELOW);
    this.#printed = [];
    this.#drawn = { lines: lines.length, width: this.#width };
  }
}
