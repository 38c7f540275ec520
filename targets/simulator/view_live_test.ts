import { assert, assertEquals, assertThrows } from "@std/assert";
import { LiveView } from "./view_live.ts";
import { at, pin, pwm, task } from "./view_world_test.ts";

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
