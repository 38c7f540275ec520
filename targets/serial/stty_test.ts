import { assertEquals, assertThrows } from "@std/assert";
import { settingsArguments } from "./stty.ts";

Deno.test("settings become words of stty", () => {
  const words = settingsArguments({
    ...{ path: "x", baudRate: 250_000, dataBits: 7, parity: "odd", stopBits: 2, lock: true },
    ...{ rtscts: true, xon: false, xoff: true, xany: false, hupcl: false },
  });
  assertEquals(
    words.slice(words.indexOf("time") + 2).join(" "),
    "250000 cs7 cstopb parenb parodd crtscts -ixon ixoff -ixany -hupcl",
  );
});

Deno.test("settings that stty has no word for are refused", () => {
  const settings = { path: "x", baudRate: 9600, dataBits: 8, parity: "none", stopBits: 1 } as const;
  const flags = { lock: true, rtscts: false, xon: false, xoff: false, xany: false, hupcl: true };
  assertThrows(() => settingsArguments({ ...settings, ...flags, stopBits: 1.5 }), TypeError, "1.5");
  assertThrows(() => settingsArguments({ ...settings, ...flags, parity: "x" }), TypeError, '"x"');
  assertThrows(() => settingsArguments({ ...settings, ...flags, baudRate: -1 }), TypeError, "-1");
});
