import * as esbuild from "esbuild";
import {
  CannotCompile,
  compileCoroutines,
  type CompiledFunction,
  type Shape,
} from "./coroutines/mod.ts";
import { CompileError, type Diagnostic } from "./diagnostic.ts";
import { driverExports } from "./driver_exports.ts";
import { originalNames } from "./function_names.ts";
import { TSCONFIG } from "./import_meta.ts";
import { minify } from "./minify.ts";
import { MISSING_MAIN } from "./missing_main.ts";
import { ROOT, toPath, toUrl } from "./paths.ts";
import { fieldsPlugin } from "./fields.ts";
import { placesPlugin } from "./places.ts";
import { resolvePlugin } from "./resolve.ts";
import { composeMaps, type Mapped, originalPlace, renameSources, sourceUrl } from "./source_map.ts";
import { CannotParse } from "./syntax.ts";

/** How coroutines run: compiled to state machines, or as the engine's own async functions. */
export type Coroutines = "compiled" | "native";

/** What to bundle, and how. */
export interface BundleOptions {
  /** The program's file: its own `deno.json` counts, and messages are about it. */
  readonly program: string;
  /** The text of the module that the bundle begins with; without one that is the program itself. */
  readonly entry?: string;
  readonly coroutines: Coroutines;
  /** Whether the target has Node's modules; `true` unless given. */
  readonly node?: boolean;
  /** Names that are known when building, by what is known of them: `{ AWAITIO_TARGET: "host" }`. */
  readonly constants?: { readonly [name: string]: string | boolean };
  /** What stays an import: these specifiers and what lies below them. */
  readonly external?: readonly string[];
  /** The path of what is imported as `"awaitio"`; the host's unless given. */
  readonly awaitio?: string | undefined;
  /**
   * Whether `import.meta.url` is where a module came from, and not where the bundle lies: for a bundle that runs at
   * once in a temporary place.
   */
  readonly inPlace?: boolean;
  /** Modules that have another in their place, by path. */
  readonly modules?: ReadonlyMap<string, string>;
  /** The path of a module whose exports stand for the globals of these names. */
  readonly globals?: string;
  /** Files for names that are imported. */
  readonly imports?: { readonly [name: string]: string };
}

/** A program in one module, before its coroutines are compiled. */
export interface Bundle extends Mapped {
  /** What esbuild knows about inputs and outputs. */
  readonly metafile: esbuild.Metafile;
  /** What is odd about the program but no mistake. */
  readonly warnings: readonly Diagnostic[];
}

/** The options of esbuild for a bundle; a watcher keeps them. */
export function bundleSettings(
  options: BundleOptions,
): esbuild.BuildOptions & { write: false; metafile: true } {
  const { program, coroutines, constants = {}, external = [], node = true } = options;
  const { entry, inPlace = false } = options;
  const compiled = coroutines === "compiled";
  const extra = compiled ? driverExports() : "";
  return {
    ...(entry === undefined
      ? { entryPoints: [program] }
      : { stdin: { contents: `${entry}\n${extra}`, sourcefile: ENTRY, resolveDir: ROOT } }),
    inject: [
      ...(compiled ? [`${ROOT}compiler/driver_first.ts`] : []),
      ...(options.globals === undefined ? [] : [options.globals]),
    ],
    absWorkingDir: ROOT,
    outfile: "bundle.js",
    bundle: true,
    write: false,
    metafile: true,
    format: "esm",
    target: "esnext",
    supported: { using: false },
    platform: node ? "node" : "neutral",
    mainFields: ["module", "main"],
    treeShaking: true,
    charset: "utf8",
    legalComments: "none",
    sourcemap: "external",
    sourcesContent: true,
    tsconfigRaw: TSCONFIG,
    logLevel: "silent",
    // What a program asks for besides is kept: `import.meta.main` is true of the module that was started.
    define: {
      "import.meta.main": "false",
      ...Object.fromEntries(
        Object.entries(constants).map(([name, value]) => [name, JSON.stringify(value)]),
      ),
    },
    plugins: [
      placesPlugin({
        inPlace,
        appendTo: entry === undefined && compiled ? program : null,
        text: extra,
      }),
      fieldsPlugin(),
      resolvePlugin({
        entry: program,
        node,
        external,
        compiled,
        awaitio: options.awaitio,
        ...(options.modules === undefined ? {} : { modules: options.modules }),
        ...(options.imports === undefined ? {} : { imports: options.imports }),
      }),
    ],
  };
}

/** What the virtual entry is called in maps and messages. */
export const ENTRY = "awaitio:entry";

/** A finished build of {@linkcode bundleSettings} as a bundle. */
export function toBundle(
  result: esbuild.BuildResult<{ write: false; metafile: true }>,
): Bundle {
  const text = (suffix: string) =>
    result.outputFiles.find(({ path }) => path.endsWith(suffix))!.text;
  const code = text("bundle.js");
  const map = renameSources(text("bundle.js.map"), (source) => sourceUrl(source, ROOT));
  return {
    code: code + originalNames(code, map),
    map,
    metafile: result.metafile,
    warnings: result.warnings.filter(({ location }) => location?.file !== ENTRY).map(diagnosticOf),
  };
}

/**
 * Brings a program and all that it imports into one module.
 *
 * @throws {CompileError} Where the program does not compile.
 */
export async function bundle(options: BundleOptions): Promise<Bundle> {
  try {
    return toBundle(await esbuild.build(bundleSettings(options)));
  } catch (error) {
    throw compileErrorOf(error, options.program);
  }
}

/** A bundle whose coroutines are compiled; the map leads to the sources. */
export interface CompiledBundle extends Mapped {
  /** The map to the bundle. */
  readonly toBundle: string;
  /** The functions that were compiled, with their places in the bundle. */
  readonly functions: readonly CompiledFunction[];
}

/**
 * Compiles the coroutines of a bundle.
 *
 * @throws {CompileError} Where one cannot be compiled.
 */
export function compileBundle(
  { code, map }: Mapped,
  options: { readonly debug?: boolean; readonly shape?: Shape } = {},
): CompiledBundle {
  const { debug = false, shape = "slots" } = options;
  try {
    const passed = compileCoroutines(code, { debug, shape, sourceMap: map, file: "bundle.js" });
    const { functions, map: toBundle } = passed;
    return { code: passed.code, map: composeMaps([toBundle, map]), toBundle, functions };
  } catch (error) {
    if (!(error instanceof CannotCompile || error instanceof CannotParse)) throw error;
    throw new CompileError([refusal(error, map)]);
  }
}

/** How {@linkcode bundleFile} bundles. */
export interface FileOptions {
  readonly coroutines: Coroutines;
  readonly minify?: boolean;
  readonly external?: readonly string[];
  readonly constants?: { readonly [name: string]: string | boolean };
  readonly debug?: boolean;
}

/**
 * Bundles any module with what it imports into one that exports the same: a test file for example. It may be written
 * anywhere and imported there; `import.meta.url` stays where each module came from.
 *
 * @param entry A path.
 * @throws {CompileError} Where it does not compile.
 */
export async function bundleFile(entry: string, options: FileOptions): Promise<Mapped> {
  const { coroutines, minify: small = false, external = [], constants = {}, debug = false } =
    options;
  const bundled = await bundle({
    program: toPath(entry),
    coroutines,
    external,
    constants,
    inPlace: true,
  });
  let { code, map }: Mapped = coroutines === "native" ? bundled : compileBundle(bundled, { debug });
  if (coroutines === "compiled" || small) {
    const minified = await minify(code, { readable: !small });
    code = minified.code;
    map = composeMaps([minified.map, map]);
  }
  return { code, map };
}

/** Ends the bundler's process; the next bundle starts another. */
export async function stopBundler(): Promise<void> {
  await esbuild.stop();
}

/** An error of esbuild's as one that can be shown. */
export function compileErrorOf(error: unknown, program: string): unknown {
  const { errors } = error as { errors?: readonly esbuild.Message[] };
  if (!Array.isArray(errors)) return error;
  return new CompileError(
    errors.map((message: esbuild.Message) =>
      message.location?.file === ENTRY && message.text.endsWith('for import "default"')
        ? { ...NOWHERE, message: MISSING_MAIN, file: toUrl(program) }
        : diagnosticOf(message)
    ),
  );
}

const NOWHERE = { line: 1, column: 1, lineText: "", length: 1 };

function diagnosticOf({ text: told, location, notes }: esbuild.Message): Diagnostic {
  const [, module, name] = /^No matching export in "(.*)" for import "(.*)"$/.exec(told) ?? [];
  const [, meant] = /^Did you mean to import "(.*)" instead\?$/.exec(notes[0]?.text ?? "") ?? [];
  const cure = meant === undefined ? "" : `; did you mean "${meant}"?`;
  const text = name === undefined
    ? told
    : `Cannot import "${name}": "${module}" exports no such name${cure}`;
  if (location === null) return { ...NOWHERE, message: text, file: null };
  const { file, line, column, lineText, length } = location;
  return {
    message: /^Cannot /.test(text) ? text : `${text[0]!.toLowerCase()}${text.slice(1)}`,
    file: sourceUrl(file, ROOT),
    line,
    column: column + 1,
    lineText,
    length,
  };
}

/** What the pass refuses, in the file that the developer wrote. */
function refusal({ message, line, column }: CannotCompile | CannotParse, map: string): Diagnostic {
  const { file, line: at, column: from, lineText } = originalPlace(map, line, column);
  return { message, file, line: at, column: from + 1, lineText, length: 1 };
}
