import { assertEquals, assertMatch, assertRejects } from "@std/assert";
import { join } from "node:path";
import { buildProgram } from "../build_program.ts";
import { stopBundler } from "../bundle.ts";
import { host as hostTarget } from "../../targets/host/target.ts";
import { CompileError } from "../diagnostic.ts";
import { reportTable } from "../report_table.ts";
import { originalPlace } from "../source_map.ts";
import { ROOT } from "../paths.ts";
import type { Target } from "../target.ts";
import { requireDialect } from "./check.ts";
import { runArtefact } from "./harness/run.ts";
import { espruinoLowering } from "./lowering.ts";
import { minifyForEspruino } from "./minify.ts";

Deno.test.afterAll(stopBundler);

const bareHost = join(ROOT, "compiler", "espruino", "bare_host.ts");

/** The interpreter without a board: timers and the console. */
function bareTarget(): Target {
  return {
    name: "bare",
    boards: false,
    node: false,
    keepNames: false,
    lowerings: [espruinoLowering()],
    minify: (code, { readable = false }) => minifyForEspruino(code, { readable }),
    check: (code, map) => requireDialect(code, { map }),
    modules: new Map([
      [join(ROOT, "targets", "host", "platform.ts"), bareHost],
      [join(ROOT, "targets", "host", "process.ts"), bareHost],
    ]),
    entry: ({ program }) => `
      import main from ${JSON.stringify(program)};
      import { run } from "awaitio";
      run(main).then(() => console.log("done"), (error) => console.log("failed", String(error)));`,
  };
}

async function withProgram<T>(text: string, use: (path: string) => Promise<T>): Promise<T> {
  const folder = await Deno.makeTempDir();
  try {
    const path = join(folder, "program.ts");
    await Deno.writeTextFile(path, text);
    return await use(path);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

const BLINK = `import { sleep, timeout, TimeoutError } from "awaitio";
export default async function main(): Promise<void> {
  for (const name of ["red", "green"]) {
    console.log(name);
    await sleep(500);
  }
  try {
    await timeout(100, async () => await sleep(1000));
  } catch (error) {
    console.log(error instanceof TimeoutError);
  }
}
`;

Deno.test("a program is bundled, compiled, lowered, made small, checked, and runs", async () => {
  await withProgram(BLINK, async (program) => {
    for (const readable of [false, true]) {
      const target = bareTarget();
      const { code } = await buildProgram({ program, target, coroutines: "compiled", readable });
      const { output, errors } = await runArtefact(code);
      assertEquals([output, errors], [["red", "green", "true", "done"], []]);
    }
  });
});

Deno.test("the map of an artefact leads to the lines of the program", async () => {
  await withProgram(BLINK, async (program) => {
    const { code, map } = await buildProgram({
      program,
      target: bareTarget(),
      coroutines: "compiled",
    });
    const lines = code.split("\n");
    const line = lines.findIndex((text) => text.includes("console.log"));
    const at = [...lines[line]!.matchAll(/console\.log\(\w/g)].map(({ index }) => index);
    const places = at.map((column) => originalPlace(map, line + 1, column));
    const own = places.filter(({ file }) => file?.endsWith("program.ts"));
    assertEquals(own.map(({ line, lineText }) => [line, lineText.trim()]), [
      [4, "console.log(name);"],
      [10, "console.log(error instanceof TimeoutError);"],
    ]);
  });
});

Deno.test("the report has the fills that the program's own code needs, and none elsewhere", async () => {
  const text = `import { sleep } from "awaitio";
export default async function main() {
  await sleep(1);
  console.log([1, [2]].flat().at(-1), Object.fromEntries([["a", 1]]));
}
`;
  await withProgram(text, async (program) => {
    const { report } = await buildProgram({
      program,
      target: bareTarget(),
      coroutines: "compiled",
    });
    const named = new Map(report.fills.map(({ name, bytes }) => [name, bytes]));
    for (const name of ["method flat", "method at", "Object.fromEntries"]) {
      const bytes = named.get(name) ?? 0;
      assertEquals(bytes > 40 && bytes < 250, true, `${name}: ${bytes}`);
    }
    assertEquals(named.has("Object.is"), false);
    const table = reportTable(report, { color: false });
    assertMatch(table, /\nFills: \d+, .*\n(?: +\d.* B {2}.*\n)* +\d+ B {2}method at/);
    const host = await buildProgram({ program, target: hostTarget, coroutines: "compiled" });
    assertEquals(host.report.fills, []);
    assertEquals(reportTable(host.report, { color: false }).includes("Fills"), false);
  });
});

Deno.test("what cannot be had is refused at the line of the program that asks for it", async () => {
  const text =
    "export default async function main() {\n  await 0;\n  return new Proxy({}, {});\n}\n";
  await withProgram(text, async (program) => {
    const error = await assertRejects(
      () => buildProgram({ program, target: bareTarget(), coroutines: "compiled" }),
      CompileError,
    );
    const [{ message, line, lineText }] = error.diagnostics as [CompileError["diagnostics"][0]];
    assertEquals([line, lineText], [3, "  return new Proxy({}, {});"]);
    assertEquals(message.startsWith("Cannot use Proxy on Espruino"), true);
  });
});
