/**
 * Programs as a user runs them: artefacts under Deno and under Node, over a serial port, with the real firmware at its
 * other end, in real time.
 */
import { assertEquals } from "@std/assert";
import { simulate } from "awaitio/simulator";
import { buildProgram } from "../../compiler/build_program.ts";
import { endBundlerAtTheEnd } from "../../compiler/world_test.ts";
import { EXAMPLES } from "../../examples/world_test.ts";
import { RealWorld } from "./real_world_test.ts";
import { johnnyFive } from "./target.ts";

endBundlerAtTheEnd();

/** How long a program without a scenario runs, and how much of a longer one is played, in milliseconds. */
const LENGTH = 3000;
const LONGEST: { readonly [program: string]: number } = { thermostat: 15_000 };
/** A busy machine can miss the moments of a gesture. */
const ATTEMPTS = 3;

/** What runs an artefact. */
const RUNTIMES: { readonly [name: string]: readonly string[] } = {
  deno: [Deno.execPath(), "run", "-A"],
  node: ["node"],
};

let artefacts: Promise<string> | null = null;

/** The folder with every example's artefact, beside serialport's native binding for Node. */
function built(): Promise<string> {
  return artefacts ??= (async () => {
    const folder = await Deno.makeTempDir({ prefix: "awaitio-serial-" });
    const { code, stderr } = await new Deno.Command("npm", {
      args: ["install", "--no-save", "--ignore-scripts", "@serialport/bindings-cpp@13.0.1"],
      cwd: folder,
    }).output();
    if (code !== 0) throw new Error(new TextDecoder().decode(stderr));
    await Deno.writeTextFile(`${folder}/package.json`, `{ "type": "module" }`);
    for (const name of Object.keys(EXAMPLES)) {
      const program = new URL(`../../examples/${name}.ts`, import.meta.url).pathname;
      const target = johnnyFive;
      const result = await buildProgram({ program, target, board: "uno", coroutines: "compiled" });
      await Deno.writeTextFile(`${folder}/${name}.js`, result.code);
    }
    return folder;
  })();
}

Deno.test.afterAll(async () => {
  if (artefacts !== null) await Deno.remove(await artefacts, { recursive: true });
});

/** What came of a program: what it printed, and what its LEDs did. */
interface Outcome {
  readonly output: string;
  readonly levels: { readonly [role: string]: string };
}

const ROLES = ["LED1", "LED2", "LED3"] as const;

async function play(name: string, runtime: readonly string[]): Promise<Outcome> {
  const { scenario = null } = EXAMPLES[name]!;
  using world = new RealWorld();
  const [command, ...args] = runtime;
  const line = `Serial1=${world.line("Serial1").path}`;
  const process = new Deno.Command(command!, {
    args: [...args, `${await built()}/${name}.js`, "--port", world.path, "--serial", line],
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const output = process.output();
  await world.ready();
  const length = LONGEST[name] ?? (scenario === null ? LENGTH : Infinity);
  const ended = output.then(() => {});
  const played = world.play(scenario ?? (() => world.sleep(length)), length);
  await Promise.race([played, ended]);
  const levels = Object.fromEntries(ROLES.map((role) => [role, world.levels.get(role)!.join("")]));
  try {
    process.kill("SIGINT");
  } catch { /* it has ended by itself */ }
  const { stdout, stderr } = await output;
  const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
  return { output: text(stdout) + text(stderr), levels };
}

/** What the plain simulator makes of it. */
async function plain(name: string): Promise<Outcome> {
  const { default: program, scenario = null } = EXAMPLES[name]!;
  const limit = LONGEST[name] ?? (scenario === null ? LENGTH : Infinity);
  const sim = await simulate(program, scenario, { board: "uno", capture: true, for: limit });
  const levels = Object.fromEntries(
    ROLES.map((role) => {
      const lasting = sim.history(role).filter(({ time }, i, all) => all[i + 1]?.time !== time);
      return [
        role,
        lasting.map(({ level }) => level).filter((l, i, all) => l !== (all[i - 1] ?? 0)),
      ];
    }).map(([role, levels]) => [role, (levels as number[]).join("")]),
  );
  return { output: sim.output.join("\n"), levels };
}

/** As far as both go: when a real process is ended is not to the millisecond. */
function agree(real: Outcome, expected: Outcome): string[] {
  const words = (text: string): string[] =>
    text.split("\n").filter((line) => line !== "" && !line.startsWith("Note:"))
      .map((line) => line.replace(/[\d.]+ ms/g, "ms").replace(/\.\d °C/, " °C"));
  const differences: string[] = [];
  const [said, wanted] = [words(real.output), words(expected.output)];
  const count = Math.min(said.length, wanted.length);
  if (count < wanted.length - 1) differences.push(`said ${said}, not ${wanted}`);
  for (let i = 0; i < count; i++) {
    if (said[i] !== wanted[i]) differences.push(`said ${said[i]}, not ${wanted[i]}`);
  }
  for (const role of ROLES) {
    const [a, b] = [real.levels[role]!, expected.levels[role]!];
    const length = Math.min(a.length, b.length);
    if (Math.abs(a.length - b.length) > 1 || a.slice(0, length) !== b.slice(0, length)) {
      differences.push(`${role} did ${a}, not ${b}`);
    }
  }
  return differences;
}

for (const [runtime, command] of Object.entries(RUNTIMES)) {
  Deno.test({
    name:
      `every example does over a serial port under ${runtime} what it does on the plain simulator`,
    ignore: Deno.build.os === "windows",
    async fn() {
      await built();
      await Promise.all(
        Object.keys(EXAMPLES).map(async (name) => {
          const expected = await plain(name);
          let differences: string[] = [];
          for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
            differences = agree(await play(name, command), expected);
            if (differences.length === 0) return;
          }
          assertEquals(differences, [], name);
        }),
      );
    },
  });
}
