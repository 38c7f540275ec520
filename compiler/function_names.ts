import { originalPositionFor, TraceMap } from "@jridgewell/trace-mapping";
import { ROOT, toUrl } from "./paths.ts";

/** Functions and classes at a bundle's top level. */
const DECLARATION =
  /^(?:(?:async )?function\*? |(?:var|let|const|class) )([\p{ID_Start}$_][\p{ID_Continue}$]*)(?: = (?:class|function|async|\())?/gmu;

/**
 * Gives functions the names that they were written with. In one module no two can have the same, so the bundler calls
 * a program's `run` `run2`; but tasks are called by their functions, and errors by their classes.
 *
 * @param map From the bundle to the sources, by URL.
 * @returns Code to put behind the bundle.
 */
export function originalNames(code: string, map: string): string {
  const traced = new TraceMap(map);
  const own = ["runtime", "targets", "boards", "compiler"].map((room) => toUrl(`${ROOT}${room}/`));
  let line = 1;
  let from = 0;
  let statements = "";
  for (const match of code.matchAll(DECLARATION)) {
    const [whole, identifier = ""] = match;
    if (/^(?:var|let|const) /.test(whole) && !whole.includes(" = ")) continue;
    for (let at = code.indexOf("\n", from); at !== -1 && at < match.index;) {
      line++;
      from = at + 1;
      at = code.indexOf("\n", from);
    }
    const column = whole.indexOf(identifier, whole.lastIndexOf(` ${identifier}`));
    const { name, source } = originalPositionFor(traced, { line, column });
    if (name === null || name === identifier || own.some((room) => source?.startsWith(room))) {
      continue;
    }
    const value = JSON.stringify(name);
    statements += `Object.defineProperty(${identifier}, "name", { value: ${value} });\n`;
  }
  return statements;
}
