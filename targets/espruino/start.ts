import { mayCallTwice } from "../../runtime/calls.ts";
import { Board } from "../../runtime/io/board.ts";
import type { BoardSpec } from "../../runtime/io/spec.ts";
import { type Callable, EventLoop } from "../../runtime/loop.ts";
import { Task } from "../../runtime/task.ts";
import type { Espruino } from "./api.ts";
import { EspruinoDriver } from "./driver.ts";
import "./mod.ts";

declare const print: Espruino["print"];

/**
 * Runs a program's function: what an artefact for Espruino does. The console stays usable meanwhile.
 *
 * @param main What the program exports as default.
 * @param spec The board, without what is not needed at run time.
 * @param title What runs, and its version.
 */
export function start(main: (board: Board) => unknown, spec: BoardSpec, title: string): void {
  print(title);
  const loop = new EventLoop();
  // The compiler and the simulator have seen to it that the board has what is asked of it.
  const board = new Board(spec, new EspruinoDriver(spec), null);
  const task = new Task(loop, (() => main(board)) as Callable, null, { name: "main" });
  // Where main is the only call that ever waits, nothing runs beside it.
  if (mayCallTwice()) task.addDoneCallback(() => cancelRest(loop));
  loop.start();
}

/** As everywhere, what a program has started ends with it. */
function cancelRest(loop: EventLoop): void {
  loop.cancelLeftovers();
  for (const task of loop.allTasks()) task.cancel();
}
