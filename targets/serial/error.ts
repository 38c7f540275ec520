import type { BindingsErrorInterface } from "@serialport/bindings-interface";

/** Why a port failed, in the words of the operating system. */
export type SerialErrorCode =
  | "ENOENT"
  | "EACCES"
  | "EBUSY"
  | "EIO"
  | "EINVAL"
  | "ENOTSUP"
  | "ECANCELED";

/** A failure of a serial port; `canceled` where the port was closed meanwhile, as serialport has it. */
export class SerialError extends Error implements BindingsErrorInterface {
  override readonly name = "SerialError";
  readonly code: SerialErrorCode;
  readonly canceled: boolean;
  /** Whether the device is gone. */
  readonly disconnect: boolean;

  constructor(code: SerialErrorCode, message: string) {
    super(message);
    this.code = code;
    this.canceled = code === "ECANCELED";
    this.disconnect = code === "EIO";
  }
}

/** The code of an error of Deno's, Node's or serialport's, as far as it tells. */
export function errorCode(error: unknown): SerialErrorCode | undefined {
  if (error instanceof SerialError) return error.code;
  if (!(error instanceof Error)) return undefined;
  const code = "code" in error ? String(error.code) : "";
  const text = `${code} ${error.name} ${error.message}`;
  if (/ENOENT|NotFound|No such file|File not found/i.test(text)) return "ENOENT";
  if (/EACCES|EPERM|PermissionDenied|Permission denied|Access denied/i.test(text)) return "EACCES";
  if (/EBUSY|WouldBlock|Cannot lock port|temporarily unavailable|resource busy/i.test(text)) {
    return "EBUSY";
  }
  if (/EIO|ENXIO|ENODEV|EBADF|Input\/output error|No such device/i.test(text)) return "EIO";
  if (/ENOTTY|EINVAL|Inappropriate ioctl|Invalid argument/i.test(text)) return "EINVAL";
  return undefined;
}

/** What went wrong when opening, with the cure. */
export function openError(path: string, error: unknown): SerialError {
  // These have said it already.
  if (error instanceof SerialError && ["EINVAL", "EBUSY"].includes(error.code)) return error;
  const code = errorCode(error);
  const failed = `Cannot open the serial port "${path}"`;
  switch (code) {
    case "ENOENT":
      return new SerialError(code, `${failed}: no such device; is the board plugged in?`);
    case "EACCES":
      return new SerialError(
        code,
        `${failed}: no permission; on Linux add yourself to the group that owns it ` +
          `(sudo usermod -aG dialout $USER) and log in again`,
      );
    case "EBUSY":
      return busyError(path, []);
    case "EINVAL":
      return new SerialError(
        code,
        `${failed}: it is not a serial port, or not with these settings`,
      );
    default: {
      const why = error instanceof Error ? error.message : String(error);
      return new SerialError("EIO", `${failed}: ${why}; unplug the board and plug it in again`);
    }
  }
}

/** A port that others have open; `holders` tells who, where that is known. */
export function busyError(path: string, holders: readonly string[]): SerialError {
  const who = holders.length === 0 ? "another program" : holders.join(" and ");
  return new SerialError(
    "EBUSY",
    `Cannot open the serial port "${path}": ${who} has it open; close that first`,
  );
}
