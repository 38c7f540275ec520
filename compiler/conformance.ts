/**
 * The tests of the runtime once more, with every coroutine in them, in the runtime and in the simulator compiled.
 *
 * @module
 */

import { join, relative } from "node:path";
import { bundle, compileBundle, stopBundler } from "./bundle.ts";
import { ROOT } from "./paths.ts";
import { minify } from "./minify.ts";
import { composeMaps, withInlineMap } from "./source_map.ts";

/** Where there are tests that hold for compiled code as they do for native code. */
const FOLDERS = ["runtime", "runtime/io", "targets/simulator", "examples"];
/** Tests of sources, of types, of the engine's own allocation, of what is drawn, and of what is built. */
const ELSEWHERE = /[/\\](pure|types|queues|view|random|boards|edge_hono)_test\.ts$/;

/** Which test files run compiled as well: of `files`, or of all there are. */
export async function conformanceTests(files: readonly string[]): Promise<string[]> {
  const found: string[] = [];
  for (const folder of FOLDERS) {
    for await (const { name, isFile } of Deno.readDir(join(ROOT, folder))) {
      const path = join(ROOT, folder, name);
      if (isFile && name.endsWith("_test.ts") && !ELSEWHERE.test(path)) found.push(path);
    }
  }
  found.sort();
  if (files.length === 0) return found;
  const asked = files.map((file) => join(ROOT, relative(ROOT, join(Deno.cwd(), file))));
  return found.filter((path) => asked.some((each) => path === each || path.startsWith(`${each}/`)));
}

/**
 * Compiles tests into modules in a new folder.
 *
 * @param parts Into how many modules: they run beside each other.
 * @returns The folder; who asked removes it.
 */
export async function compileTests(tests: readonly string[], parts: number): Promise<string> {
  const folder = await Deno.makeTempDir({ prefix: "awaitio-compiled-" });
  try {
    await Promise.all(
      Array.from({ length: Math.min(parts, tests.length) }, async (_, part) => {
        const mine = tests.filter((_, i) => i % parts === part);
        const entry = mine.map((path) => `import ${JSON.stringify(path)};`).join("\n");
        const bundled = await bundle({
          program: mine[0]!,
          entry,
          coroutines: "compiled",
          inPlace: true,
        });
        const compiled = compileBundle(bundled, { debug: true });
        const { code, map } = await minify(compiled.code, { readable: true });
        const file = join(folder, `part_${part + 1}_test.js`);
        await Deno.writeTextFile(file, withInlineMap(code, composeMaps([map, compiled.map])));
      }),
    );
  } finally {
    await stopBundler();
  }
  return folder;
}
