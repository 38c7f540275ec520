import process from "node:process";
import type { OpenOptions, PortInfo } from "@serialport/bindings-interface";
import { SerialPortStream } from "@serialport/stream";
import { openError } from "./error.ts";

/** An open serial port: a stream of Node's, as serialport makes them. */
export type Port = SerialPortStream;

/**
 * Opens a serial port: under Deno by `UnixBinding`, on Node and on Windows (untested) by serialport's
 * native binding.
 *
 * @throws {SerialError} If it cannot; its `code` and message tell why.
 */
export async function openPort(path: string, options: Omit<OpenOptions, "path">): Promise<Port> {
  const binding = await findBinding();
  return await new Promise((resolve, reject) => {
    const port = new SerialPortStream(
      { ...options, path, binding, autoOpen: false },
    );
    port.open((error) => error === null ? resolve(port) : reject(openError(path, error)));
  });
}

/** The serial ports of this machine. */
export async function listPorts(): Promise<PortInfo[]> {
  return await (await findBinding()).list();
}

/** Closes a port, also one that has gone by itself. */
export async function closePort(port: Port): Promise<void> {
  if (!port.isOpen) return;
  await new Promise<void>((resolve) => port.close(() => resolve()));
}

async function findBinding(): Promise<NonNullable<Port["settings"]["binding"]>> {
  const native = !("deno" in process.versions) || process.platform === "win32";
  if (!native) return (await import("./unix_binding.ts")).UnixBinding;
  // Named late: Deno shall not load the native binding where it cannot use it.
  const { autoDetect } = await import("@serialport/bindings-cpp").catch((error) => {
    if (error?.code !== "ERR_MODULE_NOT_FOUND") throw error;
    throw new Error(
      "serialport's native binding is not installed; do that where the program lies: " +
        "npm install @serialport/bindings-cpp",
    );
  });
  return autoDetect();
}
