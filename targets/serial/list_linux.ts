import type { PortInfo } from "@serialport/bindings-interface";

/** Drivers whose ports are boards, adapters or real UARTs. */
const PORTS = /^(tty(S|WCH|ACM|USB|AMA|MFD|O|XRUSB)\d+|rfcomm\d+)$/;

/** `type` of a UART that was never found. */
const NO_UART = "0";

/** Where Linux tells of devices; a test gives its own. */
export interface Places {
  readonly sys: string;
  readonly dev: string;
}

/** The serial ports that Linux knows. */
export async function listLinux(
  { sys, dev }: Places = { sys: "/sys/class/tty", dev: "/dev" },
): Promise<PortInfo[]> {
  const ids = await byId(`${dev}/serial/by-id`);
  const ports: PortInfo[] = [];
  for (const name of await names(sys)) {
    const device = await Deno.realPath(`${sys}/${name}/device`).catch(() => undefined);
    if (device === undefined && !name.startsWith("rfcomm")) continue;
    if (await text(`${sys}/${name}/type`) === NO_UART) continue;
    const usb = device === undefined ? undefined : await usbDevice(device);
    ports.push({
      path: `${dev}/${name}`,
      manufacturer: await text(`${usb}/manufacturer`),
      serialNumber: await text(`${usb}/serial`),
      pnpId: ids.get(name),
      locationId: undefined,
      productId: await text(`${usb}/idProduct`),
      vendorId: await text(`${usb}/idVendor`),
    });
  }
  return ports;
}

async function names(folder: string): Promise<string[]> {
  const found: string[] = [];
  try {
    for await (const { name } of Deno.readDir(folder)) if (PORTS.test(name)) found.push(name);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  return found.sort((a, b) => a.localeCompare(b, "en", { numeric: true }));
}

/** The folder of the USB device that a port belongs to: the first above it with a vendor. */
async function usbDevice(device: string): Promise<string | undefined> {
  for (let folder = device; folder.length > 1; folder = folder.replace(/\/[^/]*$/, "")) {
    if (await text(`${folder}/idVendor`) !== undefined) return folder;
  }
  return undefined;
}

async function text(file: string): Promise<string | undefined> {
  const found = await Deno.readTextFile(file).catch(() => "");
  return found.trim() === "" ? undefined : found.trim();
}

/** Names in `by-id`, by the port that they lead to. */
async function byId(folder: string): Promise<Map<string, string>> {
  const ids = new Map<string, string>();
  try {
    for await (const { name } of Deno.readDir(folder)) {
      const target = await Deno.readLink(`${folder}/${name}`).catch(() => "");
      ids.set(target.replace(/^.*\//, ""), name);
    }
  } catch {
    // Without udev there is no such folder.
  }
  return ids;
}
