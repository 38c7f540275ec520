/**
 * What the processes of subjects are started with: modules of this folder as they are, or built where
 * they are to be compiled or where the engine does not read TypeScript.
 *
 * @module
 */

import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { bundleFile, stopBundler } from "../compiler/bundle.ts";
import type { Engine, Subject } from "./subject.ts";

/** Built modules in a temporary folder, which is removed when this is disposed of, or on Ctrl-C. */
export class Builds implements Disposable {
  private readonly folder: string;
  private readonly interrupted = (): never => {
    this.remove();
    Deno.exit(130);
  };

  /** Builds what `subjects` need. */
  static async of(subjects: readonly Subject[]): Promise<Builds> {
    const builds = new Builds();
    try {
      for (const subject of subjects) await builds.add(subject);
      return builds;
    } catch (error) {
      builds[Symbol.dispose]();
      throw error;
    } finally {
      await stopBundler();
    }
  }

  private constructor() {
    for (const signal of SIGNALS) Deno.addSignalListener(signal, this.interrupted);
    this.folder = Deno.makeTempDirSync({ prefix: "awaitio-bench-" });
  }

  /** Starts a subject's process. */
  start(subject: Subject, heap: Heap): Deno.ChildProcess {
    const [command, ...args] = engineCommand(subject.engine, V8_FLAGS[heap]);
    const worker = subject.engine === "Node" ? this.built("worker.ts", false) : source("worker.ts");
    const programs = isBuilt(subject)
      ? this.built(subject.module, subject.compiled)
      : source(subject.module);
    return new Deno.Command(command, {
      args: [...args, fileURLToPath(worker), programs.href],
      stdin: "piped",
      stdout: "piped",
      stderr: "inherit",
    }).spawn();
  }

  [Symbol.dispose](): void {
    for (const signal of SIGNALS) Deno.removeSignalListener(signal, this.interrupted);
    this.remove();
  }

  private async add(subject: Subject): Promise<void> {
    if (subject.engine === "Node") await this.build("worker.ts", false);
    if (isBuilt(subject)) await this.build(subject.module, subject.compiled);
  }

  /** Builds a module unless it is there already. */
  private async build(module: string, compiled: boolean): Promise<void> {
    const file = this.built(module, compiled);
    try {
      await Deno.stat(file);
    } catch {
      const { code } = await bundleFile(fileURLToPath(source(module)), {
        coroutines: compiled ? "compiled" : "native",
        minify: compiled,
      });
      await Deno.writeTextFile(file, code);
    }
  }

  private built(module: string, compiled: boolean): URL {
    const name = module.replace(/\.ts$/, compiled ? ".compiled.mjs" : ".mjs");
    return pathToFileURL(join(this.folder, name));
  }

  private remove(): void {
    Deno.removeSync(this.folder, { recursive: true });
  }
}

/** What ends a run early. */
const SIGNALS: readonly Deno.Signal[] = Deno.build.os === "windows"
  ? ["SIGINT"]
  : ["SIGINT", "SIGTERM"];

/** Whether a process has its usual heap, or one in which nothing is collected for a quarter of a gigabyte. */
export type Heap = "usual" | "roomy";

const V8_FLAGS: Readonly<Record<Heap, readonly string[]>> = {
  usual: ["--expose-gc"],
  roomy: ["--expose-gc", "--min-semi-space-size=256", "--max-semi-space-size=256"],
};

function engineCommand(engine: Engine, flags: readonly string[]): [string, ...string[]] {
  return engine === "Node"
    ? ["node", ...flags]
    : [Deno.execPath(), "run", "--allow-all", `--v8-flags=${flags.join()}`];
}

/** The engines that are there, by name with version. */
export async function findEngines(): Promise<ReadonlyMap<Engine, string>> {
  const found = new Map<Engine, string>([["Deno", `Deno ${Deno.version.deno}`]]);
  try {
    const { stdout } = await new Deno.Command("node", { args: ["--version"] }).output();
    found.set("Node", `Node ${new TextDecoder().decode(stdout).trim().replace(/^v/, "")}`);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  return found;
}

function isBuilt({ engine, compiled }: Subject): boolean {
  return compiled || engine === "Node";
}

function source(module: string): URL {
  return new URL(module, import.meta.url);
}
