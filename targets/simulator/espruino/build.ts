import { buildProgram } from "../../../compiler/build_program.ts";
import type { BoardSpec } from "../../../runtime/io/spec.ts";
import { UsageError } from "../../command.ts";
import { espruino } from "../../espruino/target.ts";
import { bundled } from "../../load_compiled.ts";

/** The artefact of a program: the very file that `build` writes and `flash` sends. */
export async function artefactOf(program: string, board: BoardSpec): Promise<string> {
  if (!board.targets.includes("espruino")) {
    throw new UsageError(
      `Cannot build an artefact for the board "${board.id}": Espruino does not run on it; choose ` +
        `another with --board (see \`boards\`), or leave out --artefact`,
    );
  }
  const { code } = await bundled(() =>
    buildProgram({ program, target: espruino, board: board.id, coroutines: "compiled" })
  );
  return code;
}
