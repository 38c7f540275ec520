import { assertEquals, assertRejects } from "@std/assert";
import vm from "node:vm";
import { stopBundler } from "../bundle.ts";
import { CompileError } from "../diagnostic.ts";
import { checkDialect } from "./check.ts";
import { interpreterPath, runOnInterpreter } from "./harness/interpreter.ts";
import { runArtefact } from "./harness/run.ts";
import { lowerForEspruino } from "./lowering.ts";
import { snippets } from "./lowering_snippets.ts";
import { minifyForEspruino } from "./minify.ts";

Deno.test.afterAll(stopBundler);

/** Writes values the same in every engine. */
const SHOW = `function show(value) {
  if (typeof value == "string") return value;
  if (value === undefined) return "undefined";
  if (typeof value == "function") return "function";
  return JSON.stringify(value);
}
function tell() { print([].slice.call(arguments).map(show).join(" ")); }
`;

/** What a snippet prints in an engine that has all of JavaScript. */
function expected(snippet: string): string[] {
  const lines: string[] = [];
  const print = (line: string): void => void lines.push(...line.split("\n"));
  vm.runInNewContext(`"use strict";${SHOW}${snippet}`, { print });
  return lines;
}

for (const [what, snippet] of Object.entries(snippets)) {
  for (const readable of [true, false]) {
    const artefact = async (): Promise<string> => {
      const { code } = await lowerForEspruino(snippet);
      return SHOW + (await minifyForEspruino(code, { readable })).code;
    };
    const how = readable ? "" : ", minified";

    Deno.test(`lowering: ${what}${how}`, async () => {
      const code = await artefact();
      assertEquals(checkDialect(code).map(({ message }) => message), []);
      const { output } = await runArtefact(code);
      assertEquals(output.flatMap((line) => line.split("\n")), expected(snippet));
    });

    Deno.test({
      name: `lowering on the interpreter: ${what}${how}`,
      ignore: interpreterPath() === undefined,
      async fn() {
        assertEquals(await runOnInterpreter(await artefact()), expected(snippet));
      },
    });
  }
}

/** Snippets that need accessors, which boards with cut firmware have none of. */
const ACCESSORS: ReadonlySet<string> = new Set([
  "fields, private members, statics and accessors of classes",
  "classes that extend Error",
  "objects with spread, computed keys and methods",
  "maps and sets",
]);

for (const [what, snippet] of Object.entries(snippets)) {
  if (ACCESSORS.has(what)) {
    Deno.test(`lowering for small boards refuses accessors: ${what}`, async () => {
      const error = await assertRejects(
        () => lowerForEspruino(snippet, { level: "small" }),
        CompileError,
      );
      assertEquals(error.message.includes("Cannot use an accessor on this board"), true);
    });
    continue;
  }
  const artefact = async (): Promise<string> => {
    const { code } = await lowerForEspruino(snippet, { level: "small" });
    return SHOW + (await minifyForEspruino(code, { level: "small" })).code;
  };

  Deno.test(`lowering for small boards: ${what}`, async () => {
    const code = await artefact();
    assertEquals(checkDialect(code, { level: "small" }).map(({ message }) => message), []);
    const { output } = await runArtefact(code, { level: "small" });
    assertEquals(output.flatMap((line) => line.split("\n")), expected(snippet));
  });

  Deno.test({
    name: `lowering for small boards on the interpreter: ${what}`,
    ignore: interpreterPath() === undefined,
    async fn() {
      assertEquals(await runOnInterpreter(await artefact()), expected(snippet));
    },
  });
}

/** What is refused, and at which line. */
const REFUSALS: readonly (readonly [snippet: string, message: string, line: number])[] = [
  ["let a = 1;\nnew Proxy({}, {});", "Cannot use Proxy on Espruino", 2],
  ["tell(1n);", "Cannot use a BigInt on Espruino", 1],
  ["\n\nclass A extends Array {}\ntell(new A());", "Cannot extend Array on Espruino", 3],
  ['import fs from "node:fs";\ntell(fs);', 'Cannot import "node:fs" on Espruino', 1],
  ["tell(import.meta.url);", "Cannot use import.meta on Espruino", 1],
  ["async function f() {}\nf();", "Cannot run async functions natively on Espruino", 1],
  ["tell(new WeakRef({}));", "Cannot use WeakRef on Espruino", 1],
  ["tell(Reflect.construct(Date, []));", "Cannot use Reflect.construct on Espruino", 1],
  ["tell({ m() { return super.m; } });", "Cannot use super in an object on Espruino", 1],
];

for (const [snippet, message, line] of REFUSALS) {
  Deno.test(`lowering refuses: ${snippet.trim().split("\n").at(-1)}`, async () => {
    const error = await assertRejects(() => lowerForEspruino(snippet), CompileError);
    const [first] = error.diagnostics;
    assertEquals([first!.message.slice(0, message.length), first!.line], [message, line]);
  });
}

Deno.test("lowering: fills are told by name, and only those that are used", async () => {
  const { fills } = await lowerForEspruino("tell(Math.trunc(1.5), [1].at(0), new Map().size);");
  assertEquals(fills.map(({ name }) => name).toSorted(), [
    "Map",
    "Math.trunc",
    "iteratorOf",
    "list",
    "method at",
  ]);
  assertEquals(fills.every(({ bytes }) => bytes > 10), true);
  assertEquals((await lowerForEspruino("tell([1].map((x) => x));")).fills, []);
});

Deno.test("lowering: the map leads from the artefact to the line that was given", async () => {
  const given = "const a = [1];\n\nfor (const x of a) {\n  const { y } = x;\n  tell(y);\n}\n";
  const { map } = await lowerForEspruino(given);
  const { sources, mappings } = JSON.parse(map);
  assertEquals(sources, ["bundle.js"]);
  assertEquals(mappings.length > 0, true);
});
