import { EXIT } from "../exit.ts";
import { UsageError } from "../usage_error.ts";
import {
  BAUD_RATE,
  END_SYSEX,
  fromSevenBits,
  REPORT_VERSION,
  START_SYSEX,
  SYSEX,
} from "./firmata.ts";
import { FirmataReader } from "./firmata_reader.ts";
import { type BootLine, LineGone } from "./boot_line.ts";

/** How long Firmata may take to start before it is asked, and between two questions, in milliseconds. */
const ASK = 3000;
const AGAIN = 1000;
const TRIES = 5;

/**
 * What the firmware calls itself that was just put on a board: `Firmata 2.5 (StandardFirmata.ino 2.5)`. It says so when
 * it starts, and when it is asked.
 *
 * @throws {UsageError} If nothing that speaks Firmata answers.
 */
export async function hearFirmata(
  line: BootLine,
  path: string,
  signal: AbortSignal,
): Promise<string> {
  try {
    await line.setSpeed(BAUD_RATE);
    const name = await ask(line, signal);
    if (name !== null) return name;
  } catch (error) {
    if (!signal.aborted && !(error instanceof LineGone)) throw error;
  }
  const written = "the firmware is on the board, verified";
  if (signal.aborted) throw new UsageError(`Interrupted; ${written}`, EXIT.interrupted);
  throw new UsageError(
    `Cannot hear Firmata on "${path}": ${written}, but does not answer; unplug the board, plug it ` +
      `in again, and try run --target johnny-five`,
    EXIT.failed,
  );
}

/** Its name; `null` where none comes. */
async function ask(line: BootLine, signal: AbortSignal): Promise<string | null> {
  let version = "";
  let name: string | undefined;
  const reader = new FirmataReader({
    onVersion: (major, minor) => version = `${major}.${minor}`,
    onSysex: (command, data) => {
      if (command === SYSEX.firmware) name = nameOf(data);
    },
    onDamage() {},
  });
  for (let tries = 0; tries < TRIES; tries++) {
    if (tries > 0) await line.send([REPORT_VERSION, START_SYSEX, SYSEX.firmware, END_SYSEX]);
    const deadline = performance.now() + (tries === 0 ? ASK : AGAIN);
    while (performance.now() < deadline) {
      signal.throwIfAborted();
      reader.feed(await line.read(1, deadline - performance.now()));
      if (name !== undefined) return `Firmata ${version} (${name})`;
    }
  }
  return null;
}

function nameOf([major, minor, ...name]: Uint8Array): string {
  const text = String.fromCharCode(...fromSevenBits(Uint8Array.from(name)));
  return `${text} ${major}.${minor}`;
}
