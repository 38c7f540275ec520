import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { bundle, compileBundle, stopBundler } from "../compiler/bundle.ts";
import { codeFrame, CompileError } from "../compiler/diagnostic.ts";
import { minify } from "../compiler/minify.ts";
import { shortPath } from "../compiler/paths.ts";
import { composeMaps, type Mapped, withInlineMap } from "../compiler/source_map.ts";
import { callersFolder, UsageError } from "./command.ts";
import { EXIT } from "./exit.ts";
import type { Module } from "./load.ts";

/**
 * Bundles and compiles a program together with the runtime, and loads that.
 *
 * @param program The program's path.
 * @param entry The text of the module that says what is exported.
 */
export async function loadCompiled(program: string, entry: string): Promise<Module> {
  const { code, map } = await bundled(async (): Promise<Mapped> => {
    const source = await bundle({ program, entry, coroutines: "compiled", inPlace: true });
    const compiled = compileBundle(source);
    const shaken = await minify(compiled.code, { readable: true });
    return { code: shaken.code, map: composeMaps([shaken.map, compiled.map]) };
  });
  const folder = await Deno.makeTempDir({ prefix: "awaitio-" });
  try {
    const file = join(folder, "bundle.js");
    // Inside: the engine asks for it when it first writes a stack, and by then the folder is gone.
    await Deno.writeTextFile(file, withInlineMap(code, map));
    return await import(pathToFileURL(file).href);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/**
 * Says where the mistake of a program is that does not load.
 *
 * @throws {UsageError} If the bundler finds one too.
 */
export async function findMistake(program: string): Promise<void> {
  await bundled(() => bundle({ program, coroutines: "native" }));
}

/** Bundles, and tells mistakes in the program with their places and exit code 3. */
export async function bundled<T>(build: () => Promise<T>): Promise<T> {
  try {
    return await build();
  } catch (error) {
    throw error instanceof CompileError ? refused(error) : error;
  } finally {
    await stopBundler();
  }
}

/** A program that does not compile, as a mistake to tell. */
export function refused(error: CompileError): UsageError {
  const folder = callersFolder();
  const color = Deno.stderr.isTerminal() && !Deno.env.get("NO_COLOR");
  const shorten = (file: string) => shortPath(file, folder);
  const frames = error.diagnostics.map((each) => codeFrame(each, { color, shorten }));
  return new UsageError(frames.join("\n\n"), EXIT.doesNotCompile);
}
