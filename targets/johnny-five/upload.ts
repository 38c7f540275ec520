import { EXIT } from "../exit.ts";
import { UsageError } from "../usage_error.ts";
import { BadAnswer, LineGone } from "./boot_line.ts";
import { type Bootloader, type BootloaderSpec, CHIPS } from "./bootloader.ts";

/** What to put on a board that is in its bootloader. */
export interface Upload {
  /** What the port is called in messages. */
  readonly path: string;
  /** The id of the board that is meant. */
  readonly board: string;
  readonly spec: BootloaderSpec;
  /** From address 0. */
  readonly image: Uint8Array;
  /** Ends it, between two pages. */
  readonly signal: AbortSignal;
  readonly onProgress: (step: "send" | "verify", done: number, total: number) => void;
}

/** What a failure leaves on the board. */
export const KEPT = "The program that was on the board is still there.";
const GONE = "The program that was on the board is gone. Its bootloader is not: flash again.";
const WRITTEN = "The firmware is on the board, verified; it starts when the board does.";

/**
 * Puts an image on a board through its bootloader, reads all of it back, and starts it.
 *
 * @throws {UsageError} If that fails; the message says what is on the board then.
 */
export async function upload(boot: Bootloader, options: Upload): Promise<void> {
  const { spec: { page: size }, image, signal, onProgress } = options;
  const pages = pagesOf(image, size);
  const total = pages.length * size;
  let fate = KEPT;
  try {
    await requireChip(boot, options);
    await boot.enter();
    for (const [i, page] of pages.entries()) {
      signal.throwIfAborted();
      onProgress("send", i * size, total);
      fate = GONE;
      await boot.write(i * size, page);
    }
    for (const [i, page] of pages.entries()) {
      signal.throwIfAborted();
      onProgress("verify", i * size, total);
      compare(i * size, page, await boot.read(i * size, size));
    }
    onProgress("verify", total, total);
    fate = WRITTEN;
    await boot.leave();
  } catch (error) {
    const failure = signal.aborted
      ? new UsageError("Interrupted", EXIT.interrupted)
      : describe(error, options);
    throw new UsageError(`${failure.message}\n${fate}`, failure.exit);
  }
}

/** The image in pages, the last one filled up as erased flash is. */
function pagesOf(image: Uint8Array, size: number): Uint8Array[] {
  return Array.from({ length: Math.ceil(image.length / size) }, (_, i) => {
    const page = new Uint8Array(size).fill(0xff);
    page.set(image.subarray(i * size, (i + 1) * size));
    return page;
  });
}

async function requireChip(boot: Bootloader, { path, board, spec }: Upload): Promise<void> {
  const signature = await boot.signature();
  if (signature === spec.signature) return;
  const chip = signature in CHIPS ? `an ${CHIPS[signature]}` : "an unknown chip";
  throw new UsageError(
    `Cannot flash "${board}": on "${path}" is ${chip} (0x${signature.toString(16)}), not an ` +
      `${CHIPS[spec.signature]} (0x${
        spec.signature.toString(16)
      }); give its --board or another --port`,
    EXIT.usage,
  );
}

function compare(address: number, sent: Uint8Array, read: Uint8Array): void {
  const at = sent.findIndex((byte, i) => byte !== read[i]);
  if (at < 0) return;
  throw new UsageError(
    `Cannot verify the firmware: at 0x${(address + at).toString(16)} the board has ` +
      `0x${read[at]?.toString(16)}, not 0x${sent[at]!.toString(16)}; flash again, with another ` +
      `cable if it stays so`,
    EXIT.failed,
  );
}

/** What went wrong, for who flashes. */
function describe(error: unknown, { path }: Upload): UsageError {
  if (error instanceof UsageError) return error;
  if (error instanceof LineGone) {
    return new UsageError(
      `Lost the board on "${path}": it was unplugged (${error.message}); plug it in and try again`,
      EXIT.noDevice,
    );
  }
  if (error instanceof BadAnswer) {
    return new UsageError(
      `Cannot go on with the board on "${path}": ${error.message}; was it reset? Try again`,
      error.silent ? EXIT.timeLimit : EXIT.failed,
    );
  }
  throw error;
}
