import { EXIT } from "../exit.ts";
import type { BoardConsole } from "./flash_console.ts";
import { BoardFailure, BoardGone } from "./flash_failure.ts";
import { BOOT_CODE, BOOT_RESET_CODE, STAGED, Storage } from "./flash_storage.ts";

/**
 * Gets a board back whose program never yields: interrupts it and erases what runs at boot, before
 * it can go on. Ctrl-C and what follows go out together, because a program that starts over from a
 * timer leaves only that moment.
 *
 * @throws {BoardFailure} If the board cannot be got back this way.
 */
export async function recover(board: BoardConsole): Promise<void> {
  const { link } = board;
  const deadline = performance.now() + link.timeout;
  do {
    link.clear();
    // `quit` leaves the debugger, in which Ctrl-C may end; elsewhere it is an unknown name.
    for (const keys of ["\x03", "\nquit\n", "\x03\n\x10reset(1)\n"]) {
      await link.send(keys);
      await link.settle(100, 300);
    }
    if (await clean(board)) return;
  } while (performance.now() < deadline);
  throw new BoardFailure(
    `Cannot get the board on "${link.path}" back over its console: start it without its program ` +
      `(on most boards: hold BTN1 while it gets power, until the LED lights, then let go), and ` +
      `run --recover again`,
    EXIT.timeLimit,
  );
}

async function clean(board: BoardConsole): Promise<boolean> {
  try {
    await board.wake(1000);
    const storage = new Storage(board);
    for (const name of [BOOT_CODE, BOOT_RESET_CODE, STAGED]) await storage.erase(name);
    await board.reset();
    return true;
  } catch (error) {
    if (error instanceof BoardGone || !(error instanceof BoardFailure)) throw error;
    return false;
  }
}
