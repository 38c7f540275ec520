import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { gunzipSync, gzipSync } from "node:zlib";
import { reportTable } from "./report_table.ts";
import { build, endBundlerAtTheEnd, Folder, WAYS, write } from "./world_test.ts";

endBundlerAtTheEnd();

const PROGRAM = {
  "program.ts": `import { sleep } from "awaitio";
import { large } from "./large.ts";

export default async function main() {
  for (const word of large) {
    await sleep(1);
    console.log(word);
  }
  await tail();
}

async function tail() {
  await sleep(2);
}
`,
  "large.ts": `export const large = ["${"x".repeat(20_000)}"];\n`,
};

for (const coroutines of WAYS) {
  Deno.test(`report, ${coroutines}: says of every byte which module it comes from`, async () => {
    await using folder = await Folder.with(PROGRAM);
    const result = await build(folder, "program.ts", { coroutines });
    const file = await write(folder, "program.ts", result);
    const report = JSON.parse(await Deno.readTextFile(folder.file("out/report.json")));
    assertEquals(report, result.report);
    const bytes = new TextEncoder().encode(result.code);
    assertEquals(report.bytes, bytes.length);
    assertEquals(gunzipSync(gzipSync(bytes)).length, bytes.length);
    assertEquals(report.gzipBytes < report.bytes, true);
    const sum = result.report.modules.reduce((total, module) => total + module.bytes, 0);
    assertEquals(sum, report.bytes);
    const [first] = result.report.modules;
    assertEquals(first?.module, "large.ts");
    assertEquals(Math.abs(first!.bytes - 20_000) < 100, true, `${first!.bytes}`);
    assertMatch(await Deno.readTextFile(file), /sourceMappingURL/);
  });

  Deno.test(`report, ${coroutines}: says which imports lead to a module, the program first`, async () => {
    await using folder = await Folder.with(PROGRAM);
    const { report } = await build(folder, "program.ts", { coroutines });
    const because = (name: string) => report.modules.find(({ module }) => module === name)?.because;
    assertEquals(because("program.ts"), []);
    assertEquals(because("large.ts"), ["program.ts"]);
    assertEquals(because("awaitio/targets/host/mod.ts"), ["program.ts"]);
    const chain = because("awaitio/runtime/timer_heap.ts")!;
    assertEquals(chain.at(-1), "awaitio/runtime/schedule.ts");
  });
}

Deno.test("report: lists the functions that were compiled, with place, awaits and bytes", async () => {
  await using folder = await Folder.with(PROGRAM);
  const { report } = await build(folder, "program.ts", { coroutines: "compiled" });
  const own = report.functions.filter(({ module }) => module === "program.ts");
  const rows = own.map(({ name, line, awaits }) => `${name}:${line} ${awaits}`);
  assertEquals(rows.toSorted(), ["main:4 2", "tail:12 1"]);
  for (const { bytes } of own) assertEquals(bytes > 20 && bytes < 600, true, `${bytes}`);
});

Deno.test("report: the table has bars, and colour only where it is asked for", async () => {
  await using folder = await Folder.with(PROGRAM);
  const { report } = await build(folder, "program.ts", { coroutines: "compiled" });
  const table = reportTable(report, { color: false, width: 80 });
  const [head = "", first = ""] = table.split("\n");
  assertMatch(head, /^Modules: \d+\.\d kB, \d+\.\d kB gzipped/);
  assertMatch(first, /20\.\d kB +\d+\.\d% {2}█{12} large\.ts +← program\.ts$/);
  assertEquals(table.split("\n").every((line) => line.length <= 110), true);
  assertEquals(table.includes("\x1b"), false);
  assertStringIncludes(reportTable(report, { color: true }), "\x1b[36m█");
});
