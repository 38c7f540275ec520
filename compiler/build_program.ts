import * as esbuild from "esbuild";
import { join } from "node:path";
import {
  type Bundle,
  bundleSettings,
  compileBundle,
  compileErrorOf,
  type Coroutines,
  ENTRY,
  toBundle,
} from "./bundle.ts";
import { CompileError, type Diagnostic } from "./diagnostic.ts";
import { minify } from "./minify.ts";
import { shrink } from "./shrink/mod.ts";
import { moduleName } from "./module_name.ts";
import { ROOT, toPath } from "./paths.ts";
import { type BuildReport, byteLength, reportOn } from "./report.ts";
import { composeMaps, type Mapped, originalPlace, sourceUrl } from "./source_map.ts";
import type { Fill, LoweredCode, Target } from "./target.ts";

/** What to build. */
export interface BuildOptions {
  /** The program's path. */
  readonly program: string;
  readonly target: Target;
  /** The board's id, on targets with boards. */
  readonly board?: string;
  readonly coroutines: Coroutines;
  /** Whether awaits carry their places for stack traces. */
  readonly debug?: boolean;
  /** Whether to leave the code readable. */
  readonly readable?: boolean;
}

/** A step of a build. */
export interface BuildStep {
  readonly name: string;
  /** How long it took, in milliseconds. */
  readonly ms: number;
  /** How many bytes of code came out of it. */
  readonly bytes: number;
}

/** What came out of a build; the map's sources are URLs. */
export interface BuildResult extends Mapped {
  /** Whether it was made for where every byte counts. */
  readonly small: boolean;
  readonly report: BuildReport;
  readonly steps: readonly BuildStep[];
  /** What is odd about the program's own files but no mistake. */
  readonly warnings: readonly Diagnostic[];
  /** The files that belong beside it, by their names, given its own. */
  files(artefact: string): { readonly [name: string]: string };
  /** The local files that it was made of. */
  readonly inputs: readonly string[];
}

/**
 * Builds a program: bundle, coroutines, lowering, minifying, report.
 *
 * @throws {CompileError} Where it does not compile.
 */
export async function buildProgram(options: BuildOptions): Promise<BuildResult> {
  await using builder = new Builder(options);
  return await builder.build();
}

/** Builds one program again and again; what has not changed is not parsed again. */
export class Builder implements AsyncDisposable {
  private context: Promise<esbuild.BuildContext<Settings>> | null = null;

  private readonly options: BuildOptions;

  /** Makes a builder; nothing is read before the first build. */
  constructor(options: BuildOptions) {
    const { target, board } = options;
    const actual = board === undefined ? target : target.forBoard?.(board) ?? target;
    this.options = { ...options, target: actual };
  }

  /**
   * Builds the program as it is now.
   *
   * @throws {CompileError} Where it does not compile.
   */
  async build(): Promise<BuildResult> {
    const { target, coroutines, debug = false, readable = false } = this.options;
    const steps: BuildStep[] = [];
    const bundled = await timed(steps, "bundle", () => this.bundle());
    const inspected = target.inspect?.(bundled.code) ?? null;
    const compiled = coroutines === "native" ? null : await timed(
      steps,
      "coroutines",
      () => compileBundle(bundled, { debug, ...(target.small ? { shape: "closures" } : {}) }),
    );
    const maps: string[] = [];
    const fills: Fill[] = [];
    let { code } = compiled ?? bundled;
    const then = async (
      name: string,
      step: (code: string) => LoweredCode | Promise<LoweredCode>,
    ) => {
      const result = await timed(steps, name, () => step(code));
      code = result.code;
      fills.push(...result.fills ?? []);
      maps.unshift(result.map);
    };
    if (target.small && compiled !== null) {
      await then("shrink", () => shrink(compiled, isOwn, { shortNames: !readable }));
    }
    const sources = compiled?.map ?? bundled.map;
    for (const lower of target.lowerings) {
      await then("lower", (code) => atSources(() => lower(code), [...maps, sources]));
    }
    const makeSmall = target.minify ?? minify;
    await then("minify", (code) => makeSmall(code, { keepNames: target.keepNames, readable }));
    const began = performance.now();
    if (compiled !== null) maps.push(compiled.toBundle);
    const toBundle = composeMaps(maps);
    const map = composeMaps([toBundle, bundled.map]);
    target.check?.(code, map);
    const functions = compiled?.functions ?? [];
    const findings = {
      options: this.options,
      code,
      map,
      toBundle,
      functions,
      fills,
      bundled,
      inspected,
    };
    const report = reportOn(findings);
    steps.push({ name: "report", ms: performance.now() - began, bytes: report.bytes });
    const warnings = bundled.warnings.filter(({ file }) => file !== null && isWrittenHere(file));
    const small = target.small === true;
    const { files = () => ({}) } = target;
    const inputs = inputsOf(bundled.metafile);
    return { code, map, small, report, steps, warnings, inputs, files: files.bind(null, report) };
  }

  /** Lets go of what is kept for the next build. */
  async [Symbol.asyncDispose](): Promise<void> {
    await (await this.context)?.dispose();
    this.context = null;
  }

  private async bundle(): Promise<Bundle> {
    const { program } = this.options;
    try {
      this.context ??= esbuild.context(settingsOf(this.options));
      return toBundle(await (await this.context).rebuild());
    } catch (error) {
      throw compileErrorOf(error, program);
    }
  }
}

type Settings = ReturnType<typeof settingsOf>;

function settingsOf(options: BuildOptions) {
  const { program, target, board = null, coroutines, debug = false } = options;
  return bundleSettings({
    program,
    entry: target.entry({ program, board }),
    coroutines,
    node: target.node,
    ...(target.modules === undefined ? {} : { modules: target.modules }),
    ...(target.external === undefined ? {} : { external: target.external }),
    ...(target.globals === undefined ? {} : { globals: target.globals }),
    awaitio: target.awaitio === undefined ? undefined : join(ROOT, target.awaitio),
    constants: {
      AWAITIO_TARGET: target.name,
      AWAITIO_BOARD: board ?? "",
      AWAITIO_DEBUG: debug,
      AWAITIO_SMALL: target.small === true,
    },
  });
}

/** What a step refuses, in the files that the developer wrote. */
async function atSources<T>(step: () => T | Promise<T>, maps: readonly string[]): Promise<T> {
  try {
    return await step();
  } catch (error) {
    if (!(error instanceof CompileError)) throw error;
    const map = composeMaps(maps);
    throw new CompileError(error.diagnostics.map((each) => {
      const { file, line, column, lineText } = originalPlace(map, each.line, each.column - 1);
      return file === null ? each : { ...each, file, line, column: column + 1, lineText };
    }));
  }
}

async function timed<T extends { readonly code: string }>(
  steps: BuildStep[],
  name: string,
  step: () => T | Promise<T>,
): Promise<T> {
  const began = performance.now();
  const result = await step();
  steps.push({ name, ms: performance.now() - began, bytes: byteLength(result.code) });
  return result;
}

/** Whether a source is the runtime's or a target's, and no test of theirs. */
export function isOwn(source: string): boolean {
  return source.endsWith(ENTRY) ||
    /^awaitio\/(?:runtime|targets)\/(?!.*_test\.ts$)/.test(moduleName(source, ROOT));
}

/** Whether the developer can do something about a module: it is no package's and not ours. */
function isWrittenHere(place: string): boolean {
  return !/^(?:npm:|https?:|awaitio\/)/.test(moduleName(place, ROOT));
}

function inputsOf({ inputs }: esbuild.Metafile): string[] {
  return Object.keys(inputs).map((name) => sourceUrl(name, ROOT))
    .filter((url) => url.startsWith("file:")).map(toPath);
}
