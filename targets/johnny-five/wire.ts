import type { SerialOptions } from "../../runtime/io/driver.ts";
import type { Port } from "../serial/mod.ts";
import type { OpenPort } from "./run_board.ts";

type OpenStream = (
  path: string,
  options: {
    baudRate: number;
    dataBits: 7 | 8;
    parity: "none" | "even" | "odd";
    stopBits: 1 | 2;
    rtscts: boolean;
    xon: boolean;
    xoff: boolean;
  },
) => Promise<Port>;

/** Opens ports of serialport's by the words of the runtime. */
export function toWire(open: OpenStream): OpenPort {
  return async (path, options: SerialOptions) => {
    const { flowControl = "none" } = options;
    return await open(path, {
      baudRate: options.baudRate ?? 9600,
      dataBits: options.dataBits ?? 8,
      parity: options.parity ?? "none",
      stopBits: options.stopBits ?? 1,
      rtscts: flowControl === "rts-cts",
      xon: flowControl === "xon-xoff",
      xoff: flowControl === "xon-xoff",
    });
  };
}
