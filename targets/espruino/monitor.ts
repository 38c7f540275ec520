import { Buffer } from "node:buffer";
import { closePort, type Port, SerialError } from "../serial/mod.ts";
import { ConsoleDecoder } from "./console_text.ts";
import { BoardFailure } from "./flash_failure.ts";
import { type Positions, PositionStream } from "./positions.ts";

/** Leaves the monitor. */
export const LEAVE = 0x03; // Ctrl-C
/** Sends Ctrl-C to the board, which interrupts its program. */
export const BREAK = 0x02; // Ctrl-B

const CTRL_C = 0x03;

/** How long a line that may carry a position waits for its end, in milliseconds. */
const PATIENCE = 200;
/** How often a board that is gone is looked for, in milliseconds. */
const RETRY = 300;

/** What a monitor is connected to. */
export interface MonitorOptions {
  /** Opens the board's port, also when it has come back. */
  open(): Promise<Port>;
  /** What is typed, as it is typed. */
  readonly keys: AsyncIterable<Uint8Array>;
  /** Shows text. */
  write(text: string): void;
  /** Tells of the link. */
  onNote(note: string): void;
  /** Translates errors; `null` leaves them as they are. */
  readonly positions: Positions | null;
  /** Ends it. */
  readonly signal: AbortSignal;
}

/**
 * Shows a board's console and passes keys to it, until Ctrl-C or `signal`. A board that is unplugged
 * is waited for.
 *
 * @throws {BoardFailure} If the port cannot be opened at the start.
 */
export async function monitor(options: MonitorOptions): Promise<void> {
  const ending = new AbortController();
  const signal = AbortSignal.any([options.signal, ending.signal]);
  const link: { port: Port | null } = { port: await options.open() };
  const typing = passKeys(options.keys, link, signal).then((left) => {
    if (left) ending.abort();
  });
  while (!signal.aborted) {
    await show(link.port!, options, signal);
    await closePort(link.port!);
    link.port = null;
    if (signal.aborted) break;
    options.onNote("The board is gone; waiting for it to come back (Ctrl-C leaves)");
    link.port = await reopen(options, signal);
    if (link.port === null) break;
    options.onNote("The board is back");
  }
  if (ending.signal.aborted) await typing;
}

/** Passes keys to the board; gives `true` when they say to leave, `false` when there are no more. */
async function passKeys(
  keys: AsyncIterable<Uint8Array>,
  link: { readonly port: Port | null },
  signal: AbortSignal,
): Promise<boolean> {
  for await (const bytes of keys) {
    if (signal.aborted) return false;
    const leave = bytes.indexOf(LEAVE);
    const typed = leave < 0 ? bytes : bytes.subarray(0, leave);
    const sent = typed.map((byte) => byte === BREAK ? CTRL_C : byte);
    if (sent.length > 0 && link.port?.isOpen === true) link.port.write(Buffer.from(sent));
    if (leave >= 0) return true;
  }
  return false;
}

/** Shows what comes, until the board is gone or the end. */
async function show(
  port: Port,
  { write, positions }: MonitorOptions,
  signal: AbortSignal,
): Promise<void> {
  const stream = new PositionStream(positions);
  const decoder = new ConsoleDecoder();
  let waiting: ReturnType<typeof setTimeout> | undefined;
  const flush = (): void => {
    if (stream.holds) write(stream.flush());
  };
  await new Promise<void>((resolve) => {
    const onData = (bytes: Buffer): void => {
      clearTimeout(waiting);
      const text = stream.push(decoder.push(bytes));
      if (text !== "") write(text);
      if (stream.holds) waiting = setTimeout(flush, PATIENCE);
    };
    port.on("data", onData);
    port.once("close", () => resolve());
    port.on("error", () => resolve());
    if (signal.aborted || !port.isOpen) resolve();
    signal.addEventListener("abort", () => resolve(), { once: true });
  });
  clearTimeout(waiting);
  flush();
}

/** The port when it is there again; `null` at the end. */
async function reopen({ open }: MonitorOptions, signal: AbortSignal): Promise<Port | null> {
  while (!signal.aborted) {
    await pause(RETRY, signal);
    if (signal.aborted) return null;
    try {
      return await open();
    } catch (error) {
      // Not there yet, or there and not yet ours: the system sets its rights a moment later.
      if (!(error instanceof SerialError || error instanceof BoardFailure)) throw error;
    }
  }
  return null;
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await new Promise<void>((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener("abort", done);
  });
}
