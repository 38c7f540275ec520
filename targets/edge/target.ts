import { ownModule, ownPath } from "../../compiler/paths.ts";
import { modernEngine, type Target } from "../../compiler/target.ts";
import { configurationOf } from "./configuration.ts";
import { declaredIn, requireBudget } from "./declared.ts";

/** An edge function: the artefact's default export answers requests. */
export const edge: Target = {
  ...targetOf("deno"),
  platforms: ["deno", "workers"],
  forPlatform: (name, coroutines) => targetOf(name, coroutines),
};

function targetOf(platform: string, coroutines = "compiled"): Target {
  const workers = platform === "workers";
  return {
    name: "edge",
    boards: false,
    platform,
    // workerd has of Node's modules only what the flag `nodejs_als` gives: native coroutines need it.
    node: !workers || coroutines === "native",
    keepNames: false,
    awaitio: "targets/edge/mod.ts",
    modules: new Map(
      workers
        ? [[ownPath("targets/edge/environment.ts"), ownPath("targets/edge/workers_environment.ts")]]
        : [],
    ),
    lowerings: modernEngine,
    inspect(code) {
      const declared = declaredIn(code);
      requireBudget(declared, platform);
      return { platform, ...declared };
    },
    files: (report, file) => configurationOf(report, file),
    entry: ({ program }) =>
      workers
        ? `import server from ${JSON.stringify(program)};
           import { forWorkers } from ${ownModule("targets/edge/workers_entry.ts")};
           export default forWorkers(server);`
        : `export { default } from ${JSON.stringify(program)};`,
  };
}
