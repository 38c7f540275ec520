import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { bench } from "./bench.ts";
import { cases, goals } from "./cases.ts";
import type { CaseResult } from "./measure.ts";
import { paint, table, verdicts } from "./report.ts";
import { subjects } from "./subject.ts";

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
  const { code, printed, complaint } = await runBench("--json", "--rounds", "1");
  assertEquals([code, complaint], [0, ""]);
  const expected = cases.flatMap(({ name }) => Object.keys(subjects).map((s) => [name, s]));
  const figures = printed.map((line) => JSON.parse(line));
  assertEquals(figures.map((figure) => [figure.case, figure.subject]), expected);
  for (const figure of figures) {
    assertEquals(Object.keys(figure), ["case", "subject", "nsPerOp", "bytesPerOp"]);
    assert(Number.isFinite(figure.bytesPerOp) && figure.bytesPerOp > 0, JSON.stringify(figure));
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
  assert(printed[1]?.startsWith("  plain promises █"), printed[1]);
  assertStringIncludes(printed[1]!, "1.00×");
  assert(printed[2]?.startsWith("  Effect "), printed[2]);
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

/** The result of a case that took this many ns for awaitio, plain promises, Effect and Effection. */
function resultOf(name: string, ...ns: number[]): CaseResult {
  const described = cases.find((each) => each.name === name)!;
  const figures = Object.keys(subjects).map((subject, i) => (
    { case: described.name, subject, nsPerOp: ns[i]!, bytesPerOp: 100 }
  ));
  return { case: described, figures, words: figures.map(() => "words") };
}

Deno.test("a bar is ten times as much for each equal step", () => {
  const lines = table(resultOf("event", 100, 1_000, 10_000, 100_000), paint(false)).slice(1, 5);
  const bars = lines.map((line) => line.replaceAll(/[^█]/g, "").length);
  assertEquals(bars, [5, 11, 16, 22]);
});

Deno.test("a goal is missed by the cases in which the subject is too slow", () => {
  const results = [resultOf("event", 501, 100, 600, 600), resultOf("nested", 120, 100, 110, 130)];
  assertEquals(verdicts(results, goals, paint(false)), [
    "missed awaitio native within 5 times of plain promises in event: event 5.0×",
    "met    awaitio native within 1.2 times of plain promises in nested: nested 1.20×",
    "missed awaitio native ahead of Effect in every case: nested 1.09×",
    "met    awaitio native ahead of Effection in every case",
  ]);
});
