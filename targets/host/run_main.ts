import process from "node:process";
import type { Board } from "../../runtime/io/board.ts";
import type { EventLoop } from "../../runtime/loop.ts";
import { runWith } from "../../runtime/run.ts";
import { describeError } from "../describe_error.ts";
import { EXIT } from "../exit.ts";
import { hostBoard } from "./board.ts";
import { CancelledError, newEventLoop } from "./mod.ts";

/** How to run a program's function. */
export interface RunOptions<B extends Board = Board> {
  /** Cancels it after so many milliseconds; `null` (the default) never does. */
  readonly limit?: number | null;
  /** Gives the board; one without pins unless given. */
  readonly openBoard?: (loop: EventLoop) => B;
}

/**
 * Runs a program's function as an ordinary process does; Ctrl-C cancels it.
 *
 * @param main The program's function.
 * @returns The exit code; an error has been told.
 */
export async function runMain<B extends Board = Board>(
  main: (board: B) => unknown,
  { limit = null, openBoard = () => hostBoard() as B }: RunOptions<B> = {},
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
  const board = openBoard(loop);
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
