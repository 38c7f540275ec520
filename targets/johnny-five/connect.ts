import type { Emitter, FirmataLibrary, FiveBoard, FiveLibrary, IoPlugin } from "./io.ts";
import type { Link, LinkListener } from "./link.ts";

/** How to wait for a board. */
export interface ConnectOptions {
  /** How long it may take until the board has told what it can, in milliseconds; 10,000 unless given. */
  readonly limit?: number;
}

/** How long a board may take to say that it is there before firmata-io asks: one that was reset does so by itself. */
const ASK = 1000;
const LIMIT = 10_000;

/**
 * Opens a link and talks to the firmware until it has told its pins.
 *
 * @throws `Error` where nothing answers in time.
 */
export async function connect(
  { Firmata }: FirmataLibrary,
  link: Link,
  { limit = LIMIT }: ConnectOptions = {},
): Promise<IoPlugin> {
  const io = new Firmata(link.transport, { reportVersionTimeout: ASK });
  // An emitter whose errors nobody hears throws them; the link tells of them.
  io.on("error", () => {});
  await link.open();
  try {
    await answered(io, "ready", limit, link);
  } catch (error) {
    await link.close();
    throw error;
  }
  link.established();
  return io;
}

/** Puts Johnny-Five's board on an IO plugin that is ready, or gets ready. */
export async function johnnyFive(
  { Board }: FiveLibrary,
  io: IoPlugin,
  { limit = LIMIT }: ConnectOptions = {},
): Promise<FiveBoard> {
  const board = new Board({ io, repl: false, debug: false, sigint: false, timeout: 2 * limit });
  board.on("error", () => {});
  await answered(board, "ready", limit);
  return board;
}

/** Waits for an event that tells that something is there, as long as the link holds. */
async function answered(
  emitter: Emitter,
  event: string,
  limit: number,
  link?: Link,
): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let listener: LinkListener | undefined;
  try {
    await new Promise<void>((resolve, reject) => {
      emitter.once(event, () => resolve());
      timer = setTimeout(() => reject(new NoAnswer(limit)), limit);
      link?.tell(listener = { onBroken: reject });
    });
  } finally {
    clearTimeout(timer);
    if (listener !== undefined) link?.forget(listener);
  }
}

/** Nothing that speaks Firmata is at the other end. */
export class NoAnswer extends Error {
  /** @param limit How many milliseconds it had. */
  constructor(limit: number) {
    super(`nothing that speaks Firmata has answered within ${limit / 1000} s`);
  }
}
