/**
 * The report at the end of a run, as text and as data.
 *
 * @module
 */

import type {
  FaultSummary,
  LineSummary,
  OtherTasks,
  PinSummary,
  Statistics,
  TaskSummary,
} from "./view_statistics.ts";
import { displayWidth, fit, hertz, percent, seconds, visible } from "./view_text.ts";

/** How long a run took. */
export interface RunLength {
  /** On the simulator's clock, in ms. */
  readonly time: number;
  /** On the wall clock, in ms. */
  readonly wall: number;
}

/** A whole run as data. */
export interface RunSummary extends RunLength {
  /** How many times faster than real time it ran; `null` where that took no measurable time. */
  readonly speed: number | null;
  /** In order of appearance, as the others. */
  readonly pins: PinSummary[];
  /** Serial lines and buses. */
  readonly lines: LineSummary[];
  /** All tasks, or of very many the last. */
  readonly tasks: TaskSummary[];
  /** Ended tasks that are not listed one by one, by how they ended. */
  readonly otherTasks: OtherTasks;
  /** How many faults there were. */
  readonly faultCount: number;
  /** The first of them. */
  readonly faults: FaultSummary[];
}

/** At most this many tasks have a line of their own in the text. */
const TASK_LINES = 24;

/** The widest a column of the text may be, in cells; only the last column may be longer. */
const COLUMN = 24;

/** Gives a run as data: times in ms, shares 0..1, frequencies in hertz. */
export function summaryJson(statistics: Statistics, length: RunLength): RunSummary {
  const time = Math.max(length.time, statistics.time);
  return {
    time,
    wall: length.wall,
    speed: length.wall > 0 ? time / length.wall : null,
    pins: statistics.pins(time),
    lines: statistics.lines,
    tasks: statistics.tasks,
    otherTasks: statistics.otherTasks,
    faultCount: statistics.faultCount,
    faults: statistics.faults,
  };
}

/** Tells a run as a few lines of text, without a line end after the last. */
export function summary(statistics: Statistics, length: RunLength): string {
  const run = summaryJson(statistics, length);
  const lines = run.lines.map(lineRow);
  return [headline(run), ...table([run.pins.map(pinRow), lines, taskRows(run), faultRows(run)])]
    .join("\n");
}

function headline({ time, wall, speed }: RunSummary): string {
  const ratio = speed === null ? "" : `, ${Number(speed.toPrecision(3))} times real time`;
  return `${seconds(time)} simulated in ${seconds(wall)}${ratio}`;
}

function pinRow({ pin, kind, edges, duty, frequency, last }: PinSummary): string[] {
  const rate = frequency === undefined ? "" : hertz(frequency);
  switch (kind) {
    case "pwm":
      return [kind, pin, count(edges, "setting"), `${percent(duty)} mean`, percent(last), rate];
    case "analog":
      return [kind, pin, count(edges, "reading"), `${duty.toFixed(3)} mean`, last.toFixed(3)];
    default: {
      const level = last === 0 ? "▁ 0" : "▔ 1";
      return [kind, pin, count(edges, "edge"), `${percent(duty)} high`, level, rate];
    }
  }
}

function lineRow({ port, rx, tx, transfers }: LineSummary): string[] {
  return transfers > 0
    ? ["bus", port, count(transfers, "transfer")]
    : ["serial", port, `rx ${count(rx, "byte")}`, `tx ${count(tx, "byte")}`];
}

/** Unless there are too many: all of them; else those that failed or go on before those that ended. */
function taskRows({ tasks, otherTasks }: RunSummary): string[][] {
  const quiet = ({ state }: TaskSummary) => state === "finished" || state === "cancelled";
  const listed = tasks.length <= TASK_LINES
    ? tasks
    : [...tasks.filter((task) => !quiet(task)), ...tasks.filter(quiet)].slice(0, TASK_LINES);
  const more = tasks.length - listed.length + otherTasks.finished + otherTasks.failed +
    otherTasks.cancelled;
  return [...listed.map(taskRow), ...(more > 0 ? [["task", `and ${more} more`]] : [])];
}

function taskRow({ task, name, state, runs, ended, what = "" }: TaskSummary): string[] {
  const shown = name === "" ? `task ${task}` : visible(name);
  const detail = visible(what);
  const end = ended === undefined ? state : `${state} at ${seconds(ended)}`;
  if (state === "waits") return ["task", shown, count(runs, "run"), `waits for ${detail}`];
  return ["task", shown, count(runs, "run"), end, ...(detail === "" ? [] : [detail])];
}

function faultRows({ faults, faultCount }: RunSummary): string[][] {
  const more = faultCount - faults.length;
  const rows = faults.map(({ t, message }) => ["fault", seconds(t), visible(message)]);
  return more > 0 ? [...rows, ["fault", `and ${more} more`]] : rows;
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}

/** Sets groups of rows in columns; the first three columns are common to all groups. */
function table(groups: string[][][]): string[] {
  const common = columnWidths(groups.flat()).slice(0, 3);
  return groups.flatMap((rows) => {
    const widths = [...common, ...columnWidths(rows).slice(common.length)];
    return rows.map((row) => {
      const last = row.length - 1;
      return row.map((text, i) => i < last ? fit(text, widths[i] ?? 0) : text).join("  ").trimEnd();
    });
  });
}

/** How wide each column is: as its widest text, the last texts of rows apart, up to a limit. */
function columnWidths(rows: string[][]): number[] {
  const widths: number[] = [];
  for (const row of rows) {
    for (const [i, text] of row.slice(0, -1).entries()) {
      widths[i] = Math.min(COLUMN, Math.max(widths[i] ?? 0, displayWidth(text)));
    }
  }
  return widths;
}
