import { EXIT } from "../exit.ts";
import type { BoardConsole, Identity } from "./flash_console.ts";
import { BoardFailure, BoardGone, type OldProgram } from "./flash_failure.ts";
import { BOOT_CODE, BOOT_RESET_CODE, STAGED, Storage } from "./flash_storage.ts";
import { chooseUpload, type Progress, type Upload, writeVerified } from "./flash_upload.ts";

/** How long a board that went silent is asked once more to tidy up, in milliseconds. */
const LAST_TRY = 2000;
/** How long a board must be quiet to have said all, in milliseconds. */
const QUIET = 700;

/** What to put on a board. */
export interface Flash {
  /** The artefact, one character a byte. */
  readonly code: string;
  /** Where it is kept: what runs at boot, a file, or nowhere. */
  readonly keep: "boot" | "ram" | { readonly file: string };
  readonly baudRate: number;
  /** How long to hear what the program prints at most, in milliseconds. */
  readonly listen: number;
  /** Ends it, between two packets, with the board left usable. */
  readonly signal: AbortSignal;
  readonly onProgress: Progress;
  /** Hears what else is worth knowing. */
  readonly onNote: (note: string) => void;
}

/** What came of it. */
export interface Flashed {
  readonly how: Upload["how"];
  /** What the board printed when the program had started. */
  readonly answer: string;
}

/**
 * Puts a program on a board that answers, and starts it. The old program stays until the new one is
 * there and verified, where there is room for both.
 *
 * @throws {BoardFailure} If that fails; the message says what became of the old program.
 */
export async function flash(
  board: BoardConsole,
  { version }: Identity,
  options: Flash,
): Promise<Flashed> {
  const storage = new Storage(board);
  const upload = chooseUpload({ version, baudRate: options.baudRate, board, storage });
  await telling("kept", board.reset());
  if (options.keep === "ram") {
    return { how: "console", answer: await telling("kept", runInRam(board, options)) };
  }
  const name = options.keep === "boot" ? BOOT_CODE : options.keep.file;
  await save(board, storage, upload, name, options);
  const start = options.keep === "boot" ? "load()" : `load(${JSON.stringify(name)})`;
  return {
    how: upload.how,
    answer: await telling("replaced", board.tell(start).then(() => listen(board, options.listen))),
  };
}

/** Adds to a failure what became of the old program. */
async function telling<T>(old: OldProgram, step: Promise<T>): Promise<T> {
  try {
    return await step;
  } catch (error) {
    throw error instanceof BoardFailure ? error.withFate(old) : error;
  }
}

async function save(
  board: BoardConsole,
  storage: Storage,
  upload: Upload,
  name: string,
  options: Flash,
): Promise<void> {
  const { code, signal, onProgress, onNote } = options;
  const to = { upload, board, storage, signal, onProgress };
  let old: OldProgram = "kept";
  try {
    const staged = await makeRoom(storage, name, code.length);
    if (staged) {
      await writeVerified(to, STAGED, code);
      signal.throwIfAborted();
      // From here on a power cut costs both for some milliseconds: Storage cannot rename.
      old = "unknown";
      await storage.copy(STAGED, name);
      if (!await storage.same(STAGED, name)) throw new BoardFailure(`Cannot write "${name}"`);
    } else {
      onNote(
        "There is no room to keep the old program until the new one is verified: it is erased first",
      );
      old = "gone";
      await storage.erase(name);
      await writeVerified(to, name, code);
    }
    await storage.erase(STAGED);
    if (name === BOOT_CODE && await storage.length(BOOT_RESET_CODE) !== null) {
      await storage.erase(BOOT_RESET_CODE);
      onNote(`Erased ${BOOT_RESET_CODE}, which would have run instead`);
    }
  } catch (error) {
    if (signal.aborted) throw await abandon(board, storage, old);
    if (!(error instanceof BoardFailure)) throw error;
    if (!(error instanceof BoardGone)) await tidy(board, storage).catch(() => {});
    throw error.withFate(old);
  }
}

/**
 * Whether there is room for the program twice. Trash is cleared away before rather than while
 * copying.
 *
 * @throws {BoardFailure} If there is no room even once.
 */
async function makeRoom(storage: Storage, name: string, length: number): Promise<boolean> {
  const once = Storage.roomFor(length);
  await storage.erase(STAGED);
  let room = await storage.room();
  // A board too small to tell has no room for two.
  if (room === null) return false;
  if (room.free < 2 * once && room.trash > 0) {
    await storage.compact();
    room = await storage.room() ?? room;
  }
  if (room.free >= 2 * once) return true;
  const old = await storage.length(name);
  const most = room.free + room.trash + (old ?? 0);
  if (most >= once) return false;
  throw new BoardFailure(
    `The board's Storage is full: the program needs ${once} bytes, there are ${most}; look at ` +
      `require("Storage").list() in \`deno task monitor\` and erase what you do not need`,
    EXIT.overBudget,
  );
}

/** After Ctrl-C: the board as it was, where that can be. */
async function abandon(
  board: BoardConsole,
  storage: Storage,
  old: OldProgram,
): Promise<BoardFailure> {
  await tidy(board, storage).catch(() => {});
  return new BoardFailure("Interrupted", EXIT.interrupted).withFate(old);
}

/** Takes away what is half there, and starts what is on the board. */
async function tidy(board: BoardConsole, storage: Storage): Promise<void> {
  await board.wake(LAST_TRY);
  await storage.erase(STAGED);
  await board.tell("load()");
  await board.link.settle(QUIET / 4, QUIET);
}

/** Runs a program from memory: as one line of the console, its line ends typed with Alt-Enter. */
async function runInRam(board: BoardConsole, { code, listen: time }: Flash): Promise<string> {
  board.link.clear();
  await board.tell(code.trimEnd().replaceAll("\n", "\x1b\n"));
  return await listen(board, time);
}

/** What the board prints while its program starts. */
async function listen(board: BoardConsole, time: number): Promise<string> {
  board.link.clear();
  const text = await board.link.settle(Math.min(QUIET, time), time);
  // The interpreter's own: taking its prompt away and showing it again.
  // deno-lint-ignore no-control-regex
  return text.replace(/\r?\x1b\[J|\x1b\[\?7l/g, "").replace(/^>|(?<=\n)>/g, "").trim();
}
