import { assert, assertEquals } from "@std/assert";
import { PlainView, Statistics, summary, summaryJson } from "./view.ts";
import { at, pin, pwm, serial, task } from "./view_world_test.ts";

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
