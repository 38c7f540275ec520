import type { PortInfo } from "@serialport/bindings-interface";

/** The serial ports that macOS knows. */
export async function listDarwin(): Promise<PortInfo[]> {
  const command = new Deno.Command("ioreg", {
    args: ["-r", "-t", "-l", "-w0", "-c", "IOSerialBSDClient"],
    stdin: "null",
    stderr: "null",
  });
  const { stdout } = await command.output();
  return readRegistry(new TextDecoder().decode(stdout));
}

/** The properties of a node of the registry. */
type Properties = Map<string, string>;

/**
 * Reads what `ioreg -r -t -l` prints: nodes as `+-o name`, further right the deeper, each followed
 * by its properties. What the USB device says stands in a node above the port's.
 */
export function readRegistry(registry: string): PortInfo[] {
  const ports: PortInfo[] = [];
  /** The nodes from the root to the one that is being read, with their depths. */
  const way: { readonly depth: number; readonly properties: Properties }[] = [];
  for (const line of registry.split("\n")) {
    const depth = line.indexOf("+-o ");
    if (depth >= 0) {
      while (way.length > 0 && way.at(-1)!.depth >= depth) way.pop();
      way.push({ depth, properties: new Map() });
      continue;
    }
    const [, key, value] = /^[\s|]*"([^"]+)" = (.*)$/.exec(line) ?? [];
    if (key === undefined || value === undefined) continue;
    way.at(-1)?.properties.set(key, value.replace(/^"(.*)"$/, "$1"));
    if (key === "IOCalloutDevice") ports.push(portOf(way.map(({ properties }) => properties)));
  }
  return ports;
}

function portOf(way: readonly Properties[]): PortInfo {
  const find = (...keys: string[]): string | undefined => {
    for (const properties of way.toReversed()) {
      const key = keys.find((each) => properties.has(each));
      if (key !== undefined) return properties.get(key);
    }
    return undefined;
  };
  return {
    path: way.at(-1)!.get("IOCalloutDevice")!,
    manufacturer: find("USB Vendor Name", "kUSBVendorString"),
    serialNumber: find("USB Serial Number", "kUSBSerialNumberString"),
    pnpId: undefined,
    locationId: hex(find("locationID"), 8),
    productId: hex(find("idProduct"), 4),
    vendorId: hex(find("idVendor"), 4),
  };
}

function hex(decimal: string | undefined, digits: number): string | undefined {
  return decimal === undefined ? undefined : Number(decimal).toString(16).padStart(digits, "0");
}
