import { basename } from "node:path";
import { artefactFiles, writeArtefact } from "../compiler/artefact.ts";
import { type BuildOptions, buildProgram, type BuildResult } from "../compiler/build_program.ts";
import { type Coroutines, stopBundler } from "../compiler/bundle.ts";
import { codeFrame } from "../compiler/diagnostic.ts";
import { shortPath } from "../compiler/paths.ts";
import { kilobytes, memoryLine, reportTable } from "../compiler/report_table.ts";
import type { Target } from "../compiler/target.ts";
import { type Built, watchProgram } from "../compiler/watch.ts";
import { requireFit } from "./budget.ts";
import { TARGETS } from "./build_command.ts";
import {
  callersFolder,
  didYouMean,
  fromCaller,
  type Given,
  UsageError,
  wantsColor,
} from "./command.ts";
import { chooseBoard } from "./choose_board.ts";
import { EXIT } from "./exit.ts";
import { findProgram, readCoroutines } from "./load.ts";
import { bundled, refused } from "./load_compiled.ts";
import { simulator } from "./simulator/target.ts";

const USAGE = "for example build examples/button.ts --target simulator";

/** Builds what the command line asks for. */
export async function build({ args, options }: Given): Promise<number> {
  const [path] = args;
  const target = choosePlatform(
    chooseTarget(options["target"] ?? simulator.name),
    options["platform"],
    readCoroutines(options),
  );
  const board = boardFor(target, options["board"]);
  const program = await findProgram(path, USAGE);
  const out = options["out"] ?? "out";
  const folder = fromCaller(out);
  await Deno.mkdir(folder, { recursive: true }).catch((error) => refuseFolder(out, error));
  const what: BuildOptions = {
    program,
    target,
    ...(board === null ? {} : { board }),
    coroutines: readCoroutines(options),
    debug: options["debug"] === "true",
    readable: options["readable"] === "true",
  };
  const files = artefactFiles(program, folder);
  const finish = async (result: BuildResult, how: string) => {
    await writeArtefact(files, result).catch((error) => refuseFolder(out, error));
    tell(result, { ...options, how, file: shortPath(files.code, callersFolder()) });
  };
  if (options["watch"] !== undefined) return await watch(what, finish);
  const result = await bundled(() => buildProgram(what));
  // An estimate may be wrong: the artefact is there all the same.
  await finish(result, "");
  requireFit(result.report, "flash");
  return EXIT.fine;
}

async function watch(
  build: BuildOptions,
  finish: (result: BuildResult, how: string) => Promise<void>,
): Promise<number> {
  const ending = new AbortController();
  const onInterrupt = (): void => ending.abort();
  Deno.addSignalListener("SIGINT", onInterrupt);
  const onBuild = async (built: Built, changed: readonly string[]): Promise<void> => {
    const names = [...new Set(changed.map((file) => basename(file)))].join(", ");
    const how = names === "" ? "" : `${names} changed: `;
    if ("result" in built) {
      await finish(built.result, how);
      tellMisfit(built.result);
    } else console.error(how + refused(built.error).message);
    console.log("Watching for changes; Ctrl-C ends it");
  };
  try {
    await watchProgram(build, { onBuild, signal: ending.signal });
    return EXIT.interrupted;
  } finally {
    Deno.removeSignalListener("SIGINT", onInterrupt);
    await stopBundler();
  }
}

/** Says that a program does not fit, and goes on watching. */
function tellMisfit({ report }: BuildResult): void {
  try {
    requireFit(report, "flash");
  } catch (error) {
    console.error((error as UsageError).message);
  }
}

/** Says what was built. */
function tell(
  { report, steps, warnings }: BuildResult,
  { how, file, ...options }: Given["options"] & { readonly how: string; readonly file: string },
): void {
  const folder = callersFolder();
  for (const each of warnings) {
    const shorten = (place: string) => shortPath(place, folder);
    console.error(`${codeFrame(each, { shorten, action: "Note on" })}\n`);
  }
  if (options["json"] === "true") return console.log(JSON.stringify(report, null, 2));
  const { target, board, bytes, gzipBytes } = report;
  const edge = report.edge as { readonly platform: string } | undefined;
  const ms = steps.reduce((sum, step) => sum + step.ms, 0);
  const where = board ?? edge?.platform ?? null;
  const name = where === null ? target : `${target} (${where})`;
  console.log(
    `${how}${file} for ${name}: ${kilobytes(bytes)}, ${kilobytes(gzipBytes)} gzipped, ` +
      `in ${Math.round(ms)} ms`,
  );
  for (const step of steps) {
    const took = `${step.ms.toFixed(0)} ms`.padStart(8);
    console.log(`  ${step.name.padEnd(10)} ${took}  ${kilobytes(step.bytes).padStart(8)}`);
  }
  if (options["report"] === "true") {
    const width = Deno.stdout.isTerminal() ? Deno.consoleSize().columns : 100;
    console.log(`\n${reportTable(report, { color: wantsColor(), width })}`);
  } else if (report.memory !== undefined) console.log(memoryLine(report.memory, wantsColor()));
}

function chooseTarget(name: string): Target {
  const names = TARGETS.map((target) => target.name);
  const target = TARGETS.find((each) => each.name === name);
  if (target !== undefined) return target;
  throw new UsageError(
    `Cannot build for the target "${name}"${didYouMean(name, names)}; there is ${names.join(", ")}`,
  );
}

/** The target for the platform that was asked for. */
export function choosePlatform(
  target: Target,
  platform: string | undefined,
  coroutines: Coroutines,
): Target {
  const { platforms = [], name } = target;
  if (platforms.length === 0) {
    if (platform === undefined) return target;
    throw new UsageError(
      `Cannot use "--platform ${platform}" with the target ${name}: it has none; leave it out, or ` +
        "build for the target edge",
    );
  }
  const chosen = platform ?? platforms[0]!;
  if (platforms.includes(chosen)) return target.forPlatform!(chosen, coroutines);
  throw new UsageError(
    `Cannot build for the platform "${platform}"${didYouMean(chosen, platforms)}; there is ` +
      platforms.join(", "),
  );
}

/** The id of the board to build for; `null` on a target without boards. */
function boardFor(target: Target, id: string | undefined): string | null {
  if (target.boards) return chooseBoard("build for", target.name, id).id;
  if (id === undefined) return null;
  throw new UsageError(
    `Cannot use "--board ${id}" with the target ${target.name}: it has no pins; leave it out, ` +
      `or build for the ${simulator.name}`,
  );
}

function refuseFolder(out: string, error: unknown): never {
  const why = error instanceof Error ? error.message : String(error);
  throw new UsageError(`Cannot write to "--out ${out}": ${why}; name another folder`);
}
