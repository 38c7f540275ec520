import { basename, dirname, join, relative } from "node:path";
import type { BuildResult } from "./build_program.ts";
import { toPath } from "./paths.ts";
import { renameSources } from "./source_map.ts";

/** The files of an artefact. */
export interface ArtefactFiles {
  readonly code: string;
  readonly map: string;
  readonly report: string;
}

/** Where the artefact of a program goes. */
export function artefactFiles(program: string, folder: string): ArtefactFiles {
  const name = basename(program).replace(/\.[cm]?[jt]sx?$/, "");
  const code = join(folder, `${name}.js`);
  return { code, map: `${code}.map`, report: join(folder, "report.json") };
}

/** Writes an artefact; the map names sources relative to itself, and has their text besides. */
export async function writeArtefact(files: ArtefactFiles, result: BuildResult): Promise<void> {
  const folder = dirname(files.map);
  await Deno.mkdir(folder, { recursive: true });
  const map = renameSources(
    result.map,
    (source) =>
      source.startsWith("file:")
        ? encodeURI(relative(folder, toPath(source)).replaceAll("\\", "/"))
        : source,
  );
  const code = result.code.endsWith("\n") ? result.code : `${result.code}\n`;
  // A board has no use for a comment.
  const comment = result.small
    ? ""
    : `//# sourceMappingURL=${encodeURIComponent(basename(files.map))}\n`;
  await Promise.all([
    Deno.writeTextFile(files.code, code + comment),
    Deno.writeTextFile(files.map, map),
    Deno.writeTextFile(files.report, `${JSON.stringify(result.report, null, 2)}\n`),
    ...Object.entries(result.files(basename(files.code))).map(([name, text]) =>
      Deno.writeTextFile(join(folder, name), text)
    ),
  ]);
}
