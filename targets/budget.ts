import { fits, fitsRam, type MemoryReport } from "../compiler/footprint.ts";
import type { BuildReport, ModuleReport } from "../compiler/report.ts";
import { count, kilobytes } from "../compiler/report_table.ts";
import { UsageError } from "./command.ts";
import { EXIT } from "./exit.ts";

/** How many of the largest modules are named. */
const NAMED = 8;

/** Where an artefact is going to run: its functions from flash, or all of it in memory. */
export type Keeping = "flash" | "ram";

/** What is compared with a board; the modules are named as the contributors. */
export type Fitted = Pick<BuildReport, "program" | "board" | "memory" | "modules">;

/**
 * Refuses what does not fit its board.
 *
 * @throws {UsageError} With the largest contributors and the cure.
 */
export function requireFit(report: Fitted, keeping: Keeping): void {
  const { memory, program, board, modules } = report;
  if (memory === undefined) return;
  const faults = faultsOf(memory, keeping);
  if (faults.length === 0) return;
  throw new UsageError(
    [
      `Cannot fit "${program}" on the board "${board}": ${faults.join("; ")}. The largest:`,
      ...contributors(memory, modules, keeping),
      cure(memory, keeping),
    ].join("\n"),
    EXIT.overBudget,
  );
}

/** What of a board is too little for an artefact, in words. */
function faultsOf(memory: MemoryReport, keeping: Keeping): string[] {
  const { ramBlocks, loadingBlocks, flashBlocks, jsVars, flashBytes, flashAvailable } = memory;
  if (keeping === "ram") {
    if (fitsRam(memory)) return [];
    return [
      loadingBlocks > ramBlocks
        ? `loading it into RAM takes about ${count(loadingBlocks)} blocks, its text among them, ` +
          `and there are ${count(jsVars!)}`
        : `it takes about ${count(ramBlocks)} blocks of RAM, and there are ${count(jsVars!)}`,
    ];
  }
  const faults: string[] = [];
  if (fits(memory)) return faults;
  if (flashBlocks > (jsVars ?? Infinity)) {
    faults.push(
      `it takes about ${count(flashBlocks)} blocks of memory, its functions in flash, and there ` +
        `are ${count(jsVars!)}`,
    );
  }
  if (flashBytes > (flashAvailable ?? Infinity)) {
    faults.push(
      `it takes ${count(flashBytes)} bytes of flash, and there are ${count(flashAvailable!)}`,
    );
  }
  return faults;
}

/** The modules that take most of what there is too little of. */
function contributors(
  memory: MemoryReport,
  modules: readonly ModuleReport[],
  keeping: Keeping,
): string[] {
  const blocks = (each: ModuleReport): number =>
    (keeping === "ram" ? each.ramBlocks : each.flashBlocks) ?? 0;
  const lacksBlocks = keeping === "ram" || memory.flashBlocks > (memory.jsVars ?? Infinity);
  const weight = lacksBlocks ? blocks : (each: ModuleReport) => each.bytes;
  const largest = modules.toSorted((a, b) => weight(b) - weight(a)).slice(0, NAMED);
  const row = (n: number, bytes: string, name: string) =>
    `  ${count(n).padStart(6)} blocks  ${bytes.padStart(8)}  ${name}`;
  const rows = largest.map((each) => row(blocks(each), kilobytes(each.bytes), each.module));
  if (!lacksBlocks) return rows;
  const reserve = "reserved for the interpreter, and for calls that wait";
  return [...rows, row(memory.reserveBlocks, "", reserve)];
}

function cure(memory: MemoryReport, keeping: Keeping): string {
  if (keeping === "ram" && fits(memory)) {
    return "Flash it without --ram: its functions then stay in flash.";
  }
  return "Use less of what `build --report` shows, or choose a larger board (deno task boards).";
}
