import { boards } from "../../boards/mod.ts";
import type { BoardSpec } from "../../runtime/io/spec.ts";
import { kilobytes } from "../../compiler/report_table.ts";
import { didYouMean, type Given, readNumber, UsageError } from "../command.ts";
import { EXIT } from "../exit.ts";
import { onInterrupt } from "../interrupt.ts";
import { type ProgressBar, progressBar } from "../progress.ts";
import { findPort } from "../serial/find_port.ts";
import { openPort } from "../serial/mod.ts";
import { BOOTLOADERS, type BootloaderSpec } from "./bootloader.ts";
import { findBootloader } from "./find_bootloader.ts";
import { FIRMATA } from "./firmata_images.ts";
import { hearFirmata } from "./hear_firmata.ts";
import { readImage } from "./intel_hex.ts";
import { upload } from "./upload.ts";

/** The firmwares that there are: by name, the images by the board's id. */
const FIRMWARES: { readonly [name: string]: { readonly [board: string]: string } } = {
  firmata: FIRMATA,
};

/** Puts the firmware that the command line asks for on an Arduino. */
export async function flashFirmware(given: Given): Promise<number> {
  const { board, hex, spec, path } = await readOptions(given);
  const image = readImage(hex, spec.room);
  using ending = onInterrupt("leaves the board without a program if one was being written");
  const bar = progressBar();
  const plain = Deno.stderr.isTerminal() ? null : new PlainProgress(image.length);
  const { line, boot } = await findBootloader(openPort, path, board, spec, ending.signal);
  try {
    await upload(boot, {
      ...{ path, board: board.id, spec, image, signal: ending.signal },
      onProgress: (step, done, total) => {
        bar.show(step, done, total);
        plain?.show(step);
      },
    }).finally(() => bar.clear());
    const name = await hearFirmata(line, path, ending.signal);
    say(`${board.name} on ${path}: ${kilobytes(image.length)}, verified; runs ${name}`);
    return EXIT.fine;
  } finally {
    await line.close();
  }
}

function say(text: string): void {
  console.error(text);
}

interface Wanted {
  readonly board: BoardSpec;
  readonly hex: string;
  readonly spec: BootloaderSpec;
  readonly path: string;
}

/** What is asked for, and that it makes sense. */
async function readOptions({ args, options }: Given): Promise<Wanted> {
  const { firmware = "", board: id } = options;
  const images = FIRMWARES[firmware];
  const names = Object.keys(FIRMWARES);
  if (images === undefined) {
    throw new UsageError(
      `Cannot find the firmware "${firmware}"${didYouMean(firmware, names)}; there is ${names}`,
    );
  }
  if (args.length > 0) {
    throw new UsageError(
      `Cannot flash "${
        args[0]
      }" together with --firmware: a board gets either; with Firmata on it, ` +
        `run programs from here with run ${args[0]} --target johnny-five`,
    );
  }
  for (const name of ["ram", "file", "recover", "any-board", "timeout", "listen"]) {
    if (options[name] === undefined) continue;
    throw new UsageError(`Cannot use --${name} together with --firmware: it is for programs`);
  }
  const known = Object.keys(images).join(", ");
  if (id === undefined) {
    throw new UsageError(
      `Cannot choose the firmware's image without --board: name one of ${known}`,
    );
  }
  const { [id]: board }: { readonly [id: string]: BoardSpec } = boards;
  const hex = images[id];
  const spec = BOOTLOADERS[id];
  if (board === undefined || hex === undefined || spec === undefined) {
    const instead = board?.targets.includes("espruino") === true
      ? `; that board runs programs itself: flash examples/blink.ts --board ${id}`
      : board === undefined
      ? didYouMean(id, Object.keys(images))
      : "";
    throw new UsageError(
      `Cannot put ${firmware} on the board "${id}": there is an image for ${known}${instead}`,
    );
  }
  const baud = options["baud"];
  const baudRates = baud === undefined
    ? spec.baudRates
    : [readNumber("baud", baud, (n) => Number.isInteger(n) && n > 0)];
  return { board, hex, spec: { ...spec, baudRates }, path: await findPort(options["port"]) };
}

/** Says once what goes on, where no terminal shows a bar. */
class PlainProgress {
  readonly #length: number;
  #step = "";

  constructor(length: number) {
    this.#length = length;
  }

  show(step: Parameters<ProgressBar["show"]>[0]): void {
    if (step === this.#step) return;
    this.#step = step;
    say(step === "send" ? `Sending ${kilobytes(this.#length)}` : "Verifying");
  }
}
