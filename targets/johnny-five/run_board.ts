import process from "node:process";
import type { Board } from "../../runtime/io/board.ts";
import type { SerialOptions } from "../../runtime/io/driver.ts";
import type { BoardSpec } from "../../runtime/io/spec.ts";
import { EXIT } from "../exit.ts";
import { runMain } from "../host/run_main.ts";
import { JohnnyFiveBoard } from "./board.ts";
import { connect, johnnyFive, NoAnswer } from "./connect.ts";
import { ComputerSerial } from "./computer_serial.ts";
import { JohnnyFiveDriver, type OpenLine } from "./driver.ts";
import { BAUD_RATE } from "./firmata.ts";
import type { IoPlugin, Libraries } from "./io.ts";
import { Link, type Wire } from "./link.ts";
import { pluginSpec } from "./plugin_spec.ts";
import { Remote } from "./remote.ts";

/** Opens a serial port of this computer. */
export type OpenPort = (path: string, options: SerialOptions) => Promise<Wire>;

/** What a program is run with. */
export interface BoardOptions {
  /** The port of the board. */
  readonly port?: string;
  /** Makes an IO plugin that reaches a board without a port of ours. */
  readonly plugin?: () => Promise<IoPlugin>;
  /** Whether a link that breaks comes back. */
  readonly reconnect?: boolean;
  /** Ports of this computer that stand for serial lines of the board, by name. */
  readonly serials?: { readonly [name: string]: string };
  /** Cancels the program after so many milliseconds. */
  readonly limit?: number | null;
}

/** A board that answers. */
interface Connected {
  readonly io: IoPlugin;
  readonly link: Link | null;
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
  { five, firmata }: Libraries,
  openPort: OpenPort,
  options: BoardOptions,
): Promise<number> {
  const { port = "", plugin, reconnect = false, serials = {}, limit = null } = options;
  const what = spec?.name ?? "the board";
  const progress = tellProgress(`Waiting for ${what}${port === "" ? "" : ` on ${port}`} …`);
  let connected: Connected;
  let board;
  try {
    if (plugin !== undefined) connected = { io: await plugin(), link: null };
    else {
      const open = (): Promise<Wire> => openPort(port, { baudRate: BAUD_RATE });
      const link = new Link({ name: port, open, reconnect });
      connected = { io: await connect(firmata, link), link };
    }
    board = await johnnyFive(five, connected.io);
  } catch (error) {
    progress();
    console.error(`Cannot reach ${what}${port === "" ? "" : ` on ${port}`}: ${cure(error)}`);
    return exitOf(error);
  }
  progress();
  const { io, link } = connected;
  const lines: { [name: string]: OpenLine } = {};
  for (const [name, path] of Object.entries(serials)) {
    lines[name] = (settings, onData, onError) =>
      new ComputerSerial(name, openPort(path, settings), onData, onError);
  }
  try {
    return await runMain(main as (board: Board) => unknown, {
      limit,
      openBoard(loop) {
        const remote = new Remote(io, loop, link);
        const pins = spec ?? pluginSpec(io);
        const driver = new JohnnyFiveDriver(remote, pins, lines);
        return new JohnnyFiveBoard(pins, board, driver);
      },
    });
  } finally {
    leave(connected);
    await link?.close();
  }
}

/** Has the pins that were used drive nothing any more, and the board report nothing. */
function leave({ io, link }: Connected): void {
  if (link !== null && link.state !== "up") return;
  const { ANALOG, INPUT } = io.MODES;
  for (const [pin, { mode }] of io.pins.entries()) {
    if (mode === undefined) continue;
    if (mode !== ANALOG && mode !== INPUT) io.pinMode(pin, INPUT);
    const channel = io.analogPins.indexOf(pin);
    if (mode !== ANALOG) io.reportDigitalPin?.(pin, 0);
    else if (channel >= 0) io.reportAnalogPin?.(channel, 0);
  }
}

/** How long to wait before saying what for, in milliseconds. */
const PATIENCE = 500;

/** Says on a terminal what takes a while, and takes it back when the function that it returns is called. */
function tellProgress(text: string): () => void {
  if (!process.stderr.isTTY) return () => {};
  let shown = false;
  const timer = setTimeout(() => {
    shown = true;
    process.stderr.write(text);
  }, PATIENCE);
  return () => {
    clearTimeout(timer);
    if (shown) process.stderr.write("\r\x1b[K");
  };
}

function cure(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  if (!(error instanceof NoAnswer)) return message;
  return `${message}; put the firmware there: flash --board ID --firmware firmata`;
}

function exitOf(error: unknown): number {
  const { code } = error as { code?: unknown };
  return code === "EBUSY" ? EXIT.deviceBusy : EXIT.noDevice;
}
