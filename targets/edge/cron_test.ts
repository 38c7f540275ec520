import { assertEquals, assertThrows } from "@std/assert";
import { cronOf, nextTime, parseCron } from "./cron.ts";

/** The next times of a schedule, as UTC. */
function next(text: string, after: string, count: number): string[] {
  const cron = parseCron(text);
  const times: string[] = [];
  for (let time = Date.parse(after); times.length < count;) {
    time = nextTime(cron, time);
    times.push(new Date(time).toISOString().slice(0, 16));
  }
  return times;
}

Deno.test("cron: steps, ranges and lists name the minutes", () => {
  assertEquals(next("*/20 9-10 * * *", "2026-03-01T09:10:30Z", 5), [
    "2026-03-01T09:20",
    "2026-03-01T09:40",
    "2026-03-01T10:00",
    "2026-03-01T10:20",
    "2026-03-01T10:40",
  ]);
  assertEquals(next("5,1 0 * * *", "2026-03-01T00:00:00Z", 3), [
    "2026-03-01T00:01",
    "2026-03-01T00:05",
    "2026-03-02T00:01",
  ]);
});

Deno.test("cron: a time that is due now is not the next", () => {
  assertEquals(next("0 0 1 1 *", "2026-01-01T00:00:00Z", 1), ["2027-01-01T00:00"]);
});

Deno.test("cron: of day and weekday either is enough where both are given, and 7 is Sunday", () => {
  assertEquals(next("0 0 10 * 7", "2026-03-06T12:00:00Z", 3), [
    "2026-03-08T00:00",
    "2026-03-10T00:00",
    "2026-03-15T00:00",
  ]);
  assertEquals(next("0 0 * 2 1", "2026-01-15T00:00:00Z", 1), ["2026-02-02T00:00"]);
});

Deno.test("cron: the 29th of February is found across eight years, the 30th never", () => {
  assertEquals(next("0 0 29 2 *", "2096-03-01T00:00:00Z", 1), ["2104-02-29T00:00"]);
  assertThrows(() => next("0 0 30 2 *", "2026-01-01T00:00:00Z", 1), RangeError, "no such day");
});

Deno.test("cron: a field that is wrong is named", () => {
  assertThrows(() => parseCron("* * * *"), RangeError, "five fields");
  assertThrows(() => parseCron("60 * * * *"), RangeError, '"60" as the minute');
  assertThrows(() => parseCron("* 5-3 * * *"), RangeError, '"5-3" as the hour');
  assertThrows(() => parseCron("* * * * mon"), RangeError, '"mon" as the weekday');
  assertThrows(() => parseCron("*/0 * * * *"), RangeError, '"*/0" as the minute');
});

Deno.test("cron: an interval is one where it divides an hour or a day", () => {
  const minute = 60_000;
  assertEquals(
    [minute, 5 * minute, 60 * minute, 6 * 60 * minute, 24 * 60 * minute, 7 * minute, 500]
      .map(cronOf),
    ["* * * * *", "*/5 * * * *", "0 * * * *", "0 */6 * * *", "0 0 * * *", null, null],
  );
});
