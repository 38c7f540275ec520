import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { DoubleBoard, type DoubleOptions } from "./double_board.ts";
import { type Flash, flash, type Flashed } from "./flash.ts";
import { BoardConsole } from "./flash_console.ts";
import { BoardFailure } from "./flash_failure.ts";
import { Link } from "./flash_link.ts";
import { literal } from "./flash_storage.ts";

const OLD = 'print("old");';
const NEW = 'var count = 0;\nsetInterval(function () {\n  print("new " + ++count);\n}, 20);\n';

/** A program of about `bytes` bytes that prints "big". */
function big(bytes: number): string {
  return `${"// padding of a program that is large\n".repeat(bytes / 38)}print("big");`;
}

interface Given extends DoubleOptions {
  readonly code?: string;
  readonly keep?: Flash["keep"];
  readonly timeout?: number;
  readonly onSent?: (sent: number) => void;
  readonly signal?: AbortSignal;
}

interface World {
  readonly board: DoubleBoard;
  readonly notes: string[];
  flash(): Promise<Flashed>;
}

function test(name: string, given: Given, run: (world: World) => Promise<void>): void {
  Deno.test({
    name: `flash ${name}`,
    ignore: Deno.build.os === "windows",
    async fn() {
      using board = new DoubleBoard({ files: { ".bootcde": OLD }, ...given });
      const notes: string[] = [];
      await run({
        board,
        notes,
        async flash() {
          await using link = await Link.open(board.path, {
            baudRate: 115_200,
            timeout: given.timeout ?? 3000,
          });
          const console = new BoardConsole(link);
          await console.wake();
          return await flash(console, await console.identify(), {
            code: given.code ?? NEW,
            keep: given.keep ?? "boot",
            baudRate: 115_200,
            listen: 200,
            signal: given.signal ?? new AbortController().signal,
            onProgress: (step, sent) => {
              if (step === "send") given.onSent?.(sent);
            },
            onNote: (note) => notes.push(note),
          });
        },
      });
    },
  });
}

test("saves a program that runs at boot, and says what it prints", {}, async ({ board, flash }) => {
  const { how, answer } = await flash();
  assertEquals(how, "packets");
  assertStringIncludes(answer, "new 1\r\nnew 2\r\n");
  assertEquals(board.storage.read(".bootcde"), NEW);
  assertEquals(board.storage.list(), [".bootcde"]);
});

test("uses the console where the firmware has no packets", { version: "2v19" }, async ({
  board,
  flash,
}) => {
  const { how, answer } = await flash();
  assertEquals(how, "console");
  assertStringIncludes(answer, "new 1");
  assertEquals(board.storage.read(".bootcde"), NEW);
});

for (const version of ["2v29", "2v19"]) {
  const code = `print(${literal("\x00\x03\x04\x11\x13 \\ \"'` \u00e9\u00ff")});\n`;
  test(`brings every character over as it was (${version})`, { version, code }, async ({
    board,
    flash,
  }) => {
    await flash();
    assertEquals(board.storage.read(".bootcde"), code);
  });
}

test("loses no byte of a large program, since it heeds XOFF", { code: big(9000) }, async ({
  board,
  flash,
}) => {
  assertStringIncludes((await flash()).answer, "big");
  assertEquals(board.overflowed, 0);
});

test("writes a file beside the program, and starts it", { keep: { file: "app.js" } }, async ({
  board,
  flash,
}) => {
  assertStringIncludes((await flash()).answer, "new 1");
  assertEquals(board.storage.read(".bootcde"), OLD);
  assertEquals(board.storage.read("app.js"), NEW);
});

test("sends to RAM only", { keep: "ram" }, async ({ board, flash }) => {
  assertStringIncludes((await flash()).answer, "new 1");
  assertEquals(board.storage.read(".bootcde"), OLD);
  assertEquals(board.storage.list(), [".bootcde"]);
});

test("erases .bootrst, which would run instead, and says so", {
  files: { ".bootrst": 'print("always");' },
}, async ({ board, flash, notes }) => {
  assertStringIncludes((await flash()).answer, "new 1");
  assertEquals(board.storage.list(), [".bootcde"]);
  assertEquals(notes, ["Erased .bootrst, which would have run instead"]);
});

for (const fault of ["corrupt", "drop"] as const) {
  test(`sends the program anew when a byte is lost or changed (${fault})`, {
    code: big(2000),
    faults: { [fault]: 2000 },
  }, async ({ board, flash }) => {
    assertStringIncludes((await flash()).answer, "big");
    assertEquals(board.storage.read(".bootcde"), big(2000));
  });
}

test("sends the program anew when the board refuses a packet", { faults: { refuse: [2] } }, async ({
  board,
  flash,
}) => {
  await flash();
  assertEquals(board.storage.read(".bootcde"), NEW);
});

test("keeps the old program when the board refuses every packet", {
  faults: { refuse: Array.from({ length: 20 }, (_, i) => i + 1) },
}, async ({ board, flash }) => {
  const error = await assertRejects(flash, BoardFailure, "NAK");
  assertStringIncludes(error.message, "is still there");
  assertEquals(error.exit, 1);
  assertEquals(board.storage.read(".bootcde"), OLD);
  assertEquals(board.storage.list(), [".bootcde"]);
});

test("keeps the old program when the cable is pulled", {
  code: big(3000),
  faults: { unplugAfter: 2500 },
}, async ({ board, flash }) => {
  const error = await assertRejects(flash, BoardFailure, "was unplugged");
  assertStringIncludes(error.message, "is still there");
  assertEquals(error.exit, 4);
  assertEquals(board.storage.read(".bootcde"), OLD);
});

test("says that Storage is full, and keeps the old program", {
  code: big(3000),
  flash: 2000,
}, async ({ board, flash }) => {
  const error = await assertRejects(flash, BoardFailure, "Storage is full");
  assertStringIncludes(error.message, "is still there");
  assertEquals(error.exit, 6);
  assertEquals(board.storage.read(".bootcde"), OLD);
});

test("says so where there is no room for both programs", {
  code: big(3000),
  flash: 5000,
}, async ({ board, flash, notes }) => {
  assertStringIncludes((await flash()).answer, "big");
  assertStringIncludes(notes.join(), "no room to keep the old program");
  assertEquals(board.storage.read(".bootcde"), big(3000));
});

test("does without what the smallest boards leave out", {
  board: "MICROBIT1",
  saveOnFlash: true,
  flash: 4096,
}, async ({ board, flash, notes }) => {
  assertStringIncludes((await flash()).answer, "new 1");
  assertStringIncludes(notes.join(), "no room to keep the old program");
  assertEquals(board.storage.read(".bootcde"), NEW);
});

test("says so when a small board has no room", {
  code: big(5000),
  saveOnFlash: true,
  flash: 4096,
}, async ({ flash }) => {
  const error = await assertRejects(flash, BoardFailure, "Storage may be full");
  assertStringIncludes(error.message, "is gone");
});

test("says that the old program is gone when the cable is pulled and there was no room", {
  code: big(3000),
  flash: 5000,
  faults: { unplugAfter: 3000 },
}, async ({ flash }) => {
  const error = await assertRejects(flash, BoardFailure, "was unplugged");
  assertStringIncludes(error.message, "is gone");
});

test("clears trash away before it gives up the old program", {
  code: big(3000),
  flash: 8000,
}, async ({ board, flash, notes }) => {
  board.storage.write("rubbish", "x".repeat(3000));
  board.storage.erase("rubbish");
  await flash();
  assertEquals(notes, []);
});

test("interrupts a program that never yields", { files: { ".bootcde": "while(1);" } }, async ({
  board,
  flash,
}) => {
  assertStringIncludes((await flash()).answer, "new 1");
  assertEquals(board.storage.read(".bootcde"), NEW);
});

test("leaves the debugger, in which Ctrl-C may end", {
  files: { ".bootcde": "while(1);" },
  faults: { debugger: true },
}, async ({ flash }) => {
  assertStringIncludes((await flash()).answer, "new 1");
});

test("says what to do when the board never answers", {
  files: { ".bootcde": 'print("busy");while(1);' },
  faults: { deaf: 100 },
  timeout: 500,
}, async ({ flash }) => {
  const error = await assertRejects(flash, BoardFailure, "--recover");
  assertEquals(error.exit, 42);
});

test("goes on where somebody has begun a line, and where the echo is off", {
  files: { ".bootcde": "echo(0);" },
}, async ({ board, flash }) => {
  await using link = await Link.open(board.path, { baudRate: 9600, timeout: 1000 });
  await link.send("var half = {");
  await link.close();
  assertStringIncludes((await flash()).answer, "new 1");
});

const interrupted = new AbortController();
test("ends on Ctrl-C with the old program running and the console usable", {
  code: big(4000),
  signal: interrupted.signal,
  onSent: (sent) => sent > 1000 && interrupted.abort(),
}, async ({ board, flash }) => {
  const error = await assertRejects(flash, BoardFailure, "Interrupted");
  assertStringIncludes(error.message, "is still there");
  assertEquals(error.exit, 130);
  assertEquals(board.storage.list(), [".bootcde"]);
  await using link = await Link.open(board.path, { baudRate: 9600, timeout: 1000 });
  await link.send("1+2\n");
  assertEquals(
    await link.until((text) => /1\+2\r\n=3\r\n>$/.test(text) ? true : undefined, 1000),
    true,
  );
});

Deno.test({
  name: "Link loses bytes when XOFF is not heeded: the double's buffer is real",
  ignore: Deno.build.os === "windows",
  async fn() {
    const { openPort, closePort } = await import("../serial/mod.ts");
    using board = new DoubleBoard();
    const port = await openPort(board.path, { baudRate: 9600 });
    await new Promise((resolve) => port.write(`${"x".repeat(4000)}\n`, undefined, resolve));
    while (board.received < 4001) await new Promise((resolve) => setTimeout(resolve, 5));
    assertEquals(board.overflowed > 1000, true);
    await closePort(port);
  },
});
