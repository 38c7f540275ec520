import type { SerialOptions } from "../../runtime/io/driver.ts";
import { openPort } from "../serial/mod.ts";
import type { Wire } from "./wire.ts";

/** Opens a serial port of this computer by the words of the runtime. */
export async function openWire(path: string, options: SerialOptions): Promise<Wire> {
  const { baudRate = 9600, dataBits = 8, parity = "none", stopBits = 1, flowControl = "none" } =
    options;
  const software = flowControl === "xon-xoff";
  const rtscts = flowControl === "rts-cts";
  const line = { baudRate, dataBits, parity, stopBits };
  return await openPort(path, { ...line, rtscts, xon: software, xoff: software });
}
