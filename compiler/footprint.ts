/** What a statement or a member of an artefact holds of a board's memory once it is loaded. */
export interface Held {
  /** Its place in the artefact: line from 1, column from 0. */
  readonly line: number;
  readonly column: number;
  /** Blocks when the code of functions is in memory. */
  readonly ramBlocks: number;
  /** Blocks when it stays in flash. */
  readonly flashBlocks: number;
}

/** What an artefact takes of its board, estimated, and what the board has; `null` where that is not known. */
export interface MemoryReport {
  /** Blocks of memory while it runs, loaded into RAM. */
  readonly ramBlocks: number;
  /** Blocks of memory while it runs from flash. */
  readonly flashBlocks: number;
  /** Blocks of memory while it is loaded into RAM: its text is there, too. */
  readonly loadingBlocks: number;
  /** How many of the running blocks are a reserve for what is made at run time. */
  readonly reserveBlocks: number;
  /** Blocks of memory that the board has. */
  readonly jsVars: number | null;
  /** Bytes that it takes in the board's Storage. */
  readonly flashBytes: number;
  /** Bytes that the Storage has. */
  readonly flashAvailable: number | null;
}

/** What an artefact takes of its board, and which parts of it hold that. */
export interface Footprint {
  readonly memory: MemoryReport;
  readonly held: readonly Held[];
}

/** Whether an artefact that runs from flash fits its board, as far as that can be told. */
export function fits({ flashBlocks, jsVars, flashBytes, flashAvailable }: MemoryReport): boolean {
  return flashBlocks <= (jsVars ?? Infinity) && flashBytes <= (flashAvailable ?? Infinity);
}

/** Whether an artefact can be loaded into a board's RAM, as far as that can be told. */
export function fitsRam({ ramBlocks, loadingBlocks, jsVars }: MemoryReport): boolean {
  return Math.max(ramBlocks, loadingBlocks) <= (jsVars ?? Infinity);
}
