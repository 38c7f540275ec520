import { ownModule } from "../../compiler/paths.ts";
import { modernEngine, type Target } from "../../compiler/target.ts";

/** A simulated board on a virtual clock: the artefact plays the program's scenario and prints what it prints. */
export const simulator: Target = {
  name: "simulator",
  boards: true,
  node: true,
  keepNames: true,
  lowerings: modernEngine,
  entry: ({ program, board }) => `
    import * as program from ${JSON.stringify(program)};
    import main from ${JSON.stringify(program)};
    import { play } from ${ownModule("targets/simulator/play.ts")};
    import { ${board} as board } from ${ownModule(`boards/${board}.ts`)};
    play(main, program.scenario, board, import.meta.url);`,
};
