import type { OpenOptions } from "@serialport/bindings-interface";
import { SerialError } from "./error.ts";

/** How to open a port, with everything decided. */
export type Settings = Required<OpenOptions>;

/**
 * Runs `stty` on a port. It opens the port without waiting for a carrier, and unless `-drain` is
 * among the arguments it first waits until what was written has left (Linux; macOS does not wait).
 *
 * @param signal Kills it.
 * @throws {SerialError} If the port does not take the settings.
 */
export async function stty(
  path: string,
  args: readonly string[],
  signal?: AbortSignal,
): Promise<string> {
  const file = Deno.build.os === "linux" ? "-F" : "-f";
  const command = new Deno.Command("stty", {
    args: [file, path, ...args],
    env: { LC_ALL: "C" },
    stdin: "null",
    ...(signal === undefined ? {} : { signal }),
  });
  const { success, stdout, stderr } = await command.output().catch((error) => {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    throw new SerialError("ENOTSUP", "Cannot set up a serial port without stty: install coreutils");
  });
  const text = new TextDecoder();
  if (success) return text.decode(stdout).trim();
  if (signal?.aborted === true) throw new SerialError("ECANCELED", "The port was closed");
  throw sttyError(path, text.decode(stderr).trim());
}

function sttyError(path: string, said: string): SerialError {
  const why = said.replace(/^\S*stty: /, "");
  if (/No such file/.test(why)) return new SerialError("ENOENT", `"${path}" is not there`);
  if (/Permission denied/.test(why)) return new SerialError("EACCES", why);
  if (/busy/i.test(why)) return new SerialError("EBUSY", why);
  if (/Inappropriate ioctl/.test(why)) {
    return new SerialError("EINVAL", `Cannot open the serial port "${path}": it is not one`);
  }
  if (/Input\/output error|No such device/.test(why)) return new SerialError("EIO", why);
  return new SerialError("EINVAL", `Cannot set up "${path}": ${why}`);
}

/**
 * The arguments that make a port raw and give it `settings`.
 *
 * `min 0 time 1`: a read gives what is there, or nothing after a tenth of a second. A read that
 * waited for ever would keep a thread after the port is closed, because neither Deno nor Node can
 * interrupt it; this one costs ten wake-ups a second (0.3 % of a core) and answers at once when
 * bytes come.
 */
export function settingsArguments(settings: Settings): string[] {
  const flag = (on: boolean, name: string): string => on ? name : `-${name}`;
  return [
    "raw",
    ...["-echo", "-echoe", "-echok", "-echonl", "-iexten", "clocal", "cread"],
    ...["min", "0", "time", "1"],
    ...speedArguments(settings.baudRate),
    `cs${settings.dataBits}`,
    flag(stopBits(settings.stopBits) === 2, "cstopb"),
    ...parityArguments(settings.parity),
    flag(settings.rtscts, "crtscts"),
    flag(settings.xon, "ixon"),
    flag(settings.xoff, "ixoff"),
    flag(settings.xany, "ixany"),
    flag(settings.hupcl, "hupcl"),
  ];
}

/** The arguments that set the speed. */
export function speedArguments(baudRate: number): string[] {
  if (!Number.isInteger(baudRate) || baudRate <= 0) {
    throw new TypeError(`Cannot use the baud rate ${baudRate}: give bits a second, such as 9600`);
  }
  // Not as `ispeed N ospeed N`: GNU stty takes unknown speeds there without a word and keeps the old.
  return [String(baudRate)];
}

function stopBits(bits: number): 1 | 2 {
  if (bits === 1 || bits === 2) return bits;
  throw new TypeError(`Cannot use ${bits} stop bits: this system has 1 and 2`);
}

function parityArguments(parity: string): string[] {
  switch (parity) {
    case "none":
      return ["-parenb"];
    case "even":
      return ["parenb", "-parodd"];
    case "odd":
      return ["parenb", "parodd"];
    case "mark":
      return ["parenb", "cmspar", "parodd"];
    case "space":
      return ["parenb", "cmspar", "-parodd"];
    default:
      throw new TypeError(`Cannot use the parity "${parity}": there is none, even and odd`);
  }
}
