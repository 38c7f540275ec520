import { EXIT } from "../exit.ts";
import { connect, johnnyFive, NoAnswer } from "./connect.ts";
import { BAUD_RATE } from "./firmata.ts";
import type { FiveBoard, IoPlugin, Libraries } from "./io.ts";
import { Link } from "./link.ts";
import { tellWaiting } from "./waiting.ts";
import type { OpenWire } from "./wire.ts";

/** By which way a board is reached. */
export interface WayToBoard {
  /** The port of the board. */
  readonly port?: string;
  /** Makes an IO plugin that reaches a board without a port of ours. */
  readonly plugin?: () => Promise<IoPlugin>;
  /** Whether a link that breaks comes back. */
  readonly reconnect?: boolean;
}

/** A board that answers. */
export interface Reached {
  readonly io: IoPlugin;
  readonly five: FiveBoard;
  readonly link: Link | null;
}

/**
 * Waits until a board answers, and says for what where that takes a while.
 *
 * @param name What it is called in messages.
 * @throws {OutOfReach} Where it does not.
 */
export async function reachBoard(
  name: string,
  { five, firmata }: Libraries,
  open: OpenWire,
  { port = "", plugin, reconnect = false }: WayToBoard,
): Promise<Reached> {
  const board = port === "" ? name : `${name} on ${port}`;
  using _ = tellWaiting(`Waiting for ${board} …`);
  try {
    if (plugin !== undefined) {
      const io = await plugin();
      return { io, five: await johnnyFive(five, io), link: null };
    }
    const wire = () => open(port, { baudRate: BAUD_RATE });
    const link = new Link({ name: port, reconnect, open: wire });
    const io = await connect(firmata, link);
    return { io, five: await johnnyFive(five, io), link };
  } catch (error) {
    throw new OutOfReach(`Cannot reach ${board}: ${cure(error)}`, exitOf(error));
  }
}

/** A board does not answer: told without a stack. */
export class OutOfReach extends Error {
  constructor(message: string, readonly exit: number) {
    super(message);
  }
}

/** Has the pins that were used drive nothing any more, and the board report nothing. */
export function leaveBoard({ io, link }: Reached): void {
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

function cure(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  if (!(error instanceof NoAnswer)) return message;
  return `${message}; put the firmware there: flash --board ID --firmware firmata`;
}

function exitOf(error: unknown): number {
  const { code } = error as { code?: unknown };
  return code === "EBUSY" ? EXIT.deviceBusy : EXIT.noDevice;
}
