import { originalPositionFor, TraceMap } from "@jridgewell/trace-mapping";
import { fileURLToPath } from "node:url";
import { shortPath } from "../../compiler/paths.ts";
import type { Artefact } from "./artefact.ts";

/** Where the code of a position lies, and where in it. */
const NEWER = /([^\s(:]+):(\d+):(\d+)/g;
/** Firmwares before 2v20 or so name no file. */
const OLDER = /\bline (\d+) col (\d+)/g;

/** Lines that carry positions: `    at f (.bootcde:2:9)`, `at line 2 col 9`, `in function ...`. */
const CARRIES = /^\s*(at |in function )/;

/** Translates the positions in an error that the interpreter prints to those in the original files. */
export class Positions {
  readonly #map: TraceMap;
  readonly #folder: string;
  readonly #names: readonly string[];
  readonly #from: string;

  /**
   * @param names The files on the board that the map is of.
   * @param from The folder that paths are told relative to.
   */
  constructor(
    map: NonNullable<Artefact["map"]>,
    { names, from }: { readonly names: readonly string[]; readonly from: string },
  ) {
    this.#map = new TraceMap(map.json);
    this.#folder = map.folder;
    this.#names = names;
    this.#from = from;
  }

  /** The same text with positions translated, where the map knows them. */
  translate(text: string): string {
    return text.split("\n").map((line) => CARRIES.test(line) ? this.#line(line) : line).join("\n");
  }

  #line(line: string): string {
    const newer = line.replace(NEWER, (found, file: string, row: string, column: string) => {
      const known = this.#names.includes(file);
      return known ? this.#place(Number(row), Number(column)) ?? found : found;
    });
    return newer.replace(
      OLDER,
      (found, row: string, column: string) => this.#place(Number(row), Number(column)) ?? found,
    );
  }

  /** The interpreter counts columns from 1, the map from 0. */
  #place(row: number, column: number): string | undefined {
    if (row < 1 || column < 1) return undefined;
    const found = originalPositionFor(this.#map, { line: row, column: column - 1 });
    if (found.source === null) return undefined;
    return `${this.#path(found.source)}:${found.line}:${found.column + 1}`;
  }

  #path(source: string): string {
    const url = new URL(source, this.#folder);
    return url.protocol === "file:" ? shortPath(fileURLToPath(url), this.#from) : source;
  }
}

/**
 * Translates text that comes in pieces. What may be the beginning of a position waits for its line's
 * end; all else, such as the echo of a key, passes at once.
 */
export class PositionStream {
  readonly #positions: Positions | null;
  #held = "";

  constructor(positions: Positions | null) {
    this.#positions = positions;
  }

  /** What can be shown now. */
  push(text: string): string {
    if (this.#positions === null) return text;
    const all = this.#held + text;
    const end = all.lastIndexOf("\n") + 1;
    const rest = all.slice(end);
    this.#held = mayCarry(rest) ? rest : "";
    return this.#positions.translate(all.slice(0, end)) + (this.#held === "" ? rest : "");
  }

  /** What was held back: nothing more came for a while. */
  flush(): string {
    const held = this.#held;
    this.#held = "";
    return held;
  }

  /** Whether anything is held back. */
  get holds(): boolean {
    return this.#held !== "";
  }
}

function mayCarry(line: string): boolean {
  if (line === "") return false;
  const bare = line.trimStart();
  return CARRIES.test(line) || "at ".startsWith(bare) || "in function ".startsWith(bare);
}
