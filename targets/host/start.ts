import process from "node:process";
import { MISSING_MAIN } from "../../compiler/missing_main.ts";
import type { Board } from "../../runtime/io/board.ts";
import { describeError } from "../describe_error.ts";
import { EXIT } from "../exit.ts";
import { mapStacks } from "./map_stacks.ts";
import { runMain } from "./run_main.ts";

/** Runs a program's function and ends the process: what an artefact for the host does. */
export function start(main: unknown, url: string): void {
  startProcess(url, main, () => runMain(main as (board: Board) => unknown));
}

/**
 * Runs an artefact and ends the process with its exit code.
 *
 * @param url The artefact's own URL.
 * @param main What its program exports as default.
 * @param run Gives the exit code.
 */
export function startProcess(url: string, main: unknown, run: () => Promise<number>): void {
  const isNode = !("Deno" in globalThis);
  if (isNode) {
    mapStacks(url);
    // Node would print the line in question, and there is only one.
    process.on("uncaughtException", (error) => {
      console.error(describeError(error));
      process.exit(EXIT.failed);
    });
  }
  if (typeof main !== "function") {
    console.error(`Cannot run the program: ${MISSING_MAIN}`);
    process.exit(EXIT.doesNotCompile);
  }
  void run().then((code) => process.exit(code));
}
