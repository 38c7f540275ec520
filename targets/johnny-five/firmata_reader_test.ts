import { assertEquals } from "@std/assert";
import { FirmataReader } from "./firmata_reader.ts";

/** What is heard of bytes. */
function hear(...pieces: (readonly number[])[]): string[] {
  const log: string[] = [];
  const reader = new FirmataReader({
    onVersion: (major, minor) => log.push(`version ${major}.${minor}`),
    onSysex: (command, data) => log.push(`sysex ${command.toString(16)}: ${[...data]}`),
    onDamage: (what) => log.push(`damage: ${what}`),
  });
  for (const piece of pieces) reader.feed(piece);
  return log;
}

const VERSION = [0xf9, 2, 5];

Deno.test("FirmataReader hears versions and sysex messages, in whatever pieces they come", () => {
  const bytes = [...VERSION, 0xf0, 0x79, 2, 5, 0xf7, 0x91, 1, 0, 0xe0, 3, 4, ...VERSION];
  const whole = ["version 2.5", "sysex 79: 2,5", "version 2.5"];
  assertEquals(hear(bytes), whole);
  assertEquals(hear(...bytes.map((byte) => [byte])), whole);
});

Deno.test("FirmataReader ignores what a board is in the middle of, until it tells its version", () => {
  assertEquals(hear([4, 0xf7, 0x33, 0xe0, 1, 0xf0, 1, 0xf7], VERSION), ["version 2.5"]);
});

Deno.test("FirmataReader tells a byte that got lost by what follows", () => {
  assertEquals(hear(VERSION, [0x91, 1, 0x92, 1, 0]), [
    "version 2.5",
    "damage: 0x92 within a message of 0x91",
  ]);
  assertEquals(hear(VERSION, [1, 0, 0x92, 1, 0]), [
    "version 2.5",
    "damage: data 0x01 without a command",
    "damage: data 0x00 without a command",
  ]);
  assertEquals(hear(VERSION, [0xf0, 0x71, 1, 2, 0xf9, 2, 5]), [
    "version 2.5",
    "damage: 0xf9 within a message of 0xf0",
    "version 2.5",
  ]);
});

Deno.test("FirmataReader tells commands that there are not", () => {
  assertEquals(hear(VERSION, [0xc1, 0xf7, 0xf0, 0xf7]), [
    "version 2.5",
    "damage: the unknown command 0xc1",
    "damage: the unknown command 0xf7",
    "damage: an empty sysex message",
  ]);
});
