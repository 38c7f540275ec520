import { basename } from "node:path";
import { artefactFiles, writeArtefact } from "../../compiler/artefact.ts";
import { buildProgram } from "../../compiler/build_program.ts";
import { kilobytes } from "../../compiler/report_table.ts";
import { choosePlatform } from "../build.ts";
import { fromCaller, type Given, UsageError } from "../command.ts";
import { EXIT } from "../exit.ts";
import { findProgram, readCoroutines } from "../load.ts";
import { bundled } from "../load_compiled.ts";
import { edge } from "./target.ts";

const USAGE = "for example deploy examples/edge_api.ts --platform deno";

/** A platform's own tool, and how to ask it. */
interface Tool {
  readonly name: string;
  readonly command: readonly string[];
  /** Shows that it is there. */
  readonly version: readonly string[];
  /** Ends with 0 where somebody is logged in; `null` where the tool itself asks, in a terminal. */
  readonly login: readonly string[] | null;
  /** How to get it, and how to log in. */
  readonly cure: { readonly tool: string; readonly login: string };
  /** What of the folder is uploaded, besides the artefact. */
  readonly files: readonly string[];
  /** A variable that stands for a login. */
  readonly token: string;
}

const TOOLS: { readonly [platform: string]: Tool } = {
  deno: {
    name: "deno deploy",
    command: ["deno", "deploy"],
    version: ["deno", "deploy", "--help"],
    login: null,
    cure: {
      tool: "`deno deploy --help` fails, see what it says",
      login: "deploy from a terminal, where it asks, or set DENO_DEPLOY_TOKEN",
    },
    files: ["deno.json"],
    token: "DENO_DEPLOY_TOKEN",
  },
  workers: {
    name: "wrangler",
    command: ["npx", "--yes", "wrangler@4", "deploy"],
    version: ["npx", "--yes", "wrangler@4", "--version"],
    login: ["npx", "--yes", "wrangler@4", "whoami"],
    cure: {
      tool: "`npx wrangler@4 --version` fails; it needs Node from https://nodejs.org",
      login: "run `npx wrangler@4 login`, or set CLOUDFLARE_API_TOKEN",
    },
    files: ["wrangler.json"],
    token: "CLOUDFLARE_API_TOKEN",
  },
};

/** Builds an edge program, shows what will be uploaded, and hands over to the platform's own tool. */
export async function deploy({ args, options }: Given): Promise<number> {
  const coroutines = readCoroutines(options);
  const platform = options["platform"] ?? edge.platforms![0]!;
  const target = choosePlatform(edge, platform, coroutines);
  const program = await findProgram(args[0], USAGE);
  const tool = TOOLS[platform]!;
  const folder = fromCaller(options["out"] ?? "out");
  const files = artefactFiles(program, folder);
  const result = await bundled(() => buildProgram({ program, target, coroutines }));
  await writeArtefact(files, result);
  const command = commandOf(tool, options);
  console.log(`To ${platform}, from ${folder}:`);
  for (const name of [basename(files.code), ...tool.files]) {
    const { size } = await Deno.stat(`${folder}/${name}`);
    console.log(`  ${name.padEnd(24)} ${kilobytes(size).padStart(8)}`);
  }
  console.log(`$ ${command.join(" ")}`);
  if (options["dry-run"] === "true") return EXIT.fine;
  await requireTool(tool, folder);
  return (await run(command, folder, "inherit")).code;
}

function commandOf({ command }: Tool, { app, org, prod }: Given["options"]): readonly string[] {
  return [
    ...command,
    ...(app === undefined ? [] : command[0] === "deno" ? ["--app", app] : ["--name", app]),
    ...(org === undefined ? [] : ["--org", org]),
    ...(prod === "true" ? ["--prod"] : []),
  ];
}

/** Refuses where the tool or the login is missing, before anything is sent. */
async function requireTool({ name, version, login, cure, token }: Tool, folder: string) {
  if ((await run(version, folder, "null")).code !== 0) {
    throw new UsageError(`Cannot deploy with ${name}: it is not there; ${cure.tool}`, EXIT.failed);
  }
  if (Deno.env.get(token)) return;
  const known = login === null
    ? Deno.stdin.isTerminal()
    : (await run(login, folder, "null")).code === 0;
  if (!known) {
    throw new UsageError(
      `Cannot deploy with ${name}: nobody is logged in; ${cure.login}`,
      EXIT.failed,
    );
  }
}

async function run(
  [name, ...args]: readonly string[],
  cwd: string,
  how: "inherit" | "null",
): Promise<{ readonly code: number }> {
  const command = new Deno.Command(name === "deno" ? Deno.execPath() : name!, {
    args,
    cwd,
    stdin: how,
    stdout: how,
    stderr: how,
  });
  try {
    return await command.spawn().status;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return { code: EXIT.noDevice };
    throw error;
  }
}
