import type { Target } from "../compiler/target.ts";
import type { Command } from "./command.ts";
import { edge } from "./edge/target.ts";
import { espruino } from "./espruino/target.ts";
import { host } from "./host/target.ts";
import { johnnyFive } from "./johnny-five/target.ts";
import { coroutineOptions } from "./load.ts";
import { simulator } from "./simulator/target.ts";

/** The targets that programs can be built for. */
export const TARGETS: readonly Target[] = [simulator, host, espruino, johnnyFive, edge];

/** `build`: makes one file of a program, for a target. */
export const buildCommand: Command = {
  name: "build",
  summary: "Build a program into one file",
  args: "<program>",
  options: {
    target: {
      value: "TARGET",
      help: `for what: ${TARGETS.map(({ name }) => name).join(" or ")} (simulator unless given)`,
    },
    board: { value: "ID", help: "the board (see `boards`); uno unless given" },
    platform: { value: "NAME", help: "for edge functions: deno or workers; deno unless given" },
    out: { value: "DIR", help: "where to write it; out unless given" },
    report: { help: "show what is in it, and why" },
    watch: { help: "build again whenever a file changes" },
    ...coroutineOptions,
    debug: { help: "keep where every await is, for stack traces" },
    readable: { help: "do not minify" },
    json: { help: "print the report as JSON and nothing else" },
  },
  examples: [
    ["build examples/button.ts --target simulator --report", "and show what is in it"],
    ["build examples/usage_guide.ts --target host --out out", "for deno run and node"],
    ["build examples/edge_api.ts --target edge --platform workers", "an edge function"],
    ["build examples/blink.ts --watch", "again and again"],
  ],
  async run(given) {
    // The compiler takes a while to load.
    const { build } = await import("./build.ts");
    return await build(given);
  },
};
