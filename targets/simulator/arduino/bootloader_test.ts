import { assertEquals, assertThrows } from "@std/assert";
import { FIRMATA } from "../../johnny-five/firmata_images.ts";
import { EmulatedArduino } from "./board.ts";
import { ERASED, OLD_NANO, OPTIBOOT } from "./real_bootloaders_test.ts";

/** A board with Optiboot, and what it sent. */
function board(firmware: string): { board: EmulatedArduino; sent: number[] } {
  const board = new EmulatedArduino({ firmware, bootloader: OPTIBOOT!, baudRate: 115_200 });
  const sent: number[] = [];
  board.onSerial = (byte) => sent.push(byte);
  return { board, sent };
}

function test(name: string, run: () => void): void {
  Deno.test({ name: `EmulatedArduino ${name}`, ignore: OPTIBOOT === null, fn: run });
}

test("starts its program at once when it gets power, and a bootloader's wait after a reset", () => {
  const { board: arduino, sent } = board(FIRMATA["uno"]!);
  let first = 0;
  arduino.onSerial = (byte, time) => {
    first ||= time;
    sent.push(byte);
  };
  arduino.runUntil(2500);
  const powered = first;
  assertEquals(sent.slice(0, 3), [0xf9, 2, 5]);
  first = 0;
  arduino.reset();
  arduino.runUntil(6500);
  // Six times 62.5 ms of blinking, and the watchdog's 1.024 s: then the program starts.
  assertEquals(Math.round((first - 2500 - powered) / 10) * 10, 1400);
});

test("answers in its bootloader until that is told to leave", () => {
  const { board: arduino, sent } = board(ERASED);
  arduino.reset();
  arduino.runUntil(380);
  for (let i = 0; i < 20; i++) {
    arduino.receive([0x30, 0x20]);
    arduino.runUntil(arduino.milliseconds + 900);
  }
  assertEquals(sent, Array.from({ length: 20 }, () => [0x14, 0x10]).flat());
});

Deno.test({
  name: "EmulatedArduino refuses a bootloader where none can begin",
  ignore: OLD_NANO === null,
  fn() {
    const bootloader = OLD_NANO!.replace(/^:.*\r?\n/, "");
    assertThrows(
      () => new EmulatedArduino({ bootloader }),
      RangeError,
      "Cannot use the bootloader: it begins at 0x7810",
    );
  },
});
