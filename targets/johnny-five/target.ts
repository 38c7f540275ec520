import { ownModule } from "../../compiler/paths.ts";
import { modernEngine, type Target } from "../../compiler/target.ts";

/** An Arduino that runs Firmata, driven from a process of Deno or Node through Johnny-Five. */
export const johnnyFive: Target = {
  name: "johnny-five",
  boards: true,
  node: true,
  keepNames: true,
  // The native binding, which only Node loads, and what Johnny-Five would look for a port with.
  external: ["@serialport/bindings-cpp", "serialport", "firmata", "browser-serialport"],
  lowerings: modernEngine,
  entry: ({ program, board }) => `
    import main from ${JSON.stringify(program)};
    import { start } from ${ownModule("targets/johnny-five/start.ts")};
    import { ${board} as board } from ${ownModule(`boards/${board}.ts`)};
    start(main, board, import.meta.url);`,
};
