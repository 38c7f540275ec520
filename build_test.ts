import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";

const ROOT = new URL(".", import.meta.url);

/** Runs the command line as `deno task` does, from a folder of the caller's. */
async function awaitio(
  args: string[],
  options: { cwd?: string; env?: { readonly [name: string]: string } } = {},
) {
  const command = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--quiet", new URL("build.ts", ROOT).pathname, ...args],
    cwd: ROOT,
    env: { INIT_CWD: options.cwd ?? ROOT.pathname, NO_COLOR: "1", ...options.env },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  });
  const output = await command.output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code: output.code, stdout: text(output.stdout), stderr: text(output.stderr) };
}

/** Starts the command line, to go on while it runs. */
function spawn(args: string[], cwd: string, stderr: "piped" | "null"): Deno.ChildProcess {
  return new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--quiet", new URL("build.ts", ROOT).pathname, ...args],
    cwd: ROOT,
    env: { INIT_CWD: cwd, NO_COLOR: "1" },
    stdin: "null",
    stdout: "piped",
    stderr,
  }).spawn();
}

/** Presses Ctrl-C when a process has printed something, and gives all that it prints. */
async function interruptOn(child: Deno.ChildProcess, signal: string): Promise<string> {
  let text = "";
  for await (const chunk of child.stdout.pipeThrough(new TextDecoderStream())) {
    text += chunk;
    if (text === signal) child.kill("SIGINT");
  }
  return text;
}

/** Writes a program into a folder of its own, as a user would. */
async function withProgram(source: string, test: (cwd: string) => Promise<void>): Promise<void> {
  const cwd = await Deno.makeTempDir();
  await Deno.writeTextFile(`${cwd}/program.ts`, source);
  try {
    await test(cwd);
  } finally {
    await Deno.remove(cwd, { recursive: true });
  }
}

Deno.test("command line: without a command it shows the commands", async () => {
  const { code, stdout } = await awaitio([]);
  assertEquals(code, 0);
  for (const name of ["demo", "sim", "run", "build", "boards", "test", "bench", "ok"]) {
    assertMatch(stdout, new RegExp(`^  ${name} `, "m"));
  }
});

Deno.test("command line: every command has a help with an example", async () => {
  for (const name of ["demo", "sim", "run", "build", "boards", "test", "bench", "ok"]) {
    const { code, stdout } = await awaitio([name, "--help"]);
    assertEquals(code, 0);
    assertStringIncludes(stdout, `Usage: deno task ${name}`);
    assertStringIncludes(stdout, "Examples:\n  deno task ");
  }
});

Deno.test("command line: mistakes are told in one line, with the cure and exit code 2", async () => {
  const mistakes: [args: string[], says: string][] = [
    [["simm"], 'Cannot find the command "simm": did you mean "sim"?'],
    [["sim"], "Cannot run nothing: name a program"],
    [["sim", "nowhere.ts"], 'Cannot find the program "nowhere.ts": no such file'],
    [["sim", "examples/blink.ts", "--bord", "uno"], 'did you mean "--board"?'],
    [["build", "examples/blink.ts", "-o", "x"], '"-o" of build: did you mean "--out"?'],
    [["sim", "examples/blink.ts", "--board", "unoo"], 'did you mean "uno"?'],
    [["sim", "examples/blink.ts", "--for", "soon"], '"--for soon" as a duration'],
    [["sim", "examples/blink.ts", "--speed", "0"], '"--speed 0"'],
    [["sim", "examples/blink.ts", "--seed", "x"], '"--seed x"'],
    [["sim", "examples/blink.ts", "--trace", "/nowhere/at/all"], "Cannot write the trace"],
    [["run", "examples/blink.ts", "--target", "moon"], 'Cannot run on the target "moon"'],
    [["run", "examples/blink.ts", "--native", "--compiled"], "--compiled and --native together"],
    [["build"], "Cannot run nothing: name a program"],
    [["build", "nowhere.ts"], 'Cannot find the program "nowhere.ts": no such file'],
    [["build", "examples/blink.ts", "--target", "hots"], 'did you mean "host"?'],
    [["build", "examples/blink.ts", "--board", "unoo"], 'did you mean "uno"?'],
    [["build", "examples/blink.ts", "--target", "host", "--board", "uno"], "it has no pins"],
    [["build", "examples/blink.ts", "--out", "/proc/out"], 'Cannot write to "--out /proc/out"'],
    [["boards", "pukcjs"], 'did you mean "puckjs"?'],
    [["ok", "--skip", "test"], 'did you mean "tests"?'],
  ];
  for (const [args, says] of mistakes) {
    const { code, stdout, stderr } = await awaitio(args);
    assertEquals({ code, stdout }, { code: 2, stdout: "" }, args.join(" "));
    assertStringIncludes(stderr, says);
    assertEquals(stderr.trim().split("\n").length, 1, stderr);
  }
});

Deno.test("sim: with --quiet it prints what the program prints and nothing else", async () => {
  const { code, stdout, stderr } = await awaitio(["sim", "examples/button.ts", "--quiet"]);
  assertEquals({ code, stdout, stderr }, {
    code: 0,
    stdout: "press\ndouble press\nlong press\n",
    stderr: "",
  });
});

Deno.test("sim: without a terminal it prints plain lines and a summary", async () => {
  const { code, stdout } = await awaitio(["sim", "examples/blink.ts", "--for", "1200ms"]);
  assertEquals(code, 0);
  const levels = stdout.split("\n").filter((line) => /pin LED1 D13/.test(line));
  assertEquals(levels.map((line) => line.trim().split(/\s+/).slice(0, 2).join(" ")), [
    "0.000 s",
    "0.500 s",
    "1.000 s",
  ]);
  assertMatch(stdout, /1\.200 s simulated/);
});

Deno.test("sim: --artefact plays the program's scenario with the file that would be flashed", async () => {
  const asked = ["sim", "examples/button.ts", "--json", "--artefact", "--board"];
  const { code, stdout } = await awaitio([...asked, "puckjs"]);
  assertEquals(code, 0);
  const { outcome, output } = JSON.parse(stdout);
  assertEquals(outcome, "scenario");
  assertEquals(output.slice(1), ["press", "double press", "long press"]);
  assertMatch(output[0], /^button \(awaitio [\d.]+\)$/);
  const refused = await awaitio([...asked, "uno"]);
  assertEquals(refused.code, 2);
  assertMatch(
    refused.stderr,
    /^Cannot build an artefact for the board "uno": Espruino does not run/,
  );
});

Deno.test("build: a board that the target does not run on is refused, with those that it does", async () => {
  const { code, stderr } = await awaitio(["build", "examples/blink.ts", "--target", "espruino"]);
  assertEquals(code, 2);
  assertMatch(stderr, /^Cannot build for the target espruino and the board "uno": .*, puckjs, /);
});

Deno.test("build, flash: a program over its board's budget ends with 6 and the largest contributors", async () => {
  const out = await Deno.makeTempDir();
  const text = "x".repeat(45_000);
  await withProgram(
    `export default async function main() { console.log("${text}"); }`,
    async (cwd) => {
      const board = ["--board", "puckjs"];
      const args = ["build", "program.ts", "--target", "espruino", ...board, "--out", out];
      const built = await awaitio(args, { cwd });
      assertEquals(built.code, 6, built.stderr);
      assertMatch(
        built.stderr,
        /^Cannot fit "program\.ts" on the board "puckjs": it takes 4\d,\d{3} bytes of flash, and there are 40,960\. The largest:\n/,
      );
      assertMatch(built.stderr, / 45\.\d kB {2}program\.ts\n/);
      assertMatch(built.stdout, /\nMemory: about .* of 2,630 blocks .*: it does not fit\n$/);
      const names = [...Deno.readDirSync(out)].map(({ name }) => name).toSorted();
      assertEquals(names, ["program.js", "program.js.map", "report.json"]);
      const json = await awaitio([...args, "--json"], { cwd });
      const { memory } = JSON.parse(json.stdout);
      assertEquals([json.code, memory.flashAvailable, memory.flashBytes > 45_000], [
        6,
        40960,
        true,
      ]);
      // Before it looks for a port.
      const flashed = await awaitio(["flash", "program.ts", ...board], { cwd });
      assertEquals([flashed.code, flashed.stderr], [6, built.stderr]);
    },
  );
  await Deno.remove(out, { recursive: true });
});

Deno.test("sim: --json prints one object, with the outcome and the program's output", async () => {
  const { code, stdout } = await awaitio(["sim", "examples/button.ts", "--json"]);
  assertEquals(code, 0);
  const result = JSON.parse(stdout);
  assertEquals(result.outcome, "scenario");
  assertEquals(result.output, ["press", "double press", "long press"]);
});

Deno.test("sim: the same seed gives the same trace, byte for byte", async () => {
  const files = await Promise.all([7, 7, 8].map(async (seed) => {
    const file = await Deno.makeTempFile();
    await awaitio(["sim", "examples/demo.ts", "--quiet", "--seed", `${seed}`, "--trace", file]);
    const text = await Deno.readTextFile(file);
    await Deno.remove(file);
    return text;
  }));
  assertEquals(files[0], files[1]);
  assertEquals(files[0] !== files[2], true);
  assertEquals(JSON.parse(files[0]!.split("\n")[0]!).n, 1);
});

Deno.test("sim: a program that fails ends with 1, its message and no stack of ours", async () => {
  await withProgram(
    `import { sleep } from "awaitio";
     export default async function main() { await sleep(5); throw new Error("out of coffee"); }`,
    async (cwd) => {
      const { code, stderr } = await awaitio(["sim", "program.ts", "--quiet"], { cwd });
      assertEquals(code, 1);
      assertStringIncludes(stderr, "Error: out of coffee");
      assertStringIncludes(stderr, "program.ts:2");
      assertEquals(/runtime\/|targets\//.test(stderr), false, stderr);
    },
  );
});

Deno.test("sim: a program that asks for a wrong pin is told which would work", async () => {
  await withProgram(
    `export default (board) => { board.pwm("D2"); };`,
    async (cwd) => {
      const { code, stderr } = await awaitio(["sim", "program.ts", "--quiet"], { cwd });
      assertEquals(code, 1);
      assertStringIncludes(
        stderr,
        'Cannot open "D2" of Arduino Uno R3 for PWM: the pin cannot do that; these can: ',
      );
    },
  );
});

Deno.test("sim, run, build: a program that does not compile ends with 3 and a code frame", async () => {
  const cases: [source: string, frame: string][] = [
    [
      "export default async function (",
      "\n  program.ts:1:32\n  1 │ export default async function (",
    ],
    ["export const main = 1;", ""],
    [
      `import "./gone.ts";\nexport default () => {};`,
      '\n  program.ts:1:8\n  1 │ import "./gone.ts";\n    │        ^^^^^^^^^^^\n',
    ],
  ];
  for (const [source, frame] of cases) {
    await withProgram(source, async (cwd) => {
      for (const name of [["sim"], ["run"], ["build"], ["run", "--compiled"]]) {
        const { code, stdout, stderr } = await awaitio([...name, "program.ts"], { cwd });
        assertEquals({ code, stdout }, { code: 3, stdout: "" }, stderr);
        assertMatch(stderr, /^Cannot (compile|run|import) "(program|\.\/gone)\.ts": /);
        assertStringIncludes(stderr, frame);
        assertEquals(/^ +at /m.test(stderr), false, stderr);
      }
    });
  }
});

Deno.test("sim: a scenario that does not come to its end in time ends with 42", async () => {
  await withProgram("export default (sim) => sim.sleep(5000);", async (cwd) => {
    const blink = new URL("examples/blink.ts", ROOT).pathname;
    const args = ["sim", blink, "--scenario", "program.ts", "--quiet"];
    assertEquals((await awaitio([...args, "--for", "1s"], { cwd })).code, 42);
    assertEquals((await awaitio([...args, "--for", "10s"], { cwd })).code, 0);
  });
});

Deno.test("run: a limit ends the program in order, with 42", async () => {
  await withProgram(
    `import { sleep } from "awaitio";
     export default async function main() {
       try { await sleep(60_000); } finally { await sleep(1); console.log("cleaned up"); }
     }`,
    async (cwd) => {
      const { code, stdout, stderr } = await awaitio(["run", "program.ts", "--limit", "20ms"], {
        cwd,
      });
      assertEquals({ code, stdout }, { code: 42, stdout: "cleaned up\n" });
      assertStringIncludes(stderr, "limit of 20 ms");
    },
  );
});

Deno.test("sim, run: Ctrl-C ends the program in order, with 130", async () => {
  await withProgram(
    `import { sleep } from "awaitio";
     export default async function main() {
       console.log("ready");
       try { for (;;) await sleep(10); } finally { await sleep(1); console.log("cleaned up"); }
     }`,
    async (cwd) => {
      for (const extra of [["run"], ["sim", "--quiet", "--speed", "1", "--for", "1h"]]) {
        const [name = "", ...options] = extra;
        const child = spawn([name, "program.ts", ...options], cwd, "null");
        const text = await interruptOn(child, "ready\n");
        const { code } = await child.status;
        assertEquals({ name, code, text }, { name, code: 130, text: "ready\ncleaned up\n" });
      }
    },
  );
});

Deno.test("run, sim: --compiled and --native print the same, and leave nothing behind", async () => {
  const TMPDIR = await Deno.makeTempDir();
  const outputs = await Promise.all(["--compiled", "--native"].flatMap((how) => [
    awaitio(["sim", "examples/traffic_light.ts", "--quiet", "--seed", "3", how], {
      env: { TMPDIR },
    }),
    awaitio(["run", "examples/usage_guide.ts", how], { env: { TMPDIR } }),
  ]));
  assertEquals(outputs[0], outputs[2]);
  assertEquals(outputs[1], outputs[3]);
  assertEquals(outputs.map(({ code }) => code), [0, 0, 0, 0]);
  assertEquals([...Deno.readDirSync(TMPDIR)].filter(({ name }) => /^awaitio/.test(name)), []);
  await Deno.remove(TMPDIR, { recursive: true });
});

Deno.test("run: --compiled names the original file and line of an error, and loads Node's modules", async () => {
  await withProgram(
    `import { sep } from "node:path";
import { sleep } from "awaitio";
interface Only<T> { readonly types: T }
export default async function main() {
  await sleep(1);
  throw new TypeError(\`out of \${sep}coffee \${import.meta.url.split("/").at(-1)}\`);
}`,
    async (cwd) => {
      const { code, stderr } = await awaitio(["run", "program.ts", "--compiled"], { cwd });
      assertEquals(code, 1);
      assertMatch(stderr, /^TypeError: out of \/coffee program\.ts\n/);
      assertMatch(stderr, /program\.ts:6:/);
    },
  );
});

Deno.test("build: the artefact of an example runs on Deno and on Node, and the report says what is in it", async () => {
  const out = await Deno.makeTempDir();
  const { code, stdout, stderr } = await awaitio(
    ["build", "examples/button.ts", "--target", "simulator", "--out", out, "--report"],
  );
  assertEquals({ code, stderr }, { code: 0, stderr: "" });
  assertMatch(
    stdout,
    /button\.js for simulator \(uno\): \d+\.\d kB, \d+\.\d kB gzipped, in \d+ ms\n/,
  );
  assertMatch(stdout, /\n {2}bundle +\d+ ms +\d+\.\d kB\n/);
  assertMatch(stdout, /█+ +awaitio\/runtime\/loop\.ts/);
  for (const engine of [Deno.execPath(), "node"]) {
    const ran = await new Deno.Command(engine, { args: [`${out}/button.js`] }).output();
    const printed = new TextDecoder().decode(ran.stdout);
    assertEquals([ran.code, printed], [0, "press\ndouble press\nlong press\n"], engine);
  }
  const names = [...Deno.readDirSync(out)].map(({ name }) => name).toSorted();
  assertEquals(names, ["button.js", "button.js.map", "report.json"]);
  const json = await awaitio(["build", "examples/button.ts", "--out", out, "--json"]);
  assertEquals(JSON.parse(json.stdout), JSON.parse(await Deno.readTextFile(`${out}/report.json`)));
  await Deno.remove(out, { recursive: true });
});

Deno.test("build: Ctrl-C ends what was built for the host in order, on Deno and on Node", async () => {
  await withProgram(
    `import { sleep } from "awaitio";
     export default async function main() {
       console.log("ready");
       try { for (;;) await sleep(10); } finally { await sleep(1); console.log("cleaned up"); }
     }`,
    async (cwd) => {
      await awaitio(["build", "program.ts", "--target", "host", "--out", "."], { cwd });
      for (const [engine, ...args] of [[Deno.execPath(), "run", "--quiet"], ["node"]] as const) {
        const child = new Deno.Command(engine, {
          args: [...args, `${cwd}/program.js`],
          stdout: "piped",
        }).spawn();
        const text = await interruptOn(child, "ready\n");
        const { code } = await child.status;
        assertEquals({ engine, code, text }, { engine, code: 130, text: "ready\ncleaned up\n" });
      }
    },
  );
});

Deno.test("build: --watch builds again, tells mistakes, and ends on Ctrl-C", async () => {
  await withProgram("export default async () => {};", async (cwd) => {
    const child = spawn(["build", "program.ts", "--watch", "--target", "host"], cwd, "piped");
    let text = "";
    for await (const chunk of child.stdout.pipeThrough(new TextDecoderStream())) {
      text += chunk;
      const builds = text.match(/^Watching/gm)?.length ?? 0;
      if (!text.endsWith("ends it\n")) continue;
      const file = `${cwd}/program.ts`;
      if (builds === 1) await Deno.writeTextFile(file, "export default async () => {");
      else if (builds === 2) await Deno.writeTextFile(file, "export default async () => { };");
      else child.kill("SIGINT");
    }
    const errors = await new Response(child.stderr).text();
    assertEquals((await child.status).code, 130);
    assertMatch(errors, /^program\.ts changed: Cannot compile "program\.ts": /);
    assertMatch(text, /\nprogram\.ts changed: out\/program\.js for host: /);
  });
});

Deno.test("boards: the table, one board and JSON", async () => {
  const all = await awaitio(["boards"]);
  for (const id of ["uno", "mega", "nano", "puckjs", "pico", "rp2040", "esp32", "microbit2"]) {
    assertMatch(all.stdout, new RegExp(`^${id}\\b`, "m"));
  }
  const one = await awaitio(["boards", "uno"]);
  assertStringIncludes(one.stdout, "LED1");
  const json = JSON.parse((await awaitio(["boards", "puckjs", "--json"])).stdout);
  assertEquals(json.id, "puckjs");
});
