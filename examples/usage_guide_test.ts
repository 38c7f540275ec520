import { assertEquals } from "@std/assert";
import { run } from "awaitio";
import { simulate } from "awaitio/simulator";
import main from "./usage_guide.ts";

const OUTPUT = [
  "in a running loop: true",
  "hello, Grace",
  "hello, Ada",
  "lengths: 3, 5",
  "got one",
  "got two",
  "got three",
  "called soon",
  "called at a time",
  "greeter is done: false",
  "hello, Barbara",
  "greeter gave 7",
];

Deno.test("usage guide: says what each line of asyncio's guide does, in 45 ms", async () => {
  const sim = await simulate(main, null, { capture: true });
  assertEquals(sim.output, OUTPUT);
  assertEquals([sim.outcome, sim.time], ["program", 45]); // 30 + 10 + 5
});

Deno.test("usage guide: does the same as an ordinary process", async () => {
  const lines: string[] = [];
  const before = console.log;
  console.log = (line: string) => lines.push(line);
  try {
    await run(main);
  } finally {
    console.log = before;
  }
  assertEquals(lines, OUTPUT);
});
