/**
 * What scripts hold of the interpreter's memory, asked from the interpreter itself.
 *
 * @module
 */

import { type InterpreterOptions, runOnInterpreter } from "./interpreter.ts";

/** How to load a script and run it. */
export interface LoadOptions extends Omit<InterpreterOptions, "folder"> {
  /** Whether the functions stay in Storage or are copied into memory. */
  readonly from: "flash" | "ram";
  /** What runs before it. */
  readonly prelude?: string;
}

/** How to count what a script holds. */
export interface BlocksOptions extends Pick<LoadOptions, "from" | "prelude"> {
  /** When to count, in milliseconds after it was loaded; 50 unless given. */
  readonly after?: number;
}

/** A number behind an equals sign, or what ends a script early. */
const NUMBER = /=\d+\r?\n|OUT OF MEMORY|Uncaught/;
/** The file in Storage that a script is loaded from. */
const FILE = "app";
/** How many characters are written to it at once. */
const PIECE = 1000;

/** How many bytes a block of the interpreter has. */
export async function blockSize(): Promise<number> {
  return await asked(`print("=" + process.memory().blocksize);`);
}

/** How many blocks the interpreter takes while it runs nothing. */
export async function idleBlocks(): Promise<number> {
  return await asked(`setTimeout(function () { print("=" + process.memory().usage); }, 50);`);
}

/** How many blocks a script holds, without the interpreter's own. */
export async function blocksHeld(code: string, options: BlocksOptions): Promise<number> {
  const { from, prelude = "", after = 50 } = options;
  const used = async (script: string): Promise<number> =>
    numberIn(await runLoaded(script, { from, prelude: prelude + counting(after), until: NUMBER }));
  return await used(code) - await used(";");
}

/** Runs a script that is loaded as a board does it. */
export async function runLoaded(code: string, options: LoadOptions): Promise<string[]> {
  const { from, prelude = "", ...rest } = options;
  if (from === "ram") return await runOnInterpreter(`${prelude}\n${code}\n`, rest);
  const folder = await Deno.makeTempDir();
  try {
    await runOnInterpreter(`${saving(code)}\nprint("=1");`, { until: NUMBER, folder });
    const start = `${prelude}\neval(require("Storage").read("${FILE}"));\n`;
    return await runOnInterpreter(start, { ...rest, folder });
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/**
 * The text of a script is in memory while it is loaded: blocks are counted later, several times, since a timer's time
 * takes one more or not.
 */
function counting(after: number): string {
  return `(function () {
    var least = 1e9, left = 5;
    function count() {
      least = Math.min(least, process.memory().usage);
      if (--left) setTimeout(count, 5); else print("=" + least);
    }
    setTimeout(count, ${after});
  })();`;
}

function saving(code: string): string {
  const pieces: string[] = [];
  for (let i = 0; i < code.length; i += PIECE) {
    const piece = JSON.stringify(code.slice(i, i + PIECE));
    pieces.push(`require("Storage").write("${FILE}", ${piece}, ${i}, ${code.length});`);
  }
  return pieces.join("\n");
}

async function asked(script: string): Promise<number> {
  return numberIn(await runOnInterpreter(script, { until: NUMBER }));
}

/** The number that a script has printed behind an equals sign. */
function numberIn(lines: readonly string[]): number {
  const [, number] = /^=(\d+)$/m.exec(lines.join("\n")) ?? [];
  if (number !== undefined) return Number(number);
  throw new Error(`Cannot measure: the interpreter printed\n${lines.join("\n").slice(-500)}`);
}
