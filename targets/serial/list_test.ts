import { assertEquals } from "@std/assert";
import { readRegistry } from "./list_darwin.ts";
import { listLinux } from "./list_linux.ts";

Deno.test({
  name: "listLinux finds boards, their USB ids and their names, and leaves out UARTs that are none",
  ignore: Deno.build.os === "windows",
  async fn() {
    const root = await Deno.makeTempDir();
    try {
      const usb = `${root}/devices/usb1/1-2`;
      const sys = `${root}/class/tty`;
      const dev = `${root}/dev`;
      for (
        const folder of [`${usb}/1-2:1.0`, `${root}/devices/uart`, `${dev}/serial/by-id`]
      ) await Deno.mkdir(folder, { recursive: true });
      for (const name of ["ttyACM0", "ttyACM10", "ttyS0", "ttyS1", "tty1"]) {
        await Deno.mkdir(`${sys}/${name}`, { recursive: true });
        const device = name.startsWith("ttyACM") ? `${usb}/1-2:1.0` : `${root}/devices/uart`;
        await Deno.symlink(device, `${sys}/${name}/device`);
      }
      await Deno.writeTextFile(`${sys}/ttyS0/type`, "4\n");
      await Deno.writeTextFile(`${sys}/ttyS1/type`, "0\n");
      await Deno.writeTextFile(`${usb}/idVendor`, "0483\n");
      await Deno.writeTextFile(`${usb}/idProduct`, "5740\n");
      await Deno.writeTextFile(`${usb}/serial`, "48DB\n");
      await Deno.symlink("../../ttyACM0", `${dev}/serial/by-id/usb-Pico`);

      const ports = await listLinux({ sys, dev });

      assertEquals(ports.map(({ path }) => path.slice(dev.length)), [
        "/ttyACM0",
        "/ttyACM10",
        "/ttyS0",
      ]);
      assertEquals(ports[0], {
        path: `${dev}/ttyACM0`,
        manufacturer: undefined,
        serialNumber: "48DB",
        pnpId: "usb-Pico",
        locationId: undefined,
        productId: "5740",
        vendorId: "0483",
      });
      assertEquals(ports[2]!.vendorId, undefined);
      assertEquals(await listLinux({ sys: `${root}/none`, dev }), []);
    } finally {
      await Deno.remove(root, { recursive: true });
    }
  },
});

Deno.test("readRegistry finds the USB ids above a port", () => {
  const registry = `
+-o Root  <class IORegistryEntry>
  +-o USB Serial@14100000  <class IOUSBHostDevice>
  | {
  |   "idVendor" = 1155
  |   "idProduct" = 22336
  |   "locationID" = 336592896
  |   "USB Vendor Name" = "STMicroelectronics"
  |   "USB Serial Number" = "48DB"
  | }
  +-o AppleUSBACMData  <class AppleUSBACMData>
    +-o IOModemSerialStreamSync  <class IOModemSerialStreamSync>
      +-o IOSerialBSDClient  <class IOSerialBSDClient>
          {
            "IOCalloutDevice" = "/dev/cu.Bluetooth"
          }
  +-o USB Serial@14200000  <class IOUSBHostDevice>
    | {
    |   "idVendor" = 1155
    |   "idProduct" = 22336
    |   "locationID" = 336592896
    | }
    +-o IOSerialBSDClient  <class IOSerialBSDClient>
        {
          "IOCalloutDevice" = "/dev/cu.usbmodem1"
        }
`;
  const ports = readRegistry(registry);
  assertEquals(ports.map(({ path, vendorId }) => [path, vendorId]), [
    ["/dev/cu.Bluetooth", undefined],
    ["/dev/cu.usbmodem1", "0483"],
  ]);
  assertEquals(ports[1]!.productId, "5740");
  assertEquals(ports[1]!.locationId, "14100000");
});
