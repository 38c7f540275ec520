import { fileURLToPath, pathToFileURL } from "node:url";
import { join, relative, sep } from "node:path";

/** The folder of this package. */
export const ROOT: string = toPath(new URL("../", import.meta.url).href);

/** A file of this package as a string literal for an `import` in generated code. */
export function ownModule(path: string): string {
  return JSON.stringify(join(ROOT, path));
}

/** Where a file of this package is. */
export function ownPath(path: string): string {
  return join(ROOT, path);
}

/** A path from a `file:` URL; what is neither stays. */
export function toPath(place: string): string {
  return place.startsWith("file:") ? fileURLToPath(place) : place;
}

/** A `file:` URL from a path; a URL stays. */
export function toUrl(place: string): string {
  return isUrl(place) ? place : pathToFileURL(place).href;
}

/** Whether this is a URL and not a path; a single letter is a drive. */
export function isUrl(place: string): boolean {
  return /^[a-z][a-z0-9+.-]+:/i.test(place);
}

/** A place as the developer would write it: relative to `folder` where it lies in it or near it. */
export function shortPath(place: string, folder: string): string {
  const path = toPath(place);
  if (isUrl(path)) return path;
  const short = relative(folder, path);
  return short === "" || /^\.\.[/\\]\.\.[/\\]\.\./.test(short) ? path : short.replaceAll(sep, "/");
}

/** Whether a path lies in a folder. */
export function isInside(path: string, folder: string): boolean {
  const from = folder.endsWith(sep) ? folder : folder + sep;
  return path.startsWith(from);
}
