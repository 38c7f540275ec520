/**
 * The picture of a run: pins as waveforms, lines as dots with their text, tasks as lanes, all on one
 * time axis.
 *
 * @module
 */

import type { TraceEvent } from "./trace.ts";
import { hasEnded, type Lane, Lanes } from "./view_lanes.ts";
import { type Place, plotOf, ruler, styleOf } from "./view_plot.ts";
import { cut, fit, hertz, paint, percent, seconds, type Style, visible } from "./view_text.ts";

/** What a picture shows, and how large it is. */
export interface PictureOptions {
  /** Width of every line, in terminal cells. */
  readonly columns: number;
  /** The time at the left end of the axis, in ms. */
  readonly from: number;
  /** The time at the right end of the axis, in ms. */
  readonly to: number;
  /** Whether to colour it, with 16-colour ANSI codes. */
  readonly color: boolean;
  /** How far the run has come, in ms: right of it nothing is drawn. `to` unless given. */
  readonly until?: number;
  /** At most this many lines; what is ended or last is left out. No limit unless given. */
  readonly rows?: number;
  /** Up to this many lines the lanes may be spread out with empty lines. `rows` unless given. */
  readonly roomy?: number;
}

/**
 * Draws the whole picture of a list of events, a string for each line, all equally wide.
 *
 * @throws {RangeError} If `from` does not come before `to`.
 *
 * @example
 * ```ts
 * import { renderPicture } from "./view_picture.ts";
 *
 * const at = (t: number, level: 0 | 1) =>
 *   ({ n: 1, t, cause: 0, by: "loop", kind: "pin", pin: "D13", level, dir: "out" }) as const;
 * const events = [at(0, 0), at(300, 1), at(600, 0)];
 * console.log(renderPicture(events, { columns: 40, from: 0, to: 1000, color: false }).join("\n"));
 * ```
 */
export function renderPicture(events: Iterable<TraceEvent>, options: PictureOptions): string[] {
  const { from, to } = options;
  if (!(from < to)) {
    throw new RangeError(`Cannot draw from ${from} ms to ${to} ms: the end must come later`);
  }
  const lanes = new Lanes(to - from);
  for (const event of events) {
    if (event.t <= to) lanes.event(event);
  }
  return drawLanes(lanes, options);
}

/** Draws what `lanes` remember, a string for each line, all equally wide. */
export function drawLanes(lanes: Lanes, options: PictureOptions): string[] {
  const { columns, from, to, color, until = to, rows = Infinity, roomy = rows } = options;
  const layout = layOut(lanes, columns);
  const axis = { from, to, until, width: layout.plot };
  const shown = lanes.all().filter((lane) => !hasEnded(lane) || lane.last.t >= from);
  const fitting = choose(shown, rows - 1);

  const row = (name: string, style: Style, plot: Place[], right: string, rightStyle: Style) =>
    paint(fit(name, layout.left), style, color) +
    paintPlaces(plot, color) +
    (layout.right > 0 ? " " + paint(fit(right, layout.right), rightStyle, color) : "");
  const blank = " ".repeat(columns);

  const now = seconds(until);
  const lines = [row("─".repeat(layout.left), "faint", ruler(axis), now, "none")];
  const spread = spreading(fitting, roomy - 1 - (fitting.length < shown.length ? 1 : 0));
  let above: Lane | undefined;
  for (const lane of fitting) {
    if (above !== undefined && spread(above, lane)) lines.push(blank);
    const style = styleOf(lane);
    const right = statusStyle(lane);
    lines.push(
      row(cut(lane.name, layout.left - 1), style, plotOf(lane, axis), statusOf(lane), right),
    );
    above = lane;
  }
  if (fitting.length < shown.length) {
    const more = fit(`… ${shown.length - fitting.length} more`, columns);
    lines.push(paint(more, "faint", color));
  }
  return lines;
}

/** Tells how wide the plot of `lanes` is, in columns, when the picture is `columns` wide. */
export function plotWidth(lanes: Lanes, columns: number): number {
  return layOut(lanes, columns).plot;
}

/** Divides a line among name, plot and status; neither depends on what happens, only on names. */
function layOut(lanes: Lanes, columns: number): { left: number; plot: number; right: number } {
  const left = columns < 16 ? 0 : Math.min(lanes.nameWidth + 1, Math.floor(columns / 4));
  const right = columns < 48 ? 0 : Math.min(30, Math.max(12, Math.floor(columns / 5)));
  const plot = columns - left - (right > 0 ? right + 1 : 0);
  return { left, plot: Math.max(1, plot), right };
}

/** Picks the lanes that fit into `rows` lines, one of which may be needed to count the others. */
function choose(lanes: Lane[], rows: number): Lane[] {
  if (lanes.length <= rows) return lanes;
  const room = Math.max(0, rows - 1);
  const spare = new Set(lanes.filter(hasEnded).slice(0, lanes.length - room));
  return lanes.filter((lane) => !spare.has(lane)).slice(0, room);
}

/** Decides between which lanes an empty line goes: all waveforms, only groups, or none. */
function spreading(lanes: Lane[], rows: number): (above: Lane, below: Lane) => boolean {
  const groups = (above: Lane, below: Lane) => above.group !== below.group;
  const waves = (above: Lane, below: Lane) => groups(above, below) || below.group === "pin";
  const height = (gap: (above: Lane, below: Lane) => boolean) =>
    lanes.reduce((sum, lane, i) => sum + (i > 0 && gap(lanes[i - 1] ?? lane, lane) ? 2 : 1), 0);
  return [waves, groups].find((gap) => height(gap) <= rows) ?? (() => false);
}

function paintPlaces(places: Place[], color: boolean): string {
  let line = "";
  let run = "";
  let style: Style = "none";
  for (const place of places) {
    if (place.style !== style) {
      line += paint(run, style, color);
      run = "";
      style = place.style;
    }
    run += place.glyph;
  }
  return line + paint(run, style, color);
}

function statusStyle({ last }: Lane): Style {
  if (last.kind !== "task") return "none";
  if (last.state === "failed" || last.state === "cancelled" || last.state === "finished") {
    return last.state;
  }
  return last.state === "waits" ? "none" : "run";
}

/** What holds now, in a few words. */
function statusOf({ last, text }: Lane): string {
  switch (last.kind) {
    case "pin":
      return `${last.level} ${last.dir}`;
    case "pwm":
      return `${percent(last.duty)} ${hertz(last.frequency)}`;
    case "analog":
      return last.value.toFixed(3);
    case "serial":
      return visible(text);
    case "bus":
      return visible(`${last.sent}→${last.answered}`);
    case "task":
      return taskStatus(last);
    default:
      return "";
  }
}

function taskStatus({ state, what = "" }: TraceEvent & { kind: "task" }): string {
  switch (state) {
    case "waits":
      return visible(what);
    case "finished":
      return "✓ finished";
    case "failed":
      return `✗ ${visible(what)}`;
    case "cancelled":
      return "⊘ cancelled";
    default:
      return state === "created" ? "created" : "running";
  }
}
