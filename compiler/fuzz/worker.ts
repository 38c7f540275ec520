/** Runs programs both ways in a thread of its own, which can be ended when one of them does not end. */

import { setImmediate } from "node:timers";
import * as driver from "../../runtime/compiled.ts";
import { engine } from "../../targets/host/engine.ts";
import * as api from "../../targets/host/mod.ts";
import { virtual } from "../../targets/simulator/virtual.ts";
import { compileCoroutines } from "../coroutines/mod.ts";
import { format } from "./format.ts";
import { type Subject, textOfSeed } from "./generate.ts";
import { DRIVER, evaluate, type Loaded, moduleOf } from "./module.ts";
import { names, prelude } from "./prelude.ts";
import type { Runtime } from "./runtime_bundle.ts";
import { taskNames, taskPrelude } from "./task_prelude.ts";

/** What the worker is asked. */
export interface Request {
  /** Texts of programs, or the seeds of such. */
  readonly programs: readonly (string | number)[];
  readonly subject: Subject;
  /** How the second run is made. */
  readonly way: Way;
  /** The URL of the compiled runtime, for programs that use it. */
  readonly runtime: string | null;
  /** Two numbers, for whoever watches: which of the programs runs, and how often one has been started. */
  readonly progress: Int32Array;
}

/** `"native"` runs the same text again; a swap breaks what the pass made, to test the fuzzer. */
export type Way = "native" | "compiled" | { readonly swap: readonly [string, string] };

/** What was found out about a program; its logs are kept where they differ. */
export interface Verdict {
  /** `null` where the text is no program. */
  readonly native: readonly string[] | null;
  readonly other: readonly string[];
  /** What differs; `null` if nothing does. */
  readonly difference: "log" | "does not load" | "never ends" | null;
}

/** The engine's own coroutines; programs about the language alone need no more. */
driver.equip(engine);

const NATIVE: Runtime = { api, virtual, driver };

const scope = self as unknown as {
  onmessage: (event: MessageEvent<Request>) => void;
  postMessage(verdicts: readonly Verdict[]): void;
  addEventListener(type: string, listener: (event: Event) => void): void;
};

// Programs throw a lot, and nobody looks at their stacks.
Error.stackTraceLimit = 0;
scope.addEventListener("unhandledrejection", (event) => event.preventDefault());
scope.addEventListener("error", (event) => event.preventDefault());
scope.onmessage = async ({ data }) => scope.postMessage(await runAll(data));

async function runAll(request: Request): Promise<Verdict[]> {
  const { programs, subject, way, progress } = request;
  const texts = programs.map((each) => typeof each === "string" ? each : textOfSeed(each, subject));
  const compiled: Runtime = request.runtime === null || way === "native"
    ? NATIVE
    : await import(request.runtime);
  const tasks = subject === "runtime";
  const native = load(texts, { tasks, driver, translated: (script) => script });
  const other = load(
    texts.map((text, i) => typeof native[i] === "string" ? "function main() {}" : text),
    { tasks, driver: compiled.driver, translated: (script) => translate(script, way) },
  );
  const run = tasks ? runTasks : runAlone;
  const verdicts: Verdict[] = [];
  for (let i = 0; i < texts.length; i++) {
    progress[0] = i;
    progress[1]!++;
    const program = native[i]!;
    if (typeof program === "string") {
      verdicts.push({ native: null, other: [program], difference: null });
    } else verdicts.push(judge(await run(program, NATIVE), await run(other[i]!, compiled)));
  }
  return verdicts;
}

function judge(native: readonly string[], other: readonly string[]): Verdict {
  if (native.length === other.length && native.every((line, i) => line === other[i])) {
    return { native: [], other: [], difference: null };
  }
  const unloaded = other.length === 1 && other[0]!.startsWith(UNLOADED);
  return { native, other, difference: unloaded ? "does not load" : "log" };
}

function translate(script: string, way: Way): string {
  if (way === "native") return script;
  const { code } = compileCoroutines(DRIVER + script);
  return way === "compiled" ? code : code.replaceAll(way.swap[0], way.swap[1]);
}

const UNLOADED = "cannot be loaded: ";

/** How to load programs. */
interface Loading {
  readonly tasks: boolean;
  readonly driver: object;
  readonly translated: (script: string) => string;
}

/** Loads programs together; for one that cannot be, why not. */
function load(texts: readonly string[], loading: Loading): (Loaded | string)[] {
  const { tasks, driver, translated } = loading;
  try {
    const script = moduleOf(texts, tasks ? taskNames : names, tasks);
    return [...evaluate(translated(script), driver)];
  } catch (error) {
    if (texts.length === 1) return [UNLOADED + (error as Error).message];
  }
  const broken = texts.map(mistake);
  const good = texts.filter((_, i) => broken[i] === null);
  const loaded = good.length < texts.length
    ? load(good, loading)
    : texts.flatMap((text) => load([text], loading));
  return broken.map((message) => message ?? loaded.shift()!);
}

/** Why a program cannot be parsed. */
function mistake(text: string): string | null {
  try {
    new Function(`"use strict"; return function () { ${text} };`);
    return null;
  } catch (error) {
    return UNLOADED + (error as Error).message;
  }
}

/** Runs a program until nothing of it is left to do; gives its log, how its main function ended last. */
async function runAlone(program: Loaded | string): Promise<string[]> {
  if (typeof program === "string") return [program];
  const lines: string[] = [];
  // When it ends is told by promises, and they do not run in step with compiled code.
  let ended = "main never ended";
  const end = (how: string) => (value: unknown): void => {
    ended = `main ${how} ${format(value)}`;
  };
  try {
    program(prelude(lines)).then(end("returned"), end("threw"));
  } catch (error) {
    end("threw at once")(error);
  }
  await idle();
  return [...lines, ended];
}

/** Lets every microtask run. */
function idle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** Runs a program that uses the runtime on a virtual clock. */
async function runTasks(program: Loaded | string, runtime: Runtime): Promise<string[]> {
  if (typeof program === "string") return [program];
  const lines: string[] = [];
  try {
    const value = await runtime.virtual(() => program(taskPrelude(lines, runtime)));
    lines.push(`main returned ${format(value)}`);
  } catch (error) {
    lines.push(`main threw ${format(error)}`);
  }
  return lines;
}
