import { callersFolder, fromCaller, type Given, readDuration, UsageError } from "../command.ts";
import { EXIT } from "../exit.ts";
import { openPort, type Port, SerialError } from "../serial/mod.ts";
import { type Artefact, folderOf, isArtefact, loadArtefact } from "./artefact.ts";
import { findPort } from "../serial/find_port.ts";
import { BoardFailure } from "./flash_failure.ts";
import { knownBoard, readBaud } from "./flash_run.ts";
import { BOOT_CODE } from "./flash_storage.ts";
import { monitor } from "./monitor.ts";
import { Positions } from "./positions.ts";

/** Shows the console that the command line asks for. */
export async function runMonitor({ args, options }: Given): Promise<number> {
  const [program] = args;
  const board = options["board"] === undefined ? undefined : knownBoard(options["board"]);
  const baudRate = readBaud(options["baud"], board);
  const map = await findMap(program, options, board?.id);
  const names = [options["file"] ?? BOOT_CODE];
  using log = await openLog(options["log"]);
  const signal = options["for"] === undefined
    ? new AbortController().signal
    : AbortSignal.timeout(readDuration("for", options["for"]));
  const terminal = Deno.stdin.isTerminal();
  const open = async (): Promise<Port> => {
    const path = await findPort(options["port"]);
    return await openPort(path, { baudRate, xon: true }).catch((error) => refuse(error));
  };
  // Before the keyboard is ours: a mistake is told on a terminal as it was.
  const first = await open();
  let opened: Port | null = first;
  if (terminal) {
    Deno.stdin.setRaw(true);
    console.error(`${first.path}: Ctrl-C leaves, Ctrl-B sends Ctrl-C to the board\r`);
  }
  try {
    await monitor({
      open: async () => {
        const port = opened ?? await open();
        opened = null;
        return port;
      },
      keys: Deno.stdin.readable,
      write: (text) => {
        Deno.stdout.writeSync(new TextEncoder().encode(text));
        log.write(text);
      },
      onNote: (note) => console.error(`\r\n[${note}]\r`),
      positions: map === null ? null : new Positions(map, { names, from: callersFolder() }),
      signal,
    });
  } finally {
    if (terminal) {
      Deno.stdin.setRaw(false);
      console.error();
    }
  }
  return EXIT.fine;
}

function refuse(error: unknown): never {
  if (!(error instanceof SerialError)) throw error;
  throw new BoardFailure(error.message, error.code === "EBUSY" ? EXIT.deviceBusy : EXIT.noDevice);
}

async function findMap(
  program: string | undefined,
  { map }: Given["options"],
  board: string | undefined,
): Promise<Artefact["map"]> {
  if (map !== undefined) {
    const file = fromCaller(map);
    const json = await Deno.readTextFile(file).catch(() => {
      throw new UsageError(
        `Cannot read "--map ${map}": no such file; build writes it beside the code`,
      );
    });
    return { json, folder: folderOf(file) };
  }
  if (program === undefined) return null;
  if (board === undefined && !isArtefact(program)) {
    throw new UsageError(
      `Cannot build "${program}" for its map without its board: give --board, or the artefact`,
    );
  }
  return (await loadArtefact(program, board ?? "")).map;
}

/** Escape sequences, and the line ends of a terminal: a log is plain text. */
// deno-lint-ignore no-control-regex
const TERMINAL = /\x1b\[[?\d;]*[A-Za-z]|\r/g;

async function openLog(
  path: string | undefined,
): Promise<{ write(text: string): void } & Disposable> {
  if (path === undefined) return { write: () => {}, [Symbol.dispose]: () => {} };
  const file = await Deno.open(fromCaller(path), { create: true, append: true }).catch((error) => {
    throw new UsageError(`Cannot write "--log ${path}": ${error.message}; name another file`);
  });
  return {
    write: (text) => void file.writeSync(new TextEncoder().encode(text.replace(TERMINAL, ""))),
    [Symbol.dispose]: () => file.close(),
  };
}
