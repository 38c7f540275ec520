import type { PortInfo } from "@serialport/bindings-interface";
import { EXIT } from "../exit.ts";
import { UsageError } from "../usage_error.ts";
import { listPorts } from "./open_port.ts";

/**
 * The port that is meant: the one named, or the only one on USB.
 *
 * @param list Gives the ports of this machine.
 * @throws {UsageError} If none is named and there is not exactly one.
 */
export async function findPort(
  named: string | undefined,
  list: () => Promise<readonly PortInfo[]> = listPorts,
): Promise<string> {
  if (named !== undefined) return named;
  const ports = (await list()).filter(({ vendorId }) => vendorId !== undefined);
  if (ports.length === 1) return ports[0]!.path;
  if (ports.length === 0) {
    throw new UsageError(
      "Cannot find a board: no serial port on USB; plug one in, or name its port with --port",
      EXIT.noDevice,
    );
  }
  throw new UsageError(
    `Cannot choose among ${ports.length} boards: name one with --port:\n` +
      ports.map(describe).join("\n"),
    EXIT.usage,
  );
}

function describe({ path, vendorId, productId, manufacturer, serialNumber }: PortInfo): string {
  const ids = `${vendorId}:${productId ?? "?"}`;
  const rest = [manufacturer, serialNumber].filter((each) => each !== undefined).join(" ");
  return `  --port ${path}  ${ids}  ${rest}`.trimEnd();
}
