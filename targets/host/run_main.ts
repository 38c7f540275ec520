import process from "node:process";
import type { Board } from "../../runtime/io/board.ts";
import { runWith } from "../../runtime/run.ts";
import { describeError } from "../describe_error.ts";
import { EXIT } from "../exit.ts";
import { hostBoard } from "./board.ts";
import { CancelledError, newEventLoop } from "./mod.ts";

/**
 * Runs a program's function as an ordinary process does; Ctrl-C cancels it.
 *
 * @param main The program's function.
 * @param limit Cancels it after so many milliseconds; `null` never does.
 * @returns The exit code; an error has been told.
 */
export async function runMain(
  main: (board: Board) => unknown,
  limit: number | null = null,
): Promise<number> {
  const loop = newEventLoop();
  let ending: "limit" | "interrupt" | null = null;
  let interrupts = 0;
  const onInterrupt = (): void => {
    ending = "interrupt";
    // The first one lets the program clean up; who presses again means it.
    if (++interrupts > 1) process.exit(EXIT.interrupted);
  };
  process.on("SIGINT", onInterrupt);
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
    process.off("SIGINT", onInterrupt);
  }
}
