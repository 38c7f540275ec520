/**
 * The lowering for Espruino: turns a compiled bundle of modern JavaScript into a script that the interpreter parses and
 * runs as it was meant.
 *
 * @module
 */

import * as esbuild from "esbuild";
import { CompileError } from "../diagnostic.ts";
import { composeMaps, type Mapped, originalPlace } from "../source_map.ts";
import { CannotParse, parseModule, printCode, printProgram } from "../syntax.ts";
import type { Fill, LoweredCode, Lowering } from "../target.ts";
import { lowerChains } from "./chains.ts";
import { lowerNewTarget } from "./class_members.ts";
import { lowerClasses } from "./classes.ts";
import { lowerFills } from "./fills.ts";
import { lowerFinally } from "./finally.ts";
import { captureThis, hoistFunctions, openScopes, scopeClasses } from "./functions.ts";
import { compileGenerators, hasGenerators, takeDriver } from "./generators.ts";
import { type Helper, helpersOf } from "./helpers.ts";
import { lowerLabels } from "./labels.ts";
import { iteratesOverMore, lowerIteration, lowerTurns } from "./loops.ts";
import { lowerModule } from "./modules.ts";
import { renameVariables } from "./names.ts";
import { lowerOperators } from "./operators.ts";
import { lowerPatterns } from "./patterns.ts";
import { lowerToSmall, requireSmallLibrary, separateTurns } from "./small.ts";
import { lowerSymbols } from "./symbols.ts";
import { lowerSwitches } from "./switches.ts";
import { addBlocks, declareTemporaries, type Level, Lowered, Refused } from "./tree.ts";

/** How to lower. */
export interface LoweringOptions {
  /** `"standard"` unless given. */
  readonly level?: Level;
}

/** The lowering of a target for Espruino. */
export function espruinoLowering(options: LoweringOptions = {}): Lowering {
  return (code) => lowerForEspruino(code, options);
}

/**
 * Lowers a module.
 *
 * @throws {CompileError} Where something has no counterpart on the interpreter; the place is in `code`.
 */
export async function lowerForEspruino(
  code: string,
  options: LoweringOptions = {},
): Promise<Required<LoweredCode>> {
  const { level = "standard" } = options;
  const maps: string[] = [];
  let text = code;
  const then = ({ code, map }: Mapped): void => {
    text = code;
    maps.unshift(map);
  };
  try {
    then(await spellOut(text));
    let lowered = new Lowered(parseModule(text), level);
    lowerModule(lowered);
    lowerSymbols(lowered);
    lowerFills(lowered);
    if (hasGenerators(lowered.program)) {
      then(compileGenerators(text, lowered));
      const before = lowered;
      lowered = new Lowered(parseModule(text), level);
      for (const name of before.wanted.keys()) lowered.wanted.set(name, before.wanted.get(name)!);
      for (const name of before.fills) lowered.fills.add(name);
      takeDriver(lowered);
      lowered.program.iterates = true;
    } else lowered.program.iterates ||= iteratesOverMore(lowered.program, lowered.scopes());
    const helpers = lowerAll(lowered);
    then(printProgram(lowered.program, text));
    const fills = await Promise.all(helpers.map(sizeOf));
    return { code: text, map: composeMaps(maps), fills };
  } catch (error) {
    if (!(error instanceof Refused || error instanceof CannotParse)) throw error;
    throw refusal(error, maps, code, text);
  }
}

/** What a program cannot have, at its place in what was given to the lowering. */
function refusal(
  { message, line, column }: Refused | CannotParse,
  maps: readonly string[],
  code: string,
  text: string,
): CompileError {
  const place = maps.length === 0
    ? { file: null, line, column, lineText: code.split("\n")[line - 1] ?? "" }
    : originalPlace(composeMaps(maps), line, column);
  return new CompileError([{
    message,
    file: place.file,
    line: place.line,
    column: place.column + 1,
    lineText: place.lineText || (text.split("\n")[line - 1] ?? ""),
    length: 1,
  }]);
}

/** Runs the passes in an order in which none makes what one before it takes out. */
function lowerAll(lowered: Lowered): Helper[] {
  addBlocks(lowered.program);
  renameVariables(lowered);
  lowerNewTarget(lowered);
  lowerClasses(lowered);
  lowerPatterns(lowered);
  lowerChains(lowered);
  lowerOperators(lowered);
  lowerTurns(lowered);
  lowerIteration(lowered);
  lowerLabels(lowered);
  lowerFinally(lowered);
  lowerSwitches(lowered);
  declareTemporaries(lowered.program);
  const small = lowered.level === "small";
  if (small) separateTurns(lowered);
  scopeClasses(lowered);
  hoistFunctions(lowered);
  openScopes(lowered);
  captureThis(lowered);
  const helpers = helpersOf(lowered);
  const added = { type: "Program", body: helpers.flatMap(({ nodes }) => nodes) };
  lowerClasses(lowered, added);
  lowered.program.body.unshift(...added.body);
  if (small) {
    requireSmallLibrary(lowered);
    lowerToSmall(lowered);
  }
  hoistFunctions(lowered);
  return helpers;
}

/** How many bytes a fill takes. */
async function sizeOf({ name, nodes }: Helper): Promise<Fill> {
  const code = printCode({ type: "Program", body: nodes });
  const { code: small } = await esbuild.transform(code, { minify: true, logLevel: "silent" });
  return { name: name.replace(/^\./, "method "), bytes: small.trim().length };
}

/** Drops what nobody uses while it can still be told, and writes text in a way that the interpreter reads. */
async function spellOut(code: string): Promise<Mapped> {
  return await esbuild.transform(code, {
    format: "esm",
    target: "esnext",
    supported: {
      "unicode-escapes": false,
      "using": false,
    },
    treeShaking: true,
    charset: "ascii",
    sourcemap: "external",
    sourcefile: "bundle.js",
    sourcesContent: false,
    logLevel: "silent",
  });
}
