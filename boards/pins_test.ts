import { assertEquals } from "@std/assert";
import type { BoardSpec, LineName, PinName } from "../runtime/io/spec.ts";
import type { esp32, mega, microbit2, nano, puckjs, uno } from "./mod.ts";

// What is tested here is tested by the type checker: each marked line must be refused.

Deno.test("an uno's PWM pins are names known to the compiler", () => {
  type Pwm = PinName<typeof uno, "pwm">;
  const right: Pwm[] = ["D3", "D5", "D6", "D9", "D10", "D11", "LED2", "LED3", "HEATER1"];
  // @ts-expect-error: D2 has no PWM
  const plain: Pwm = "D2";
  // @ts-expect-error: LED1 is D13, which has no PWM
  const role: Pwm = "LED1";
  // @ts-expect-error: an uno ends at A5
  const missing: Pwm = "A9";
  assertEquals(right.length, 9);
  assertEquals([plain, role, missing], ["D2", "LED1", "A9"]);
});

Deno.test("an uno's analog inputs are A0 to A5 and the sensor's role", () => {
  type Analog = PinName<typeof uno, "analog">;
  const right: Analog[] = ["A0", "A1", "A2", "A3", "A4", "A5", "SENSOR1"];
  // @ts-expect-error: an uno ends at A5
  const missing: Analog = "A6";
  // @ts-expect-error: D3 is digital
  const digital: Analog = "D3";
  assertEquals(right.length, 7);
  assertEquals([missing, digital], ["A6", "D3"]);
});

Deno.test("a nano's A6 and A7 are analog inputs and nothing else", () => {
  const right: PinName<typeof nano, "analog">[] = ["A6", "A7"];
  // @ts-expect-error: A6 has no digital port
  const wrong: PinName<typeof nano, "output"> = "A6";
  assertEquals([...right, wrong], ["A6", "A7", "A6"]);
});

Deno.test("a mega's PWM reaches D44 to D46 and not D43", () => {
  const right: PinName<typeof mega, "pwm">[] = ["D2", "D13", "D44", "D46"];
  // @ts-expect-error: D43 has no PWM
  const wrong: PinName<typeof mega, "pwm"> = "D43";
  // @ts-expect-error: an AVR has no pull-down
  const pull: PinName<typeof mega, "pulldown"> = "D2";
  assertEquals([...right, wrong, pull].length, 6);
});

Deno.test("a micro:bit's display is an output only", () => {
  const right: PinName<typeof microbit2, "output">[] = ["V0", "LED1", "D0"];
  // @ts-expect-error: the display cannot be dimmed
  const pwm: PinName<typeof microbit2, "pwm"> = "LED1";
  // @ts-expect-error: nor read
  const input: PinName<typeof microbit2, "input"> = "V0";
  assertEquals([...right, pwm, input].length, 5);
});

Deno.test("an ESP32's D34 only reads, and D6 belongs to the flash chip", () => {
  const right: PinName<typeof esp32, "input">[] = ["D34", "SENSOR1", "BTN1"];
  // @ts-expect-error: D34 has no output
  const output: PinName<typeof esp32, "output"> = "D34";
  // @ts-expect-error: D6 is taken
  const flash: PinName<typeof esp32, "input"> = "D6";
  // @ts-expect-error: D25 is driven by the converter, not by PWM
  const converter: PinName<typeof esp32, "pwm"> = "D25";
  assertEquals([...right, output, flash, converter].length, 6);
});

Deno.test("lines are names known to the compiler too", () => {
  const right: LineName<typeof mega, "serials">[] = ["Serial1", "Serial4"];
  // @ts-expect-error: an uno has one serial line
  const serial: LineName<typeof uno, "serials"> = "Serial2";
  // @ts-expect-error: a Puck.js has no bus wired to its edge
  const bus: LineName<typeof puckjs, "i2cs"> = "I2C1";
  assertEquals([...right, serial, bus].length, 4);
});

Deno.test("on a board that is not known until run time any name compiles", () => {
  const pin: PinName<BoardSpec, "pwm"> = "anything";
  const line: LineName<BoardSpec, "spis"> = "anything";
  assertEquals(pin, line);
});
