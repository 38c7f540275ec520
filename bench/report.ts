/**
 * Puts figures into words: the table with its bars.
 *
 * @module
 */

import type { CaseResult, Figure } from "./measure.ts";
import { baselineOf, subjects } from "./subject.ts";

/** Colours text, or leaves it alone. */
export interface Paint {
  bold(text: string): string;
  dim(text: string): string;
  green(text: string): string;
  red(text: string): string;
}

/** A paint that colours with the terminal's escape codes, or one that does nothing. */
export function paint(colour: boolean): Paint {
  const wrap = (open: number, close: number) => (text: string) =>
    colour ? `\x1b[${open}m${text}\x1b[${close}m` : text;
  return { bold: wrap(1, 22), dim: wrap(2, 22), green: wrap(32, 39), red: wrap(31, 39) };
}

/** The widest name of a subject, in characters. */
const nameWidth = Math.max(...subjects.map(({ name }) => name.length));

/** The widest bar, in characters. */
const barWidth = 24;

/** The figure a bar of no length stands for; each eighth of a character is the same factor more. */
const barOrigin = 10;

/** The figure the widest bar stands for. */
const barEnd = 200_000;

/** One case as a block of lines: a heading, then a line a subject. */
export function table(result: CaseResult, paint: Paint): string[] {
  const { name, operation, unit } = result.case;
  const heading = `${paint.bold(name)}: ${operation}`;
  const rows = result.figures.map((figure, i) => {
    const value = compared(figure);
    const baseline = baselineOf(figure.subject);
    const floor = result.figures.find(({ subject }) => subject === baseline);
    const ratio = floor === undefined ? "" : `${times(value / compared(floor))}×`;
    const cells = [
      `  ${figure.subject.padEnd(nameWidth)}`,
      bar(value).padEnd(barWidth),
      `${whole(value)} ${unit.padEnd(2)}`.padStart(11),
      ratio.padStart(7),
      (unit === "B" ? "" : `${whole(figure.bytesPerOp ?? 0)} B`).padStart(9),
    ];
    if (figure.subject.startsWith("awaitio")) cells[1] = paint.green(cells[1]!);
    return `${cells.join(" ")}  ${paint.dim(result.words[i]!)}`;
  });
  return [heading, ...rows, ""];
}

/** What the columns are, for under the table. */
export function legend(engines: readonly string[]): string[] {
  return [
    'Columns: time an operation (memory held, for "suspended"), how many times that of plain promises on the',
    "same engine, bytes an operation allocates, and the subject's words for it. Bars are drawn to a",
    `logarithmic scale. Measured on ${engines.join(" and ")}.`,
    "",
  ];
}

/** The figure by which subjects are compared. */
export function compared({ nsPerOp, bytesPerOp }: Figure): number {
  return nsPerOp ?? bytesPerOp ?? NaN;
}

/** A quotient with as many digits as mean something. */
export function times(quotient: number): string {
  return quotient < 9.95 ? quotient.toFixed(quotient < 1.995 ? 2 : 1) : whole(quotient);
}

/** A figure without digits that mean nothing. */
export function whole(value: number): string {
  return Math.round(value).toLocaleString("en");
}

/** A bar whose length is the logarithm of `value`, to an eighth of a character. */
function bar(value: number): string {
  const part = Math.log(value / barOrigin) / Math.log(barEnd / barOrigin);
  const eighths = Math.round(Math.min(Math.max(part, 0), 1) * barWidth * 8);
  return "█".repeat(eighths >> 3) + ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"][eighths & 7];
}
