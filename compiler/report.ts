import type { Metafile } from "esbuild";
import { decodedMappings, originalPositionFor, TraceMap } from "@jridgewell/trace-mapping";
import { dirname } from "node:path";
import { gzipSync } from "node:zlib";
import type { BuildOptions } from "./build_program.ts";
import { type Bundle, ENTRY } from "./bundle.ts";
import type { CompiledFunction } from "./coroutines/mod.ts";
import type { Held, MemoryReport } from "./footprint.ts";
import { moduleName } from "./module_name.ts";
import { ROOT } from "./paths.ts";
import { originalPlace, sourceUrl } from "./source_map.ts";
import type { Fill } from "./target.ts";

/** A module in an artefact. */
export interface ModuleReport {
  /** Its short name: `program.ts`, `awaitio/runtime/loop.ts`, `npm:effection@4.1.1/mod.js`. */
  readonly module: string;
  /** How many bytes of the artefact come from it. */
  readonly bytes: number;
  /** About how many blocks of the board's memory it holds while it runs from flash, on boards that count them. */
  readonly flashBlocks?: number;
  /** The same loaded into RAM. */
  readonly ramBlocks?: number;
  /** The modules that lead to it, the program first: each imports the next. */
  readonly because: readonly string[];
}

/** A function whose coroutine was compiled. */
export interface FunctionReport {
  /** Its name; `""` where it has none. */
  readonly name: string;
  readonly module: string;
  /** From 1. */
  readonly line: number;
  readonly awaits: number;
  /** How many bytes of the artefact come from it; functions in it count for themselves. */
  readonly bytes: number;
}

/** What is in an artefact: the content of `report.json`. */
export interface BuildReport {
  readonly program: string;
  readonly target: string;
  readonly board: string | null;
  readonly coroutines: "compiled" | "native";
  readonly bytes: number;
  readonly gzipBytes: number;
  /** The largest first. */
  readonly modules: readonly ModuleReport[];
  /** The largest first. */
  readonly functions: readonly FunctionReport[];
  /** What the engine's library lacks and the artefact brings along, the largest first. */
  readonly fills: readonly Fill[];
  /** What the program asks of its platform at the edge. */
  readonly edge?: object;
  /** What it takes of the board's memory, on boards that have little. */
  readonly memory?: MemoryReport;
}

/** What a report is made of. */
export interface Findings {
  readonly options: BuildOptions;
  /** The artefact's code. */
  readonly code: string;
  /** From the artefact to the sources. */
  readonly map: string;
  /** From the artefact to the bundle. */
  readonly toBundle: string;
  /** With their places in the bundle. */
  readonly functions: readonly CompiledFunction[];
  readonly fills: readonly Fill[];
  readonly bundled: Bundle;
  /** What the target has read in the bundle. */
  readonly inspected: object | null;
}

/** What the bundler and the compiler write themselves. */
const GENERATED = "(generated)";

const ENCODER = new TextEncoder();

/** Says what is in an artefact. */
export function reportOn(findings: Findings): BuildReport {
  const { options, code } = findings;
  const { program, target, board = null, coroutines } = options;
  const bytes = ENCODER.encode(code);
  const functions = functionsOf(findings);
  const footprint = target.measure?.(code, functions.map((each) => each.bytes));
  return {
    program: nameIn(program)(program),
    target: target.name,
    board,
    coroutines,
    bytes: bytes.length,
    gzipBytes: gzipSync(bytes).length,
    modules: modulesOf(findings, footprint?.held ?? null),
    functions,
    fills: findings.fills.toSorted((a, b) => b.bytes - a.bytes),
    ...(findings.inspected === null ? {} : { edge: findings.inspected }),
    ...(footprint === undefined ? {} : { memory: footprint.memory }),
  };
}

function modulesOf(
  { options, code, map, bundled }: Findings,
  held: readonly Held[] | null,
): ModuleReport[] {
  const name = nameIn(options.program);
  const chains = chainsOf(bundled.metafile);
  const sizes = new Map<string, number>();
  const traced = new TraceMap(map);
  for (const { bytes, source } of segmentsOf(code, traced)) {
    const key = keyOf(source === null ? null : traced.sources[source]!);
    sizes.set(key, (sizes.get(key) ?? 0) + bytes);
  }
  const blocks = held === null ? null : blocksOf(held, traced);
  return [...sizes].map(([place, bytes]) => {
    const module = place === GENERATED ? GENERATED : name(place);
    return {
      module,
      bytes,
      ...(blocks === null ? {} : blocks.get(place) ?? { flashBlocks: 0, ramBlocks: 0 }),
      because: (chains.get(place) ?? packageChain(chains, module)).map(name),
    };
  }).sort((a, b) => b.bytes - a.bytes);
}

/** What the modules hold of a board's memory. */
function blocksOf(
  held: readonly Held[],
  map: TraceMap,
): Map<string, Pick<Held, "flashBlocks" | "ramBlocks">> {
  const sums = new Map<string, Pick<Held, "flashBlocks" | "ramBlocks">>();
  for (const { line, column, flashBlocks, ramBlocks } of held) {
    const key = keyOf(originalPositionFor(map, { line, column }).source);
    const sum = sums.get(key) ?? { flashBlocks: 0, ramBlocks: 0 };
    sums.set(key, {
      flashBlocks: sum.flashBlocks + flashBlocks,
      ramBlocks: sum.ramBlocks + ramBlocks,
    });
  }
  return sums;
}

/** What to count a place for: nobody wrote the entry. */
function keyOf(source: string | null): string {
  return source === null || source === ENTRY ? GENERATED : source;
}

/** The way to a package, for sources that only the package's own source maps know. */
function packageChain(chains: ReadonlyMap<string, string[]>, module: string): string[] {
  const [id] = /^npm:@?[^@]+@[^/]+\//.exec(module) ?? [];
  if (id === undefined) return [];
  for (const [place, chain] of chains) if (moduleName(place, ROOT).startsWith(id)) return chain;
  return [];
}

/**
 * For every module the shortest way to it, first through modules whose code is in the artefact, and only then through
 * those that merely pass exports on. The entry, which nobody wrote, is left out.
 */
function chainsOf({ inputs, outputs }: Metafile): Map<string, string[]> {
  const chains = new Map<string, string[]>();
  const kept = new Set(
    Object.values(outputs).flatMap((output) =>
      Object.entries(output.inputs).filter(([, { bytesInOutput }]) => bytesInOutput > 0)
        .map(([path]) => path)
    ),
  );
  const reached: string[] = Object.keys(inputs).filter((path) => path.startsWith("awaitio:"));
  const seen = new Set(reached);
  for (const passes of [(path: string) => kept.has(path), () => true]) {
    for (const path of reached) {
      const url = sourceUrl(path, ROOT);
      const chain = [...chains.get(url) ?? [], ...(path.startsWith("awaitio:") ? [] : [url])];
      for (const { path: next, external } of inputs[path]?.imports ?? []) {
        if (external || seen.has(next) || !passes(next)) continue;
        seen.add(next);
        chains.set(sourceUrl(next, ROOT), chain);
        reached.push(next);
      }
    }
  }
  return chains;
}

function functionsOf(findings: Findings): FunctionReport[] {
  const { options, code, toBundle, functions, bundled } = findings;
  if (functions.length === 0) return [];
  const name = nameIn(options.program);
  const sizes = new Map<CompiledFunction, number>();
  for (const { bytes, source, line, column } of segmentsOf(code, new TraceMap(toBundle))) {
    const owner = source === null ? null : innermost(functions, line + 1, column);
    if (owner !== null) sizes.set(owner, (sizes.get(owner) ?? 0) + bytes);
  }
  const map = new TraceMap(bundled.map);
  return functions.filter((each) => sizes.has(each)).map((each) => {
    const { file, line } = originalPlace(map, each.line, each.column);
    return {
      name: originalName(map, each),
      module: file === null ? GENERATED : name(file),
      line,
      awaits: each.awaits,
      bytes: sizes.get(each)!,
    };
  }).sort((a, b) => b.bytes - a.bytes);
}

/** The name that a function was written with: the bundler may have given it another. */
function originalName(map: TraceMap, { name, line, column }: CompiledFunction): string {
  const segments = decodedMappings(map)[line - 1] ?? [];
  const named = segments.find((it) => it.length === 5 && it[0] >= column && it[0] <= column + 20);
  const original = named?.length === 5 ? map.names[named[4]]! : name;
  return name.startsWith(original) ? original : name;
}

/** The function around a place that begins last. */
function innermost(
  functions: readonly CompiledFunction[],
  line: number,
  column: number,
): CompiledFunction | null {
  let found: CompiledFunction | null = null;
  for (const each of functions) {
    const begun = each.line < line || each.line === line && each.column <= column;
    const ended = each.endLine < line || each.endLine === line && each.endColumn <= column;
    if (!begun || ended) continue;
    const inner = found === null || each.line > found.line ||
      each.line === found.line && each.column > found.column;
    if (inner) found = each;
  }
  return found;
}

/** A stretch of code and where it comes from; line and column from 0. */
interface Segment {
  readonly bytes: number;
  readonly source: number | null;
  readonly line: number;
  readonly column: number;
}

/** Cuts code into stretches; what a map says nothing about belongs to what is before it. */
function* segmentsOf(code: string, map: TraceMap): Generator<Segment> {
  const lines = code.split("\n");
  let before: Omit<Segment, "bytes"> = { source: null, line: 0, column: 0 };
  for (const [i, segments] of decodedMappings(map).entries()) {
    const text = lines[i] ?? "";
    let from = 0;
    for (const segment of segments) {
      const bytes = byteLength(text.slice(from, segment[0]));
      if (bytes > 0) yield { ...before, bytes };
      from = segment[0];
      before = segment.length === 1
        ? { source: null, line: 0, column: 0 }
        : { source: segment[1], line: segment[2], column: segment[3] };
    }
    const newline = i < lines.length - 1 ? 1 : 0;
    const bytes = byteLength(text.slice(from)) + newline;
    if (bytes > 0) yield { ...before, bytes };
  }
}

/** How many bytes a text takes in a file. */
export function byteLength(text: string): number {
  return ENCODER.encode(text).length;
}

function nameIn(program: string): (place: string) => string {
  const folder = dirname(program);
  return (place) => moduleName(place, folder);
}
