import type { Board } from "../../runtime/io/board.ts";
import type { BoardSpec } from "../../runtime/io/spec.ts";
import { runMain } from "../host/run_main.ts";
import { JohnnyFiveBoard } from "./board.ts";
import { ComputerSerial } from "./computer_serial.ts";
import { JohnnyFiveDriver, type OpenLine } from "./driver.ts";
import type { Libraries } from "./io.ts";
import { pluginSpec } from "./plugin_spec.ts";
import {
  leaveBoard,
  OutOfReach,
  reachBoard,
  type Reached,
  type WayToBoard,
} from "./reach_board.ts";
import { Remote } from "./remote.ts";
import type { OpenWire } from "./wire.ts";

/** What a program is run with. */
export interface BoardOptions extends WayToBoard {
  /** Ports of this computer that stand for serial lines of the board, by name. */
  readonly serials?: { readonly [name: string]: string };
  /** Cancels the program after so many milliseconds. */
  readonly limit?: number | null;
}

/**
 * Runs a program's function with a board that Johnny-Five drives. When it ends, also by Ctrl-C, the pins that it used
 * become inputs, which drive nothing, and the board reports no more.
 *
 * @param main What the program exports as default.
 * @param spec The board; `null` where the IO plugin tells which pins there are.
 * @returns The exit code; an error has been told.
 */
export async function runOnBoard(
  main: (board: JohnnyFiveBoard) => unknown,
  spec: BoardSpec | null,
  libraries: Libraries,
  open: OpenWire,
  { serials = {}, limit = null, ...way }: BoardOptions,
): Promise<number> {
  let reached: Reached;
  try {
    reached = await reachBoard(spec?.name ?? "the board", libraries, open, way);
  } catch (error) {
    if (!(error instanceof OutOfReach)) throw error;
    console.error(error.message);
    return error.exit;
  }
  const { io, five, link } = reached;
  const lines: { [name: string]: OpenLine } = {};
  for (const [name, path] of Object.entries(serials)) {
    lines[name] = (settings, onData, onError) =>
      new ComputerSerial(name, open(path, settings), onData, onError);
  }
  try {
    return await runMain(main as (board: Board) => unknown, {
      limit,
      openBoard(loop) {
        const pins = spec ?? pluginSpec(io);
        const driver = new JohnnyFiveDriver(new Remote(io, loop, link), pins, lines);
        return new JohnnyFiveBoard(pins, five, driver);
      },
    });
  } finally {
    leaveBoard(reached);
    await link?.close();
  }
}
