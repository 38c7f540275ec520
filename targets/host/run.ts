import { ownModule } from "../../compiler/paths.ts";
import type { Board } from "../../runtime/io/board.ts";
import { type Given, mainOf, readDuration } from "../command.ts";
import { findProgram, loadProgram, readCoroutines } from "../load.ts";
import { runMain } from "./run_main.ts";

const USAGE = "for example run examples/usage_guide.ts";

/** Runs a program as an ordinary process. */
export async function runOnHost({ args, options }: Given): Promise<number> {
  const [path] = args;
  const limit = options["limit"] === undefined ? null : readDuration("limit", options["limit"]);
  if (readCoroutines(options) === "native") {
    return await runMain(mainOf(await loadProgram(path, USAGE), path), { limit });
  }
  const program = await findProgram(path, USAGE);
  // The compiler takes a while to load.
  const { loadCompiled } = await import("../load_compiled.ts");
  const module = await loadCompiled(
    program,
    `export { default } from ${JSON.stringify(program)};
     export { runMain } from ${ownModule("targets/host/run_main.ts")};`,
  );
  const compiled = module["runMain"] as typeof runMain;
  return await compiled(mainOf(module, path) as (board: Board) => unknown, { limit });
}
