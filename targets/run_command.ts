import { type Command, didYouMean, type Given, UsageError } from "./command.ts";
import { runOnHost } from "./host/run.ts";
import { runOnJohnnyFive } from "./johnny-five/run.ts";
import { coroutineOptions } from "./load.ts";

/** What runs a program on a target. */
interface Runner {
  /** The options that mean something there, besides those that all have. */
  readonly options: readonly string[];
  run(given: Given): Promise<number>;
}

/** The targets that run here. */
const RUNNERS: { readonly [target: string]: Runner } = {
  host: { options: ["limit"], run: runOnHost },
  "johnny-five": {
    options: ["limit", "board", "port", "reconnect", "serial", "io"],
    run: runOnJohnnyFive,
  },
  edge: {
    options: ["port"],
    async run(given) {
      const { runEdge } = await import("./edge/run.ts");
      return await runEdge(given);
    },
  },
};
const COMMON = ["target", ...Object.keys(coroutineOptions)];

/** `run`: runs a program on this computer, on a board that it drives where one is asked for. */
export const runCommand: Command = {
  name: "run",
  summary:
    "Run a program here: as a process, with a board through Johnny-Five, or serving the edge",
  args: "<program>",
  options: {
    target: {
      value: "TARGET",
      help: `where: ${Object.keys(RUNNERS).join(" or ")}; host unless given`,
    },
    limit: { value: "TIME", help: "end it after so long: 500ms, 10s, 2m, 1h (exit code 42)" },
    board: { value: "ID", help: "johnny-five: the board (see `boards`); uno unless given" },
    port: {
      value: "PORT",
      help:
        "johnny-five: the board's, the only one on USB unless given; edge: where to listen, 8000",
    },
    reconnect: { help: "johnny-five: wait for a board that went away, and restore it" },
    serial: {
      value: "NAME=PORT",
      help: "johnny-five: a port of this computer for a serial line of the board",
    },
    io: { value: "PACKAGE", help: "johnny-five: another IO plugin than Firmata, npm:raspi-io" },
    ...coroutineOptions,
  },
  examples: [
    ["run examples/usage_guide.ts --target host", "asyncio's usage guide"],
    ["run examples/button.ts --target johnny-five --board uno", "an Arduino with Firmata"],
    ["run examples/edge_api.ts --target edge", "an edge function, served anew when a file changes"],
  ],
  async run(given) {
    const target = given.options["target"] ?? "host";
    const runner = RUNNERS[target];
    if (runner === undefined) {
      const names = Object.keys(RUNNERS);
      throw new UsageError(
        `Cannot run on the target "${target}"${didYouMean(target, names)}: there is ` +
          `${names.join(", ")}; for a board without hardware see sim`,
      );
    }
    const known = [...COMMON, ...runner.options];
    const odd = Object.keys(given.options).find((name) => !known.includes(name));
    if (odd === undefined) return await runner.run(given);
    const elsewhere = Object.keys(RUNNERS).filter((name) => RUNNERS[name]!.options.includes(odd));
    throw new UsageError(
      `Cannot use --${odd} with --target ${target}: it goes with ${elsewhere.join(" and ")}`,
    );
  },
};
