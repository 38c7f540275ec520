/**
 * The coroutine pass: turns the async functions of a module into state machines that the loop drives.
 *
 * @module
 */

import { originalPositionFor, TraceMap } from "@jridgewell/trace-mapping";
import { children, id, isFunction, type Node } from "../ast.ts";
import { parseModule, printProgram } from "../syntax.ts";
import { Bindings } from "./bindings.ts";
import { compileFunction, type Module, type Shape } from "./functions.ts";

export type { Shape };

/** What the code that the pass makes needs of the driver, `runtime/compiled.ts`. */
export const driverNames = [
  "UNSET",
  "apply",
  "bind",
  "constants",
  "initialized",
  "Delegate",
  "ForAwait",
  "ForIn",
  "ForOf",
  "all",
  "allSettled",
  "any",
  "place",
  "generate",
  "propertyKey",
  "race",
  "reject",
  "requireObject",
  "restOf",
  "start",
  "start3",
  "start8",
] as const;

/** How the exports of the driver are marked in a bundle. */
export const DRIVER_PREFIX = "$awaitio_";

/** How to compile. */
export interface PassOptions {
  /**
   * The module that has the driver's functions: an import of it is added. Without it the source is a bundle that
   * exports them under the names of {@linkcode driverNames}, prefixed with `$awaitio_`; these exports are taken out.
   */
  readonly driver?: string;
  /** The file's name, for messages. */
  readonly file?: string;
  /** Where variables live: `"slots"` unless given. */
  readonly shape?: Shape;
  /** Whether awaits carry their places for stack traces. */
  readonly debug?: boolean;
  /** The source map of `source`, where `debug` has to know original places. */
  readonly sourceMap?: string;
}

/** An async function that was compiled. */
export interface CompiledFunction {
  /** Its name, or `""`. */
  readonly name: string;
  /** Where it was in the source: line from 1, column from 0. */
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
  /** How many awaits and yields it has. */
  readonly awaits: number;
}

/** What the pass gives. */
export interface PassResult {
  readonly code: string;
  /** A version 3 source map from `code` to `source`, as JSON. */
  readonly map: string;
  readonly functions: readonly CompiledFunction[];
}

/** Async code that cannot be compiled. */
export class CannotCompile extends Error {
  /** @param line From 1. @param column From 0. */
  constructor(message: string, readonly line: number, readonly column: number) {
    super(message);
  }
}

/** Compiles the async functions of a module. */
export function compileCoroutines(source: string, options: PassOptions = {}): PassResult {
  const { file = "module.js" } = options;
  const program = parseModule(source);
  const found: Found[] = [];
  collect(program, null, found);
  const bindings = new Bindings(program);
  const used = new Set<string>();
  const names = options.driver === undefined ? takeDriver(program) : null;
  const module: Module = {
    bindings,
    shape: options.shape ?? "slots",
    steps: [],
    driver(name) {
      used.add(name);
      return id(names?.get(name) ?? `${DRIVER_PREFIX}${name}`);
    },
    placeOf: options.debug ? placesIn(options.sourceMap, file) : null,
    refuse(message, node) {
      const { line = 1, column = 0 } = node.loc?.start ?? {};
      throw new CannotCompile(message, line, column);
    },
  };
  replaceCombinators(program, module);
  const functions: CompiledFunction[] = [];
  for (const { fn, named } of found) {
    const { start, end } = fn.loc!;
    functions.push({
      name: named?.name ?? "",
      line: start.line,
      column: start.column,
      endLine: end.line,
      endColumn: end.column,
      awaits: compileFunction(module, fn, named),
    });
  }
  program.body.push(...module.steps);
  if (options.driver !== undefined && used.size > 0) {
    program.body.unshift(importOf(options.driver, [...used]));
  }
  return { ...printProgram(program, source, file), functions };
}

/** An async function, and the identifier that it has its name from. */
interface Found {
  readonly fn: Node;
  readonly named: Node | null;
}

/** Finds the async functions, the inner ones before those around them. */
function collect(node: Node, named: Node | null, found: Found[]): void {
  for (const child of children(node)) {
    const key = node.key ?? node.id ?? node.left;
    const isValue = child === node.value || child === node.init || child === node.right;
    collect(child, isValue && key?.name !== undefined ? key : null, found);
  }
  if (isFunction(node) && node.async) found.push({ fn: node, named: node.id ?? named });
}

/** Tells where in the sources a node of a function was written, as a line of a stack does. */
function placesIn(
  map: string | undefined,
  file: string,
): (node: Node, named: Node | null) => string | null {
  const traced = map === undefined ? null : new TraceMap(map);
  return ({ loc }, named) => {
    if (loc === null || loc === undefined) return null;
    const place = traced === null
      ? { source: file, name: null, ...loc.start }
      : originalPositionFor(traced, loc.start);
    if (place.source === null) return null;
    // The bundler may have given it another name.
    const original = traced === null || !named?.loc
      ? null
      : originalPositionFor(traced, named.loc.start).name;
    const name = original ?? named?.name ?? "anonymous";
    return `${name} (${place.source}:${place.line}:${place.column + 1})`;
  };
}

const COMBINATORS: ReadonlySet<string> = new Set(["all", "allSettled", "any", "race"]);

/** Puts the driver's `all` in the place of `Promise.all`, and so on. */
function replaceCombinators(node: Node, { bindings, driver }: Module): void {
  for (const child of children(node)) replaceCombinators(child, { bindings, driver } as Module);
  if (node.type !== "CallExpression" || node.callee.type !== "MemberExpression") return;
  const { object, property, computed } = node.callee;
  if (computed || object.type !== "Identifier" || object.name !== "Promise") return;
  if (bindings.of(object) === undefined && COMBINATORS.has(property.name)) {
    node.callee = driver(property.name);
  }
}

/** Takes the driver's exports out of a bundle and gives their names in it. */
function takeDriver(program: Node): Map<string, string> {
  const names = new Map<string, string>();
  for (const node of program.body as Node[]) {
    if (node.type !== "ExportNamedDeclaration" || node.declaration !== null) continue;
    node.specifiers = node.specifiers.filter(({ exported, local }: Node) => {
      const name: string = exported.name ?? exported.value;
      if (!name.startsWith(DRIVER_PREFIX)) return true;
      names.set(name.slice(DRIVER_PREFIX.length), local.name);
      return false;
    });
  }
  program.body = program.body.filter((node: Node) =>
    node.type !== "ExportNamedDeclaration" || node.declaration !== null ||
    node.specifiers.length > 0 || node.source !== null
  );
  return names;
}

function importOf(module: string, names: readonly string[]): Node {
  return {
    type: "ImportDeclaration",
    specifiers: names.map((name) => ({
      type: "ImportSpecifier",
      imported: id(name),
      local: id(`${DRIVER_PREFIX}${name}`),
    })),
    source: { type: "Literal", value: module, raw: JSON.stringify(module) },
    attributes: [],
  };
}
