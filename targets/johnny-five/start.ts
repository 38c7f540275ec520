import process from "node:process";
import { parseArgs } from "node:util";
import type { BoardSpec } from "../../runtime/io/spec.ts";
import { EXIT } from "../exit.ts";
import { startProcess } from "../host/start.ts";
import { listPorts } from "../serial/mod.ts";
import { findPort } from "../serial/find_port.ts";
import type { JohnnyFiveBoard } from "./board.ts";
import { libraries } from "./libraries.ts";
import { loadPlugin, readSerials } from "./options.ts";
import { type BoardOptions, runOnBoard } from "./run_board.ts";
import { openWire } from "./open_wire.ts";

/** What an artefact says of itself. */
const HELP = `Options:
  --port PORT         the board's serial port; the only one on USB unless given
  --reconnect         wait for a board that went away, and bring it to where it was
  --serial NAME=PORT  a port of this computer for a serial line of the board
  --io PACKAGE        another of Johnny-Five's IO plugins in the place of Firmata`;

/** Runs a program on a board and ends the process: what an artefact for Johnny-Five does. */
export function start(main: unknown, spec: BoardSpec, url: string): void {
  startProcess(url, main, async () => {
    try {
      const options = await readOptions();
      if (options === null) return EXIT.fine;
      const board = options.plugin === undefined ? spec : null;
      const program = main as (board: JohnnyFiveBoard) => unknown;
      return await runOnBoard(program, board, libraries, openWire, options);
    } catch (error) {
      console.error((error as Error).message);
      return (error as { exit?: number }).exit ?? EXIT.usage;
    }
  });
}

/** What the artefact was called with; `null` where it was asked for its options. */
async function readOptions(): Promise<BoardOptions | null> {
  const { values } = parseArgs({
    args: process.argv.slice(2),
    options: {
      port: { type: "string" },
      reconnect: { type: "boolean", default: false },
      serial: { type: "string", multiple: true, default: [] },
      io: { type: "string" },
      help: { type: "boolean", default: false, short: "h" },
    },
  });
  if (values.help) {
    console.log(HELP);
    return null;
  }
  const { io, reconnect, serial } = values;
  const common = { reconnect, serials: readSerials(serial) };
  if (io !== undefined) return { ...common, plugin: () => loadPlugin(io) };
  return { ...common, port: await findPort(values.port, listPorts) };
}
