/** Runs programs both ways in a thread of its own, which can be ended when one of them does not end. */

import { compileCoroutines } from "../coroutines/mod.ts";
import { setImmediate } from "node:timers";
import { format } from "./format.ts";
import { moduleOf } from "./module.ts";
import { prelude } from "./prelude.ts";

/** What the worker is asked. */
export interface Request {
  readonly texts: readonly string[];
  /** How the second run is made. */
  readonly way: Way;
  /** Two numbers, for whoever watches: which of the programs runs, and how often one has been started. */
  readonly progress: Int32Array;
}

/** `"native"` runs the same text again; a swap breaks what the pass made, to test the fuzzer. */
export type Way = "native" | "compiled" | { readonly swap: readonly [string, string] };

/** The logs of a program; `native` is `null` where the text is no program. */
export interface Outcome {
  readonly native: readonly string[] | null;
  readonly other: readonly string[];
}

type Program = (tools: object) => PromiseLike<unknown>;

const DRIVER = new URL("../../runtime/compiled.ts", import.meta.url).href;

const scope = self as unknown as {
  onmessage: (event: MessageEvent<Request>) => void;
  postMessage(outcomes: readonly Outcome[]): void;
  addEventListener(type: string, listener: (event: Event) => void): void;
};

scope.addEventListener("unhandledrejection", (event) => event.preventDefault());
scope.addEventListener("error", (event) => event.preventDefault());
scope.onmessage = async ({ data }) => scope.postMessage(await runAll(data));

async function runAll({ texts, way, progress }: Request): Promise<Outcome[]> {
  const native = await load(texts, (text) => text);
  const other = await load(
    texts.map((text, i) => typeof native[i] === "string" ? "function main() {}" : text),
    (text) => translate(text, way),
  );
  const outcomes: Outcome[] = [];
  for (let i = 0; i < texts.length; i++) {
    progress[0] = i;
    progress[1]!++;
    const program = native[i]!;
    if (typeof program === "string") {
      outcomes.push({ native: null, other: [program] });
      continue;
    }
    outcomes.push({ native: await run(program), other: await run(other[i]!) });
  }
  return outcomes;
}

function translate(text: string, way: Way): string {
  if (way === "native") return text;
  const { code } = compileCoroutines(text, { driver: DRIVER });
  return way === "compiled" ? code : code.replaceAll(way.swap[0], way.swap[1]);
}

/** Imports programs; for one that cannot be, why not. */
async function load(
  texts: readonly string[],
  translated: (text: string) => string,
): Promise<(Program | string)[]> {
  const broken = texts.map(mistake);
  if (broken.some((message) => message !== null) && texts.length > 1) {
    const loaded = await load(texts.filter((_, i) => broken[i] === null), translated);
    return broken.map((message) => message ?? loaded.shift()!);
  }
  try {
    const url = URL.createObjectURL(
      new Blob([translated(moduleOf(texts))], { type: "text/javascript" }),
    );
    const { programs } = await import(url);
    URL.revokeObjectURL(url);
    return programs;
  } catch (error) {
    if (texts.length === 1) return [`cannot be loaded: ${(error as Error).message}`];
    const alone: (Program | string)[] = [];
    for (const text of texts) alone.push(...await load([text], translated));
    return alone;
  }
}

/** Why a program cannot be parsed, as far as this can be told without importing it. */
function mistake(text: string): string | null {
  try {
    new Function(`"use strict"; return function () { ${text} };`);
    return null;
  } catch (error) {
    return `cannot be loaded: ${(error as Error).message}`;
  }
}

/** Runs a program until nothing of it is left to do; gives its log, how its main function ended last. */
async function run(program: Program | string): Promise<string[]> {
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
