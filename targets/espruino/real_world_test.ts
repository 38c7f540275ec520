/** What tests that ask the real interpreter share: it runs where ESPRUINO_BIN names it. */

/** The real interpreter's program; `undefined` where there is none. */
export const ESPRUINO_BIN: string | undefined = Deno.env.get("ESPRUINO_BIN");

/**
 * The folder in whose `gpio<N>/value` the interpreter has its pins, as a Linux build with
 * `SYSFS_GPIO_DIR` does; `undefined` where it has none.
 */
export const ESPRUINO_GPIO: string | undefined = Deno.env.get("ESPRUINO_GPIO");

/** What a script may take, in milliseconds. */
const LIMIT = 20_000;

/** What a script calls to tell what it has found, and when it is done. */
const PRELUDE = `
function say(what) { print("#" + what); }
function attempt(what) { try { return "" + what(); } catch (e) { return e.message; } }
function done() { print("#<done>"); }
`;

/**
 * Runs a script on the real interpreter until it calls `done()`.
 *
 * @param onSaid Hears of every line that it says, while it runs.
 * @returns What it has said, a line each.
 */
export async function interpret(
  script: string,
  onSaid: (line: string) => void = () => {},
): Promise<string[]> {
  const folder = await Deno.makeTempDir({ prefix: "espruino-" });
  const file = `${folder}/script.js`;
  await Deno.writeTextFile(file, PRELUDE + script);
  const process = new Deno.Command(ESPRUINO_BIN!, {
    args: [file],
    cwd: folder, // it keeps its flash in a file beside itself
    stdin: "piped", // left open: its end comes as characters that nobody has sent
    stdout: "piped",
    stderr: "null",
  }).spawn();
  const limit = setTimeout(() => process.kill("SIGKILL"), LIMIT);
  const said: string[] = [];
  let rest = "";
  let whole = "";
  try {
    for await (const text of process.stdout.pipeThrough(new TextDecoderStream())) {
      whole += text;
      const lines = (rest + text).split("\n");
      rest = lines.pop()!;
      for (const line of lines) {
        const [, told] = /#(.*?)\r?$/.exec(line) ?? [];
        if (told === undefined) continue;
        if (told === "<done>") return said;
        said.push(told);
        onSaid(told);
      }
    }
    throw new Error(`The interpreter ended before the script was done:\n${whole}`);
  } finally {
    clearTimeout(limit);
    try {
      process.kill("SIGKILL");
    } catch { /* it has ended by itself */ }
    await process.stdin.close().catch(() => {});
    await process.status;
    await Deno.remove(folder, { recursive: true });
  }
}
