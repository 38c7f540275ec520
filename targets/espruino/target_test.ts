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

/** What the statements give. */
function evaluated(statements: string): BoardSpec {
  return new Function(`${statements}; return board;`)() as BoardSpec;
}

Deno.test("an artefact has of its board what is asked for at run time, and nothing else", () => {
  for (const board of espruinos) {
    const { name, analogVolts, pins, roles, serials, i2cs, spis } = evaluated(boardData(board));
    assertEquals([name, analogVolts], [board.name, board.analogVolts]);
    assertEquals([i2cs, spis], [board.i2cs, board.spis]);
    assertEquals(Object.keys(pins), Object.keys(board.pins));
    for (const [pin, spec] of Object.entries(pins)) {
      assertEquals(spec, { can: board.pins[pin]!.can });
    }
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

Deno.test("a board's data stays small: what pins can do is written once", () => {
  for (const board of espruinos) {
    const length = boardData(board).replace(/\s+/g, "").length;
    assert(length < 3600, `${board.id}: ${length}`);
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
