import { setTimeout as sleep } from "node:timers/promises";
import type { BoardSpec } from "../../runtime/io/spec.ts";
import { EXIT } from "../exit.ts";
import { SerialError } from "../serial/mod.ts";
import { UsageError } from "../usage_error.ts";
import { BootLine, LineGone, type OpenBootPort } from "./boot_line.ts";
import type { Bootloader, BootloaderSpec } from "./bootloader.ts";
import { KEPT } from "./upload.ts";

/** How often each speed is tried, anew from opening the port: that resets a board, too. */
const ATTEMPTS = 3;
/** How long after a reset the bootloader is asked first, in milliseconds: until then it may blink. */
const BLINKING = 300;

/** A board in its bootloader. */
export interface Booted {
  readonly line: BootLine;
  readonly boot: Bootloader;
}

/**
 * Resets a board and finds its bootloader.
 *
 * @throws {UsageError} If the port cannot be opened, or no bootloader answers.
 */
export async function findBootloader(
  open: OpenBootPort,
  path: string,
  board: BoardSpec,
  spec: BootloaderSpec,
  signal: AbortSignal,
): Promise<Booted> {
  const { baudRates } = spec;
  for (let attempt = 0; attempt < ATTEMPTS * baudRates.length; attempt++) {
    if (signal.aborted) throw new UsageError("Interrupted", EXIT.interrupted);
    const line = await openLine(open, path, baudRates[attempt % baudRates.length]!);
    try {
      const boot = spec.talk(line);
      await line.reset();
      await sleep(BLINKING);
      if (await boot.sync()) return { line, boot };
      await line.close();
    } catch (error) {
      await line.close();
      if (!(error instanceof LineGone)) throw error;
      throw new UsageError(
        `Lost the board on "${path}" (${error.message}); plug it in and try again\n${KEPT}`,
        EXIT.noDevice,
      );
    }
  }
  throw new UsageError(
    `Cannot reach the bootloader of ${board.name} on "${path}" at ${
      baudRates.join(" or ")
    } baud: ` +
      `it does not answer; is that its port, and is the board a ${board.id}? Where it has no ` +
      `auto-reset, push its reset button just when this starts; a chip without a bootloader needs a ` +
      `programmer\n${KEPT}`,
    EXIT.noDevice,
  );
}

async function openLine(open: OpenBootPort, path: string, baudRate: number): Promise<BootLine> {
  try {
    return new BootLine(await open(path, { baudRate }));
  } catch (error) {
    if (!(error instanceof SerialError)) throw error;
    throw new UsageError(
      error.message,
      error.code === "EBUSY" ? EXIT.deviceBusy : EXIT.noDevice,
    );
  }
}
