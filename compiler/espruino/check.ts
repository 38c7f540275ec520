/**
 * The dialect checker: refuses an artefact that the interpreter would misread, and says what and where.
 *
 * @module
 */

import { TraceMap } from "@jridgewell/trace-mapping";
import { children, type Node } from "../ast.ts";
import { CompileError, type Diagnostic } from "../diagnostic.ts";
import { originalPlace } from "../source_map.ts";
import { CannotParse, parseScript } from "../syntax.ts";
import { faultsOf } from "./dialect.ts";
import { known, REFUSED } from "./fill_texts.ts";
import { Scopes } from "./scopes.ts";
import { type Level } from "./tree.ts";

/** How to check. */
export interface CheckOptions {
  /** `"standard"` unless given. */
  readonly level?: Level;
  /** Leads from the artefact to its sources. */
  readonly map?: string;
}

/** What is wrong with an artefact, in the order of its text. */
export function checkDialect(code: string, options: CheckOptions = {}): Diagnostic[] {
  const { level = "standard" } = options;
  const map = options.map === undefined ? null : new TraceMap(options.map);
  const lines = code.split("\n");
  const found: Diagnostic[] = [];
  const note = (message: string, node: Node): void => {
    const { line, column } = node.loc!.start;
    const place = map === null
      ? { file: null, line, column, lineText: lines[line - 1] ?? "" }
      : originalPlace(map, line, column);
    found.push({
      message,
      file: place.file,
      line: place.line,
      column: place.column + 1,
      lineText: place.lineText,
      length: 1,
    });
  };
  let program: Node;
  try {
    program = parseScript(code);
  } catch (error) {
    if (!(error instanceof CannotParse)) throw error;
    const { message, line, column } = error;
    const place = { line, column };
    note(`Cannot run on Espruino: ${message}`, { type: "", loc: { start: place, end: place } });
    return found;
  }
  const visit = (node: Node, above: readonly Node[]): void => {
    for (const { what, does, node: at } of faultsOf(node, { above, code, level })) {
      note(
        `Cannot run ${what} on Espruino: its interpreter ${
          does === "does not parse" ? "cannot parse it" : does
        }`,
        at,
      );
    }
    for (const child of children(node)) visit(child, [...above, node]);
  };
  visit(program, []);
  for (const [message, node] of orderFaults(program)) note(message, node);
  for (const [message, node] of missingGlobals(program, level)) note(message, node);
  return found;
}

/**
 * Refuses an artefact that the interpreter would misread.
 *
 * @throws {CompileError} With every place.
 */
export function requireDialect(code: string, options: CheckOptions = {}): void {
  const found = checkDialect(code, options);
  if (found.length > 0) throw new CompileError(found);
}

type Found = readonly [message: string, node: Node];

/** Functions and classes that are used above where they are declared. */
function orderFaults(program: Node): Found[] {
  const found: Found[] = [];
  const scopes = new Scopes(program);
  for (const scope of scopes.all) {
    for (const variable of scope.variables) {
      const declared = variable.defs.find(({ type, node }) =>
        (type === "FunctionName" && node.type === "FunctionDeclaration") || type === "ClassName"
      );
      if (declared === undefined || scope.type === "class") continue;
      for (const { identifier, from } of variable.references) {
        const above = identifier.start! < declared.node.start!;
        if (!above || from.variableScope !== variable.scope.variableScope) continue;
        found.push([
          `Cannot run a use of ${variable.name} above its declaration on Espruino: its interpreter ` +
          "defines functions and classes in the order of the text",
          identifier,
        ]);
      }
    }
  }
  return found;
}

/** Globals that the interpreter does not have. */
function missingGlobals(program: Node, level: Level): Found[] {
  const found: Found[] = [];
  const { through } = new Scopes(program).root;
  const tested = new Set<Node>();
  const mark = (node: Node): void => {
    if (node.type === "UnaryExpression" && node.operator === "typeof") tested.add(node.argument);
    children(node).forEach(mark);
  };
  mark(program);
  const absent = new Set([...MISSING, ...(level === "small" ? ["Promise", "RegExp"] : [])]);
  for (const { identifier } of through) {
    if (tested.has(identifier) || !absent.has(identifier.name)) continue;
    const cure = known(REFUSED, identifier.name);
    found.push([
      `Cannot run ${identifier.name} on Espruino, which has none` +
      (cure === undefined ? "" : `: ${cure}`),
      identifier,
    ]);
  }
  return found;
}

/** Globals of the language that the interpreter lacks. */
export const MISSING: readonly string[] = [
  ...Object.keys(REFUSED).filter((name) => !name.includes(".")),
  ...("Symbol Map Set WeakMap WeakSet Reflect RangeError EvalError URIError AggregateError " +
    "queueMicrotask setImmediate performance").split(" "),
];
