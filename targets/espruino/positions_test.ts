import { assertEquals } from "@std/assert";
import { Positions, PositionStream } from "./positions.ts";

/** Line 2, columns 1 and 9 of the artefact are line 12, column 5 and line 13, column 3 of blink.ts. */
const MAP = {
  json: JSON.stringify({
    version: 3,
    sources: ["../examples/blink.ts", "awaitio/runtime/loop.ts"],
    sourcesContent: [null, null],
    names: [],
    mappings: ";AAWI,QACF;ACAA",
  }),
  folder: "file:///home/user/out/",
};

function positions(names = [".bootcde"]): Positions {
  return new Positions(MAP, { names, from: "/home/user" });
}

Deno.test("Positions translates those of the saved file, with or without a function's name", () => {
  assertEquals(
    positions().translate(
      'Uncaught ReferenceError: "x" is not defined\n    at f (.bootcde:2:9)\n  x();\n    at .bootcde:2:1\n',
    ),
    'Uncaught ReferenceError: "x" is not defined\n    at f (examples/blink.ts:13:3)\n  x();\n' +
      "    at examples/blink.ts:12:5\n",
  );
});

Deno.test("Positions leaves alone what is of other files, of memory, of no map, and what is no error", () => {
  for (
    const text of [
      "    at f (other.js:2:9)",
      "    at REPL (:1:3)",
      "    at :2:9",
      "    at f (.bootcde:1:1)",
      "at .bootcde:0:0",
      "started .bootcde:2:9",
    ]
  ) assertEquals(positions().translate(text), text);
});

Deno.test("Positions translates what older firmwares print", () => {
  assertEquals(positions().translate("at line 2 col 9"), "at examples/blink.ts:13:3");
  assertEquals(
    positions().translate('in function "f" called from line 2 col 1'),
    'in function "f" called from examples/blink.ts:12:5',
  );
});

Deno.test("Positions takes the name that the file has on the board", () => {
  const text = "    at app.js:2:1";
  assertEquals(positions().translate(text), text);
  assertEquals(positions(["app.js"]).translate(text), "    at examples/blink.ts:12:5");
});

Deno.test("PositionStream translates across pieces, and passes the echo of a key at once", () => {
  const stream = new PositionStream(positions());
  const shown = [">p", "r", "int\r\nUncaught Error\r\n ", "   at f (.boot", "cde:2:9)\r", "\n>"]
    .map((text) => stream.push(text));
  assertEquals(shown, [
    ">p",
    "r",
    "int\r\nUncaught Error\r\n",
    "",
    "",
    "    at f (examples/blink.ts:13:3)\r\n>",
  ]);
});

Deno.test("PositionStream gives what it held back when nothing more comes", () => {
  const stream = new PositionStream(positions());
  assertEquals([stream.push("  "), stream.holds, stream.flush(), stream.holds], [
    "",
    true,
    "  ",
    false,
  ]);
});
