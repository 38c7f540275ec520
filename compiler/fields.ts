import * as esbuild from "esbuild";
import { join } from "node:path";
import { ROOT } from "./paths.ts";

/** Whose fields are assigned: no field of these hides an accessor. */
const OWN = ["runtime", "targets"].map((room) => join(ROOT, room, "/"));
const TSCONFIG = JSON.stringify({
  compilerOptions: { target: "esnext", useDefineForClassFields: false },
});

/**
 * Makes the fields of the runtime's classes assignments in their constructors. V8 runs the initializer of a base
 * class for all its subclasses and defines fields there without knowing the shape: in a program that does many
 * things, creating a task took three times as long.
 */
export function fieldsPlugin(): esbuild.Plugin {
  const known = new Map<string, { readonly text: string; readonly code: string }>();
  return {
    name: "fields",
    setup(build) {
      build.onLoad({ filter: /\.ts$/, namespace: "file" }, async ({ path }) => {
        if (!OWN.some((room) => path.startsWith(room))) return undefined;
        const text = await Deno.readTextFile(path);
        let found = known.get(path);
        if (found?.text !== text) {
          const { code } = await esbuild.transform(text, {
            loader: "ts",
            target: "esnext",
            sourcemap: "inline",
            sourcefile: path,
            tsconfigRaw: TSCONFIG,
            logLevel: "silent",
          });
          known.set(path, found = { text, code });
        }
        return { contents: found.code, loader: "js" };
      });
    },
  };
}
