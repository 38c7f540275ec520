import { assertEquals, assertStringIncludes } from "@std/assert";
import { openPort } from "../serial/mod.ts";
import { DoubleBoard, type DoubleOptions } from "./double_board.ts";
import { monitor } from "./monitor.ts";
import { Positions } from "./positions.ts";

/** Line 1, column 1 of what is saved is line 7, column 1 of app.ts. */
const MAP = {
  json: JSON.stringify({
    ...{ version: 3, sources: ["app.ts"], sourcesContent: [null], names: [] },
    mappings: "AAMA",
  }),
  folder: "file:///home/user/",
};

/** Keys that a test types. */
class Keys {
  readonly stream: ReadableStream<Uint8Array>;
  #controller!: ReadableStreamDefaultController<Uint8Array>;

  constructor() {
    this.stream = new ReadableStream({
      start: (controller) => void (this.#controller = controller),
    });
  }

  type(text: string): void {
    this.#controller.enqueue(new TextEncoder().encode(text));
  }
}

interface World {
  readonly board: DoubleBoard;
  readonly keys: Keys;
  readonly notes: string[];
  /** Resolves when what is shown matches; gives all of it. */
  shows(what: RegExp): Promise<string>;
}

function test(
  name: string,
  options: DoubleOptions,
  run: (world: World) => Promise<void>,
): void {
  Deno.test({
    name: `monitor ${name}`,
    ignore: Deno.build.os === "windows",
    async fn() {
      using board = new DoubleBoard(options);
      const [keys, ending, notes] = [new Keys(), new AbortController(), [] as string[]];
      let shown = "";
      const watching = monitor({
        open: () => openPort(board.path, { baudRate: 9600, xon: true }),
        keys: keys.stream,
        write: (text) => shown += text,
        onNote: (note) => notes.push(note),
        positions: new Positions(MAP, { names: [".bootcde"], from: "/home/user" }),
        signal: ending.signal,
      });
      try {
        await run({
          ...{ board, keys, notes },
          async shows(what) {
            for (let tries = 0; !what.test(shown); tries++) {
              if (tries > 2000) {
                throw new Error(`Never shown: ${what}, but ${JSON.stringify(shown)}`);
              }
              await new Promise((resolve) => setTimeout(resolve, 5));
            }
            return shown;
          },
        });
      } finally {
        keys.type("\x03");
        await watching;
        ending.abort();
      }
    },
  });
}

test("shows what the program prints, and passes keys", {
  files: { ".bootcde": 'setInterval(() => print("tick"), 5);' },
}, async ({ keys, shows }) => {
  await shows(/tick\r\n/);
  keys.type("print(2+3)\n");
  await shows(/5\r\n/);
});

test("shows a character that the interpreter sends as one byte", {
  files: { ".bootcde": 'setInterval(() => print("21.0 \\xb0C"), 50);' },
}, async ({ shows }) => {
  await shows(/21\.0 °C\r\n/);
});

test("echoes each key as it is typed", {}, async ({ keys, shows }) => {
  await shows(/>$/);
  keys.type("1");
  await shows(/>1$/);
  keys.type("+1\n");
  await shows(/>1\+1\r\n=2\r\n>$/);
});

test("names the original lines of errors", {
  files: { ".bootcde": "setInterval(() => missing(), 50);" },
}, async ({ shows }) => {
  assertStringIncludes(await shows(/Uncaught [^]*\^/), "    at app.ts:7:1\r\n");
});

test("sends Ctrl-C to the board for Ctrl-B", {
  files: { ".bootcde": 'print("busy");while(1);' },
}, async ({ keys, shows }) => {
  keys.type("\x02");
  await shows(/Execution Interrupted\r\n>$/);
});

test("waits for a board that is unplugged, and goes on when it is back", {
  files: { ".bootcde": 'setInterval(() => print("tick"), 5);' },
}, async ({ board, notes, shows }) => {
  const before = (await shows(/tick/)).length;
  board.unplug();
  while (notes.length < 1) await new Promise((resolve) => setTimeout(resolve, 5));
  board.plug();
  await shows(new RegExp(`[^]{${before + 20}}tick`));
  assertEquals(notes, [
    "The board is gone; waiting for it to come back (Ctrl-C leaves)",
    "The board is back",
  ]);
});
