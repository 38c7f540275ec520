/**
 * What the commands of the command line share: their description, reading their options, and their
 * mistakes.
 *
 * @module
 */

import { parseArgs } from "@std/cli/parse-args";
import { levenshteinDistance } from "@std/text/levenshtein-distance";
import { resolve } from "node:path";
import { MISSING_MAIN } from "../compiler/missing_main.ts";
import { EXIT } from "./exit.ts";
import { UsageError } from "./usage_error.ts";

export { UsageError };

/** An option of a command. */
export interface Option {
  /** What stands for its value in the help; a switch has none. */
  readonly value?: string;
  readonly help: string;
}

/** What was given to a command. */
export interface Given {
  /** What is not an option. */
  readonly args: readonly string[];
  /** Values of the options that were given; `"true"` for switches. */
  readonly options: { readonly [name: string]: string };
}

/** A command of the command line. */
export interface Command {
  readonly name: string;
  readonly summary: string;
  /** What it takes besides options, for example `"<program>"`. */
  readonly args: string;
  readonly options: { readonly [name: string]: Option };
  /** Commands to try, with what they do. */
  readonly examples: readonly (readonly [command: string, what: string])[];
  run(given: Given): Promise<number>;
}

/** Reads the arguments of `command`. */
export function readArguments(command: Command, args: readonly string[]): Given {
  const names = Object.keys(command.options);
  const switches = names.filter((name) => command.options[name]!.value === undefined);
  const valued = names.filter((name) => command.options[name]!.value !== undefined);
  const seen: string[] = [];
  const parsed: { readonly [name: string]: unknown; readonly _: readonly unknown[] } = parseArgs(
    [...args],
    {
      boolean: switches,
      string: [...valued, "_"],
      unknown: (arg: string, key: string | undefined) => {
        if (key === undefined) return true;
        seen.push(arg.replace(/=.*/s, ""));
        return false;
      },
    },
  );
  for (const given of seen) {
    const letter = /^-([^-])$/.exec(given)?.[1];
    const meant = names.filter((name) => letter !== undefined && name.startsWith(letter));
    const cure = meant.length === 1
      ? `: did you mean "--${meant[0]}"?`
      : didYouMean(given.replace(/^-+/, ""), names, "--");
    throw new UsageError(
      `Cannot use the option "${given}" of ${command.name}${cure}; ` +
        (names.length === 0 ? "it has none" : `it has ${names.map((n) => `--${n}`).join(", ")}`),
    );
  }
  const options: { [name: string]: string } = {};
  for (const name of valued) {
    const value = parsed[name];
    if (value === undefined) continue;
    const last = Array.isArray(value) ? value.at(-1) : value;
    if (last === "") {
      throw new UsageError(
        `Cannot use "--${name}" without a value: write --${name} ${command.options[name]!.value}`,
      );
    }
    options[name] = String(last);
  }
  for (const name of switches) if (parsed[name] === true) options[name] = "true";
  return { args: parsed._.map(String), options };
}

/** A hint at what was meant, or nothing. */
export function didYouMean(given: string, known: readonly string[], prefix = ""): string {
  const near = known
    .map((name) => ({ name, distance: levenshteinDistance(given, name) }))
    .filter(({ name, distance }) => distance <= Math.max(name.length, given.length) / 2)
    .sort((a, b) => a.distance - b.distance)[0];
  return near === undefined ? "" : `: did you mean "${prefix}${near.name}"?`;
}

const UNITS: { readonly [unit: string]: number } = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/** Milliseconds from `"10s"`, `"1.5m"`, `"250ms"` or `"2h"`; a bare number is milliseconds. */
export function readDuration(name: string, text: string): number {
  const [, number = "", unit = "ms"] = /^(\d+(?:\.\d+)?)(ms|s|m|h)?$/.exec(text) ?? [];
  if (number === "") {
    throw new UsageError(
      `Cannot read "--${name} ${text}" as a duration: write for example 500ms, 10s, 2m or 1h`,
    );
  }
  return Number(number) * UNITS[unit]!;
}

/** A number from an option. */
export function readNumber(name: string, text: string, test: (n: number) => boolean): number {
  const number = Number(text);
  if (text.trim() === "" || Number.isNaN(number) || !test(number)) {
    throw new UsageError(`Cannot use "--${name} ${text}": see --help for what it takes`);
  }
  return number;
}

/** The folder that the command was given in. */
export function callersFolder(): string {
  return Deno.env.get("INIT_CWD") ?? Deno.cwd();
}

/** A path, seen from where the command was given. */
export function fromCaller(path: string): string {
  return resolve(callersFolder(), path);
}

/** The program's function, which its module exports as default. */
export function mainOf(
  module: { readonly [name: string]: unknown },
  path: string | undefined,
): (...args: unknown[]) => unknown {
  const main = module["default"];
  if (typeof main === "function") return main as (...args: unknown[]) => unknown;
  throw new UsageError(
    `Cannot run "${path}": ${MISSING_MAIN}`,
    EXIT.doesNotCompile,
  );
}

/** Whether to write in colour to standard output. */
export function wantsColor(): boolean {
  return Deno.stdout.isTerminal() && !Deno.env.get("NO_COLOR");
}
