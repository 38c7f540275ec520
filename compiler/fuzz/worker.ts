/** Runs programs both ways in a thread of its own, which can be ended when one of them does not end. */

import { setImmediate } from "node:timers";
import * as driver from "../../runtime/compiled.ts";
import { compileCoroutines } from "../coroutines/mod.ts";
import { format } from "./format.ts";
import { textOfSeed } from "./generate.ts";
import { DRIVER, evaluate, type Loaded, moduleOf } from "./module.ts";
import { names, prelude } from "./prelude.ts";

/** What the worker is asked. */
export interface Request {
  /** Texts of programs, or the seeds of such. */
  readonly programs: readonly (string | number)[];
  /** How the second run is made. */
  readonly way: Way;
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

async function runAll({ programs, way, progress }: Request): Promise<Verdict[]> {
  const texts = programs.map((each) => typeof each === "string" ? each : textOfSeed(each));
  const native = load(texts, (script) => script);
  const other = load(
    texts.map((text, i) => typeof native[i] === "string" ? "function main() {}" : text),
    (script) => translate(script, way),
  );
  const verdicts: Verdict[] = [];
  for (let i = 0; i < texts.length; i++) {
    progress[0] = i;
    progress[1]!++;
    const program = native[i]!;
    if (typeof program === "string") {
      verdicts.push({ native: null, other: [program], difference: null });
    } else verdicts.push(judge(await run(program), await run(other[i]!)));
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

/** Loads programs together; for one that cannot be, why not. */
function load(
  texts: readonly string[],
  translated: (script: string) => string,
): (Loaded | string)[] {
  try {
    return [...evaluate(translated(moduleOf(texts, names)), driver)];
  } catch (error) {
    if (texts.length === 1) return [UNLOADED + (error as Error).message];
  }
  const broken = texts.map(mistake);
  const good = texts.filter((_, i) => broken[i] === null);
  const loaded = good.length < texts.length
    ? load(good, translated)
    : texts.flatMap((text) => load([text], translated));
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
async function run(program: Loaded | string): Promise<string[]> {
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
