import { assertEquals } from "@std/assert";
import { join } from "node:path";
import { isOwn } from "../build_program.ts";
import { bundle, compileBundle, stopBundler } from "../bundle.ts";
import { minify } from "../minify.ts";
import { ROOT } from "../paths.ts";
import { shrink } from "./mod.ts";

Deno.test.afterAll(stopBundler);

/** Tests that together reach most of the runtime, each alone little of it. */
const FILES = ["task_cancel", "task_group", "timeout", "queue", "semaphore", "io/digital_watch"];

for (const name of FILES) {
  Deno.test(`runtime/${name}_test.ts passes with what it does not reach taken out`, async () => {
    const folder = await Deno.makeTempDir({ prefix: "awaitio-shrunk-" });
    try {
      const path = join(ROOT, "runtime", `${name}_test.ts`);
      const bundled = await bundle({
        program: path,
        entry: `import ${JSON.stringify(path)};`,
        coroutines: "compiled",
        inPlace: true,
      });
      const small = shrink(compileBundle(bundled), isOwn, { shortNames: true });
      const { code } = await minify(small.code, { readable: true });
      const file = join(folder, "shrunk_test.js");
      await Deno.writeTextFile(file, code);
      const { success, stdout } = await new Deno.Command(Deno.execPath(), {
        args: ["test", "-A", "--no-check", "--quiet", file],
        env: { NO_COLOR: "1" },
      }).output();
      assertEquals(success, true, new TextDecoder().decode(stdout).slice(-2000));
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  });
}
