import { boards, findBoard } from "../../boards/mod.ts";
import type { MemoryReport } from "../../compiler/footprint.ts";
import { kilobytes } from "../../compiler/report_table.ts";
import { CannotParse } from "../../compiler/syntax.ts";
import type { BoardSpec } from "../../runtime/io/spec.ts";
import { callersFolder, type Given, readDuration, readNumber, UsageError } from "../command.ts";
import { requireFit } from "../budget.ts";
import { EXIT } from "../exit.ts";
import { onInterrupt } from "../interrupt.ts";
import { progressBar } from "../progress.ts";
import { type Artefact, isArtefact, loadArtefact } from "./artefact.ts";
import { findPort } from "../serial/find_port.ts";
import { type Flash, flash } from "./flash.ts";
import { BoardConsole, type Identity } from "./flash_console.ts";
import { BoardFailure } from "./flash_failure.ts";
import { Link } from "./flash_link.ts";
import { recover } from "./flash_recover.ts";
import { BOOT_CODE, LONGEST_NAME } from "./flash_storage.ts";
import { measureFor } from "./measure.ts";
import { Positions } from "./positions.ts";

/** The speed of a console whose board does not say another. */
export const DEFAULT_BAUD = 9600;

/** Flashes what the command line asks for. */
export async function runFlash({ args, options }: Given): Promise<number> {
  const [path] = args;
  if (path === undefined && options["recover"] === undefined) {
    throw new UsageError(
      "Cannot flash nothing: name a program, for example flash examples/blink.ts --board puckjs",
    );
  }
  const keep = readKeep(options);
  const wanted = options["board"] === undefined ? undefined : knownBoard(options["board"]);
  if (wanted !== undefined) requireInterpreter(wanted);
  const baudRate = readBaud(options["baud"], wanted);
  const timeout = readDuration("timeout", options["timeout"] ?? "10s");
  const listen = readDuration("listen", options["listen"] ?? "2s");
  // What does not compile is told before anything happens to the board.
  let artefact = path !== undefined && (wanted !== undefined || isArtefact(path))
    ? await loadArtefact(path, wanted?.id ?? "")
    : undefined;
  if (artefact !== undefined && wanted !== undefined) requireRoom(path!, artefact, wanted, keep);

  await using link = await Link.open(await findPort(options["port"]), { baudRate, timeout });
  const console = new BoardConsole(link);
  using ending = onInterrupt("may leave the board in the middle of a line");
  if (options["recover"] !== undefined) {
    await recover(console);
    say(`Recovered the board on ${link.path}: what ran at boot is erased`);
    if (path === undefined) return EXIT.fine;
  } else await console.wake();
  const identity = await console.identify();
  checkBoard(identity, wanted, options["any-board"] !== undefined);
  artefact ??= await loadArtefact(path!, boardOf(identity).id);
  const found = boardCalled(identity.board);
  if (wanted === undefined && found !== undefined) requireRoom(path!, artefact, found, keep);

  const bar = progressBar();
  const flashed = await flash(console, identity, {
    ...{ code: artefact.code, keep, baudRate, listen, signal: ending.signal },
    onProgress: (step, done, total) => bar.show(step, done, total),
    onNote: (note) => {
      bar.clear();
      say(note);
    },
  }).finally(() => bar.clear());
  const { length } = artefact.code;
  say(
    `${identity.board} ${identity.version} on ${link.path}: ${kilobytes(length)} ` +
      `${keep === "ram" ? "in memory" : `by ${flashed.how}, verified, saved as "${nameOf(keep)}"`}`,
  );
  const answer = translate(flashed.answer, artefact, nameOf(keep));
  if (answer !== "") globalThis.console.log(answer);
  return /^(Uncaught|Execution Interrupted)/m.test(answer) ? EXIT.failed : EXIT.fine;
}

function say(text: string): void {
  globalThis.console.error(text);
}

function nameOf(keep: Flash["keep"]): string {
  return typeof keep === "object" ? keep.file : BOOT_CODE;
}

function readKeep(options: Given["options"]): Flash["keep"] {
  const { ram, file } = options;
  if (ram !== undefined && file !== undefined) {
    throw new UsageError("Cannot use --ram and --file together: choose one");
  }
  if (ram !== undefined) return "ram";
  if (file === undefined) return "boot";
  if (file.length > LONGEST_NAME) {
    throw new UsageError(
      `Cannot use "--file ${file}": it has ${file.length} characters, at most ${LONGEST_NAME} fit`,
    );
  }
  return { file };
}

/** A board by its id. */
export function knownBoard(id: string): BoardSpec {
  try {
    return findBoard(id);
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

/** Refuses boards that run no programs themselves. */
function requireInterpreter({ id, targets }: BoardSpec): void {
  if (targets.includes("espruino")) return;
  throw new UsageError(
    `Cannot flash a program to the board "${id}": it has no interpreter; put Firmata on it once ` +
      `with flash --board ${id} --firmware firmata, and run programs from here with ` +
      `run examples/blink.ts --target johnny-five --board ${id}`,
  );
}

/** The speed that is asked for, or that of the board's console. */
export function readBaud(given: string | undefined, board: BoardSpec | undefined): number {
  if (given === undefined) return board?.console?.baudRate ?? DEFAULT_BAUD;
  return readNumber("baud", given, (n) => Number.isInteger(n) && n > 0);
}

/** Whether a board that calls itself `name` is the one with this id: `PICO_R1_3` is `pico`. */
export function isBoard(id: string, name: string): boolean {
  const [part, whole] = [id.toUpperCase(), name.toUpperCase()];
  return whole === part || whole.startsWith(`${part}_`) || whole.replaceAll("_", "") === part;
}

function checkBoard(
  { board, version }: Identity,
  wanted: BoardSpec | undefined,
  any: boolean,
): void {
  if (wanted === undefined || any || isBoard(wanted.id, board)) return;
  throw new BoardFailure(
    `Cannot flash "${wanted.id}": the board that answers is a ${board} (${version}); give its ` +
      `--board, another --port, or --any-board to flash it all the same`,
    EXIT.usage,
  ).withFate("kept");
}

/**
 * Refuses what does not fit a board before anything is sent. An artefact that was built before is measured without what
 * its calls hold while they wait, which only a build knows.
 */
function requireRoom(
  path: string,
  { code, report }: Artefact,
  board: BoardSpec,
  keep: Flash["keep"],
): void {
  const keeping = keep === "ram" ? "ram" : "flash";
  if (report !== null) return requireFit(report, keeping);
  const memory = measured(code, board);
  if (memory !== null) requireFit({ program: path, board: board.id, modules: [], memory }, keeping);
}

/** `null` for what only the interpreter can read, pretokenised code for example. */
function measured(code: string, board: BoardSpec): MemoryReport | null {
  try {
    return measureFor(board)(code, []).memory;
  } catch (error) {
    if (error instanceof CannotParse) return null;
    throw error;
  }
}

function boardCalled(name: string): BoardSpec | undefined {
  return Object.values<BoardSpec>(boards).find(({ id }) => isBoard(id, name));
}

function boardOf({ board }: Identity): BoardSpec {
  const found = boardCalled(board);
  if (found !== undefined) return found;
  throw new UsageError(`Cannot build for the board "${board}": name a similar one with --board`);
}

function translate(answer: string, { map }: Artefact, name: string): string {
  const text = answer.replaceAll("\r\n", "\n");
  if (map === null) return text;
  return new Positions(map, { names: [name], from: callersFolder() }).translate(text);
}
