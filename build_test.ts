import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";

const ROOT = new URL(".", import.meta.url);

/** Runs the command line as `deno task` does, from a folder of the caller's. */
async function awaitio(args: string[], options: { cwd?: string } = {}) {
  const command = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--quiet", new URL("build.ts", ROOT).pathname, ...args],
    cwd: ROOT,
    env: { INIT_CWD: options.cwd ?? ROOT.pathname, NO_COLOR: "1" },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  });
  const output = await command.output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code: output.code, stdout: text(output.stdout), stderr: text(output.stderr) };
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
  for (const name of ["demo", "sim", "run", "boards", "test", "bench", "ok"]) {
    assertMatch(stdout, new RegExp(`^  ${name} `, "m"));
  }
});

Deno.test("command line: every command has a help with an example", async () => {
  for (const name of ["demo", "sim", "run", "boards", "test", "bench", "ok"]) {
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
    [["sim", "examples/blink.ts", "--board", "unoo"], 'did you mean "uno"?'],
    [["sim", "examples/blink.ts", "--for", "soon"], '"--for soon" as a duration'],
    [["sim", "examples/blink.ts", "--speed", "0"], '"--speed 0"'],
    [["sim", "examples/blink.ts", "--seed", "x"], '"--seed x"'],
    [["sim", "examples/blink.ts", "--trace", "/nowhere/at/all"], "Cannot write the trace"],
    [["run", "examples/blink.ts", "--target", "moon"], 'Cannot run on the target "moon"'],
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

Deno.test("sim, run: a program that does not compile ends with 3", async () => {
  for (const source of ["export default async function (", "export const main = 1;"]) {
    await withProgram(source, async (cwd) => {
      for (const name of ["sim", "run"]) {
        const { code, stderr } = await awaitio([name, "program.ts"], { cwd });
        assertEquals(code, 3, stderr);
        assertMatch(stderr, /^Cannot (compile|run) "program\.ts"/);
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
        const child = new Deno.Command(Deno.execPath(), {
          args: ["run", "-A", "--quiet", new URL("build.ts", ROOT).pathname, name, "program.ts"]
            .concat(options),
          cwd: ROOT,
          env: { INIT_CWD: cwd },
          stdin: "null",
          stdout: "piped",
          stderr: "piped",
        }).spawn();
        let text = "";
        for await (const chunk of child.stdout.pipeThrough(new TextDecoderStream())) {
          text += chunk;
          if (text === "ready\n") child.kill("SIGINT");
        }
        await child.stderr.cancel();
        const { code } = await child.status;
        assertEquals({ name, code, text }, { name, code: 130, text: "ready\ncleaned up\n" });
      }
    },
  );
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
