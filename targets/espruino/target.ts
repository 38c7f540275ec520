import { basename } from "node:path";
import config from "../../deno.json" with { type: "json" };
import { findBoard } from "../../boards/mod.ts";
import { requireDialect } from "../../compiler/espruino/check.ts";
import { espruinoLowering } from "../../compiler/espruino/lowering.ts";
import { minifyForEspruino } from "../../compiler/espruino/minify.ts";
import type { Level } from "../../compiler/espruino/tree.ts";
import { ownModule, ownPath } from "../../compiler/paths.ts";
import type { Target } from "../../compiler/target.ts";
import { boardData } from "./board_data.ts";
import { measureFor } from "./measure.ts";

/** A board with Espruino: the artefact runs the program's function as soon as it is loaded. */
export const espruino: Target = {
  ...targetOf("standard"),
  forBoard: (id) => {
    const board = findBoard(id);
    return {
      ...targetOf(board.saveOnFlash === true ? "small" : "standard"),
      measure: measureFor(board),
    };
  },
};

function targetOf(level: Level): Target {
  return {
    name: "espruino",
    boards: true,
    node: false,
    keepNames: false,
    awaitio: "targets/espruino/mod.ts",
    small: true,
    modules: new Map([
      [ownPath("runtime/timer_heap.ts"), ownPath("targets/espruino/timer_list.ts")],
      [ownPath("runtime/calls.ts"), ownPath("targets/espruino/calls.ts")],
      [ownPath("runtime/microtasks.ts"), ownPath("targets/espruino/microtasks.ts")],
      [ownPath("runtime/turns.ts"), ownPath("targets/espruino/turns.ts")],
      [ownPath("runtime/waiters.ts"), ownPath("targets/espruino/waiters.ts")],
      [ownPath("runtime/ready_queue.ts"), ownPath("targets/espruino/ready_array.ts")],
    ]),
    globals: ownPath("targets/espruino/globals.ts"),
    lowerings: [espruinoLowering({ level })],
    minify: (code, { readable = false }) => minifyForEspruino(code, { level, readable }),
    check: (code, map) => requireDialect(code, { level, map }),
    entry: ({ program, board }) => `
      import main from ${JSON.stringify(program)};
      import { start } from ${ownModule("targets/espruino/start.ts")};
      start(main, ${boardData(findBoard(board!))}, ${JSON.stringify(title(program))});`,
  };
}

/** What the console says when the program starts: its name, and by which version it was built. */
function title(program: string): string {
  return `${basename(program).replace(/\.\w+$/, "")} (awaitio ${config.version})`;
}
