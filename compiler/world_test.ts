/** What the compiler's tests have in common. */

import { dirname, join } from "node:path";
import { type BuildOptions, buildProgram, type BuildResult } from "./build_program.ts";
import { type Coroutines, stopBundler } from "./bundle.ts";
import { ROOT } from "./paths.ts";
import { artefactFiles, writeArtefact } from "./artefact.ts";
import { host } from "../targets/host/target.ts";

/** Both ways to run coroutines. */
export const WAYS: readonly Coroutines[] = ["native", "compiled"];

/** A folder with files, far from this repository, that is removed when it goes out of scope. */
export class Folder implements AsyncDisposable {
  private constructor(readonly path: string) {}

  static async with(files: { readonly [name: string]: string }): Promise<Folder> {
    const folder = new Folder(await Deno.realPath(await Deno.makeTempDir()));
    for (const [name, text] of Object.entries(files)) await folder.write(name, text);
    return folder;
  }

  file(name: string): string {
    return join(this.path, name);
  }

  async write(name: string, text: string): Promise<void> {
    await Deno.mkdir(dirname(this.file(name)), { recursive: true });
    await Deno.writeTextFile(this.file(name), text);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Deno.remove(this.path, { recursive: true });
  }
}

/** Builds a program of a folder, for the host unless told otherwise. */
export async function build(
  folder: Folder,
  name: string,
  options: Partial<BuildOptions> = {},
): Promise<BuildResult> {
  const program = folder.file(name);
  return await buildProgram({ program, target: host, coroutines: "native", ...options });
}

/** Writes an artefact into `out` of a folder and gives its path. */
export async function write(folder: Folder, name: string, result: BuildResult): Promise<string> {
  const files = artefactFiles(folder.file(name), folder.file("out"));
  await writeArtefact(files, result);
  return files.code;
}

/** What a process has printed. */
export interface Output {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command. */
export async function execute(
  command: string,
  args: readonly string[],
  options: { readonly cwd?: string; readonly env?: { readonly [name: string]: string } } = {},
): Promise<Output> {
  const output = await new Deno.Command(command, {
    args: [...args],
    cwd: options.cwd ?? ROOT,
    env: { NO_COLOR: "1", ...options.env },
    stdin: "null",
  }).output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code: output.code, stdout: text(output.stdout), stderr: text(output.stderr) };
}

/** The engines that run what is built. */
export const ENGINES: readonly (readonly [command: string, ...args: string[]])[] = [
  [Deno.execPath(), "run", "--quiet"],
  ["node"],
];

/** Runs an artefact on Deno and on Node, and gives what both print; they must not differ. */
export async function runEverywhere(artefact: string): Promise<Output> {
  const [deno, node] = await Promise.all(
    ENGINES.map(([command, ...args]) => execute(command, [...args, artefact])),
  );
  if (JSON.stringify(deno) !== JSON.stringify(node)) {
    throw new Error(`Deno and Node differ: ${Deno.inspect(deno)} ${Deno.inspect(node)}`);
  }
  return deno!;
}

/** The bundler's process outlives a test, and is ended after the last. */
export function endBundlerAtTheEnd(): void {
  Deno.test.afterAll(stopBundler);
}
