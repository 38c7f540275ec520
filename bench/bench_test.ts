import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { bench } from "./bench.ts";
import { cases, goals } from "./cases.ts";
import type { CaseResult } from "./measure.ts";
import { findEngines } from "./builds.ts";
import { paint, table } from "./report.ts";
import { subjects } from "./subject.ts";
import { judge, verdictLine, verdictObject } from "./verdicts.ts";

/** Runs the bench on small counts; gives its exit code and what it printed. */
async function runBench(...args: string[]) {
  const printed: string[] = [];
  const complaints: string[] = [];
  const code = await bench(args, {
    sampleTime: 0.2,
    print: (line) => printed.push(line),
    complain: (line) => complaints.push(line),
  });
  return { code, printed, complaint: complaints.join("\n") };
}

Deno.test("bench --json prints an object of finite figures for each case and subject", async () => {
  const engines = await findEngines();
  const there = subjects.filter(({ engine }) => engines.has(engine));
  const { code, printed, complaint } = await runBench("--json", "--rounds", "1");
  assertEquals(code, 0);
  assertEquals(
    complaint,
    engines.has("Node") ? "" : "Cannot find node on the PATH: what runs on it is left out",
  );
  const expected = cases.flatMap(({ name }) => there.map((each) => [name, each.name]));
  const figures = printed.map((line) => JSON.parse(line)).filter((object) => "case" in object);
  assertEquals(figures.map((figure) => [figure.case, figure.subject]), expected);
  for (const figure of figures) {
    assertEquals(Object.keys(figure), ["case", "subject", "nsPerOp", "bytesPerOp"]);
    assert(Number.isFinite(figure.bytesPerOp) && figure.bytesPerOp >= 0, JSON.stringify(figure));
    if (figure.case === "suspended") assertEquals(figure.nsPerOp, null);
    else assert(Number.isFinite(figure.nsPerOp) && figure.nsPerOp > 0, JSON.stringify(figure));
  }
});

Deno.test("bench draws a table of the chosen case and subjects", async () => {
  const { code, printed } = await runBench(
    ...["--case=yield", "--subject=plain-promises", "--subject", "Effect", "--rounds=1"],
  );
  assertEquals(code, 0);
  assert(printed[0]?.startsWith("yield: "), printed[0]);
  assert(printed[1]?.startsWith("  plain promises           █"), printed[1]);
  assertStringIncludes(printed[1]!, "1.00×");
  assert(printed[2]?.startsWith("  Effect  "), printed[2]);
  assertEquals(printed[3], "");
});

Deno.test("bench answers a wrong command line with exit code 2 and the cure", async () => {
  for (
    const [args, ...parts] of [
      [["--fast"], '"--fast"', "--json", "--case NAME", "--subject NAME", "--rounds N"],
      [["--case", "evnt"], '--case "evnt"', "yield, event, queue"],
      [["--subject", "rxjs"], '--subject "rxjs"', "plain-promises, effect, effection"],
      [["--rounds", "0"], '--rounds "0"', "at least 1"],
      [["--rounds", "many"], '--rounds "many"', "whole number"],
      [["--case"], "after --case", "yield, event, queue"],
    ] as const
  ) {
    const { code, printed, complaint } = await runBench(...args);
    assertEquals([code, printed], [2, []], args.join(" "));
    for (const part of parts) assertStringIncludes(complaint, part);
  }
});

Deno.test("bench leaves nothing behind when it is interrupted", {
  ignore: Deno.build.os === "windows",
}, async () => {
  const folder = await Deno.makeTempDir();
  try {
    const bench = new URL("bench.ts", import.meta.url);
    const child = new Deno.Command(Deno.execPath(), {
      args: ["run", "--allow-all", bench.href, "--subject=awaitio-compiled"],
      env: { TMPDIR: folder },
      stdout: "piped",
      stderr: "null",
    }).spawn();
    const output = child.stdout.getReader();
    // The first table is there: all is built, and more is to be measured.
    await output.read();
    assertEquals([...Deno.readDirSync(folder)].length, 1);
    child.kill("SIGINT");
    await output.cancel();
    assertEquals((await child.status).code, 130);
    assertEquals([...Deno.readDirSync(folder)], []);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

/** The result of a case with a figure for each of some subjects. */
function resultOf(name: string, figures: Record<string, number>, bytes = 100): CaseResult {
  const described = cases.find((each) => each.name === name)!;
  const held = described.unit === "B";
  return {
    case: described,
    figures: Object.entries(figures).map(([subject, figure]) => ({
      case: described.name,
      subject,
      nsPerOp: held ? null : figure,
      bytesPerOp: held ? figure : bytes,
    })),
    words: Object.keys(figures).map(() => "words"),
  };
}

/** The verdicts' lines on results. */
function linesOn(...results: CaseResult[]): string[] {
  return judge(results, goals).map((verdict) => verdictLine(verdict, paint(false)));
}

Deno.test("a bar is ten times as much for each equal step", () => {
  const figures = { "plain promises": 100, "Effect": 1_000, "Effection": 10_000 };
  const lines = table(resultOf("event", figures), paint(false)).slice(1, 4);
  const bars = lines.map((line) => line.replaceAll(/[^█]/g, "").length);
  assertEquals(bars, [5, 11, 16]);
});

Deno.test("a subject is compared with the plain promises of its own engine", () => {
  const figures = {
    "awaitio compiled": 50,
    "plain promises": 100,
    "awaitio compiled on Node": 50,
    "plain promises on Node": 200,
  };
  const lines = table(resultOf("event", figures), paint(false));
  assertEquals(lines.flatMap((line) => /[\d.]+×/.exec(line) ?? []), [
    ...["0.50×", "1.00×", "0.25×", "1.00×"],
  ]);
});

Deno.test("a goal is missed by the cases in which the subject is too slow", () => {
  const native = (own: number, effect: number, effection: number) => ({
    "awaitio native": own,
    "plain promises": 100,
    "Effect": effect,
    "Effection": effection,
  });
  const lines = linesOn(
    resultOf("event", native(501, 600, 600)),
    resultOf("nested", native(120, 110, 130)),
  );
  assertEquals(lines, [
    "missed awaitio native within 5 times of plain promises in event: event 5.0×",
    "met    awaitio native within 1.2 times of plain promises in nested: nested 1.20×",
    "missed awaitio native ahead of Effect in every case: nested 1.09×",
    "met    awaitio native ahead of Effection in every case",
  ]);
});

Deno.test("a compiled subject has goals for its speed, its memory and figures of its own", () => {
  const compiled = (own: number, plain: number) => ({
    "awaitio compiled on Node": own,
    "plain promises on Node": plain,
  });
  const lines = linesOn(
    resultOf("yield", compiled(50, 100)),
    resultOf("queue", compiled(50, 100)),
    resultOf("timer", compiled(151, 100)),
    resultOf("suspended", compiled(300, 100)),
  );
  const it = "awaitio compiled on Node";
  const peer = "plain promises on Node";
  assertEquals(lines, [
    `met    ${it} 1.5 times as fast as ${peer} in yield: yield 2.0×`,
    `missed ${it} 2.5 times as fast as ${peer} in queue: queue 2.0×`,
    `missed ${it} at most 0.25 times the bytes of ${peer} in yield, event, queue, nested, task: ` +
    "yield 1.00×, queue 1.00×",
    `missed ${it} at most 150 ns in timer: timer 151 ns`,
    `met    ${it} at most 300 B in suspended: suspended 300 B`,
  ]);
});

Deno.test("bench --json tells of a goal what is bounded and what was found", () => {
  const figures = { "awaitio compiled": 200, "plain promises": 100 };
  assertEquals(judge([resultOf("timer", figures)], goals).map(verdictObject), [
    { goal: "awaitio compiled at most 150 ns in timer", atMost: 150, met: false, timer: 200 },
  ]);
});
