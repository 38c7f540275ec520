import { basename } from "node:path";
import config from "../../deno.json" with { type: "json" };
import { findBoard } from "../../boards/mod.ts";
import { ownModule } from "../../compiler/paths.ts";
import type { Target } from "../../compiler/target.ts";
import { boardData } from "./board_data.ts";

/** A board with Espruino: the artefact runs the program's function as soon as it is loaded. */
export const espruino: Target = {
  name: "espruino",
  boards: true,
  node: false,
  keepNames: false,
  awaitio: "targets/espruino/mod.ts",
  lowerings: [],
  entry: ({ program, board }) => `
    import main from ${JSON.stringify(program)};
    import { start } from ${ownModule("targets/espruino/start.ts")};
    ${boardData(findBoard(board!))}
    start(main, board, ${JSON.stringify(title(program))});`,
};

/** What the console says when the program starts: its name, and by which version it was built. */
function title(program: string): string {
  return `${basename(program).replace(/\.\w+$/, "")} (awaitio ${config.version})`;
}
