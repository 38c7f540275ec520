/**
 * The interpreter itself, for tests on machines that have its build for Linux.
 *
 * @module
 */

/** The interpreter's path, from `ESPRUINO_BIN`; `undefined` where there is none. */
export function interpreterPath(): string | undefined {
  return Deno.env.get("ESPRUINO_BIN");
}

/** How long a script may take, in seconds. */
const LIMIT = 20;

/**
 * Runs a script on the interpreter.
 *
 * @returns The lines that it printed, without the banner, the prompt and the lines of stacks.
 */
export async function runOnInterpreter(code: string, limit = LIMIT): Promise<string[]> {
  const path = interpreterPath();
  if (path === undefined) {
    throw new Error("Cannot run on the interpreter: set ESPRUINO_BIN to its path");
  }
  const file = await Deno.makeTempFile({ suffix: ".js" });
  try {
    await Deno.writeTextFile(file, code);
    const process = new Deno.Command(path, {
      args: [file],
      stdin: "null",
      stdout: "piped",
      stderr: "null",
      signal: AbortSignal.timeout(limit * 1000),
    });
    const { stdout } = await process.output();
    return linesOf(new TextDecoder("latin1").decode(stdout));
  } finally {
    await Deno.remove(file);
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
