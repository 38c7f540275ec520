import { assertEquals, assertStringIncludes } from "@std/assert";
import { DoubleBoard, type DoubleOptions } from "./double_board.ts";

const ROOT = new URL("../../", import.meta.url);

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command of the command line. */
async function run(...args: string[]): Promise<Ended> {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--quiet", "build.ts", ...args],
    cwd: ROOT,
    stdin: "null",
  }).output();
  const text = new TextDecoder();
  return { code, stdout: text.decode(stdout), stderr: text.decode(stderr) };
}

/** A folder with `app.js`, and its map that leads line 1 to line 41 of app.ts. */
async function withArtefact(code: string, use: (file: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    const file = `${folder}/app.js`;
    await Deno.writeTextFile(file, `${code}\n//# sourceMappingURL=app.js.map\n`);
    await Deno.writeTextFile(
      `${file}.map`,
      JSON.stringify({
        ...{ version: 3, sources: ["app.ts"], sourcesContent: [null], names: [] },
        mappings: "AAwCA",
      }),
    );
    await use(file);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

function test(
  name: string,
  options: DoubleOptions,
  body: (board: DoubleBoard) => Promise<void>,
): void {
  Deno.test({
    name: `the command ${name}`,
    ignore: Deno.build.os === "windows",
    async fn() {
      using board = new DoubleBoard(options);
      await body(board);
    },
  });
}

test("flash saves an artefact, starts it and shows what it prints", {}, async (board) => {
  await withArtefact('print("hello");', async (file) => {
    const { code, stdout, stderr } = await run(
      ...["flash", file, "--port", board.path, "--board", "puckjs", "--listen", "200ms"],
    );
    assertEquals([code, stdout], [0, "hello\n"]);
    assertStringIncludes(stderr, "PUCKJS 2v29 on /dev/pts/");
    assertStringIncludes(stderr, 'by packets, verified, saved as ".bootcde"');
    assertEquals(board.storage.read(".bootcde"), 'print("hello");\n');
  });
});

test("flash ends with 1 when the program fails at once, and names its line", {}, async (board) => {
  await withArtefact("missing();", async (file) => {
    const { code, stdout } = await run("flash", file, "--port", board.path, "--listen", "200ms");
    assertEquals(code, 1);
    assertStringIncludes(stdout, "Uncaught ReferenceError: missing is not defined");
    assertStringIncludes(stdout, "app.ts:41:1");
  });
});

test("flash refuses another board with 2, unless it is told otherwise", {
  board: "PIXLJS",
}, async (board) => {
  await withArtefact('print("hello");', async (file) => {
    const args = ["flash", file, "--port", board.path, "--board", "puckjs", "--listen", "100ms"];
    const refused = await run(...args);
    assertEquals(refused.code, 2);
    assertStringIncludes(
      refused.stderr,
      'Cannot flash "puckjs": the board that answers is a PIXLJS',
    );
    assertEquals(board.storage.list(), []);
    assertEquals((await run(...args, "--any-board")).code, 0);
  });
});

test(
  "flash --ram sends nothing that does not fit into memory, and ends with 6",
  {},
  async (board) => {
    // 30 kB are 3,300 blocks while they are read.
    await withArtefact(`var f = function () {${"print(1);".repeat(3400)}};`, async (file) => {
      const args = ["flash", file, "--port", board.path, "--listen", "100ms"];
      const refused = await run(...args, "--ram");
      assertEquals(refused.code, 6);
      assertStringIncludes(
        refused.stderr,
        'on the board "puckjs": loading it into RAM takes about',
      );
      assertStringIncludes(refused.stderr, "Flash it without --ram");
      assertEquals(board.received < 1000, true);
      const { code, stderr } = await run(...args);
      assertEquals([code, board.storage.list()], [0, [".bootcde"]], stderr);
    });
  },
);

test("flash sends what only the interpreter can read without measuring it", {}, async (board) => {
  await withArtefact("print('\u0001\n", async (file) => {
    await run("flash", file, "--port", board.path, "--board", "puckjs", "--listen", "100ms");
    assertEquals(board.storage.list(), [".bootcde"]);
  });
});

test("flash ends with 5 while another program has the port", {}, async (board) => {
  const { openPort, closePort } = await import("../serial/mod.ts");
  const port = await openPort(board.path, { baudRate: 9600 });
  await withArtefact("", async (file) => {
    const { code, stderr } = await run("flash", file, "--port", board.path);
    assertEquals(code, 5);
    assertStringIncludes(stderr, "has it open");
  });
  await closePort(port);
});

test("flash stops at Ctrl-C with 130, the old program kept and running", {
  files: { ".bootcde": 'setInterval(() => print("old"), 20);' },
}, async (board) => {
  await withArtefact("// a program that takes a while to send\n".repeat(250), async (file) => {
    const child = new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", "--quiet", "build.ts", "flash", file, "--port", board.path],
      cwd: ROOT,
      stdin: "null",
      stdout: "null",
      stderr: "piped",
    }).spawn();
    while (board.received < 3000) await new Promise((resolve) => setTimeout(resolve, 5));
    child.kill("SIGINT");
    const { code, stderr } = await child.output();
    assertEquals(code, 130);
    assertStringIncludes(new TextDecoder().decode(stderr), "is still there");
    assertEquals(board.storage.list(), [".bootcde"]);
  });
});

test("flash --recover alone clears the board", {
  files: { ".bootcde": "while(1);" },
  faults: { deaf: 1 },
}, async (board) => {
  const { code, stderr } = await run("flash", "--recover", "--port", board.path);
  assertEquals([code, board.storage.list()], [0, []]);
  assertStringIncludes(stderr, "Recovered the board");
});

test("monitor shows the console for a while, and logs it as plain text", {
  files: { ".bootcde": 'print("hello");' },
}, async (board) => {
  const log = await Deno.makeTempFile();
  const { code, stdout } = await run(
    ...["monitor", "--port", board.path, "--for", "600ms", "--log", log],
  );
  const written = await Deno.readTextFile(log);
  await Deno.remove(log);
  assertEquals(code, 0);
  assertStringIncludes(stdout, "hello\r\n");
  assertStringIncludes(written, "hello\n");
});

Deno.test("flash and monitor say what is wrong with what they are given", async () => {
  const cases: readonly (readonly [code: number, says: string, ...args: string[]])[] = [
    [2, "name a program", "flash"],
    [2, "--ram and --file", "flash", "x.js", "--ram", "--file", "y"],
    [2, "at most 28", "flash", "x.js", "--file", "a-name-that-is-longer-than-28"],
    [2, "no such file", "flash", "out/nothing.js", "--board", "puckjs"],
    [
      4,
      'Cannot open the serial port "/dev/ttyNOPE"',
      "flash",
      "--recover",
      "--port",
      "/dev/ttyNOPE",
    ],
    [4, "no such device", "monitor", "--port", "/dev/ttyNOPE"],
    [2, "give --board", "monitor", "examples/blink.ts"],
    [2, "--map no.map", "monitor", "--map", "no.map"],
  ];
  await Promise.all(cases.map(async ([code, says, ...args]) => {
    const ended = await run(...args);
    assertStringIncludes(ended.stderr, says);
    assertEquals(ended.code, code, args.join(" "));
  }));
});
