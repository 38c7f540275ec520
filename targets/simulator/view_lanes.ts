/**
 * What the pictures remember of a run: for each pin, line and task one lane, for each lane the
 * changes that the shown stretch of time needs, and no more than a fixed number of them.
 *
 * @module
 */

import type { TraceEvent } from "./trace.ts";
import { displayWidth, visible } from "./view_text.ts";

/** What sort of event a cell holds: a bit each, since a cell may hold several. */
export const MARK = { digital: 1, bars: 2, transmitted: 4, received: 8, transfer: 16 } as const;

/** How a task's state is kept as the value of a cell. */
export const TASK = {
  created: 0,
  waits: 1,
  runs: 2,
  finished: 3,
  failed: 4,
  cancelled: 5,
} as const;

/** One change, or several that follow each other too closely to be kept apart. */
export interface Cell {
  /** When the first change came, in ms. */
  start: number;
  /** When the last change came, in ms. */
  end: number;
  /** How many edges, messages or runs there were. */
  count: number;
  /** The level, duty, reading or state after the last change. */
  value: number;
  /** The value integrated from `start` to `end`, in ms. */
  area: number;
  /** The bits of {@link MARK}. */
  mark: number;
  /** The beginning of what was sent. */
  text: string;
}

/** At most this many cells are kept of one lane: several for each column of any terminal. */
const CAPACITY = 2048;

/** At most about this many lanes are kept of tasks. */
const TASK_LANES = 256;

/** Of one cell's text at most this many characters are kept. */
const TEXT = 80;

/**
 * The changes of one lane. They are kept exactly until there are too many; from then on those that
 * are closer than a grain share a cell, so memory does not depend on how busy the lane is.
 */
export class Trail {
  #cells: Cell[] = [];
  #grain = 0;
  readonly #window: number;

  /** `window` is how far back, in ms, the lane is of interest. */
  constructor(window: number) {
    this.#window = window;
  }

  /** The changes, oldest first. One may lie before the window: what it set still stands there. */
  get cells(): readonly Cell[] {
    return this.#cells;
  }

  /** The value after the last change, or `undefined` where there was none. */
  get value(): number | undefined {
    return this.#cells.at(-1)?.value;
  }

  /** Adds a change at time `t`. */
  add(t: number, value: number, count: number, mark: number, text = ""): void {
    const last = this.#cells.at(-1);
    const cell = { start: t, end: t, count, value, area: 0, mark, text: text.slice(0, TEXT) };
    if (last !== undefined && t - last.start <= this.#grain) return merge(last, cell);
    this.#cells.push(cell);
    if (this.#cells.length <= CAPACITY) return;
    this.forget(t - this.#window);
    if (this.#cells.length > CAPACITY / 2) this.#coarsen();
  }

  /** Drops what came before a time, except the last such change. */
  forget(before: number): void {
    let keep = 0;
    while ((this.#cells[keep + 1]?.start ?? Infinity) <= before) keep++;
    if (keep > 0) this.#cells.splice(0, keep);
  }

  #coarsen(): void {
    const first = this.#cells[0];
    const last = this.#cells.at(-1);
    if (first === undefined || last === undefined) return;
    this.#grain = Math.max(2 * this.#grain, (last.start - first.start) / (CAPACITY / 4));
    const cells = [first];
    let open = first;
    for (const cell of this.#cells.slice(1)) {
      if (cell.start - open.start <= this.#grain) merge(open, cell);
      else cells.push(open = cell);
    }
    this.#cells = cells;
  }
}

function merge(into: Cell, cell: Cell): void {
  into.area += into.value * (cell.start - into.end) + cell.area;
  into.end = cell.end;
  into.count += cell.count;
  into.value = cell.value;
  into.mark |= cell.mark;
  if (cell.text !== "" && into.text.length < TEXT) {
    into.text = (into.text + cell.text).slice(0, TEXT);
  }
}

/** What a lane is about; lanes of one group stand together. */
export type Group = "pin" | "line" | "task";

/** One row of the picture: a pin, a direction of a serial line, a bus, or a task. */
export interface Lane {
  readonly group: Group;
  readonly name: string;
  readonly trail: Trail;
  /** The event that says what holds now. */
  last: TraceEvent;
  /** Of a serial line: the line of text that is coming or came last. */
  text: string;
  /** Whether that line has come to its end, so that what follows begins another. */
  lineEnded: boolean;
}

/** All lanes of a run, fed with its events. */
export class Lanes {
  readonly #window: number;
  readonly #pins = new Map<string, Lane>();
  readonly #lines = new Map<string, Lane>();
  readonly #tasks = new Map<number, Lane>();
  #nameWidth = 0;

  /** `window` is how much of the run, in ms, can be shown later. */
  constructor(window: number) {
    this.#window = window;
  }

  /** The widest name there has been, in terminal cells, so that the axis need not move about. */
  get nameWidth(): number {
    return this.#nameWidth;
  }

  /** How many changes are kept. */
  get size(): number {
    let size = 0;
    for (const lane of this.all()) size += lane.trail.cells.length;
    return size;
  }

  /** The lanes in the order of the picture: pins, lines, tasks; each in order of appearance. */
  all(): Lane[] {
    return [...this.#pins.values(), ...this.#lines.values(), ...this.#tasks.values()];
  }

  /** Takes one event; those that belong to no lane are passed over. */
  event(event: TraceEvent): void {
    const { t } = event;
    switch (event.kind) {
      case "pin": {
        const { trail } = this.#lane(this.#pins, event.pin, "pin", event.pin, event);
        const edge = trail.value !== undefined && trail.value !== event.level;
        return trail.add(t, event.level, edge ? 1 : 0, MARK.digital);
      }
      case "pwm": {
        const { trail } = this.#lane(this.#pins, event.pin, "pin", event.pin, event);
        return trail.add(t, event.duty, 1, MARK.bars);
      }
      case "analog": {
        const { trail } = this.#lane(this.#pins, event.pin, "pin", event.pin, event);
        return trail.add(t, event.value, 1, MARK.bars);
      }
      case "serial":
        return this.#serial(event);
      case "bus": {
        const { trail } = this.#lane(this.#lines, event.port, "line", event.port, event);
        return trail.add(t, 0, 1, MARK.transfer, `${event.sent}→${event.answered}`);
      }
      case "task": {
        const name = event.name === "" ? `task ${event.task}` : event.name;
        const { trail } = this.#lane(this.#tasks, event.task, "task", name, event);
        const runs = event.state === "started" || event.state === "resumed";
        trail.add(t, runs ? TASK.runs : TASK[event.state], runs ? 1 : 0, 0);
        if (this.#tasks.size > TASK_LANES) this.#dropTasks();
      }
    }
  }

  /** Drops what came before a time: changes that no longer stand, and tasks that had ended. */
  forget(before: number): void {
    for (const lane of this.all()) lane.trail.forget(before);
    for (const [task, lane] of this.#tasks) {
      if (hasEnded(lane) && lane.last.t < before) this.#tasks.delete(task);
    }
  }

  /** Each direction has its lane, so that a conversation reads like one. */
  #serial(event: TraceEvent & { kind: "serial" }): void {
    const name = `${event.dir} ${event.port}`;
    const lane = this.#lane(this.#lines, name, "line", name, event);
    // Bytes may come one by one: they are one text until a line ends.
    lane.text = lane.lineEnded ? event.text : lane.text + event.text;
    lane.lineEnded = event.text.endsWith("\n");
    // Cutting copies the text, so it is done rarely.
    if (lane.text.length > 8 * TEXT) lane.text = lane.text.slice(-TEXT);
    const mark = event.dir === "tx" ? MARK.transmitted : MARK.received;
    lane.trail.add(event.t, 0, 1, mark, event.text);
  }

  #lane<K>(lanes: Map<K, Lane>, key: K, group: Group, name: string, event: TraceEvent): Lane {
    let lane = lanes.get(key);
    if (lane === undefined) {
      const shown = visible(name);
      this.#nameWidth = Math.max(this.#nameWidth, displayWidth(shown));
      lane = {
        group,
        name: shown,
        trail: new Trail(this.#window),
        last: event,
        text: "",
        lineEnded: true,
      };
      lanes.set(key, lane);
    }
    lane.last = event;
    return lane;
  }

  /** Halves the tasks: first those go that have ended, then the oldest. */
  #dropTasks(): void {
    for (const ended of [true, false]) {
      for (const [task, lane] of this.#tasks) {
        if (this.#tasks.size <= TASK_LANES / 2) return;
        if (!ended || hasEnded(lane)) this.#tasks.delete(task);
      }
    }
  }
}

/** Tells whether a lane is that of a task that has ended. */
export function hasEnded(lane: Lane): boolean {
  return lane.group === "task" && (lane.trail.value ?? 0) >= TASK.finished;
}
