import fs from "node:fs";
import type { BindingInterface, OpenOptions } from "@serialport/bindings-interface";
import { busyError, openError } from "./error.ts";
import { listDarwin } from "./list_darwin.ts";
import { holders } from "./holders.ts";
import { listLinux } from "./list_linux.ts";
import { type Settings, settingsArguments, stty } from "./stty.ts";
import { UnixPort } from "./unix_port.ts";

const DEFAULTS = {
  dataBits: 8,
  lock: true,
  stopBits: 1,
  parity: "none",
  rtscts: false,
  xon: false,
  xoff: false,
  xany: false,
  hupcl: true,
} as const;

/**
 * Serial ports for Deno on Linux and macOS: serialport's bindings interface over files and `stty`.
 * serialport's own native binding polls through libuv, which Deno has not.
 *
 * Not here: breaks, the state of CTS, DSR and DCD, DTR apart from RTS, discarding what was written,
 * one and a half stop bits. macOS is untested.
 */
export const UnixBinding: BindingInterface<UnixPort> = {
  async list() {
    return await (Deno.build.os === "darwin" ? listDarwin() : listLinux());
  },

  async open(options) {
    if (options === null || typeof options !== "object") {
      throw new TypeError('"options" is not an object');
    }
    if (!options.path) throw new TypeError('"path" is not a valid port');
    if (!options.baudRate) throw new TypeError('"baudRate" is not a valid baudRate');
    const settings = settle(options);
    const args = settingsArguments(settings);
    try {
      return await openPort(settings, args);
    } catch (error) {
      throw openError(settings.path, error);
    }
  },
};

/** Undefined options count as not given. */
function settle(options: OpenOptions): Settings {
  const given = Object.entries(options).filter(([, value]) => value !== undefined);
  return {
    ...DEFAULTS,
    path: options.path,
    baudRate: options.baudRate,
    ...Object.fromEntries(given),
  };
}

/**
 * The order matters. The first handle does not wait for a carrier, raises DTR and keeps it up: a
 * port that closed between our steps would reset an Arduino twice. Of a port that is locked nothing
 * is changed but `clocal`, without which the next handle could wait for ever. The reading handle is
 * Node's, because Deno's would become the controlling terminal of a process that leads a session
 * and has none (a container's first), and unplugging the board would then end that process.
 */
async function openPort(settings: Settings, args: readonly string[]): Promise<UnixPort> {
  const { path } = settings;
  const { O_RDONLY, O_NOCTTY, O_NONBLOCK } = fs.constants;
  const holding = fs.openSync(path, O_RDONLY | O_NOCTTY | O_NONBLOCK);
  try {
    await stty(path, ["clocal"]);
    const writing = await Deno.open(path, { write: true });
    try {
      if (settings.lock && !writing.tryLockSync(true)) {
        throw busyError(path, await holders(path));
      }
      await stty(path, args);
      return new UnixPort({ reading: fs.openSync(path, O_RDONLY | O_NOCTTY), writing }, settings);
    } catch (error) {
      writing.close();
      throw error;
    }
  } finally {
    fs.closeSync(holding);
  }
}
