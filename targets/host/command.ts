import { ownModule } from "../../compiler/paths.ts";
import type { Board } from "../../runtime/io/board.ts";
import {
  type Command,
  didYouMean,
  type Given,
  mainOf,
  readDuration,
  UsageError,
} from "../command.ts";
import { coroutineOptions, findProgram, loadProgram, readCoroutines } from "../load.ts";
import { runMain } from "./run_main.ts";

const USAGE = "for example run examples/usage_guide.ts";
const TARGETS = ["host", "edge"];

/** `run`: runs a program as an ordinary process. */
export const runCommand: Command = {
  name: "run",
  summary: "Run a program as an ordinary process, or serve an edge function here",
  args: "<program>",
  options: {
    target: { value: "TARGET", help: "where: host (unless given) or edge" },
    port: { value: "PORT", help: "where an edge function listens; 8000 unless given" },
    limit: { value: "TIME", help: "end it after so long: 500ms, 10s, 2m, 1h (exit code 42)" },
    ...coroutineOptions,
  },
  examples: [
    ["run examples/usage_guide.ts --target host", "asyncio's usage guide"],
    ["run examples/edge_api.ts --target edge", "an edge function, served anew when a file changes"],
  ],
  run,
};

async function run({ args, options }: Given): Promise<number> {
  const target = options["target"] ?? "host";
  if (target === "edge") {
    const { runEdge } = await import("../edge/run.ts");
    return await runEdge({ args, options });
  }
  if (target !== "host") {
    throw new UsageError(
      `Cannot run on the target "${target}"${
        didYouMean(target, TARGETS)
      }: there is host and edge; ` +
        "for a board see sim",
    );
  }
  const [path] = args;
  const limit = options["limit"] === undefined ? null : readDuration("limit", options["limit"]);
  if (readCoroutines(options) === "native") {
    return await runMain(mainOf(await loadProgram(path, USAGE), path), limit);
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
  return await compiled(mainOf(module, path) as (board: Board) => unknown, limit);
}
