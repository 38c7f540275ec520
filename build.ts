/**
 * The command line: reads the arguments, picks a command and calls it. `deno task <command>` in this
 * repository.
 *
 * @module
 */

import { boards, findBoard } from "./boards/mod.ts";
import { boardJson, boardPinout, boardTable } from "./boards/show.ts";
import {
  type Command,
  didYouMean,
  type Given,
  readArguments,
  UsageError,
  wantsColor,
} from "./targets/command.ts";
import { EXIT } from "./targets/exit.ts";
import { buildCommand } from "./targets/build_command.ts";
import { deployCommand } from "./targets/edge/deploy_command.ts";
import { flashCommand } from "./targets/flash_command.ts";
import { monitorCommand } from "./targets/espruino/monitor_command.ts";
import { runCommand } from "./targets/run_command.ts";
import { simCommand } from "./targets/simulator/command.ts";

const ROOT = new URL(".", import.meta.url);

const boardsCommand: Command = {
  name: "boards",
  summary: "Show the boards, or one with its pinout",
  args: "[id]",
  options: { json: { help: "print JSON" } },
  examples: [["boards", "all of them"], ["boards puckjs", "one, with its pinout"]],
  run({ args, options }: Given) {
    const [id] = args;
    const color = wantsColor();
    const json = options["json"] === "true";
    if (id === undefined) {
      console.log(
        json ? `[${Object.values(boards).map(boardJson).join(",\n")}]` : boardTable(
          Object.values(boards),
          { color },
        ),
      );
    } else {
      const board = known(id);
      console.log(json ? boardJson(board) : boardPinout(board, { color }));
    }
    return Promise.resolve(EXIT.fine);
  },
};

function known(id: string): ReturnType<typeof findBoard> {
  try {
    return findBoard(id);
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

const demoCommand: Command = {
  name: "demo",
  summary: "Watch a program run on a simulated board, in a few seconds",
  args: "",
  options: simCommand.options,
  examples: [["demo", "on an Arduino Uno"], ["demo --board puckjs", "on a Puck.js"]],
  run({ options }: Given) {
    const program = new URL("examples/demo.ts", ROOT).pathname;
    return simCommand.run({ args: [program], options });
  },
};

const testCommand: Command = {
  name: "test",
  summary: "Run the tests, those of the runtime native and compiled",
  args: "[files]",
  options: {
    native: { help: "only with the engine's own async functions" },
    compiled: { help: "only with compiled coroutines" },
  },
  examples: [["test", "all of them"], ["test runtime/queue_test.ts", "one file, both ways"]],
  async run({ args, options }: Given) {
    if (options["compiled"] === undefined) {
      const code = await deno(["test", "-A", "--parallel", ...args]);
      if (code !== 0 || options["native"] !== undefined) return code;
    }
    return await testCompiled(args);
  },
};

/** How many processes run compiled tests: they are mostly idle between turns of a virtual clock. */
const COMPILED_PARTS = 3;

async function testCompiled(files: readonly string[]): Promise<number> {
  const { compileTests, conformanceTests } = await import("./compiler/conformance.ts");
  const tests = await conformanceTests(files);
  if (tests.length === 0) return EXIT.fine;
  console.log(`\nThe same compiled: ${tests.length} ${tests.length === 1 ? "file" : "files"}\n`);
  const folder = await compileTests(tests, COMPILED_PARTS);
  try {
    return await deno(["test", "-A", "--no-check", "--parallel", folder]);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

const benchCommand: Command = {
  name: "bench",
  summary: "Measure against plain promises, Effect and Effection",
  args: "",
  options: {
    json: { help: "print one JSON object a line" },
    case: { value: "NAME", help: "only this case" },
    subject: { value: "NAME", help: "only this subject" },
    rounds: { value: "N", help: "how many rounds" },
    sizes: { help: "print how large compiled code is instead" },
  },
  examples: [
    ["bench", "everything"],
    ["bench --case queue --rounds 3", "one case, quickly"],
    ["bench --sizes", "bytes of a compiled function, and of the kernel by module"],
  ],
  async run({ options }: Given) {
    const { bench } = await import("./bench/bench.ts");
    return await bench(
      Object.entries(options).flatMap(([name, value]) =>
        value === "true" ? [`--${name}`] : [`--${name}`, value]
      ),
    );
  },
};

/** What `ok` checks, in order. */
const CHECKS: readonly (readonly [name: string, args: readonly string[]])[] = [
  ["format", ["fmt", "--check", "--quiet"]],
  ["lint", ["lint", "--quiet"]],
  ["types", ["check", "--quiet", "."]],
  ["docs", [
    "doc",
    "--lint",
    "runtime/mod.ts",
    "boards/mod.ts",
    "targets/simulator/mod.ts",
    "targets/simulator/firmware/mod.ts",
    "targets/johnny-five/mod.ts",
    "targets/edge/mod.ts",
  ]],
  [
    "examples",
    ["check", "--quiet", "--doc-only", "runtime", "boards", "targets", "README.md"],
  ],
  ["tests", ["test", "-A", "--parallel", "--quiet"]],
];

const okCommand: Command = {
  name: "ok",
  summary: "Check everything: format, lint, types, docs, tests",
  args: "",
  options: { skip: { value: "NAME", help: `leave one out: ${CHECKS.map(([n]) => n).join(", ")}` } },
  examples: [["ok", "before every commit"], ["ok --skip tests", "what is quick"]],
  async run({ options }: Given) {
    const { skip } = options;
    if (skip !== undefined && !CHECKS.some(([name]) => name === skip)) {
      const names = CHECKS.map(([name]) => name);
      throw new UsageError(
        `Cannot skip "${skip}"${didYouMean(skip, names)}; there is ${names.join(", ")}`,
      );
    }
    const color = wantsColor();
    for (const [name, args] of CHECKS) {
      if (name === skip) continue;
      const began = performance.now();
      const code = await deno(args, "quiet");
      const mark = code === 0
        ? (color ? "\x1b[32m✓\x1b[0m" : "✓")
        : color
        ? "\x1b[31m✗\x1b[0m"
        : "✗";
      console.log(`${mark} ${name} (${((performance.now() - began) / 1000).toFixed(1)} s)`);
      if (code !== 0) {
        console.error(`\nRun it alone with: deno ${args.join(" ")}`);
        return EXIT.failed;
      }
    }
    return EXIT.fine;
  },
};

const COMMANDS: readonly Command[] = [
  demoCommand,
  simCommand,
  runCommand,
  buildCommand,
  deployCommand,
  flashCommand,
  monitorCommand,
  boardsCommand,
  testCommand,
  benchCommand,
  okCommand,
];

/** Runs Deno on this repository; quietly means that only a failure's output is shown. */
async function deno(args: readonly string[], how: "quiet" | "loud" = "loud"): Promise<number> {
  const output = how === "quiet" ? "piped" : "inherit";
  const command = new Deno.Command(Deno.execPath(), {
    args: [...args],
    cwd: ROOT,
    stdin: "null",
    stdout: output,
    stderr: output,
  });
  if (how === "loud") return (await command.spawn().status).code;
  const result = await command.output();
  if (result.code !== 0) {
    await Deno.stdout.write(result.stdout);
    await Deno.stderr.write(result.stderr);
  }
  return result.code;
}

function help(): string {
  const width = Math.max(...COMMANDS.map(({ name }) => name.length));
  return [
    "awaitio: asyncio for microcontrollers and the edge",
    "",
    "Usage: deno task <command> [options]",
    "",
    ...COMMANDS.map(({ name, summary }) => `  ${name.padEnd(width)}  ${summary}`),
    "",
    "deno task <command> --help tells more about one.",
  ].join("\n");
}

function helpOf(command: Command): string {
  const rows = Object.entries(command.options).map(([name, { value, help }]) =>
    [`--${name}${value === undefined ? "" : ` ${value}`}`, help] as const
  );
  const width = Math.max(0, ...rows.map(([left]) => left.length));
  const commands = command.examples.map(([line, what]) => [`deno task ${line}`, what] as const);
  const exampleWidth = Math.max(0, ...commands.map(([line]) => line.length));
  return [
    `${command.summary}.`,
    "",
    `Usage: deno task ${command.name}${rows.length > 0 ? " [options]" : ""} ${command.args}`
      .trimEnd(),
    ...(rows.length === 0 ? [] : ["", "Options:"]),
    ...rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`),
    "",
    "Examples:",
    ...commands.map(([line, what]) => `  ${line.padEnd(exampleWidth)}  ${what}`),
  ].join("\n");
}

async function main([name, ...args]: string[]): Promise<number> {
  if (name === undefined || name === "help" || name === "--help" || name === "-h") {
    console.log(help());
    return EXIT.fine;
  }
  const command = COMMANDS.find((each) => each.name === name);
  if (command === undefined) {
    const names = COMMANDS.map((each) => each.name);
    throw new UsageError(
      `Cannot find the command "${name}"${didYouMean(name, names)}; there is ${names.join(", ")}`,
    );
  }
  if (args.includes("--help") || args.includes("-h")) {
    console.log(helpOf(command));
    return EXIT.fine;
  }
  return await command.run(readArguments(command, args));
}

if (import.meta.main) {
  try {
    Deno.exit(await main(Deno.args));
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    console.error(error.message);
    Deno.exit(error.exit);
  }
}
