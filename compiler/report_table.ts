import { fits, type MemoryReport } from "./footprint.ts";
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
/** From this share of a board's blocks on an estimate may be too low. */
const CLOSE = 0.85;

/** Bytes for people: `24.3 kB`. */
export function kilobytes(bytes: number): string {
  return bytes < 1000 ? `${bytes} B` : `${(bytes / 1000).toFixed(1)} kB`;
}

/** A number for people: `2,630`. */
export function count(n: number): string {
  return n.toLocaleString("en-US");
}

/** What an artefact takes of its board, in one line. */
export function memoryLine(memory: MemoryReport, color: boolean): string {
  const { flashBlocks, ramBlocks, loadingBlocks, jsVars, flashBytes, flashAvailable } = memory;
  const blocks = jsVars === null
    ? `about ${count(flashBlocks)} blocks`
    : `about ${count(flashBlocks)} of ${count(jsVars)} blocks`;
  const bytes = flashAvailable === null
    ? `${count(flashBytes)} bytes of flash, of which the board's size is not known`
    : `${count(flashBytes)} of ${count(flashAvailable)} bytes of flash`;
  const ram = Math.max(ramBlocks, loadingBlocks);
  const text = `Memory: ${blocks} from flash (${count(ram)} in RAM), ${bytes}`;
  const [code, verdict] = !fits(memory)
    ? ["31", ": it does not fit"]
    : flashBlocks > (jsVars ?? Infinity) * CLOSE
    ? ["33", ": it is close"]
    : ["32", ""];
  return color ? `\x1b[${code}m${text}${verdict}\x1b[0m` : text + verdict;
}

/** A report as a table with bars, without a line end after the last line. */
export function reportTable(report: BuildReport, options: TableOptions): string {
  const { color, width = 100 } = options;
  const paint = (code: string, text: string) => color ? `\x1b[${code}m${text}\x1b[0m` : text;
  const { modules, functions, fills, memory, bytes, gzipBytes } = report;
  const large = modules.filter((each) => each.bytes >= bytes * SMALL);
  const rest = modules.slice(large.length);
  const most = modules[0]?.bytes ?? 1;
  const name = Math.min(38, widest(large.map(({ module }) => module)));
  const row = (module: string, own: number, held: number | undefined, because: string) => {
    const blocks = held === undefined ? "" : `${count(held).padStart(6)} blocks `;
    const left = `  ${kilobytes(own).padStart(8)} ${percent(own, bytes).padStart(5)} ${blocks} `;
    const text = `${cut(module, name).padEnd(name)}  `;
    const why = cut(because, Math.max(12, width - left.length - BAR - text.length - 1));
    const bar = "█".repeat(Math.round(own / most * BAR)).padEnd(BAR);
    return `${left}${paint("36", bar)} ${text}${paint("2", why)}`.trimEnd();
  };
  const lines = [
    paint("1", `Modules: ${kilobytes(bytes)}, ${kilobytes(gzipBytes)} gzipped`) +
    paint("2", "  (bytes of the artefact, and which import leads there)"),
    ...large.map((each) => row(each.module, each.bytes, each.flashBlocks, reasonOf(each))),
  ];
  if (rest.length > 0) {
    const sum = (of: (it: ModuleReport) => number) => rest.reduce((all, it) => all + of(it), 0);
    const held = rest[0]?.flashBlocks === undefined ? undefined : sum((it) => it.flashBlocks ?? 0);
    lines.push(row(`${rest.length} smaller ones`, sum((it) => it.bytes), held, ""));
  }
  if (functions.length > 0) lines.push("", ...functionRows(functions, paint));
  if (fills.length > 0) lines.push("", ...fillRows(fills, paint));
  if (memory !== undefined) {
    lines.push("", memoryLine(memory, color), `  ${paint("2", reserveText(memory))}`);
  }
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

function reserveText({ reserveBlocks, loadingBlocks, ramBlocks }: MemoryReport): string {
  return `estimated, with ${
    count(reserveBlocks)
  } blocks for the interpreter and for calls that wait; ` +
    `in RAM ${count(ramBlocks)}, while loading ${count(loadingBlocks)}`;
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
