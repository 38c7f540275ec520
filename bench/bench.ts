/**
 * `deno task bench`: awaitio, native and compiled, beside plain promises, Effect and Effection, on the same
 * work, in one run, on Deno and where it matters on Node. The figures are for comparing within a run; another
 * machine or hour gives others.
 *
 * @module
 */

import { stopBundler } from "../compiler/bundle.ts";
import { findEngines } from "./builds.ts";
import { type Case, cases, goals } from "./cases.ts";
import { type CaseResult, measure } from "./measure.ts";
import { legend, paint, table } from "./report.ts";
import { type Subject, subjects } from "./subject.ts";
import { judge, verdictLine, verdictObject } from "./verdicts.ts";

const usage = `deno task bench [--json] [--case NAME] [--subject NAME] [--rounds N]

  --json          print {"case","subject","nsPerOp","bytesPerOp"}, one object a line, then the goals
  --case NAME     measure this case only: ${cases.map((each) => each.name).join(", ")}
  --subject NAME  measure this subject only: ${subjectNames().join(", ")}
  --rounds N      take N samples of each and keep the smallest (20)
  --sizes         print how large compiled code is instead

--case and --subject may be given several times.`;

/** How a run of the benchmark can be arranged besides its flags. */
export interface Settings {
  /** How long one sample should last, in ms. */
  readonly sampleTime?: number;
  /** Where lines of output go instead of standard output. */
  readonly print?: (line: string) => void;
  /** Where messages about wrong flags and failures go instead of standard error. */
  readonly complain?: (line: string) => void;
}

/**
 * Measures and prints.
 *
 * @param args the command line after `bench`
 * @returns the exit code: 0 when all was measured (whether or not goals are met), 1 when a subject
 *     failed, 2 for a wrong command line
 */
export async function bench(args: string[], settings: Settings = {}): Promise<number> {
  const { sampleTime = 20, print = console.log, complain = console.error } = settings;
  let options: Options;
  try {
    options = parse(args);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    complain(error.message);
    return 2;
  }
  if (options.help) {
    print(usage);
    return 0;
  }

  if (options.sizes) {
    const { functionSizes, kernelSize, sizeLines } = await import("./sizes.ts");
    for (const line of sizeLines(await functionSizes(), await kernelSize())) print(line);
    await stopBundler();
    return 0;
  }

  const engines = await findEngines();
  const subjects = options.subjects.filter(({ engine }) => engines.has(engine));
  if (subjects.length < options.subjects.length) {
    complain("Cannot find node on the PATH: what runs on it is left out");
  }
  const colours = paint(Deno.stdout.isTerminal() && !Deno.env.get("NO_COLOR"));
  const results: CaseResult[] = [];
  try {
    const plan = { ...options, subjects, sampleTime, onProgress: showProgress };
    for await (const result of measure(plan)) {
      showProgress("");
      results.push(result);
      const lines = options.json
        ? result.figures.map((figure) => JSON.stringify(figure))
        : table(result, colours);
      for (const line of lines) print(line);
    }
  } catch (error) {
    showProgress("");
    complain(error instanceof Error ? error.message : String(error));
    return 1;
  }
  const verdicts = judge(results, goals);
  if (options.json) { for (const each of verdicts) print(JSON.stringify(verdictObject(each))); }
  else {
    const used = new Set(subjects.map(({ engine }) => engines.get(engine)!));
    for (const line of legend([...used])) print(line);
    for (const each of verdicts) print(verdictLine(each, colours));
  }
  return 0;
}

interface Options {
  readonly json: boolean;
  readonly help: boolean;
  readonly sizes: boolean;
  readonly cases: readonly Case[];
  readonly subjects: readonly Subject[];
  readonly rounds: number;
}

/** A command line that cannot be meant; its message says what can. */
class UsageError extends Error {}

function parse(args: readonly string[]): Options {
  let json = false;
  let help = false;
  let sizes = false;
  let rounds = 20;
  const chosenCases: string[] = [];
  const chosenSubjects: string[] = [];
  const words = args.flatMap((arg) => /^--\w+=/.test(arg) ? splitOnce(arg, "=") : [arg]);
  for (let i = 0; i < words.length; i++) {
    const flag = words[i]!;
    const value = () => {
      const next = words[++i];
      if (next === undefined) {
        throw new UsageError(`Missing value after ${flag}; ${valuesOf(flag)}`);
      }
      return next;
    };
    if (flag === "--json") json = true;
    else if (flag === "--help" || flag === "-h") help = true;
    else if (flag === "--sizes") sizes = true;
    else if (flag === "--case") chosenCases.push(choose(flag, value(), cases.map((c) => c.name)));
    else if (flag === "--subject") chosenSubjects.push(choose(flag, value(), subjectNames()));
    else if (flag === "--rounds") rounds = parseRounds(value());
    else {
      throw new UsageError(
        `Unknown argument "${flag}"; bench takes --json, --case NAME, --subject NAME, --rounds N, ` +
          `--sizes ("bench --help" explains them)`,
      );
    }
  }
  const among = (chosen: string[], name: string) => chosen.length === 0 || chosen.includes(name);
  return {
    json,
    help,
    sizes,
    rounds,
    cases: cases.filter(({ name }) => among(chosenCases, name)),
    subjects: subjects.filter(({ name }) => among(chosenSubjects, name)),
  };
}

function parseRounds(text: string): number {
  const rounds = Number(text);
  if (Number.isInteger(rounds) && rounds >= 1) return rounds;
  throw new UsageError(`Cannot take --rounds "${text}"; ${valuesOf("--rounds")}`);
}

/** The one of `names` that `text` means; case and `-` for a space do not matter. */
function choose(flag: string, text: string, names: readonly string[]): string {
  const meant = text.toLowerCase().replaceAll("-", " ");
  const name = names.find((name) => name.toLowerCase() === meant);
  if (name === undefined) throw new UsageError(`Unknown ${flag} "${text}"; ${valuesOf(flag)}`);
  return name;
}

function valuesOf(flag: string): string {
  if (flag === "--rounds") return "give a whole number of at least 1, such as --rounds 20";
  const names = flag === "--case" ? cases.map(({ name }) => name) : subjectNames();
  return `give one of: ${names.map((name) => name.toLowerCase().replaceAll(" ", "-")).join(", ")}`;
}

function subjectNames(): string[] {
  return subjects.map(({ name }) => name);
}

function splitOnce(text: string, separator: string): string[] {
  const at = text.indexOf(separator);
  return [text.slice(0, at), text.slice(at + separator.length)];
}

/** Redraws the line that says what is going on; only where somebody watches. */
function showProgress(text: string): void {
  if (Deno.stderr.isTerminal()) {
    Deno.stderr.writeSync(new TextEncoder().encode(`\r\x1b[K${text}`));
  }
}

if (import.meta.main) Deno.exit(await bench(Deno.args));
