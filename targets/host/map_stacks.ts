import { readFileSync } from "node:fs";
import module from "node:module";
import process from "node:process";
import { fileURLToPath } from "node:url";

/** A place in a stack, as V8 tells it. */
interface CallSite {
  getFileName(): string | null;
  getLineNumber(): number | null;
  getColumnNumber(): number | null;
}

/**
 * Makes stacks name the original files and lines. Deno does so by itself; Node only where it is told before a module
 * is loaded, and so never for the module that it starts with.
 *
 * @param url The module whose map lies beside it as `.map`.
 */
export function mapStacks(url: string): void {
  if ((process as { sourceMapsEnabled?: boolean }).sourceMapsEnabled === true) return;
  const folder = new URL(".", url);
  let map: module.SourceMap | null | undefined;
  const place = (site: CallSite): string => {
    const text = String(site);
    const line = site.getLineNumber();
    const column = site.getColumnNumber();
    if (site.getFileName() !== url || line === null || column === null) return text;
    map ??= readMap(url);
    const found = map?.findEntry(line - 1, column - 1);
    if (found === undefined || !("originalSource" in found)) return text;
    const { originalSource, originalLine, originalColumn } = found;
    const original = new URL(originalSource, folder).href;
    return text.replace(
      `${url}:${line}:${column}`,
      `${original}:${originalLine + 1}:${originalColumn + 1}`,
    );
  };
  const prepare = (error: Error, sites: CallSite[]): string =>
    [String(error), ...sites.map((site) => `    at ${place(site)}`)].join("\n");
  Error.prepareStackTrace = prepare;
}

function readMap(url: string): module.SourceMap | null {
  try {
    return new module.SourceMap(JSON.parse(readFileSync(`${fileURLToPath(url)}.map`, "utf8")));
  } catch {
    return null;
  }
}
