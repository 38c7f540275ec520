import { assert, assertEquals, assertThrows } from "@std/assert";
import type { TraceEvent } from "./trace.ts";
import { LiveView, PlainView, renderPicture, Statistics, summary, summaryJson } from "./view.ts";
import { displayWidth } from "./view_text.ts";

type Body = TraceEvent extends infer E
  ? E extends TraceEvent ? Omit<E, "n" | "t" | "cause" | "by"> : never
  : never;

function at(t: number, body: Body, by = "loop"): TraceEvent {
  return { n: 1, t, cause: 0, by, ...body } as TraceEvent;
}

const pin = (t: number, name: string, level: 0 | 1, dir: "in" | "out" = "out") =>
  at(t, { kind: "pin", pin: name, level, dir });
const pwm = (t: number, duty: number) => at(t, { kind: "pwm", pin: "D9", duty, frequency: 490 });
const serial = (t: number, dir: "rx" | "tx", text: string) =>
  at(t, { kind: "serial", port: "S1", dir, text });
const task = (t: number, state: (TraceEvent & { kind: "task" })["state"], what?: string) =>
  at(t, { kind: "task", task: 1, name: "blink", state, ...(what === undefined ? {} : { what }) });

/** The picture without the spaces at the ends of its lines. */
function picture(events: TraceEvent[], columns: number, from: number, to: number): string[] {
  const lines = renderPicture(events, { columns, from, to, color: false });
  for (const line of lines) assertEquals(displayWidth(line), columns, line);
  return lines.map((line) => line.trimEnd());
}

/** A terminal that knows the few escape sequences a live view uses. */
class Screen {
  lines: string[] = [""];
  written = 0;
  color = false;
  #row = 0;
  #column = 0;

  constructor(public columns: number, public rows: number) {}

  /** What is on the screen, which is the end of what has been written. */
  get text(): string[] {
    return this.lines.slice(-this.rows).map((line) => line.trimEnd());
  }

  write(text: string): void {
    this.written++;
    // deno-lint-ignore no-control-regex
    for (const [part] of text.matchAll(/\x1b\[(\d*)[A-Za-z]|[^\x1b]/gsu)) this.#put(part);
  }

  #put(part: string): void {
    if (part === "\r") this.#column = 0;
    else if (part === "\n") this.#newLine();
    else if (part.endsWith("A") && part.length > 1) {
      const top = Math.max(0, this.lines.length - this.rows);
      this.#row = Math.max(top, this.#row - Number(part.slice(2, -1)));
    } else if (part === "\x1b[K") this.#set(this.#line.slice(0, this.#column));
    else if (part === "\x1b[J") {
      this.#set(this.#line.slice(0, this.#column));
      this.lines.fill("", this.#row + 1);
    } else if (part.startsWith("\x1b")) throw new Error(`unknown sequence ${part.slice(1)}`);
    else {
      if (this.#column === this.columns) this.#newLine();
      this.#set(this.#line.slice(0, this.#column) + part + this.#line.slice(this.#column + 1));
      this.#column++;
    }
  }

  get #line(): string {
    return (this.lines[this.#row] ?? "").padEnd(this.#column);
  }

  #set(line: string): void {
    this.lines[this.#row] = line;
  }

  #newLine(): void {
    this.#row++;
    this.#column = 0;
    if (this.#row === this.lines.length) this.lines.push("");
  }
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

Deno.test("LiveView redraws its panel in place, below what the program prints", () => {
  const screen = new Screen(24, 8);
  let wall = 0;
  const view = new LiveView(screen, { now: () => wall, window: 1000 });
  view.event(pin(0, "D1", 0));
  view.advance(0);
  assertEquals(screen.text, ["───┬0────────┬0.5 s────", "D1 ▁", ""]);
  wall = 100;
  view.event(pin(250, "D1", 1));
  view.event(at(250, { kind: "print", text: "hello" }));
  assertEquals(screen.text, ["hello", "───┬0────────┬0.5 s────", "D1 ▁▁▁▁▁╱", ""]);
  wall = 200;
  view.event(at(500, { kind: "fault", message: "short circuit" }));
  view.advance(500);
  view.event(at(500, { kind: "print", text: "a line that is wider than the screen\n" }));
  view.close();
  assertEquals(
    screen.text,
    [
      "hello",
      "✗ 0.500 s  short circuit",
      "a line that is wider tha",
      "n the screen",
      "───┬0──────┬200 ms─┬───",
      "D1 ▁▁▁▁▁▁▁▁▁▁╱▔▔▔▔▔▔▔▔▔",
      "",
    ],
  );
});

Deno.test("LiveView keeps its panel at the bottom when the lines above scroll away", () => {
  const screen = new Screen(24, 6);
  let wall = 0;
  const view = new LiveView(screen, { now: () => wall += 100, window: 1000 });
  view.event(pin(0, "D1", 1));
  for (let i = 0; i < 20; i++) view.event(at(i, { kind: "print", text: `line ${i}` }));
  assertEquals(screen.text.slice(0, 3), ["line 17", "line 18", "line 19"]);
  assertEquals(screen.text.at(-2), "D1 ▔");
  assertEquals(screen.lines.length, 23);
});

Deno.test("LiveView scrolls by whole columns once the run is longer than its window", () => {
  const screen = new Screen(24, 8);
  let wall = 0;
  const view = new LiveView(screen, { now: () => wall += 100, window: 1000 });
  view.event(pin(0, "D1", 0));
  view.event(pin(820, "D1", 1));
  view.advance(1010);
  assertEquals(screen.text[1], "D1 ▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁╱▔▔▔▔");
  view.advance(1049);
  assertEquals(screen.text[1], "D1 ▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁╱▔▔▔▔");
  view.advance(1500);
  assertEquals(screen.text.slice(0, 2), ["───┬0.5 s────┬1.0 s────", "D1 ▁▁▁▁▁▁╱▔▔▔▔▔▔▔▔▔▔▔▔▔"]);
});

Deno.test("LiveView redraws at most fifteen times a second of wall time", () => {
  const screen = new Screen(60, 20);
  let wall = 0;
  const view = new LiveView(screen, { now: () => wall });
  for (let i = 0; i < 10_000; i++) {
    wall = i / 10;
    view.event(at(i, { kind: "print", text: "x" }));
    view.advance(i);
  }
  assertEquals(screen.written, 15);
});

Deno.test("LiveView finds its panel again in a terminal that was made narrower", () => {
  let screen = new Screen(40, 8);
  const terminal = {
    write: (text: string) => screen.write(text),
    get columns() {
      return screen.columns;
    },
    rows: 8,
    color: false,
  };
  let wall = 0;
  const view = new LiveView(terminal, { now: () => wall += 100, window: 1000 });
  view.event(pin(0, "D1", 1));
  view.advance(10);
  // The terminal folds the two lines of the panel, which no longer fit.
  const [ruler = "", lane = ""] = screen.lines;
  screen = new Screen(24, 8);
  screen.write(`${ruler}\n${lane}\n`);
  assertEquals(screen.lines.length, 5);
  view.advance(20);
  assertEquals(screen.text, ["───┬0────────┬0.5 s────", "D1 ▔", "", "", ""]);
});

Deno.test("LiveView draws the end once and nothing after it", () => {
  const screen = new Screen(24, 8);
  const view = new LiveView(screen, { now: () => 0 });
  view.close();
  view.close();
  view.advance(100);
  assertEquals(screen.written, 1);
});

Deno.test("LiveView keeps a bounded number of changes of a run of any length", () => {
  const view = new LiveView(new Screen(80, 24), { now: () => 0, window: 10_000 });
  for (let i = 0; i < 200_000; i++) {
    const t = i / 10;
    view.event(
      i % 2 === 0 ? pin(t, "D1", i % 4 === 0 ? 1 : 0) : at(t, {
        kind: "task",
        task: i,
        name: "short",
        state: i % 3 === 0 ? "waits" : "finished",
      }),
    );
  }
  assert(view.retained <= 2048 + 256, `${view.retained} changes kept`);
});

Deno.test("LiveView shows a busy pin as busy although its changes are merged", () => {
  const screen = new Screen(24, 8);
  const view = new LiveView(screen, { now: () => 0, window: 1000 });
  for (let i = 0; i < 100_000; i++) view.event(pin(i / 100, "D1", i % 2 === 0 ? 1 : 0));
  view.close();
  assertEquals(screen.text[1], "D1 " + "▒".repeat(20));
});

Deno.test("LiveView shows the mean of a busy PWM although its changes are merged", () => {
  const screen = new Screen(24, 8);
  const view = new LiveView(screen, { now: () => 0, window: 1000 });
  for (let i = 0; i < 100_000; i++) view.event(pwm(i / 100, i % 4 === 0 ? 1 : 0));
  view.close();
  assertEquals(screen.text[1], "D9 " + "▃".repeat(20));
});

Deno.test("LiveView shows a task that has ended until it leaves the window", () => {
  const screen = new Screen(24, 8);
  let wall = 0;
  const view = new LiveView(screen, { now: () => wall += 100, window: 1000 });
  view.event(task(0, "started"));
  view.event(task(500, "finished"));
  view.advance(1400);
  assertEquals(screen.text[1], "bli… ━✓");
  view.advance(1600);
  assertEquals(screen.text.slice(1), ["", ""]);
});

Deno.test("LiveView refuses a window that is not above 0", () => {
  const build = () => new LiveView(new Screen(80, 24), { now: () => 0, window: 0 });
  assertThrows(build, RangeError, "Cannot show a window of 0 ms: it must be above 0");
});

Deno.test("PlainView writes a line for each event of interest", () => {
  let text = "";
  const output = { write: (line: string) => text += line };
  const events = [
    task(0, "started"),
    at(1250, { kind: "pin", pin: "D13", level: 1, dir: "out" }, "task 1"),
    task(1250, "waits", "sleep(500)"),
    at(1500, { kind: "timer", at: 2000 }),
    at(1500, { kind: "serial", port: "S1", dir: "tx", text: "ok\n" }, "task 1"),
    at(1500, { kind: "print", text: "ok" }, "task 1"),
    task(2000, "failed", "Boom"),
    at(2000, { kind: "pwm", pin: "D9", duty: 0.5, frequency: 490 }, "task 1"),
  ];
  const plain = new PlainView(output);
  for (const event of events) plain.event(event);
  assertEquals(text.split("\n"), [
    "     0.000 s  task blink        started",
    "     1.250 s  pin D13           ▔ 1                       task blink",
    '     1.500 s  serial S1         tx "ok\\n"                 task blink',
    "     1.500 s  print             ok",
    "     2.000 s  task blink        failed Boom",
    "     2.000 s  pwm D9            50 % 490 Hz               task 1",
    "",
  ]);
  text = "";
  const verbose = new PlainView(output, { verbose: true });
  for (const event of events) verbose.event(event);
  assertEquals(text.split("\n").slice(2, 4), [
    "     1.250 s  task blink        waits sleep(500)",
    "     1.500 s  timer             at 2.000 s                loop",
  ]);
});

Deno.test("summary() tells what pins, lines, tasks came to", () => {
  const statistics = new Statistics();
  for (let i = 0; i < 10; i++) statistics.event(pin(500 * i, "D13", i % 2 === 0 ? 0 : 1));
  const events = [
    pin(0, "D2", 1, "in"),
    pin(4000, "D2", 0, "in"),
    pwm(0, 0.25),
    serial(1, "rx", "21 ℃\n"),
    serial(2, "tx", "ok\n"),
    at(3, { kind: "bus", port: "I2C1", sent: "3a", answered: "01" }),
    task(0, "started"),
    task(0, "waits", "sleep(500)"),
    task(500, "resumed"),
    task(500, "failed", "Boom"),
    at(4500, { kind: "task", task: 2, name: "main", state: "waits", what: "D2.rising()" }),
    at(4600, { kind: "fault", message: "D13 is shorted" }),
  ];
  for (const event of events) statistics.event(event);
  assertEquals(summary(statistics, { time: 5000, wall: 25 }).split("\n"), [
    "5.000 s simulated in 0.025 s, 200 times real time",
    "output  D13      9 edges     50 % high  ▔ 1   1 Hz",
    "input   D2       1 edge      80 % high  ▁ 0",
    "pwm     D9       1 setting   25 % mean  25 %  490 Hz",
    "serial  S1       rx 7 bytes  tx 3 bytes",
    "bus     I2C1     1 transfer",
    "task    blink    2 runs      failed at 0.500 s  Boom",
    "task    main     0 runs      waits for D2.rising()",
    "fault   4.600 s  D13 is shorted",
  ]);
});

Deno.test("summaryJson() gives the same as data", () => {
  const statistics = new Statistics();
  for (const event of [pin(0, "D1", 0), pin(750, "D1", 1), task(0, "started")]) {
    statistics.event(event);
  }
  assertEquals(summaryJson(statistics, { time: 1000, wall: 0 }), {
    time: 1000,
    wall: 0,
    speed: null,
    pins: [{ pin: "D1", kind: "output", edges: 1, duty: 0.25, last: 1 }],
    lines: [],
    tasks: [{ task: 1, name: "blink", state: "running", runs: 1 }],
    otherTasks: { finished: 0, failed: 0, cancelled: 0 },
    faultCount: 0,
    faults: [],
  });
});

Deno.test("summaryJson() gives a frequency only where edges come periodically", () => {
  const frequencyOf = (times: number[]) => {
    const statistics = new Statistics();
    times.forEach((t, i) => statistics.event(pin(t, "D1", i % 2 === 0 ? 0 : 1)));
    return summaryJson(statistics, { time: 1000, wall: 1 }).pins[0]?.frequency;
  };
  assertEquals(frequencyOf([0, 10, 12, 30, 32, 50, 52]), 50);
  assertEquals(frequencyOf([0, 10, 12, 30, 32, 90, 92]), undefined);
});

Deno.test("Statistics counts, and no longer lists, the oldest of very many ended tasks", () => {
  const statistics = new Statistics();
  for (let id = 0; id < 5000; id++) {
    statistics.event(at(id, { kind: "task", task: id, name: "short", state: "finished" }));
  }
  const run = summaryJson(statistics, { time: 5000, wall: 1 });
  assert(run.tasks.length <= 2000);
  assertEquals(run.tasks.length + run.otherTasks.finished, 5000);
  assertEquals(summary(statistics, run).split("\n").at(-1), "task  and 4976 more");
});
