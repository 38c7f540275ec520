import { assertEquals, assertRejects } from "@std/assert";
import type { PortInfo } from "@serialport/bindings-interface";
import { findPort } from "./find_port.ts";
import { isBoard } from "../espruino/flash_run.ts";
import { UsageError } from "../usage_error.ts";

function port(path: string, vendorId?: string): PortInfo {
  const nothing = { pnpId: undefined, locationId: undefined, serialNumber: undefined };
  return { ...nothing, path, vendorId, productId: "5740", manufacturer: "ST" };
}

Deno.test("findPort takes the one that is named, there or not", async () => {
  assertEquals(await findPort("/dev/ttyX", () => Promise.resolve([])), "/dev/ttyX");
});

Deno.test("findPort takes the only one on USB", async () => {
  const ports = [port("/dev/ttyS0"), port("/dev/ttyACM0", "0483")];
  assertEquals(await findPort(undefined, () => Promise.resolve(ports)), "/dev/ttyACM0");
});

Deno.test("findPort says that there is none, and which there are", async () => {
  const none = await assertRejects(
    () => findPort(undefined, () => Promise.resolve([port("/dev/ttyS0")])),
    UsageError,
    "Cannot find a board",
  );
  assertEquals(none.exit, 4);
  const two = [port("/dev/ttyACM0", "0483"), port("/dev/ttyACM1", "0d28")];
  const many = await assertRejects(
    () => findPort(undefined, () => Promise.resolve(two)),
    UsageError,
    "--port /dev/ttyACM1  0d28:5740  ST",
  );
  assertEquals(many.exit, 2);
});

Deno.test("isBoard knows a board by what it calls itself", () => {
  const known = [["puckjs", "PUCKJS"], ["pico", "PICO_R1_3"], ["microbit2", "MICROBIT2"]] as const;
  for (const [id, name] of known) assertEquals(isBoard(id, name), true, name);
  assertEquals(isBoard("esp32", "ESP32C3_IDF4"), false);
  assertEquals(isBoard("puckjs", "PIXLJS"), false);
});
