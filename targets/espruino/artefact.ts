import { dirname } from "node:path";
import { pathToFileURL } from "node:url";
import { buildProgram } from "../../compiler/build_program.ts";
import type { BuildReport } from "../../compiler/report.ts";
import { TARGETS } from "../build_command.ts";
import { UsageError } from "../command.ts";
import { findProgram } from "../load.ts";
import { bundled } from "../load_compiled.ts";

/** What goes onto a board. */
export interface Artefact {
  /** The code, one character a byte. */
  readonly code: string;
  /** The source map as JSON, and the folder that its sources are relative to, as a URL. */
  readonly map: { readonly json: string; readonly folder: string } | null;
  /** What is in it, where it was built just now. */
  readonly report: BuildReport | null;
}

/** Whether a path is that of an artefact, which needs no board to be built for. */
export function isArtefact(path: string): boolean {
  return path.endsWith(".js");
}

/** Reads an artefact, or builds a program for a board. */
export async function loadArtefact(path: string, board: string): Promise<Artefact> {
  const file = await findProgram(path, "for example flash examples/blink.ts --board puckjs");
  return isArtefact(path) ? await readArtefact(file) : await buildFor(file, board);
}

async function readArtefact(file: string): Promise<Artefact> {
  const json = await Deno.readTextFile(`${file}.map`).catch(() => null);
  return {
    code: bytesOf(await Deno.readTextFile(file)),
    map: json === null ? null : { json, folder: folderOf(file) },
    report: null,
  };
}

async function buildFor(program: string, board: string): Promise<Artefact> {
  const target = TARGETS.find(({ name }) => name === "espruino");
  if (target === undefined) {
    throw new UsageError(
      "Cannot build for Espruino yet: build an artefact by other means and flash that, " +
        "for example flash out/blink.js",
    );
  }
  const { code, map, report } = await bundled(() =>
    buildProgram({ program, target, board, coroutines: "compiled" })
  );
  return { code: bytesOf(code), map: { json: map, folder: folderOf(program) }, report };
}

/** The code as bytes, without the line that names its map: the board has no use for it. */
function bytesOf(code: string): string {
  const bare = code.replace(/\n?\/\/# sourceMappingURL=.*\s*$/, "\n");
  const bytes = new TextEncoder().encode(bare);
  return Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
}

/** The folder of a file, as a URL. */
export function folderOf(file: string): string {
  return `${pathToFileURL(dirname(file)).href}/`;
}
