import { assertEquals, assertThrows } from "@std/assert";
import { readImage, readIntelHex } from "./intel_hex.ts";

const END = ":00000001FF\n";

Deno.test("readIntelHex puts the data at its addresses, into erased flash", () => {
  assertEquals([...readIntelHex(`:020002000102F9\r\n${END}`, 6)], [255, 255, 1, 2, 255, 255]);
});

Deno.test("readIntelHex refuses what is damaged, cut off or too large", () => {
  assertThrows(
    () => readIntelHex(`:020002000103F9\n${END}`, 6),
    RangeError,
    'Cannot read line 1 of the firmware: ":020002000103F9"',
  );
  assertThrows(() => readIntelHex(":020002000102F9\n", 6), RangeError, "last line is missing");
  assertThrows(() => readIntelHex(`:020002000102F9\n${END}`, 3), RangeError, "3 bytes of flash");
});

Deno.test("readImage ends where the program does", () => {
  assertEquals([...readImage(`:020002000102F9\n${END}`, 6)], [255, 255, 1, 2]);
});

Deno.test("readIntelHex reads addresses beyond 64 kB, counted from segments or from the upper half", () => {
  const segment = readIntelHex(`:020000021000EC\n:020002000102F9\n${END}`, 0x10004);
  assertEquals([...segment.subarray(0x10000)], [255, 255, 1, 2]);
  assertEquals(segment, readIntelHex(`:020000040001F9\n:020002000102F9\n${END}`, 0x10004));
});
