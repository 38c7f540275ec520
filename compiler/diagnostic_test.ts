import { publicNames } from "./names.ts";
import { assertEquals, assertStringIncludes } from "@std/assert";
import type { Coroutines } from "./bundle.ts";
import { codeFrame, CompileError } from "./diagnostic.ts";
import { shortPath } from "./paths.ts";
import { build, endBundlerAtTheEnd, Folder } from "./world_test.ts";

endBundlerAtTheEnd();

/** What is said of a program that does not compile. */
async function complaint(source: string, coroutines: Coroutines = "native"): Promise<string> {
  await using folder = await Folder.with({ "program.ts": source });
  try {
    await build(folder, "program.ts", { coroutines });
  } catch (error) {
    if (!(error instanceof CompileError)) throw error;
    const shorten = (file: string) => shortPath(file, folder.path);
    return error.diagnostics.map((each) => codeFrame(each, { shorten })).join("\n");
  }
  return "it compiles";
}

Deno.test("a syntax error is shown with its place, the line and a caret", async () => {
  assertEquals(
    await complaint("export default async function main() {\n  const x = = 3;\n}\n"),
    `Cannot compile "program.ts": unexpected "="
  program.ts:2:13
  2 │   const x = = 3;
    │             ^`,
  );
});

Deno.test("an import that leads nowhere is shown with what to do", async () => {
  const main = "export default async () => {};";
  const cases: [line: string, says: string][] = [
    [`import "./nope.ts";`, 'Cannot import "./nope.ts": no such file'],
    [`import "lodash";`, 'Cannot import "lodash": nothing has this name; add it to "imports"'],
    [`import "awaitio/nope";`, `there is ${publicNames.join(", ")}`],
    [`import "npm:effection@99.0.0";`, "Could not find npm package 'effection' matching '99.0.0'"],
    [`import { slep } from "awaitio"; slep();`, 'Cannot import "slep": '],
  ];
  for (const [line, says] of cases) {
    const told = await complaint(`${line}\n${main}`);
    assertStringIncludes(told, says);
    assertStringIncludes(told, "\n  program.ts:1:");
    assertStringIncludes(told, `\n  1 │ ${line}\n    │ `);
    assertEquals(told.includes("    at "), false, told);
  }
});

Deno.test("all mistakes are shown, not only the first", async () => {
  const told = await complaint(`import "./a.ts";\nimport "./b.ts";\nexport default () => {};`);
  assertEquals(told.match(/^Cannot import "\.\/[ab]\.ts"/gm)?.length, 2);
});

Deno.test("async code that cannot be compiled is shown where the developer wrote it", async () => {
  const told = await complaint(
    `interface Unused { x: number }\nexport default async function main() {\n  eval("await 1");\n}\n`,
    "compiled",
  );
  const [message = "", ...frame] = told.split("\n");
  assertStringIncludes(message, "Cannot compile a direct call of eval");
  assertEquals(frame, ["  program.ts:3:3", '  3 │   eval("await 1");', "    │   ^"]);
});

Deno.test("a program without a main is told how to write one", async () => {
  assertEquals(
    await complaint("export const main = 1;"),
    'Cannot compile "program.ts": it exports no function as default; write ' +
      "`export default async function main(board) { ... }`\n  program.ts:1:1",
  );
});

Deno.test("codeFrame: long lines are cut around the caret, tabs are one cell, colour is asked for", () => {
  const lineText = `\t${"a".repeat(200)}HERE${"b".repeat(200)}`;
  const diagnostic = {
    message: "unexpected HERE",
    file: "/x/y.ts",
    line: 7,
    column: 202,
    lineText,
    length: 4,
  };
  const [, , line = "", carets = ""] = codeFrame(diagnostic, { width: 60 }).split("\n");
  assertEquals(line.length <= 60, true);
  assertEquals(line.slice(carets.indexOf("^"), carets.lastIndexOf("^") + 1), "HERE");
  assertEquals(codeFrame(diagnostic).includes("\x1b"), false);
  assertStringIncludes(codeFrame(diagnostic, { color: true }), "\x1b[31m^^^^\x1b[0m");
});
