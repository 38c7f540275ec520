import { basename, join } from "node:path";
import { artefactFiles, writeArtefact } from "../../compiler/artefact.ts";
import { stopBundler } from "../../compiler/bundle.ts";
import { type Built, watchProgram } from "../../compiler/watch.ts";
import { type Given, readNumber } from "../command.ts";
import { EXIT } from "../exit.ts";
import { findProgram, readCoroutines } from "../load.ts";
import { refused } from "../load_compiled.ts";
import { edge } from "./target.ts";

const USAGE = "for example run examples/edge_api.ts --target edge";
const PORT = "8000";

/** Serves an edge program here with Deno, and serves it anew whenever one of its files changes. */
export async function runEdge({ args, options }: Given): Promise<number> {
  const program = await findProgram(args[0], USAGE);
  const coroutines = readCoroutines(options);
  const port = readNumber("port", options["port"] ?? PORT, (n) => n >= 0 && n < 65_536);
  const folder = await Deno.makeTempDir({ prefix: "awaitio-edge-" });
  const files = artefactFiles(program, folder);
  // It runs as it is built, but that tasks are called by their functions.
  const target = { ...edge.forPlatform!("deno", coroutines), keepNames: true };
  const ending = new AbortController();
  const end = (): void => ending.abort();
  Deno.addSignalListener("SIGINT", end);
  Deno.addSignalListener("SIGTERM", end);
  let server: Deno.ChildProcess | null = null;
  const stop = async (): Promise<number> => {
    if (server === null) return EXIT.fine;
    try {
      server.kill("SIGTERM");
    } catch {
      // it has ended by itself
    }
    const { code } = await server.status;
    server = null;
    return code;
  };
  const onBuild = async (built: Built, changed: readonly string[]): Promise<void> => {
    const names = [...new Set(changed.map((file) => basename(file)))].join(", ");
    if ("error" in built) return console.error(refused(built.error).message);
    await writeArtefact(files, built.result);
    if (names !== "") console.error(`${names} changed: serving anew`);
    await stop();
    server = serve(folder, files.code, port);
  };
  try {
    await watchProgram({ program, target, coroutines }, { onBuild, signal: ending.signal });
    const code = await stop();
    return code === EXIT.fine ? EXIT.interrupted : code;
  } finally {
    Deno.removeSignalListener("SIGINT", end);
    Deno.removeSignalListener("SIGTERM", end);
    await stop();
    await stopBundler();
    await Deno.remove(folder, { recursive: true });
  }
}

/** The folder has the configuration, and Deno reads that of the folder it is started in. */
function serve(folder: string, file: string, port: number): Deno.ChildProcess {
  return new Deno.Command(Deno.execPath(), {
    args: ["serve", "-A", "--host", "127.0.0.1", "--port", `${port}`, join(folder, basename(file))],
    cwd: folder,
    stdin: "null",
    // Ctrl-C goes to both of us; we pass it on.
    detached: true,
  }).spawn();
}
