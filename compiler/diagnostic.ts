import { toPath } from "./paths.ts";

/** What is wrong with a program, and where. */
export interface Diagnostic {
  /** Names the failed action first, then the cure; where it does not begin with "Cannot", compiling is the action. */
  readonly message: string;
  /** The file as a path or URL; `null` where the mistake is in no file. */
  readonly file: string | null;
  /** From 1. */
  readonly line: number;
  /** From 1. */
  readonly column: number;
  /** The text of that line. */
  readonly lineText: string;
  /** How many characters are meant, 1 or more. */
  readonly length: number;
}

/** A program does not compile. */
export class CompileError extends Error {
  /** @param diagnostics What is wrong, in the order of the files. */
  constructor(readonly diagnostics: readonly Diagnostic[]) {
    super(diagnostics.map((each) => codeFrame(each)).join("\n\n"));
    this.name = "CompileError";
  }
}

/** How to draw a code frame. */
export interface FrameOptions {
  readonly color?: boolean;
  /** Makes a file's name short, for example relative to the caller's folder. */
  readonly shorten?: (file: string) => string;
  /** What is said of a file where the message does not say it: "Cannot compile" unless given. */
  readonly action?: string;
  /** Columns of the terminal; 100 unless given. */
  readonly width?: number;
}

/**
 * The message, the place, the line and a caret under what is meant.
 *
 * @example
 * ```text
 * Cannot import "./led.ts": no such file
 *   blink.ts:3:22
 *   3 │ import { led } from "./led.ts";
 *     │                     ^^^^^^^^^^
 * ```
 */
export function codeFrame(diagnostic: Diagnostic, options: FrameOptions = {}): string {
  const { color = false, shorten = toPath, width = 100, action = "Cannot compile" } = options;
  const paint = (code: string, text: string) => color ? `\x1b[${code}m${text}\x1b[0m` : text;
  const { message, file, line, column, lineText, length } = diagnostic;
  if (file === null) return paint("1;31", sentence(message, action));
  const head = paint("1;31", sentence(message, `${action} "${shorten(file)}"`));
  const place = `  ${paint("36", `${shorten(file)}:${line}:${column}`)}`;
  if (lineText.trim() === "") return `${head}\n${place}`;
  const number = String(line);
  const room = Math.max(20, width - number.length - 6);
  const { text, at } = cut(lineText.replaceAll("\t", " "), column - 1, room);
  const carets = "^".repeat(Math.max(1, Math.min(length, text.length - at)));
  return [
    head,
    place,
    `  ${paint("2", `${number} │`)} ${text}`,
    `  ${paint("2", `${" ".repeat(number.length)} │`)} ${" ".repeat(at)}${paint("31", carets)}`,
  ].join("\n");
}

function sentence(message: string, action: string): string {
  return message.startsWith("Cannot ") ? message : `${action}: ${message}`;
}

/** The part of a long line that is around a column. */
function cut(line: string, column: number, room: number): { text: string; at: number } {
  if (line.length <= room) return { text: line.trimEnd(), at: column };
  const from = Math.max(0, Math.min(column - Math.floor(room / 3), line.length - room));
  const head = from > 0 ? "…" : "";
  const tail = from + room < line.length ? "…" : "";
  const text = head + line.slice(from + head.length, from + room - tail.length) + tail;
  return { text: text.trimEnd(), at: column - from };
}
