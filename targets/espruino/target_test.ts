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

Deno.test("a report says what an artefact takes of its board, and which module holds how much", async () => {
  const program = new URL("../../examples/blink.ts", import.meta.url).pathname;
  for (const [board, jsVars, kilobytes] of [["puckjs", 2630, 40], ["microbit1", 350, 4]] as const) {
    const what = { program, target: espruino, board, coroutines: "compiled" } as const;
    const { code, report } = await buildProgram(what);
    const { memory, modules } = report;
    if (memory === undefined) throw new Error("there is nothing about memory");
    assertEquals([memory.jsVars, memory.flashAvailable], [jsVars, kilobytes * 1024]);
    const sum = modules.reduce((all, { flashBlocks = 0 }) => all + flashBlocks, 0);
    assertEquals(memory.flashBlocks, sum + memory.reserveBlocks);
    assert(modules.find(({ module }) => module.endsWith("coroutine.ts"))!.flashBlocks! > 10);
    assert(memory.flashBlocks < memory.ramBlocks && memory.ramBlocks < memory.loadingBlocks);
    assert(memory.flashBytes > code.length && memory.flashBytes < code.length + 50);
  }
  const unknown = {
    program,
    target: espruino,
    board: "f4discovery",
    coroutines: "compiled",
  } as const;
  const { report } = await buildProgram(unknown);
  assertEquals([report.memory?.jsVars, report.memory?.flashAvailable], [5450, null]);
});
