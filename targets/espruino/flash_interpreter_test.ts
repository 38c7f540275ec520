import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { type Flash, flash } from "./flash.ts";
import { BoardConsole } from "./flash_console.ts";
import { BoardFailure } from "./flash_failure.ts";
import { Link } from "./flash_link.ts";
import { recover } from "./flash_recover.ts";
import { BOOT_CODE, literal, Storage } from "./flash_storage.ts";
import { InterpreterBoard } from "./flash_interpreter_board.ts";
import { monitor } from "./monitor.ts";
import { openPort } from "../serial/mod.ts";
import { Positions } from "./positions.ts";

const BINARY = Deno.env.get("ESPRUINO_BIN");

function test(name: string, run: (path: string) => Promise<void>): void {
  Deno.test({
    name: `on the interpreter, ${name}`,
    ignore: BINARY === undefined,
    async fn() {
      await using board = new InterpreterBoard(BINARY!);
      await run(board.path);
    },
  });
}

async function connect(path: string): Promise<Link> {
  return await Link.open(path, { baudRate: 115_200, timeout: 8000 });
}

async function flashed(link: Link, code: string, options: Partial<Flash> = {}): Promise<string> {
  const console = new BoardConsole(link);
  await console.wake();
  const { answer } = await flash(console, await console.identify(), {
    ...{ code, keep: "boot", baudRate: 115_200, listen: 400 },
    ...{ signal: new AbortController().signal, onProgress: () => {}, onNote: () => {} },
    ...options,
  });
  return answer;
}

test("flash saves a program that runs at boot", async (path) => {
  await using link = await connect(path);
  const code = 'print("boot");\nsetTimeout(function () { print("later"); }, 20);\n';
  assertEquals((await flashed(link, code)).split("\r\n"), ["boot", "later"]);
  const console = new BoardConsole(link);
  assertEquals(await console.identify().then(({ board }) => board), "LINUX");
  assertEquals(await new Storage(console).readBack(BOOT_CODE, () => {}), code);
  // A second program takes the first one's place.
  assertStringIncludes(await flashed(link, 'print("second");'), "second");
});

test("flash brings a large program over, every character as it was", async (path) => {
  await using link = await connect(path);
  const code = `${"// a line of padding\n".repeat(500)}print(${
    literal("\x01\x03\x10\xe9\xff")
  }.length);`;
  assertStringIncludes(await flashed(link, code), "5");
});

test("flash by the console, as firmwares without packets need it", async (path) => {
  await using link = await connect(path);
  const console = new BoardConsole(link);
  const code = `${"// a line of padding \\ \" '\n".repeat(40)}print("console");`;
  await console.wake();
  const { how, answer } = await flash(console, { board: "LINUX", version: "2v19" }, {
    ...{ code, keep: "boot", baudRate: 115_200, listen: 400 },
    ...{ signal: new AbortController().signal, onProgress: () => {}, onNote: () => {} },
  });
  assertEquals(how, "console");
  assertStringIncludes(answer, "console");
});

test("flash to a file and to RAM leaves what runs at boot", async (path) => {
  await using link = await connect(path);
  await flashed(link, 'print("boot");');
  assertStringIncludes(await flashed(link, 'print("file");', { keep: { file: "app" } }), "file");
  const ram = "function f() {\n  return 42;\n}\nprint(f());\n";
  assertStringIncludes(await flashed(link, ram, { keep: "ram" }), "42");
  const storage = new Storage(new BoardConsole(link));
  assertEquals(await storage.readBack(BOOT_CODE, () => {}), 'print("boot");');
  assertEquals(await storage.readBack("app", () => {}), 'print("file");');
});

test("flash says that Storage is full, and keeps the old program", async (path) => {
  await using link = await connect(path);
  await flashed(link, 'print("boot");');
  const error = await assertRejects(
    () => flashed(link, "//".repeat(150_000)),
    BoardFailure,
    "Storage is full",
  );
  assertEquals(error.exit, 6);
  assertStringIncludes(error.message, "is still there");
});

test("flash interrupts a program that never yields", async (path) => {
  await using link = await connect(path);
  await flashed(link, 'print("busy");setTimeout(function () { while (1); }, 10);');
  assertStringIncludes(await flashed(link, 'print("free");'), "free");
});

for (const endless of ["while (1);", "setInterval(function () { while (1); }, 1);"]) {
  test(`recover clears a program that never yields: ${endless}`, async (path) => {
    await using link = await connect(path);
    await flashed(link, `print("busy");${endless}`);
    const console = new BoardConsole(link);
    await recover(console);
    assertEquals(await new Storage(console).length(BOOT_CODE), null);
  });
}

test("flash ends on Ctrl-C with the old program running", async (path) => {
  await using link = await connect(path);
  await flashed(link, 'print("old");');
  const ending = new AbortController();
  const error = await assertRejects(
    () =>
      flashed(link, "// a line of padding\n".repeat(400), {
        signal: ending.signal,
        onProgress: (_step, done) => done > 3000 && ending.abort(),
      }),
    BoardFailure,
    "Interrupted",
  );
  assertStringIncludes(error.message, "is still there");
  const console = new BoardConsole(link);
  await console.wake();
  assertEquals(await new Storage(console).readBack(BOOT_CODE, () => {}), 'print("old");');
});

test("monitor shows what the program prints, and names the original lines", async (path) => {
  const link = await connect(path);
  await flashed(link, 'setInterval(function () {\n  print("tick");\n  nothing.x();\n}, 30);\n');
  await link.close();
  const map = {
    json: JSON.stringify({
      ...{ version: 3, sources: ["app.ts"], sourcesContent: [null], names: [] },
      mappings: ";;AAUA",
    }),
    folder: "file:///home/user/",
  };
  let shown = "";
  const ending = new AbortController();
  await monitor({
    open: () => openPort(path, { baudRate: 9600, xon: true }),
    keys: new ReadableStream(),
    write: (text) => {
      shown += text;
      if (/app\.ts[^]*tick/.test(shown)) ending.abort();
    },
    onNote: () => {},
    positions: new Positions(map, { names: [BOOT_CODE], from: "/home/user" }),
    signal: AbortSignal.any([ending.signal, AbortSignal.timeout(10_000)]),
  });
  assertStringIncludes(shown, "tick\r\n");
  assertStringIncludes(shown, "    at app.ts:11:1\r\n");
});
