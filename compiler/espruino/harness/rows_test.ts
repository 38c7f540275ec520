import { assertEquals } from "@std/assert";
import { comparable, interpreterPath, runOnInterpreter } from "./interpreter.ts";
import { rows } from "./rows.ts";
import { runArtefact } from "./run.ts";

/** What the snippets ask of the board. */
const globals = { setWatch() {}, D1: 1, Serial1: {}, LoopbackA: {}, I2C1: {}, SPI1: {} };

for (const { what, snippet, prints, refused = false } of rows) {
  Deno.test(`the harness prints what the interpreter does: ${what}`, async () => {
    const { output } = await runArtefact(snippet, { globals });
    assertEquals(comparable(output), refused ? ["Uncaught SyntaxError"] : comparable(prints));
  });

  Deno.test({
    name: `the interpreter prints what the table says: ${what}`,
    ignore: interpreterPath() === undefined,
    async fn() {
      assertEquals(comparable(await runOnInterpreter(snippet)), comparable(prints));
    },
  });
}
