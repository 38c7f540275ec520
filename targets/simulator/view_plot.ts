/**
 * One lane on the time axis: a pin as a waveform, a line as dots with their text, a task as its life.
 *
 * @module
 */

import { hasEnded, type Lane, MARK, TASK, type Trail } from "./view_lanes.ts";
import { characterWidth, cut, displayWidth, type Style, visible } from "./view_text.ts";

/** The time axis: `width` columns from `from` to `to`, known until `until`. Times in ms. */
export interface Axis {
  readonly from: number;
  readonly to: number;
  readonly until: number;
  readonly width: number;
}

/** One character's place in a row. A wide character leaves its second place empty. */
export interface Place {
  glyph: string;
  style: Style;
}

/** What one lane did during one column of the axis. */
interface Column {
  /** Edges, messages or runs. */
  count: number;
  /** The bits of {@link MARK}. */
  mark: number;
  /** The value at the column's end; `NaN` where none is known. */
  value: number;
  /** For how many ms of the column the value is known, and its integral over them. */
  known: number;
  area: number;
  text: string;
}

/** Of a longer text at least this many characters must fit, or none is written. */
const READABLE = 6;

const BARS = "▁▂▃▄▅▆▇█";

/** Which column a time falls into; the right end belongs to the last one. */
function columnAt(axis: Axis, t: number): number {
  if (t === axis.to) return axis.width - 1;
  // The small term keeps a time that is a column's very beginning out of the column before.
  return Math.floor((t - axis.from) / (axis.to - axis.from) * axis.width + 1e-9);
}

function intoColumns(trail: Trail, axis: Axis): Column[] {
  const columns = Array.from(
    { length: axis.width },
    (): Column => ({ count: 0, mark: 0, value: NaN, known: 0, area: 0, text: "" }),
  );
  const step = (axis.to - axis.from) / axis.width;

  const stand = (from: number, to: number, value: number, mark: number) => {
    const last = Math.min(axis.width - 1, columnAt(axis, to));
    for (let c = Math.max(0, columnAt(axis, from)); c <= last; c++) {
      const start = axis.from + c * step;
      const time = Math.min(to, start + step) - Math.max(from, start);
      const column = columns[c];
      if (column === undefined || time <= 1e-9 * step) continue;
      column.known += time;
      column.area += time * value;
      column.value = value;
      if (column.count === 0) column.mark = mark;
    }
  };

  let previous;
  for (const cell of trail.cells) {
    if (cell.start > axis.until) break;
    if (previous !== undefined) stand(previous.end, cell.start, previous.value, previous.mark);
    previous = cell;
    const column = columns[columnAt(axis, cell.start)];
    if (column === undefined) continue;
    column.mark = column.count === 0 ? cell.mark : column.mark | cell.mark;
    column.count += cell.count;
    column.known += cell.end - cell.start;
    column.area += cell.area;
    column.value = cell.value;
    if (column.text.length < axis.width) column.text += cell.text;
  }
  if (previous !== undefined) stand(previous.end, axis.until, previous.value, previous.mark);
  return columns;
}

/** Draws one lane along the axis. */
export function plotOf(lane: Lane, axis: Axis): Place[] {
  switch (lane.group) {
    case "pin":
      return wave(lane, axis);
    case "line":
      return messages(lane, axis);
    case "task":
      return life(lane, axis);
  }
}

function wave(lane: Lane, axis: Axis): Place[] {
  const style = styleOf(lane);
  const columns = intoColumns(lane.trail, axis);
  return columns.map((column, c) => {
    const beside = (columns[c - 1]?.count ?? 0) + (columns[c + 1]?.count ?? 0);
    return { glyph: column.mark & MARK.bars ? bar(column) : digital(column, beside), style };
  });
}

function digital({ count, value }: Column, beside: number): string {
  if (Number.isNaN(value)) return " ";
  if (count === 0) return value === 0 ? "▁" : "▔";
  if (count === 1) return value === 0 ? "╲" : "╱";
  // A lone short pulse is a spike; with other edges around it, there are just too many to tell.
  return count === 2 && beside === 0 ? "│" : "▒";
}

function bar({ value, known, area }: Column): string {
  if (Number.isNaN(value)) return " ";
  const mean = Math.min(1, Math.max(0, known > 0 ? area / known : value));
  return BARS[Math.round(mean * (BARS.length - 1))] ?? " ";
}

function messages(lane: Lane, axis: Axis): Place[] {
  const columns = intoColumns(lane.trail, axis);
  const end = columnAt(axis, axis.until);
  const places = columns.map((_, c): Place => ({ glyph: c <= end ? "┈" : " ", style: "faint" }));
  let next = axis.width;
  for (let c = axis.width - 1; c >= 0; c--) {
    const column = columns[c];
    if (column === undefined || column.count === 0) continue;
    places[c] = { glyph: dot(column.mark), style: "serial" };
    write(places, c + 1, next, visible(column.text));
    next = c;
  }
  return places;
}

function dot(mark: number): string {
  return mark & MARK.transfer ? "◆" : mark & MARK.received ? "○" : "●";
}

/** Writes `text` into the places from `start` to `end`, unless too little of it would be seen. */
function write(places: Place[], start: number, end: number, text: string): void {
  const short = cut(text, end - start);
  if (short === "" || (short !== text && end - start < READABLE)) return;
  let at = start;
  for (const character of short) {
    const width = characterWidth(character);
    const before = places[at - 1];
    if (width > 0) places[at] = { glyph: character, style: "none" };
    else if (at > start && before !== undefined) before.glyph += character;
    if (width === 2) places[at + 1] = { glyph: "", style: "none" };
    at += width;
  }
}

const ENDS: Record<number, Place> = {
  [TASK.finished]: { glyph: "✓", style: "finished" },
  [TASK.failed]: { glyph: "✗", style: "failed" },
  [TASK.cancelled]: { glyph: "⊘", style: "cancelled" },
};

function life(lane: Lane, axis: Axis): Place[] {
  const columns = intoColumns(lane.trail, axis);
  const ended = hasEnded(lane) ? columnAt(axis, lane.last.t) : Infinity;
  return columns.map(({ count, value }, c): Place => {
    if (Number.isNaN(value) || c > ended) return { glyph: " ", style: "none" };
    if (c === ended) return { ...(ENDS[value] ?? { glyph: " ", style: "none" }) };
    if (count > 0) return { glyph: count > 1 ? "╋" : "┿", style: "run" };
    if (value === TASK.runs) return { glyph: "━", style: "run" };
    return { glyph: value === TASK.created ? "┄" : "─", style: "wait" };
  });
}

/** Draws the ruler: a line with a tick and a label at round times. */
export function ruler(axis: Axis): Place[] {
  const places = Array.from({ length: axis.width }, (): Place => ({ glyph: "─", style: "faint" }));
  const column = (axis.to - axis.from) / axis.width;
  // A tick's label ends a column before the next tick; smaller steps can need longer labels.
  let apart = 8;
  let step = tickStep(apart * column);
  while (displayWidth(tickLabel(axis.to, step, axis)) + 2 > step / column) {
    step = tickStep(++apart * column);
  }
  for (let i = Math.ceil(axis.from / step); i * step < axis.to; i++) {
    const c = columnAt(axis, i * step);
    const label = tickLabel(i * step, step, axis);
    places[c] = { glyph: "┬", style: "faint" };
    if (c + 1 + displayWidth(label) <= axis.width) write(places, c + 1, axis.width, label);
  }
  return places;
}

/** Writes a time in s, or in ms where the axis ends within the first second. */
function tickLabel(time: number, step: number, axis: Axis): string {
  if (time === 0) return "0";
  const [unit, name] = axis.to >= 1000 ? [1000, "s"] : [1, "ms"];
  const decimals = Math.max(0, Math.ceil(-Math.log10(step / unit) - 1e-9));
  return `${(time / unit).toFixed(decimals)} ${name}`;
}

/** The next step of 1, 2, 5, 10, 20, … that is at least `least`. */
function tickStep(least: number): number {
  const power = 10 ** Math.floor(Math.log10(least));
  return power * ([1, 2, 5].find((factor) => factor * power >= least * (1 - 1e-9)) ?? 10);
}

/** The style that belongs to what a lane is. */
export function styleOf({ last }: Lane): Style {
  switch (last.kind) {
    case "pin":
      return last.dir === "out" ? "output" : "input";
    case "pwm":
      return "output";
    case "analog":
      return "input";
    case "serial":
    case "bus":
      return "serial";
    default:
      return "none";
  }
}
