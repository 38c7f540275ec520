import { assertEquals } from "@std/assert";
import { BlockLayout } from "./block_layout.ts";
import { blocksHeld, blockSize } from "./harness/blocks.ts";
import { interpreterPath } from "./harness/interpreter.ts";
import { heldBlocks } from "./memory.ts";

/** Blocks in RAM and from flash: on a computer with blocks of 27 bytes, and on a Puck.js with such of 13. */
type Blocks = readonly [ram: number, flash: number, boardRam: number, boardFlash: number];

/** As interpreters have them; where `ESPRUINO_BIN` names one, it is asked again. */
const MEASURED: { readonly [script: string]: Blocks } = {
  "var a": [1, 1, 1, 1],
  "var a = 1": [1, 1, 1, 1],
  "var a = 1.5": [2, 2, 2, 2],
  "var a = null": [2, 2, 2, 2],
  "var abcdefghijkl = 1": [2, 2, 2, 2],
  'var a = "a text of some forty characters, about"': [3, 3, 6, 6],
  "var a = {b: 1, c: null, d: true}": [7, 7, 7, 7],
  'var a = [1, 2, true, null, "x"]': [9, 9, 9, 9],
  "function f(a, b) {return a + b}": [6, 6, 6, 6],
  "var f = (a) => {a.b = 1; a.c = 2; a.d = 3}": [6, 5, 7, 5],
  "var f = () => this.a": [5, 5, 5, 5],
  "class A {}": [7, 7, 7, 7],
  "class A {get m() {return 1} set m(v) {this.q = v}}": [18, 18, 19, 18],
  "var A = class {m() {return 1}}": [11, 11, 11, 11],
  "var A = class {constructor() {this.a = 0; this.b = null; this.c = []}}; var b = new A": [
    ...[19, 18, 21, 18] as const,
  ],
  "var A = class {constructor() {this.a = 0}}; var B = class extends A {}; var c = new B": [
    ...[26, 26, 28, 27] as const,
  ],
  "var A = class {static m() {return 1}}": [11, 11, 11, 11],
  "var G = setTime": [2, 2, 2, 2],
  "globalThis.setTime = t => t": [5, 5, 6, 6],
  'Error.prototype.name = "Error"': [7, 7, 8, 8],
  "Array.prototype.$iterator = function () {return 1}": [10, 10, 11, 11],
  'var a = {what: "queue.get()", claim: (t, e) => t.claimItem(e)}': [10, 10, 13, 12],
};

/** What is estimated for a script. */
function estimated(script: string): Blocks {
  const sums = [BlockLayout.computer, BlockLayout.of(2630)].map((layout) => {
    const held = heldBlocks(script, layout);
    return [
      held.reduce((sum, { ramBlocks }) => sum + ramBlocks, 0),
      held.reduce((sum, { flashBlocks }) => sum + flashBlocks, 0),
    ];
  });
  return sums.flat() as unknown as Blocks;
}

for (const [script, blocks] of Object.entries(MEASURED)) {
  Deno.test(`memory: the estimate has the blocks of ${script}`, () => {
    assertEquals(estimated(script), blocks);
  });

  Deno.test({
    name: `memory: the interpreter has the blocks of ${script}`,
    ignore: interpreterPath() === undefined,
    async fn() {
      const isBoard = await blockSize() === BlockLayout.of(2630).block;
      assertEquals(
        [await blocksHeld(script, { from: "ram" }), await blocksHeld(script, { from: "flash" })],
        isBoard ? blocks.slice(2) : blocks.slice(0, 2),
      );
    },
  });
}

Deno.test("memory: what stays is told with the place where it is written", () => {
  const held = heldBlocks("var a = 1;\nvar f = function () {return a};\n", BlockLayout.of(350));
  assertEquals([...new Set(held.map(({ line }) => line))], [1, 2]);
  assertEquals(held[0], { line: 1, column: 4, ramBlocks: 1, flashBlocks: 1 });
});

Deno.test("memory: code that runs from flash takes none of its text, and boards differ in their blocks", () => {
  const code = (n: number) => `var f = function () {${"a();".repeat(n)}};`;
  const blocks = (n: number, jsVars: number) => {
    const held = heldBlocks(code(n), BlockLayout.of(jsVars));
    return [held.reduce((sum, each) => sum + each.ramBlocks, 0), held.at(-1)!.flashBlocks];
  };
  assertEquals(blocks(100, 350), [4 + Math.ceil(400 / 12), 2]);
  assertEquals(blocks(100, 2630), [4 + Math.ceil(400 / 13), 2]);
  assertEquals(blocks(100, 12000), [4 + Math.ceil(400 / 14), 2]);
});
