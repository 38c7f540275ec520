import { assert, assertEquals } from "@std/assert";
import { boards } from "../../boards/mod.ts";
import { buildProgram } from "../../compiler/build_program.ts";
import { endBundlerAtTheEnd } from "../../compiler/world_test.ts";
import type { BoardSpec } from "../../runtime/io/spec.ts";
import config from "../../deno.json" with { type: "json" };
import { boardData } from "./board_data.ts";
import { espruino } from "./target.ts";

endBundlerAtTheEnd();

const espruinos = Object.values<BoardSpec>(boards).filter(({ targets }) =>
  targets.includes("espruino")
);

Deno.test("an artefact has of its board what is asked for at run time, and nothing else", () => {
  for (const board of espruinos) {
    const data: BoardSpec = JSON.parse(boardData(board));
    const { roles, serials, ...rest } = data;
    const { analogVolts, i2cs, spis } = board;
    assertEquals(rest, { analogVolts, i2cs, spis } as typeof rest);
    for (const [role, { external: _, ...needed }] of Object.entries(board.roles)) {
      assertEquals(roles[role], needed);
    }
    for (const [line, { note: _note, cts: _cts, ...needed }] of Object.entries(board.serials)) {
      assertEquals(serials[line], needed);
    }
    assertEquals(Object.keys(roles), Object.keys(board.roles));
    assertEquals(Object.keys(serials), Object.keys(board.serials));
  }
});

Deno.test("an artefact says what runs and which version, imports nothing and needs no module", async () => {
  const program = new URL("../../examples/blink.ts", import.meta.url).pathname;
  const { code, report } = await buildProgram({
    program,
    target: espruino,
    board: "puckjs",
    coroutines: "compiled",
  });
  assert(code.includes(`"blink (awaitio ${config.version})"`));
  assert(!/^\s*(?:import|export)\b/m.test(code));
  assertEquals([report.target, report.board], ["espruino", "puckjs"]);
  // A program has the port kinds that its board opens; the platform is Espruino's and not the host's.
  assert(!code.includes("performance.now") && !code.includes("queueMicrotask"));
});
