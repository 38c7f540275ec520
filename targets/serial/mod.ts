/**
 * Serial ports for Deno and Node behind serialport's interfaces.
 *
 * @module
 */

export { closePort, listPorts, openPort, type Port } from "./open_port.ts";
export { SerialError, type SerialErrorCode } from "./error.ts";
export { UnixBinding } from "./unix_binding.ts";
export { type UnixPort } from "./unix_port.ts";
