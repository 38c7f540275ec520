import { ownModule } from "../../compiler/paths.ts";
import { modernEngine, type Target } from "../../compiler/target.ts";

/** An ordinary process of Deno or Node: the artefact runs the program's function. */
export const host: Target = {
  name: "host",
  boards: false,
  node: true,
  keepNames: true,
  lowerings: modernEngine,
  entry: ({ program }) => `
    import main from ${JSON.stringify(program)};
    import { start } from ${ownModule("targets/host/start.ts")};
    start(main, import.meta.url);`,
};
