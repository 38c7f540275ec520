import remapping from "@jridgewell/remapping";
import { originalPositionFor, sourceContentFor, TraceMap } from "@jridgewell/trace-mapping";
import { join } from "node:path";
import { toUrl } from "./paths.ts";

/** A version 3 source map. */
export interface SourceMap {
  readonly version: 3;
  readonly sources: readonly string[];
  readonly sourcesContent: readonly (string | null)[];
  readonly names: readonly string[];
  readonly mappings: string;
}

/** A step's output: code, and the map from it to what the step was given. */
export interface Mapped {
  readonly code: string;
  /** As JSON. */
  readonly map: string;
}

/** One map from the last step's output to the first step's input, through maps given from last to first. */
export function composeMaps(maps: readonly string[]): string {
  if (maps.length === 1) return maps[0]!;
  const composed = remapping([...maps], () => null);
  return JSON.stringify(
    {
      version: 3,
      sources: composed.sources,
      sourcesContent: composed.sourcesContent ?? [],
      names: composed.names,
      mappings: composed.mappings,
    },
  );
}

/** The map with the places of its sources changed. */
export function renameSources(map: string, rename: (source: string) => string): string {
  const parsed = JSON.parse(map) as SourceMap;
  return JSON.stringify({ ...parsed, sources: parsed.sources.map(rename) });
}

/** What esbuild calls a source, as a URL: it writes paths relative to `folder`, and namespaces in front of URLs. */
export function sourceUrl(source: string, folder: string): string {
  const [, url = ""] = /^remote:(.*)$/.exec(source) ?? [];
  if (url !== "") return url;
  return /^awaitio:/.test(source) ? source : toUrl(join(folder, source));
}

/** Where something was written. */
export interface Place {
  /** A URL; `null` where nobody wrote it. */
  readonly file: string | null;
  /** From 1. */
  readonly line: number;
  /** From 0. */
  readonly column: number;
  /** The text of that line. */
  readonly lineText: string;
}

/** Where the code at a place was written: line from 1, column from 0. */
export function originalPlace(map: string | TraceMap, line: number, column: number): Place {
  const traced = map instanceof TraceMap ? map : new TraceMap(map);
  const found = originalPositionFor(traced, { line, column });
  if (found.source === null) return { file: null, line, column, lineText: "" };
  const lines = sourceContentFor(traced, found.source)?.split("\n") ?? [];
  return {
    file: found.source,
    line: found.line,
    column: found.column,
    lineText: lines[found.line - 1] ?? "",
  };
}

/** Code that carries its map with it. */
export function withInlineMap(code: string, map: string): string {
  const bytes = new TextEncoder().encode(map);
  let text = "";
  for (let i = 0; i < bytes.length; i += 0x8000) {
    text += String.fromCharCode(...bytes.subarray(i, i + 0x8000));
  }
  return `${code}\n//# sourceMappingURL=data:application/json;base64,${btoa(text)}\n`;
}
