import * as esbuild from "esbuild";
import type { Mapped } from "./source_map.ts";

/** How to make the code small. */
export interface MinifyOptions {
  /** Whether names of functions and variables stay as they are: task names come from them, and stack traces show them. */
  readonly keepNames?: boolean;
  /** Whether to leave the text readable: only what nobody uses is dropped. */
  readonly readable?: boolean;
}

/** Drops what nobody uses and makes the rest small. The map leads to `code`. */
export async function minify(code: string, options: MinifyOptions = {}): Promise<Mapped> {
  const { keepNames = false, readable = false } = options;
  return await esbuild.transform(code, {
    format: "esm",
    target: "esnext",
    treeShaking: true,
    minifyWhitespace: !readable,
    minifySyntax: !readable,
    minifyIdentifiers: !readable && !keepNames,
    charset: "utf8",
    legalComments: "none",
    sourcemap: "external",
    sourcefile: "bundle.js",
    sourcesContent: false,
    logLevel: "silent",
  });
}
