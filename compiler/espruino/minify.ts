import * as esbuild from "esbuild";
import { composeMaps, type Mapped } from "../source_map.ts";
import { settle } from "./settle.ts";
import { boardNames } from "./words.ts";
import type { Level } from "./tree.ts";

/** What esbuild may write where an artefact for Espruino is made small. */
export function espruinoMinify(level: Level): esbuild.TransformOptions {
  const small = level === "small";
  return {
    format: "esm",
    target: "esnext",
    supported: {
      "template-literal": false,
      "unicode-escapes": false,
      "optional-chain": false,
      "logical-assignment": false,
      "exponent-operator": false,
      "destructuring": false,
      "default-argument": false,
      "rest-argument": false,
      "array-spread": false,
      "object-rest-spread": false,
      "arrow": !small,
      "const-and-let": !small,
      "class": !small,
      "nullish-coalescing": !small,
      "object-accessors": !small,
      "object-extensions": !small,
      "optional-catch-binding": !small,
    },
    // The interpreter reads bytes.
    charset: "ascii",
    legalComments: "none",
    treeShaking: true,
  };
}

/**
 * Code that is dropped again, since nobody calls it: what it names is not chosen for anything else. A script's names are
 * the console's, and an arrow function whose parameter is called like a pin does not parse.
 */
function reserve(): string {
  return `function $reserved() { return [${boardNames().join()}] }`;
}

/** How to make an artefact small. */
export interface EspruinoMinifyOptions {
  readonly level?: Level;
  readonly readable?: boolean;
}

/** Makes a lowered artefact small without leaving the interpreter's dialect. */
export async function minifyForEspruino(
  code: string,
  options: EspruinoMinifyOptions = {},
): Promise<Mapped> {
  const { level = "standard", readable = false } = options;
  const minified = await esbuild.transform(`${code}\n${reserve()}`, {
    ...espruinoMinify(level),
    minifyWhitespace: !readable,
    minifySyntax: !readable,
    minifyIdentifiers: !readable,
    sourcemap: "external",
    sourcefile: "bundle.js",
    sourcesContent: false,
    logLevel: "silent",
  });
  const settled = settle(minified.code);
  return { code: settled.code, map: composeMaps([settled.map, minified.map]) };
}
