/**
 * The tests of the runtime as artefacts for Espruino.
 *
 * @module
 */

import { join } from "node:path";
import { isOwn } from "../../build_program.ts";
import { bundle, compileBundle } from "../../bundle.ts";
import { ROOT } from "../../paths.ts";
import { composeMaps, type Mapped } from "../../source_map.ts";
import { shrink } from "../../shrink/mod.ts";
import { lowerForEspruino } from "../lowering.ts";
import { minifyForEspruino } from "../minify.ts";

/** Where the tests are. */
const FOLDERS = ["runtime"];

/** Tests that need an ordinary process, with the reason. */
export const ELSEWHERE: { readonly [file: string]: string } = {
  "pure_test.ts": "it reads the sources",
  "types_test.ts": "it is about types",
  "queues_test.ts": "it measures the engine's own allocation",
};

const OWN = join(ROOT, "compiler", "espruino");
/** What stands in the place of modules that need a host. */
const MODULES: ReadonlyMap<string, string> = new Map([
  [join(ROOT, "targets", "host", "platform.ts"), join(OWN, "bare_host.ts")],
  [join(ROOT, "targets", "host", "process.ts"), join(OWN, "bare_host.ts")],
  [
    join(ROOT, "targets", "simulator", "virtual_clock.ts"),
    join(OWN, "conformance", "virtual_clock.ts"),
  ],
  // As in what is built for boards.
  [join(ROOT, "runtime", "waiters.ts"), join(ROOT, "targets", "espruino", "waiters.ts")],
  [join(ROOT, "runtime", "timer_heap.ts"), join(ROOT, "targets", "espruino", "timer_list.ts")],
]);

/** The tests that run as artefacts. */
export async function espruinoTests(): Promise<string[]> {
  const found: string[] = [];
  for (const folder of FOLDERS) {
    for await (const { name, isFile } of Deno.readDir(join(ROOT, folder))) {
      // The stress tests play thousands of programs, and most of their files are no tests; nor is a world.
      if (isFile && /^(?!stress_).*(?<!_world)_test\.ts$/.test(name) && !(name in ELSEWHERE)) {
        found.push(join(ROOT, folder, name));
      }
    }
  }
  return found.sort();
}

/**
 * Makes an artefact of a file of tests.
 *
 * @throws {CompileError} Where it needs what Espruino does not have.
 */
export async function buildTest(path: string): Promise<Mapped> {
  const entry = [join(OWN, "conformance", "tests.ts"), path]
    .map((each) => `import ${JSON.stringify(each)};`).join("\n");
  const bundled = await bundle({
    program: path,
    entry,
    coroutines: "compiled",
    node: false,
    modules: MODULES,
    globals: join(ROOT, "targets", "espruino", "globals.ts"),
    imports: { "@std/assert": join(OWN, "conformance", "assert.ts") },
  });
  // What is left of the same length moves nothing in the map.
  const code = bundled.code.replaceAll("Deno.test", "$test    ");
  const compiled = compileBundle({ code, map: bundled.map }, { debug: true });
  const shrunk = shrink(compiled, isOwn, { shortNames: true });
  const lowered = await lowerForEspruino(shrunk.code);
  const minified = await minifyForEspruino(lowered.code, { readable: true });
  return {
    code: minified.code,
    map: composeMaps([minified.map, lowered.map, shrunk.map, compiled.map]),
  };
}
