import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { UsageError } from "../../command.ts";
import { EmulatedArduino } from "./board.ts";
import { Prompt } from "./prompt.ts";
import { typed } from "./typed.ts";

Deno.test("typed drives pins, lets go of them and shows them", () => {
  const board = new EmulatedArduino();
  typed("d2 1", board);
  assertEquals(typed("D2", board), "D2 input 1");
  typed(" D2  0.1 ", board);
  assertEquals(typed("D2", board), "D2 input 0");
  typed("D2 1", board);
  typed("D2 -", board);
  assertEquals(typed("D2", board), "D2 input 0");
  assertStringIncludes(typed("help", board), "push the reset button");
  assertEquals(typed("", board), "");
});

Deno.test("typed resets the board", () => {
  const board = new EmulatedArduino();
  board.runUntil(300);
  assertEquals(board.pin("D13").mode, "output");
  typed("reset", board);
  assertEquals(board.pin("D13").mode, "input");
});

Deno.test("typed says what it does not understand", () => {
  const board = new EmulatedArduino();
  assertThrows(() => typed("D2 2", board), UsageError, 'Cannot put "2" on D2: type 0, 1, a share');
  assertThrows(() => typed("D2 1 1", board), UsageError, 'Cannot do "D2 1 1"');
  assertThrows(() => typed("blink", board), UsageError, 'Cannot do "blink": type for example D2 1');
});

Deno.test("Prompt edits a line and gives it when it is done", () => {
  const prompt = new Prompt();
  assertEquals(prompt.type("D3\x7f2 \x1b[A1"), []);
  assertEquals(prompt.text, "D2 1");
  assertEquals(prompt.type("\rA0 1\rx\x15"), ["D2 1", "A0 1"]);
  assertEquals(prompt.text, "");
  assertEquals(prompt.type("\x03"), null);
});
