import { join } from "node:path";
import config from "../deno.json" with { type: "json" };
import { ROOT } from "./paths.ts";

const mapped: { readonly [name: string]: string } = config.imports;

/** The configuration that counts for programs without one. */
export const OWN_CONFIG: string = join(ROOT, "deno.json");

/** The names by which programs import this package. */
export const publicNames: readonly string[] = Object.keys(mapped)
  .filter((name) => mapped[name]!.startsWith("./"));

/** The file of a name of this package; `undefined` for other names. */
export function ownFile(name: string): string | undefined {
  return publicNames.includes(name) ? join(ROOT, mapped[name]!) : undefined;
}

/**
 * What a bare name means by this package's own configuration. Any module of Deno's standard library has one, whether
 * or not it is listed: npm has that library as a package.
 */
export function ownMeaning(name: string): string | undefined {
  if (mapped[name] !== undefined) return mapped[name];
  const [, library = "", path = "mod"] = /^@std\/([^/@]+)(?:\/([^@]+))?$/.exec(name) ?? [];
  if (library === "") return undefined;
  const snake = (words: string) => words.replaceAll("-", "_");
  return `${STANDARD}/${snake(library)}/${snake(path)}.js`;
}

/** The package of the standard library, with the version that this package uses. */
const STANDARD = /^npm:[^/]+/.exec(mapped["@std/assert"]!)![0];
