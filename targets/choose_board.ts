import { boards, findBoard } from "../boards/mod.ts";
import type { BoardSpec } from "../runtime/io/spec.ts";
import { UsageError } from "./command.ts";

/**
 * The board that is meant: the one named, or the Arduino Uno.
 *
 * @param action What is to be done, for messages: `"build for"`.
 * @throws {UsageError} Where there is none of this name, or the target cannot drive it.
 */
export function chooseBoard(
  action: string,
  target: string,
  id: string = boards.uno.id,
): BoardSpec {
  let board: BoardSpec;
  try {
    board = findBoard(id);
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
  const able = Object.values<BoardSpec>(boards)
    .filter(({ targets }) => (targets as readonly string[]).includes(target));
  if (able.includes(board)) return board;
  throw new UsageError(
    `Cannot ${action} the target ${target} and the board "${board.id}": it does not run there; ` +
      `choose with --board: ${able.map((each) => each.id).join(", ")}`,
  );
}
