import { assertEquals, assertThrows } from "@std/assert";
import type { TraceEvent } from "./trace.ts";
import { renderPicture } from "./view_picture.ts";
import { displayWidth } from "./view_text.ts";
import { at, pin, pwm, serial, task } from "./view_world_test.ts";

/** The picture without the spaces at the ends of its lines. */
function picture(events: TraceEvent[], columns: number, from: number, to: number): string[] {
  const lines = renderPicture(events, { columns, from, to, color: false });
  for (const line of lines) assertEquals(displayWidth(line), columns, line);
  return lines.map((line) => line.trimEnd());
}

Deno.test("renderPicture() draws pins, a serial line and a task on one axis", () => {
  const events = [
    pin(0, "D13", 0),
    pin(0, "D2", 1, "in"),
    task(0, "created"),
    task(0, "started"),
    task(0, "waits", "sleep(250)"),
    task(250, "resumed"),
    pin(250, "D13", 1),
    task(250, "waits", "D2.falling()"),
    pin(500, "D2", 0, "in"),
    task(500, "resumed"),
    serial(500, "tx", "pressed\n"),
    task(500, "finished"),
    pin(750, "D13", 0),
    pin(750, "D2", 1, "in"),
    serial(750, "rx", "ok\n"),
  ];
  assertEquals(picture(events, 59, 0, 1000), [
    "──────┬0──────┬0.2 s──┬0.4 s──┬0.6 s──┬0.8 s── 1.000 s",
    "D13   ▁▁▁▁▁▁▁▁▁▁╱▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔╲▁▁▁▁▁▁▁▁▁ 0 out",
    "",
    "D2    ▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔╲▁▁▁▁▁▁▁▁▁╱▔▔▔▔▔▔▔▔▔ 1 in",
    "",
    "tx S1 ┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈●pressed┈┈┈┈┈┈┈┈┈┈┈┈ pressed",
    "rx S1 ┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈○ok┈┈┈┈┈┈┈ ok",
    "",
    "blink ┿─────────┿─────────✓                    ✓ finished",
  ]);
});

Deno.test("renderPicture() shows nothing of a pin before it is opened", () => {
  assertEquals(picture([pin(500, "D1", 0), pin(800, "D1", 1)], 23, 0, 1000), [
    "───┬0────────┬0.5 s────",
    "D1           ▁▁▁▁▁▁╱▔▔▔",
  ]);
});

Deno.test("renderPicture() draws a lone pulse as a spike and many edges as a block", () => {
  const pulse = [pin(0, "D1", 0), pin(200, "D1", 1), pin(210, "D1", 0)];
  const burst = Array.from({ length: 20 }, (_, i) => pin(500 + 10 * i, "D1", i % 2 === 0 ? 1 : 0));
  assertEquals(picture([...pulse, ...burst], 23, 0, 1000)[1], "D1 ▁▁▁▁│▁▁▁▁▁▒▒▒▒▁▁▁▁▁▁");
  // Two edges in each column are no lone pulses.
  const fast = Array.from({ length: 40 }, (_, i) => pin(25 * i, "D1", i % 2 === 0 ? 1 : 0));
  assertEquals(picture(fast, 23, 0, 1000)[1], "D1 ╲" + "▒".repeat(19));
});

Deno.test("renderPicture() shows an edge at the very end of the axis", () => {
  const events = [pin(0, "D1", 0), pin(1000, "D1", 1)];
  assertEquals(picture(events, 23, 0, 1000)[1], "D1 ▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁╱");
});

Deno.test("renderPicture() draws PWM as bars of the mean duty in each column", () => {
  const fade = Array.from({ length: 9 }, (_, i) => pwm(100 * i, i / 8));
  assertEquals(picture([...fade, pwm(900, 0)], 23, 0, 1000)[1], "D9 ▁▁▂▂▃▃▄▄▅▅▅▅▆▆▇▇██▁▁");
  // Within each column the duty is 1 half of the time.
  const halves = Array.from({ length: 40 }, (_, i) => pwm(25 * i, i % 2));
  assertEquals(picture(halves, 23, 0, 1000)[1], "D9 ▅▅▅▅▅▅▅▅▅▅▅▅▅▅▅▅▅▅▅▅");
});

Deno.test("renderPicture() draws analog readings as a sparkline", () => {
  const analog = (t: number, value: number) => at(t, { kind: "analog", pin: "A0", value });
  const events = [analog(0, 0), analog(250, 1), analog(500, 0.5), analog(750, 0)];
  assertEquals(picture(events, 23, 0, 1000)[1], "A0 ▁▁▁▁▁█████▅▅▅▅▅▁▁▁▁▁");
});

Deno.test("renderPicture() marks how each task ended, and how often it ran", () => {
  const one = (id: number, t: number, state: "started" | "waits" | "failed" | "cancelled") =>
    at(t, {
      kind: "task",
      task: id,
      name: `t${id}`,
      state,
      ...(state === "waits" ? { what: "sleep(1)" } : state === "failed" ? { what: "Boom" } : {}),
    });
  const events = [
    one(1, 0, "started"),
    one(1, 0, "waits"),
    one(2, 200, "started"),
    one(2, 300, "waits"),
    task(400, "created"),
    one(1, 500, "failed"),
    one(2, 600, "cancelled"),
  ].map((event) => event.kind === "task" && event.name === "blink" ? { ...event, task: 3 } : event);
  assertEquals(picture(events, 50, 0, 1000), [
    "──────┬0─────────────┬0.5 s────────── 1.000 s",
    "t1    ┿──────────────✗                ✗ Boom",
    "t2          ┿━━─────────⊘             ⊘ cancelled",
    "blink             ┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄ created",
  ]);
});

Deno.test("renderPicture() joins bytes that come one by one to a text", () => {
  const bytes = [..."on\noff\n"].map((byte, i) => serial(500 + i, "rx", byte));
  assertEquals(picture(bytes, 50, 0, 1000)[1]?.slice(6), "┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈○on↵off┈┈┈┈┈┈┈┈┈ off");
});

Deno.test("renderPicture() cuts a message that the next follows, or leaves it out", () => {
  const events = [0, 400, 500].map((t) => serial(t, "tx", "temperature\n"));
  assertEquals(
    picture(events, 26, 0, 1000)[1],
    "tx S1 ●temper…●┈●temperat…",
  );
});

Deno.test("renderPicture() shows the level that stands from before its beginning", () => {
  const events = [pin(0, "D1", 1), pin(5500, "D1", 0), pin(9000, "D1", 1)];
  assertEquals(picture(events, 23, 5000, 6000), [
    "───┬5.0 s────┬5.5 s────",
    "D1 ▔▔▔▔▔▔▔▔▔▔╲▁▁▁▁▁▁▁▁▁",
  ]);
});

Deno.test("renderPicture() labels round times, whatever the length and place of the axis", () => {
  const ruler = (from: number, to: number) => picture([pin(0, "D1", 0)], 35, from, to)[0]?.slice(3);
  assertEquals(ruler(0, 2), "┬0──────┬0.5 ms─┬1.0 ms─┬1.5 ms─");
  assertEquals(ruler(0, 0.5), "┬0──────────┬0.2 ms──────┬0.4 ms");
  assertEquals(ruler(59_990, 60_010), "┬59.99 s────────┬60.00 s────────");
  assertEquals(ruler(0, 3_600_000), "┬0──────┬1000 s──┬2000 s──┬─────");
});

Deno.test("renderPicture() cuts long names in a terminal narrower than 40 columns", () => {
  const events = [
    at(0, { kind: "task", task: 1, name: "reportTemperature", state: "started" }),
    at(100, { kind: "task", task: 1, name: "reportTemperature", state: "waits", what: "x" }),
    pin(0, "D13", 1),
  ];
  assertEquals(picture(events, 24, 0, 1000), [
    "──────┬0───────┬0.5 s───",
    "D13   ▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔",
    "",
    "repo… ┿─────────────────",
  ]);
  assertEquals(picture(events, 8, 0, 1000).length, 4);
  assertEquals(picture(events, 1, 0, 1000).length, 4);
});

Deno.test("renderPicture() makes all lines equally wide, whatever the script", () => {
  const events = ["温度センサー", "e\u0301tat", "⚡", "\u001b[31mred\nline", ""].flatMap((
    name,
    i,
  ) => [
    at(0, { kind: "task", task: i, name, state: "waits", what: `${name}の待機を続ける` }),
    at(100 * i, { kind: "serial", port: name, dir: "tx", text: `${name}: 21 ℃ 暖かい日です\n` }),
  ]);
  // picture() asserts the width of each line.
  for (const columns of [10, 30, 47, 48, 61, 99]) picture(events, columns, 0, 1000);
});

Deno.test("renderPicture() colours by what a lane is only where colours are wanted", () => {
  const options = { columns: 12, from: 0, to: 100 };
  const events = [pin(0, "D1", 1), pin(0, "D2", 0, "in")];
  const [, first, , second] = renderPicture(events, { ...options, color: true });
  assertEquals(first, `\x1b[33m${"▔".repeat(12)}\x1b[0m`);
  assertEquals(second, `\x1b[36m${"▁".repeat(12)}\x1b[0m`);
});

Deno.test("renderPicture() leaves out ended tasks first when there are too few rows", () => {
  const events = [1, 2, 3, 4].flatMap((id) => [
    at(0, { kind: "task", task: id, name: `t${id}`, state: "started" }),
    ...(id < 4 ? [at(id, { kind: "task", task: id, name: `t${id}`, state: "finished" })] : []),
  ]);
  const lines = renderPicture(events, { columns: 16, from: 0, to: 10, color: false, rows: 4 });
  assertEquals(lines.map((line) => line.slice(0, 3).trim()), ["───", "t3", "t4", "… 2"]);
});

Deno.test("renderPicture() refuses an axis that goes nowhere", () => {
  const draw = () => renderPicture([], { columns: 20, from: 5, to: 5, color: false });
  assertThrows(draw, RangeError, "Cannot draw from 5 ms to 5 ms: the end must come later");
});
