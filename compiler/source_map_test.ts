import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { originalPositionFor, TraceMap } from "@jridgewell/trace-mapping";
import { simulator } from "../targets/simulator/target.ts";
import { composeMaps } from "./source_map.ts";
import { minify } from "./minify.ts";
import { build, endBundlerAtTheEnd, Folder, runEverywhere, WAYS, write } from "./world_test.ts";

endBundlerAtTheEnd();

const PROGRAM = {
  "program.ts": `import { sleep } from "awaitio";
import { fail } from "./lib/fail.ts";

interface Shape { readonly x: number }

export default async function main() {
  const shape: Shape = { x: 1 };
  await sleep(1);
  await fail(shape.x);
}
`,
  "lib/fail.ts": `import { sleep } from "awaitio";

export async function fail(x: number): Promise<void> {
  await sleep(1);
  throw new RangeError(\`boom \${x}\`);
}
`,
};

for (const coroutines of WAYS) {
  for (const target of [undefined, { target: simulator, board: "uno" }]) {
    const name = target?.target.name ?? "host";
    Deno.test(`an error in what was built for the ${name}, ${coroutines}, names the original file and line`, async () => {
      await using folder = await Folder.with(PROGRAM);
      const file = await write(
        folder,
        "program.ts",
        await build(folder, "program.ts", { coroutines, ...target }),
      );
      const { code, stdout, stderr } = await runEverywhere(file);
      assertEquals({ code, stdout }, { code: 1, stdout: "" });
      assertMatch(stderr, /^RangeError: boom 1\n/);
      const place = `file://${folder.file("lib/fail.ts")}:5:`;
      assertStringIncludes(stderr.split("\n")[1]!, place);
    });
  }

  Deno.test(`the map of an artefact, ${coroutines}, has the sources' text and names them relative to itself`, async () => {
    await using folder = await Folder.with(PROGRAM);
    const file = await write(
      folder,
      "program.ts",
      await build(folder, "program.ts", { coroutines }),
    );
    const code = await Deno.readTextFile(file);
    assertMatch(code, /\n\/\/# sourceMappingURL=program\.js\.map\n$/);
    const text = await Deno.readTextFile(`${file}.map`);
    const { sources, sourcesContent } = JSON.parse(text);
    assertEquals(sourcesContent[sources.indexOf("../lib/fail.ts")], PROGRAM["lib/fail.ts"]);
    assertEquals(sources.length, sourcesContent.length);
    const lines = code.split("\n");
    const line = lines.findIndex((each) => each.includes("boom "));
    const column = lines[line]!.indexOf("boom ");
    const found = originalPositionFor(new TraceMap(text), { line: line + 1, column });
    assertEquals([found.source, found.line], ["../lib/fail.ts", 5]);
  });
}

Deno.test("composeMaps: leads through several steps to where something was written", async () => {
  const source = "const first = 1;\nexport function second() {\n  return first + 41;\n}\n";
  const one = await minify(source, { readable: true });
  const two = await minify(one.code);
  const map = new TraceMap(composeMaps([two.map, one.map]));
  const column = two.code.indexOf("41");
  const { line } = originalPositionFor(map, { line: 1, column: column === -1 ? 0 : column });
  assertEquals(line, column === -1 ? 2 : 3);
});
