/**
 * How large artefacts for Espruino are, and what they take on the interpreter.
 *
 *     deno run -A bench/espruino.ts [board]
 *
 * Blocks and times need `ESPRUINO_BIN`, the path of an interpreter built for this machine.
 *
 * @module
 */

import { join } from "node:path";
import { buildProgram } from "../compiler/build_program.ts";
import { stopBundler } from "../compiler/bundle.ts";
import { ROOT } from "../compiler/paths.ts";
import { espruino } from "../targets/espruino/target.ts";
import { whole } from "./report.ts";

const EXAMPLES = [
  "blink",
  "button",
  "serial_console",
  "thermostat",
  "traffic_light",
  "usage_guide",
  "demo",
];
/** Awaits a timing takes. */
const TIMES = 3000;
/** How long the interpreter may take, in milliseconds. */
const LIMIT = 60_000;

const TOOK = /TOOK ([\d.]+)\s/;

/** Pins and lines that do nothing: this machine has none. */
const NO_HARDWARE = `
var used = process.memory().usage;
global["pinMode"] = function () {};
global["digitalWrite"] = function () {};
global["digitalRead"] = function () { return 0; };
global["analogRead"] = function () { return 0; };
global["analogWrite"] = function () {};
global["setWatch"] = function () { return 1; };
global["clearWatch"] = function () {};
global["Serial1"] = {
  setup: function () {}, unsetup: function () {}, write: function () {}, on: function () {},
  removeAllListeners: function () {}
};
`;

const AWAITS = `
import { sleep } from "awaitio";
export default async function main() {
  const began = Date.now();
  for (let i = 0; i < ${TIMES}; i++) await sleep(0.001);
  console.log("TOOK " + (Date.now() - began));
}
`;

const TIMERS = `
var left = ${TIMES}, began = Date.now();
function next() {
  if (left-- > 0) setTimeout(next, 0.001); else print("TOOK " + (Date.now() - began));
}
next();
`;

/** The artefact of a program. */
async function artefact(program: string, board: string): Promise<string> {
  const { code } = await buildProgram({ program, target: espruino, board, coroutines: "compiled" });
  return code;
}

/** What the interpreter prints until `end` is in it. */
async function interpreted(bin: string, script: string, end: RegExp): Promise<RegExpExecArray> {
  const file = await Deno.makeTempFile({ suffix: ".js" });
  await Deno.writeTextFile(file, script);
  const child = new Deno.Command(bin, { args: [file], stdin: "null", stdout: "piped" }).spawn();
  const limit = setTimeout(() => child.kill("SIGKILL"), LIMIT);
  let text = "";
  try {
    for await (const chunk of child.stdout.pipeThrough(new TextDecoderStream())) {
      const found = end.exec(text += chunk);
      if (found !== null) return found;
    }
  } finally {
    clearTimeout(limit);
    try {
      child.kill("SIGKILL");
    } catch {
      // It has ended.
    }
    await child.status;
    await Deno.remove(file);
  }
  throw new Error(`Cannot measure: the interpreter printed\n${text.slice(-500)}`);
}

async function blocksOf(bin: string, code: string): Promise<string> {
  const after =
    `\nsetTimeout(function () { print("BLOCKS " + (process.memory().usage - used)); }, 300);`;
  const [, blocks] = await interpreted(bin, NO_HARDWARE + code + after, /BLOCKS (\d+)\s/);
  return blocks!;
}

/** Prints the table. */
async function main(board: string): Promise<void> {
  const bin = Deno.env.get("ESPRUINO_BIN");
  console.log(`| example | bytes for ${board} | blocks while it waits, loaded into RAM |`);
  console.log("|---|---|---|");
  for (const name of EXAMPLES) {
    const code = await artefact(join(ROOT, "examples", `${name}.ts`), board);
    const blocks = bin === undefined
      ? "(set ESPRUINO_BIN)"
      : await blocksOf(bin, code).catch(() => "-");
    console.log(`| ${name}.ts | ${whole(code.length)} | ${blocks} |`);
  }
  if (bin === undefined) return;
  const folder = await Deno.makeTempDir();
  const program = join(folder, "awaits.ts");
  await Deno.writeTextFile(program, AWAITS);
  const awaits = await artefact(program, board);
  await Deno.remove(folder, { recursive: true });
  const rows: number[][] = [];
  for (let i = 0; i < 3; i++) {
    const [, ours] = await interpreted(bin, awaits, TOOK);
    const [, bare] = await interpreted(bin, TIMERS, TOOK);
    rows.push([Number(ours), Number(bare)]);
  }
  const [ours = 0, bare = 1] = rows.sort(([a = 0], [b = 0]) => a - b)[1] ?? [];
  console.log(
    `\nOne await of a timer: ${(ours * 1000 / TIMES).toFixed(0)} µs, a bare setTimeout callback: ` +
      `${(bare * 1000 / TIMES).toFixed(0)} µs, ${(ours / bare).toFixed(1)} times as long (limit 2)`,
  );
}

if (import.meta.main) {
  await main(Deno.args[0] ?? "puckjs");
  await stopBundler();
}
