import { assertEquals, assertStringIncludes } from "@std/assert";
import { basename } from "node:path";
import { host } from "../targets/host/target.ts";
import { endBundlerAtTheEnd, Folder } from "./world_test.ts";
import { watchProgram } from "./watch.ts";

endBundlerAtTheEnd();

Deno.test("watch: builds on every change, survives mistakes, and ends when told", async () => {
  const main = (text: string) =>
    `import { word } from "./word.ts";\nexport default async () => console.log("${text}", word);\n`;
  await using folder = await Folder.with({
    "program.ts": main("one"),
    "word.ts": `export const word = "first";\n`,
  });
  const edits: [then: () => Promise<void>, built: string, changed: string][] = [
    [() => folder.write("word.ts", `export const word = "second";\n`), "second", "word.ts"],
    [() => folder.write("word.ts", `export const word = ;\n`), "error", "word.ts"],
    [() => folder.write("word.ts", `export * from "./late.ts";\n`), "error", "word.ts"],
    [() => folder.write("late.ts", `export const word = "late";\n`), "late", "late.ts"],
    [() => folder.write("late.ts", `export const word = "later";\n`), "later", "late.ts"],
    [() => replace(folder, "program.ts", main("two")), "two", "program.ts"],
  ];
  const ending = new AbortController();
  let next = 0;
  await watchProgram(
    { program: folder.file("program.ts"), target: host, coroutines: "native" },
    {
      signal: ending.signal,
      async onBuild(built, changed) {
        const [, expected, file] = next === 0 ? [null, "first", ""] : edits[next - 1]!;
        assertEquals([...new Set(changed.map((path) => basename(path)))].join(), file);
        if ("error" in built) assertEquals(expected, "error", built.error.message);
        else assertStringIncludes(built.result.code, `"${expected}"`);
        const edit = edits[next++];
        if (edit === undefined) ending.abort();
        else await edit[0]();
      },
    },
  );
  assertEquals(next, edits.length + 1);
});

/** Writes a file as many editors do: beside, and then in its place. */
async function replace(folder: Folder, name: string, text: string): Promise<void> {
  await folder.write(`${name}.new`, text);
  await Deno.rename(folder.file(`${name}.new`), folder.file(name));
}
