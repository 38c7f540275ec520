import {
  type Command,
  describeError,
  EXIT,
  type Given,
  loadProgram,
  mainOf,
  readDuration,
  UsageError,
} from "../command.ts";
import { CancelledError, newEventLoop } from "./mod.ts";
import { runWith } from "../../runtime/run.ts";
import { hostBoard } from "./board.ts";

const USAGE = "for example run examples/usage_guide.ts";

/** `run`: runs a program as an ordinary process. */
export const runCommand: Command = {
  name: "run",
  summary: "Run a program as an ordinary process",
  args: "<program>",
  options: {
    target: { value: "TARGET", help: "where: host (the only one so far)" },
    limit: { value: "TIME", help: "end it after so long: 500ms, 10s, 2m, 1h (exit code 42)" },
  },
  examples: [["run examples/usage_guide.ts --target host", "asyncio's usage guide"]],
  run,
};

async function run({ args, options }: Given): Promise<number> {
  const target = options["target"] ?? "host";
  if (target !== "host") {
    throw new UsageError(
      `Cannot run on the target "${target}": there is host; for a board see sim`,
    );
  }
  const [path] = args;
  const limit = options["limit"] === undefined ? null : readDuration("limit", options["limit"]);
  const main = mainOf(await loadProgram(path, USAGE), path);

  const loop = newEventLoop();
  let ending: "limit" | "interrupt" | null = null;
  let interrupts = 0;
  const onInterrupt = (): void => {
    ending = "interrupt";
    // The first one lets the program clean up; who presses again means it.
    if (++interrupts > 1) Deno.exit(EXIT.interrupted);
  };
  Deno.addSignalListener("SIGINT", onInterrupt);
  const board = hostBoard();
  try {
    await runWith({ loopFactory: () => loop }, async () => {
      const task = loop.createTask({ name: "main" }, main, board);
      const timer = limit === null ? null : loop.callLater(limit, () => {
        ending = "limit";
        task.cancel("the time limit ran out");
      });
      try {
        await task;
      } finally {
        timer?.cancel();
      }
    });
    return EXIT.fine;
  } catch (error) {
    if (error instanceof CancelledError && ending === "interrupt") return EXIT.interrupted;
    if (error instanceof CancelledError && ending === "limit") {
      console.error(`The program was ended after its limit of ${limit} ms`);
      return EXIT.timeLimit;
    }
    console.error(describeError(error));
    return EXIT.failed;
  } finally {
    board.close();
    Deno.removeSignalListener("SIGINT", onInterrupt);
  }
}
