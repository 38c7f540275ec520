import { assertEquals } from "@std/assert";
import type { BoardSpec, Capability } from "../runtime/io/spec.ts";
import { mega, nano, uno } from "./mod.ts";

/** The names of the pins that can do something, in the board's order. */
function pinsThat(board: BoardSpec, capability: Capability): string[] {
  return Object.keys(board.pins).filter((pin) => board.pins[pin]?.can.includes(capability));
}

function numbered(prefix: string, first: number, last: number): string[] {
  return Array.from({ length: last - first + 1 }, (_, i) => `${prefix}${first + i}`);
}

/** A pin by another name it has, for example the port of the chip. */
function pinAlso(board: BoardSpec, name: string): string | undefined {
  return Object.keys(board.pins).find((pin) => board.pins[pin]?.also?.includes(name));
}

Deno.test("uno has D0 to D13 and A0 to A5, all of them digital", () => {
  const pins = [...numbered("D", 0, 13), ...numbered("A", 0, 5)];
  assertEquals(Object.keys(uno.pins), pins);
  for (const capability of ["input", "output", "pullup"] as const) {
    assertEquals(pinsThat(uno, capability), pins);
  }
  assertEquals(pinsThat(uno, "pulldown"), []);
});

Deno.test("uno has PWM on the six pins marked ~, and analog inputs on A0 to A5", () => {
  assertEquals(pinsThat(uno, "pwm"), ["D3", "D5", "D6", "D9", "D10", "D11"]);
  assertEquals(pinsThat(uno, "analog"), ["A0", "A1", "A2", "A3", "A4", "A5"]);
  assertEquals(uno.analogVolts, 5);
});

Deno.test("servos go on every pin but D0 and D1, over which Firmata talks", () => {
  for (const board of [uno, mega, nano]) {
    const digital = pinsThat(board, "output").filter((pin) => pin !== "D0" && pin !== "D1");
    assertEquals(pinsThat(board, "servo"), digital);
    assertEquals(board.serials.Serial1.tx, "D1");
    assertEquals(board.serials.Serial1.rx, "D0");
  }
});

Deno.test("nano is an uno with A6 and A7, which are analog only", () => {
  const { A6, A7, ...rest } = nano.pins;
  assertEquals(rest, uno.pins);
  assertEquals([...A6.can, ...A7.can], ["analog", "analog"]);
  assertEquals(nano.roles, uno.roles);
  assertEquals(nano.i2cs, uno.i2cs);
  assertEquals(nano.spis, uno.spis);
});

Deno.test("the ports of an ATmega328P are all there but for the crystal's and reset", () => {
  const ports = [...numbered("PD", 0, 7), ...numbered("PB", 0, 5), ...numbered("PC", 0, 5)];
  assertEquals(ports.map((port) => pinAlso(uno, port)), Object.keys(uno.pins));
});

Deno.test("uno has I2C on A4 and A5, SPI on D11 to D13", () => {
  assertEquals(uno.i2cs, { I2C1: { sda: "A4", scl: "A5" } });
  assertEquals(uno.spis, { SPI1: { sck: "D13", mosi: "D11", miso: "D12" } });
});

Deno.test("mega has D0 to D53 and A0 to A15, all of them digital", () => {
  const pins = [...numbered("D", 0, 53), ...numbered("A", 0, 15)];
  assertEquals(Object.keys(mega.pins), pins);
  for (const capability of ["input", "output", "pullup"] as const) {
    assertEquals(pinsThat(mega, capability), pins);
  }
  assertEquals(pinsThat(mega, "pulldown"), []);
});

Deno.test("mega has PWM on D2 to D13 and D44 to D46, analog inputs on A0 to A15", () => {
  assertEquals(pinsThat(mega, "pwm"), [...numbered("D", 2, 13), "D44", "D45", "D46"]);
  assertEquals(pinsThat(mega, "analog"), numbered("A", 0, 15));
});

Deno.test("mega has four serial lines, I2C on D20 and D21, SPI on D50 to D52", () => {
  const wires = Object.values(mega.serials).map(({ tx, rx }) => [tx, rx]);
  assertEquals(wires, [["D1", "D0"], ["D18", "D19"], ["D16", "D17"], ["D14", "D15"]]);
  const { Serial2, Serial3, Serial4 } = mega.serials;
  assertEquals(
    [Serial2.note, Serial3.note, Serial4.note],
    ["Arduino's Serial1", "Arduino's Serial2", "Arduino's Serial3"],
  );
  assertEquals(mega.i2cs, { I2C1: { sda: "D20", scl: "D21" } });
  assertEquals(mega.spis, { SPI1: { sck: "D52", mosi: "D51", miso: "D50" } });
});

Deno.test("mega's long rows are the chip's ports in order", () => {
  const pinsOfPort = (port: string) => numbered(port, 0, 7).map((name) => pinAlso(mega, name));
  assertEquals(pinsOfPort("PA"), numbered("D", 22, 29));
  assertEquals(pinsOfPort("PC"), numbered("D", 30, 37).reverse());
  assertEquals(pinsOfPort("PL"), numbered("D", 42, 49).reverse());
  assertEquals(pinsOfPort("PF"), numbered("A", 0, 7));
  assertEquals(pinsOfPort("PK"), numbered("A", 8, 15));
  assertEquals(numbered("PB", 0, 3).map((name) => pinAlso(mega, name)), [
    "D53",
    "D52",
    "D51",
    "D50",
  ]);
  assertEquals(pinAlso(mega, "PB7"), "D13");
});

Deno.test("an analog pin also has the number it has as a digital pin", () => {
  assertEquals(numbered("D", 14, 19).map((name) => pinAlso(uno, name)), numbered("A", 0, 5));
  assertEquals(numbered("D", 54, 69).map((name) => pinAlso(mega, name)), numbered("A", 0, 15));
});

Deno.test("the three boards are wired alike: the same roles on the same pins", () => {
  assertEquals(uno.roles, mega.roles);
  assertEquals(uno.roles.LED1, { pin: "D13" });
  assertEquals(uno.roles.BTN1, { pin: "D2", active: 0, pull: "up", external: true });
});

Deno.test("all of a board's pins are on its edge", () => {
  const boards: readonly BoardSpec[] = [uno, mega, nano];
  for (const board of boards) {
    const shown = new Set(board.pinout?.flat());
    assertEquals(Object.keys(board.pins).filter((pin) => !shown.has(pin)), []);
  }
});

Deno.test("memory is that of the chip's data sheet", () => {
  assertEquals(uno.memory, { ramKB: 2, flashKB: 32 });
  assertEquals(nano.memory, { ramKB: 2, flashKB: 32 });
  assertEquals(mega.memory, { ramKB: 8, flashKB: 256 });
});
