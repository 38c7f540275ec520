import { isInside, isUrl, ROOT, shortPath, toPath } from "./paths.ts";

/**
 * A module's short name for reports.
 *
 * @param place A path or URL.
 * @param folder The program's folder.
 */
export function moduleName(place: string, folder: string): string {
  const path = toPath(place);
  if (isUrl(path)) return path;
  const unix = path.replaceAll("\\", "/");
  const [, name = "", version = "", below = ""] = PACKAGE.exec(unix) ?? [];
  if (name !== "") return `npm:${name}@${version}/${below}`;
  const [, module = ""] = /\/node_modules\/((?!.*\/node_modules\/).*)$/.exec(unix) ?? [];
  if (module !== "") return `npm:${module}`;
  const own = ["runtime", "targets", "boards", "compiler"].some((room) =>
    isInside(path, `${ROOT}${room}`)
  );
  return own ? `awaitio/${shortPath(path, ROOT)}` : shortPath(path, folder);
}

/** A package in Deno's cache: `npm/<registry>/<name>/<version>/`. */
const PACKAGE = /\/npm\/[^/]+\/((?:@[^/]+\/)?[^/@]+)\/(\d+\.\d+\.\d+[^/]*)\/(.*)$/;
