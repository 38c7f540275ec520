import { pathToFileURL } from "node:url";
import type { Coroutines } from "../compiler/bundle.ts";
import { fromCaller, type Given, type Option, UsageError } from "./command.ts";
import { describeError } from "./describe_error.ts";
import { EXIT } from "./exit.ts";

/** What a module exports. */
export interface Module {
  readonly [name: string]: unknown;
}

/** How coroutines run where the caller does not say. */
const DEFAULT_COROUTINES = "compiled" as Coroutines;

const COMPILED_HELP = "turn async functions into state machines of our own";
const NATIVE_HELP = "run async functions as the engine does";
const UNLESS = " (unless given)";

/** The options of commands that can do both. */
export const coroutineOptions: { readonly compiled: Option; readonly native: Option } = {
  compiled: { help: COMPILED_HELP + (DEFAULT_COROUTINES === "native" ? "" : UNLESS) },
  native: { help: NATIVE_HELP + (DEFAULT_COROUTINES === "native" ? UNLESS : "") },
};

/** What the caller said of coroutines. */
export function readCoroutines({ compiled, native }: Given["options"]): Coroutines {
  if (compiled !== undefined && native !== undefined) {
    throw new UsageError("Cannot use --compiled and --native together: choose one");
  }
  if (compiled !== undefined) return "compiled";
  return native !== undefined ? "native" : DEFAULT_COROUTINES;
}

/** The path of a program that is there. */
export async function findProgram(path: string | undefined, usage: string): Promise<string> {
  if (path === undefined) throw new UsageError(`Cannot run nothing: name a program, ${usage}`);
  const file = fromCaller(path);
  const found = await Deno.stat(file).then((info) => info.isFile, () => false);
  if (!found) {
    throw new UsageError(`Cannot find the program "${path}": no such file; ${usage}`);
  }
  return file;
}

/** Loads a program's module as it is. */
export async function loadProgram(path: string | undefined, usage: string): Promise<Module> {
  const program = await findProgram(path, usage);
  try {
    return await import(pathToFileURL(program).href);
  } catch (error) {
    const compile = error instanceof SyntaxError || error instanceof TypeError &&
        /SyntaxError|module|import|parse/i.test(error.message);
    if (!compile) throw new UsageError(describeError(error), EXIT.failed);
    // The bundler knows better where the mistake is; it takes a while to load.
    const { findMistake } = await import("./load_compiled.ts");
    await findMistake(program);
    const message = error.message.replace(/^SyntaxError: /, "");
    throw new UsageError(`Cannot compile "${path}": ${message}`, EXIT.doesNotCompile);
  }
}
