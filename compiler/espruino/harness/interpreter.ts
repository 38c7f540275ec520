/**
 * The interpreter itself, for tests on machines that have its build for Linux.
 *
 * @module
 */

import { join } from "node:path";

/** The interpreter's path, from `ESPRUINO_BIN`; `undefined` where there is none. */
export function interpreterPath(): string | undefined {
  return Deno.env.get("ESPRUINO_BIN");
}

/** How long a script may take, in seconds. */
const LIMIT = 20;

/** How to run a script. */
export interface InterpreterOptions {
  /** How long it may take, in seconds; 20 unless given. */
  readonly limit?: number;
  /** Ends it when this is in what it has printed; else it ends when nothing is left to wait for. */
  readonly until?: RegExp;
  /** Where the interpreter keeps its Storage; a folder of its own unless given. */
  readonly folder?: string;
}

/**
 * Runs a script on the interpreter.
 *
 * @returns The lines that it printed, without the banner, the prompt and the lines of stacks.
 */
export async function runOnInterpreter(
  code: string,
  options: InterpreterOptions = {},
): Promise<string[]> {
  const path = interpreterPath();
  if (path === undefined) {
    throw new Error("Cannot run on the interpreter: set ESPRUINO_BIN to its path");
  }
  const { limit = LIMIT, until, folder } = options;
  const cwd = await Deno.makeTempDir();
  const file = join(cwd, "script.js");
  await Deno.writeTextFile(file, code);
  const process = new Deno.Command(path, {
    args: [file],
    cwd: folder ?? cwd,
    // Left open: its end would be read as characters, which take memory.
    stdin: "piped",
    stdout: "piped",
    stderr: "null",
  }).spawn();
  const tooLong = setTimeout(() => process.kill("SIGKILL"), limit * 1000);
  let text = "";
  try {
    for await (const chunk of process.stdout.pipeThrough(new TextDecoderStream("latin1"))) {
      text += chunk;
      if (until?.test(text)) break;
    }
    return linesOf(text);
  } finally {
    clearTimeout(tooLong);
    try {
      process.kill("SIGKILL");
    } catch {
      // It has ended by itself.
    }
    await process.stdin.close().catch(() => {});
    await process.status;
    await Deno.remove(cwd, { recursive: true });
  }
}

/** What a script printed. */
function linesOf(text: string): string[] {
  const lines = text.replaceAll("\r", "").split("\n");
  const begin = lines.findIndex((line) => line.includes("espruino.com/Donate"));
  const failed = lines.findIndex((line) => line.startsWith("ASSERT("));
  return lines.slice(begin + 1, failed < 0 ? undefined : failed + 1)
    // deno-lint-ignore no-control-regex -- the prompt clears its line
    .map((line) => line.replace(/^(?:>|\x1b\[J)+/, ""))
    .filter((line) =>
      line.trim() !== "" &&
      !/^\s+at |^\s*\^$|^Uncaught undefined$|^New interpreter error/.test(line)
    );
}

/** Lines without what the words of an error say: engines agree on its class only. */
export function comparable(lines: readonly string[]): string[] {
  return lines.map((line) =>
    /^Uncaught ReferenceError/.test(line)
      ? line
      : line.replace(/^(Uncaught \w*Error): .*$/, "$1").trimEnd()
  );
}
