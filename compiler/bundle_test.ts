import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { simulator } from "../targets/simulator/target.ts";
import { bundleFile } from "./bundle.ts";
import { ROOT } from "./paths.ts";
import {
  build,
  endBundlerAtTheEnd,
  execute,
  Folder,
  runEverywhere,
  WAYS,
  write,
} from "./world_test.ts";

endBundlerAtTheEnd();

for (const coroutines of WAYS) {
  Deno.test(`build, ${coroutines}: a program anywhere, without a deno.json, imports awaitio and @std by name`, async () => {
    await using folder = await Folder.with({
      "program.ts": `
        import { basename } from "node:path";
        import { type Board, sleep } from "awaitio";
        import { findBoard } from "awaitio/boards";
        import { virtual } from "awaitio/simulator";
        import { assertEquals } from "@std/assert";
        import { deepMerge } from "@std/collections/deep-merge";
        import { twice } from "./lib/twice.ts";
        import data from "./data.json" with { type: "json" };
        export default async function main(_board: Board): Promise<void> {
          assertEquals(1, 1);
          await sleep(1);
          console.log(findBoard("uno").id, typeof virtual, twice(2), data.text, basename("/a/b"));
          console.log(deepMerge({ a: { b: 1 } }, { a: { c: 2 } }).a.c);
        }`,
      "lib/twice.ts": "export const twice = (n: number): number => 2 * n;",
      "data.json": `{ "text": "from JSON" }`,
    });
    const file = await write(
      folder,
      "program.ts",
      await build(folder, "program.ts", { coroutines }),
    );
    const { code, stdout, stderr } = await runEverywhere(file);
    assertEquals({ code, stderr }, { code: 0, stderr: "" });
    assertEquals(stdout, "uno function 4 from JSON b\n2\n");
  });

  Deno.test(`build, ${coroutines}: npm packages are bundled, by "npm:" and by the program's own import map`, async () => {
    await using folder = await Folder.with({
      "app/program.ts": `
        import { call } from "npm:effection@4.1.1";
        import { main as start } from "effects";
        import { half } from "lib/half.ts";
        import remapping from "remapping";
        const map = { version: 3 as const, sources: ["a.js"], names: [], mappings: "AAAA" };
        export default async function main() {
          console.log(typeof call, typeof start, half(8), remapping(map, () => null).mappings);
        }`,
      "lib/half.ts": "export const half = (n: number): number => n / 2;",
      "deno.jsonc": `{
        // Comments are allowed here.
        "imports": {
          "effects": "npm:effection@4.1.1", "lib/": "./lib/", "remapping": "npm:@jridgewell/remapping@2.3.5",
        },
      }`,
    });
    const result = await build(folder, "app/program.ts", { coroutines });
    const file = await write(folder, "app/program.ts", result);
    assertEquals((await runEverywhere(file)).stdout, "function function 4 AAAA\n");
    const modules = result.report.modules.map(({ module }) => module);
    const package_ = /^npm:@jridgewell\/gen-mapping@0\.3\.\d+\/src\//;
    assertEquals(modules.some((module) => package_.test(module)), true, modules.join("\n"));
    for (const [, name] of result.code.matchAll(/(?:^|;)import[^;"]*"([^"]+)"/g)) {
      assertMatch(name!, /^node:/);
    }
  });

  Deno.test(`build, ${coroutines}: packages of a node_modules folder may be CommonJS and require Node's modules`, async () => {
    await using folder = await Folder.with({
      "package.json": `{ "type": "module", "dependencies": { "greet": "1.0.0" } }`,
      "node_modules/greet/package.json":
        `{ "name": "greet", "version": "1.0.0", "main": "main.js" }`,
      "node_modules/greet/main.js": `
        const Emitter = require("events");
        const { join } = require("node:path");
        module.exports = class Greeter extends Emitter { greet() { this.emit("hello", join("a", "b")); } };`,
      "program.ts": `
        import Greeter from "greet";
        export default async function main() {
          const greeter = new Greeter();
          greeter.on("hello", (text: string) => console.log(text));
          greeter.greet();
        }`,
    });
    const file = await write(
      folder,
      "program.ts",
      await build(folder, "program.ts", { coroutines }),
    );
    assertEquals((await runEverywhere(file)).stdout, "a/b\n");
  });

  Deno.test(`build, ${coroutines}: using and await using work where the engine has neither`, async () => {
    await using folder = await Folder.with({
      "program.ts": `
        import { Lock, sleep } from "awaitio";
        export default async function main() {
          const lock = new Lock();
          {
            using held = await lock.acquire();
            await using _late = { async [Symbol.asyncDispose]() { await sleep(1); console.log("late"); } };
            console.log(lock.locked(), held !== null);
          }
          console.log(lock.locked());
        }`,
    });
    const result = await build(folder, "program.ts", { coroutines });
    assertEquals(/\busing /.test(result.code), false);
    const file = await write(folder, "program.ts", result);
    assertEquals((await runEverywhere(file)).stdout, "true true\nlate\nfalse\n");
  });
}

Deno.test("build: what the target is, is known when building, and code for another is dropped", async () => {
  await using folder = await Folder.with({
    "program.ts": `
      import { simulate } from "awaitio/simulator";
      declare const AWAITIO_TARGET: string, AWAITIO_BOARD: string, AWAITIO_DEBUG: boolean;
      export default async function main() {
        if (AWAITIO_TARGET === "simulator") console.log("in the simulator", simulate);
        if (AWAITIO_DEBUG) console.log("debugging");
        if (typeof AWAITIO_TARGET === "undefined") console.log("not built");
        console.log("here:" + AWAITIO_TARGET + ":" + AWAITIO_BOARD);
      }`,
  });
  const forHost = await build(folder, "program.ts");
  assertStringIncludes(forHost.code, '"here:host:"');
  assertEquals(/in the simulator|debugging|not built|AWAITIO_/.test(forHost.code), false);
  const modules = forHost.report.modules.map(({ module }) => module);
  assertEquals(modules.filter((module) => /simulator|boards\/|queue|barrier/.test(module)), [
    "awaitio/runtime/ready_queue.ts",
  ]);
  const options = { target: simulator, board: "puckjs", debug: true };
  const forBoard = await build(folder, "program.ts", options);
  assertMatch(forBoard.code, /in the simulator/);
  assertMatch(forBoard.code, /debugging/);
  assertStringIncludes(forBoard.code, '"here:simulator:puckjs"');
});

Deno.test("build: functions and classes keep their names, also where two have the same", async () => {
  await using folder = await Folder.with({
    "program.ts": `
      import { createTask, currentTask } from "awaitio";
      async function run() { return currentTask()!.getName().split("-")[0]; }
      const timeout = async () => currentTask()!.getName().split("-")[0];
      class TimeoutError extends Error {}
      export default async function main() {
        console.log(await createTask(run), await createTask(timeout), TimeoutError.name);
      }`,
  });
  for (const coroutines of WAYS) {
    const file = await write(
      folder,
      "program.ts",
      await build(folder, "program.ts", { coroutines }),
    );
    assertEquals((await runEverywhere(file)).stdout, "run timeout TimeoutError\n", coroutines);
  }
});

Deno.test("build: import.meta.main is false of a program, whose main is run anyway", async () => {
  await using folder = await Folder.with({
    "program.ts": `
      import { run } from "awaitio";
      export default async function main() { console.log("once"); }
      if (import.meta.main) await run(main);`,
  });
  const file = await write(folder, "program.ts", await build(folder, "program.ts"));
  assertEquals((await runEverywhere(file)).stdout, "once\n");
});

Deno.test("build: a tsconfig.json beside a program changes nothing", async () => {
  await using folder = await Folder.with({
    "tsconfig.json": `{ "compilerOptions": { "target": "ES5", "useDefineForClassFields": false } }`,
    "program.ts": `
      class A { set x(_: number) { throw new Error("not a field"); } }
      class B extends A { override x = 1; }
      export default async function main() { console.log(new B().x); }`,
  });
  const file = await write(folder, "program.ts", await build(folder, "program.ts"));
  assertEquals((await runEverywhere(file)).stdout, "1\n");
});

for (const coroutines of WAYS) {
  Deno.test(`bundleFile, ${coroutines}: a test file becomes one module that runs anywhere`, async () => {
    await using folder = await Folder.with({
      "sum_test.ts": `
        import { assertEquals } from "@std/assert";
        import { virtual } from "awaitio/simulator";
        import { gather, sleep } from "awaitio";
        export const place = import.meta.url;
        Deno.test("adds up", () => virtual(async () => {
          assertEquals(await gather(() => sleep(2, "b"), () => sleep(1, "a")), ["b", "a"]);
        }));`,
    });
    for (const minify of [false, true]) {
      const { code } = await bundleFile(folder.file("sum_test.ts"), { coroutines, minify });
      assertStringIncludes(code, `file://${folder.file("sum_test.ts")}`);
      assertMatch(code, /export\s*\{[^}]*\bplace\b/);
      assertEquals(code.includes("$awaitio_"), false);
      await folder.write("elsewhere/bundled.js", code);
      const args = ["test", "-A", "--quiet", "--no-check", folder.file("elsewhere/bundled.js")];
      const { code: exit, stdout, stderr } = await execute(Deno.execPath(), args);
      assertEquals({ exit, stderr }, { exit: 0, stderr: "" }, stdout);
      assertMatch(stdout, /1 passed/);
    }
  });
}

Deno.test("bundleFile: what is external stays an import", async () => {
  const { code } = await bundleFile(`${ROOT}runtime/pure_test.ts`, {
    coroutines: "native",
    external: ["@std/assert"],
  });
  assertMatch(code, /from "@std\/assert"/);
});
