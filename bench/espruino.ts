/**
 * How large artefacts for Espruino are, and what they take on the interpreter.
 *
 *     deno run -A bench/espruino.ts [board]
 *
 * Blocks and times need `ESPRUINO_BIN`, the path of an interpreter built for this machine. Its blocks are those of a
 * Puck.js if it is built with `-m32` and `VARIABLES=8190`.
 *
 * @module
 */

import { join } from "node:path";
import { buildProgram, type BuildResult } from "../compiler/build_program.ts";
import { stopBundler } from "../compiler/bundle.ts";
import { BlockLayout } from "../compiler/espruino/block_layout.ts";
import {
  blocksHeld,
  blockSize,
  idleBlocks,
  type LoadOptions,
  runLoaded,
} from "../compiler/espruino/harness/blocks.ts";
import { interpreterPath } from "../compiler/espruino/harness/interpreter.ts";
import { ROOT } from "../compiler/paths.ts";
import { EXAMPLES } from "../examples/world_test.ts";
import { estimateBlocks, RUNNING } from "../targets/espruino/measure.ts";
import { espruino } from "../targets/espruino/target.ts";
import { CALLS, FLAT, TIMERS, TIMES, timing } from "./espruino_programs.ts";
import { whole } from "./report.ts";

/** When blocks are counted, in milliseconds after the start. */
const AFTER = 300;
/** How long a script may take, in seconds. */
const LIMIT = 120;

/** Pins and lines that do nothing, but keep what is to be called back: this machine has none. */
const NO_HARDWARE = `
var held = [];
global["pinMode"] = function () {};
global["digitalWrite"] = function () {};
global["digitalRead"] = function () { return 0; };
global["analogRead"] = function () { return 0; };
global["analogWrite"] = function () {};
global["setWatch"] = function (f, pin, how) { return held.push([f, pin, how]); };
global["clearWatch"] = function () {};
Serial1.setup = Serial1.unsetup = Serial1.write = Serial1.removeAllListeners = function () {};
Serial1.on = function (name, f) { held.push(f); };
`;

async function built(program: string, board: string): Promise<BuildResult> {
  return await buildProgram({ program, target: espruino, board, coroutines: "compiled" });
}

/** Builds the text of a program. */
async function builtText(text: string, board: string): Promise<string> {
  const folder = await Deno.makeTempDir();
  try {
    const program = join(folder, "program.ts");
    await Deno.writeTextFile(program, text);
    return (await built(program, board)).code;
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** The numbers that a script prints behind `TOLD`. */
async function told(script: string, from: LoadOptions["from"] = "ram"): Promise<number[]> {
  const until = /TOLD ([\d., -]+)\r?\n/;
  const lines = await runLoaded(script, { from, until, limit: LIMIT });
  const [, numbers] = until.exec(`${lines.join("\n")}\n`) ?? [];
  if (numbers === undefined) throw new Error(`Cannot measure: it printed\n${lines.join("\n")}`);
  return numbers.split(",").map(Number);
}

/** One example's row: bytes, and blocks as measured and as estimated for an interpreter with such blocks. */
async function exampleRow(name: string, board: string, layout: BlockLayout | null, idle: number) {
  const { code, report } = await built(join(ROOT, "examples", `${name}.ts`), board);
  const cells = [`${name}.ts`, whole(report.bytes)];
  if (layout === null) return cells;
  const estimate = estimateBlocks(code, report.functions.map(({ bytes }) => bytes), layout);
  for (const from of ["flash", "ram"] as const) {
    // They are counted while nothing runs.
    const expected = (from === "flash" ? estimate.flashBlocks : estimate.ramBlocks) - RUNNING;
    const blocks = await blocksHeld(code, { from, prelude: NO_HARDWARE, after: AFTER })
      .then((held) => held + idle, () => null);
    const ratio = blocks === null ? "-" : (expected / blocks).toFixed(2);
    cells.push(blocks === null ? "-" : whole(blocks), whole(expected), ratio);
  }
  return cells;
}

async function timePerAwait(board: string): Promise<string> {
  const awaits = await builtText(timing, board);
  const rows: number[][] = [];
  for (let i = 0; i < 3; i++) rows.push([...await told(awaits), ...await told(TIMERS)]);
  const [ours = 0, bare = 1] = rows.sort(([a = 0], [b = 0]) => a - b)[1] ?? [];
  return `One await of a timer: ${(ours * 1000 / TIMES).toFixed(0)} µs, a bare setTimeout ` +
    `callback: ${(bare * 1000 / TIMES).toFixed(0)} µs, ${(ours / bare).toFixed(1)} times as long ` +
    "(limit 2)";
}

/** Prints the tables. */
async function main(board: string): Promise<void> {
  const real = interpreterPath() !== undefined;
  const layout = real ? BlockLayout.ofBlocks(await blockSize()) : null;
  const idle = real ? await idleBlocks() : 0;
  const row = (cells: readonly string[]) => console.log(`| ${cells.join(" | ")} |`);
  const measured = ["blocks", "estimate", "ratio"];
  const blocks = [
    ...measured.map((each) => `${each}, from flash`),
    ...measured.map((each) => `${each}, in RAM`),
  ];
  const head = ["example", `bytes for ${board}`, ...(real ? blocks : [])];
  row(head);
  row(head.map(() => "---"));
  for (const name of Object.keys(EXAMPLES)) row(await exampleRow(name, board, layout, idle));
  if (layout === null) return console.log("\nBlocks and times: set ESPRUINO_BIN");
  console.log(
    `\nBlocks of ${layout.block} bytes, ${idle} of them the interpreter's own, ${AFTER} ms after ` +
      "the start",
  );
  const usage = await told(await builtText(FLAT, board));
  console.log(`A blinker's blocks over 10,000 awaits: ${usage.map(whole).join(", ")}`);
  const calls = await builtText(CALLS, board);
  for (const from of ["flash", "ram"] as const) {
    const [call = 0, sleeping = 0, task = 0] = await told(calls, from);
    console.log(
      `From ${from}, a suspended call more: ${call.toFixed()} blocks (limit 32), one that sleeps: ` +
        `${sleeping.toFixed()}, a task that sleeps: ${task.toFixed()}`,
    );
  }
  console.log(await timePerAwait(board));
}

if (import.meta.main) {
  await main(Deno.args[0] ?? "puckjs");
  await stopBundler();
}
