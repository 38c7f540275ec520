import { Board } from "../../runtime/io/board.ts";
import type { BoardSpec } from "../../runtime/io/spec.ts";
import { EventLoop } from "../../runtime/loop.ts";
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
  const board = new Board(spec, new EspruinoDriver(spec));
  const program = loop.createTask({ name: "main" }, main, board);
  // As everywhere, what a program has started ends with it.
  program.addDoneCallback(() => {
    for (const task of loop.allTasks()) task.cancel();
  });
  void loop.runForever();
}
