import type { BuildReport, FunctionReport, ModuleReport } from "./report.ts";
import type { Fill } from "./target.ts";

/** How to write a report. */
export interface TableOptions {
  readonly color: boolean;
  /** Columns of the terminal; 100 unless given. */
  readonly width?: number;
}

/** How many cells the longest bar has. */
const BAR = 12;
/** Rows of what is smaller than this share of the artefact are summed up. */
const SMALL = 0.004;

/** Bytes for people: `24.3 kB`. */
export function kilobytes(bytes: number): string {
  return bytes < 1000 ? `${bytes} B` : `${(bytes / 1000).toFixed(1)} kB`;
}

/** A report as a table with bars, without a line end after the last line. */
export function reportTable(report: BuildReport, options: TableOptions): string {
  const { color, width = 100 } = options;
  const paint = (code: string, text: string) => color ? `\x1b[${code}m${text}\x1b[0m` : text;
  const { modules, functions, fills, bytes, gzipBytes } = report;
  const large = modules.filter((each) => each.bytes >= bytes * SMALL);
  const rest = modules.slice(large.length);
  const most = modules[0]?.bytes ?? 1;
  const name = Math.min(38, widest(large.map(({ module }) => module)));
  const row = (module: string, own: number, because: string) => {
    const left = `  ${kilobytes(own).padStart(8)} ${percent(own, bytes).padStart(5)}  `;
    const text = `${cut(module, name).padEnd(name)}  `;
    const why = cut(because, Math.max(12, width - left.length - BAR - text.length - 1));
    const bar = "█".repeat(Math.round(own / most * BAR)).padEnd(BAR);
    return `${left}${paint("36", bar)} ${text}${paint("2", why)}`.trimEnd();
  };
  const lines = [
    paint("1", `Modules: ${kilobytes(bytes)}, ${kilobytes(gzipBytes)} gzipped`) +
    paint("2", "  (bytes of the artefact, and which import leads there)"),
    ...large.map((each) => row(each.module, each.bytes, reasonOf(each))),
  ];
  if (rest.length > 0) {
    lines.push(row(`${rest.length} smaller ones`, rest.reduce((sum, it) => sum + it.bytes, 0), ""));
  }
  if (functions.length > 0) lines.push("", ...functionRows(functions, paint));
  if (fills.length > 0) lines.push("", ...fillRows(fills, paint));
  return lines.join("\n");
}

function functionRows(
  functions: readonly FunctionReport[],
  paint: (code: string, text: string) => string,
): string[] {
  const names = functions.map(({ name }) => name === "" ? "(anonymous)" : name);
  const width = Math.min(32, widest(names));
  const sum = functions.reduce((total, each) => total + each.bytes, 0);
  return [
    paint("1", `Coroutines: ${functions.length} functions, ${kilobytes(sum)}`) +
    paint("2", `  (${Math.round(sum / functions.length)} B each)`),
    ...functions.map(({ bytes, awaits, module, line }, i) => {
      const left = `  ${kilobytes(bytes).padStart(8)}  ${`${awaits}`.padStart(3)} awaits  `;
      return `${left}${cut(names[i]!, width).padEnd(width)}  ${paint("2", `${module}:${line}`)}`;
    }),
  ];
}

function fillRows(
  fills: readonly Fill[],
  paint: (code: string, text: string) => string,
): string[] {
  const sum = fills.reduce((total, { bytes }) => total + bytes, 0);
  return [
    paint("1", `Fills: ${fills.length}, ${kilobytes(sum)}`) +
    paint("2", "  (what the engine lacks and the program uses)"),
    ...fills.map(({ name, bytes }) => `  ${kilobytes(bytes).padStart(8)}  ${name}`),
  ];
}

/** The way back from a module to the program. */
function reasonOf({ because }: ModuleReport): string {
  const names = because.map((name) => name.replace(/^awaitio\//, ""));
  return names.length === 0 ? "" : `← ${names.toReversed().join(" ← ")}`;
}

function percent(part: number, whole: number): string {
  return `${(part / whole * 100).toFixed(1)}%`;
}

function widest(texts: readonly string[]): number {
  return Math.max(0, ...texts.map((text) => text.length));
}

function cut(text: string, width: number): string {
  return text.length <= width ? text : `${text.slice(0, width - 1)}…`;
}
