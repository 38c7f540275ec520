import { assertEquals } from "@std/assert";
import { EmulatedArduino } from "./board.ts";
import { type PinReport, PinReporter } from "./pin_report.ts";

function booted(): { board: EmulatedArduino; pins: PinReporter; take: () => string[] } {
  const board = new EmulatedArduino();
  board.runUntil(2200);
  const reports: PinReport[] = [];
  const pins = new PinReporter(board, (report) => reports.push(report));
  const take = (): string[] =>
    reports.splice(0).map(({ pin, mode, level, duty, high, period }) =>
      [pin, mode, level ?? duty ?? `${high} of ${period}`].join(" ")
    );
  return { board, pins, take };
}

Deno.test("PinReporter tells a servo's pulses once, until their width changes or they end", () => {
  const { board, pins, take } = booted();
  board.receive([0xf4, 9, 4, 0xe9, 90, 0]);
  board.runUntil(2400);
  assertEquals(take().slice(-1), ["D9 output 1.47 of 20"]);
  board.runUntil(2600);
  assertEquals(take(), []);
  board.receive([0xe9, 0, 0]);
  board.runUntil(2700);
  assertEquals(take(), ["D9 output 0.54 of 20"]);
  board.receive([0xf4, 9, 1]);
  board.runUntil(2900);
  pins.look();
  assertEquals(take().slice(-1), ["D9 output 0"]);
});

Deno.test("PinReporter tells levels, and a timer's duty", () => {
  const { board, take } = booted();
  board.receive([0xf4, 13, 1, 0xf5, 13, 1]);
  board.runUntil(2250);
  board.receive([0xf4, 3, 3, 0xe3, 51, 0]);
  board.runUntil(2300);
  assertEquals(take(), ["D13 output 1", "D3 pwm 0", "D3 pwm 0.2"]); // the duty counts from the next pulse
});
