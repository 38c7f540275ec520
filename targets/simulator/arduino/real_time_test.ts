import { assertEquals } from "@std/assert";
import { RealTime } from "./real_time.ts";

Deno.test("RealTime runs a board as far as the wall clock has gone", () => {
  const board = { milliseconds: 100, runUntil: (to: number) => void (board.milliseconds = to) };
  let wall = 5000;
  const time = new RealTime(board, () => wall);
  for (const step of [4, 30, 466]) {
    wall += step;
    time.advance();
  }
  assertEquals([board.milliseconds, time.tooSlow], [600, false]);
});

Deno.test("RealTime says when the machine is too slow, and does not try to make it up", () => {
  const board = { milliseconds: 0, runUntil: (to: number) => void (board.milliseconds = to) };
  let wall = 0;
  const time = new RealTime(board, () => wall);
  wall = 3000;
  time.advance();
  assertEquals([board.milliseconds, time.tooSlow], [500, true]);
  wall = 3010;
  time.advance();
  assertEquals(board.milliseconds, 510);
});
