import { ownModule } from "../../compiler/paths.ts";
import type { BoardSpec } from "../../runtime/io/spec.ts";
import { type Given, mainOf } from "../command.ts";
import { findProgram, loadProgram, type Module, readCoroutines } from "../load.ts";
import { simulateArtefact } from "./espruino/artefact.ts";
import { type Scenario, simulate } from "./simulation.ts";

const USAGE = "for example sim examples/button.ts --board uno";

/** A program with its world. */
export interface Loaded {
  readonly module: Module;
  /** The scenario that was asked for, or the one that the program's module brings. */
  readonly scenario: Scenario | null;
  readonly simulate: typeof simulate;
  /** Simulates the artefact of one. */
  readonly artefact: typeof simulateArtefact;
}

/** Loads a program with its world, as the options of `sim` say. */
export async function load(
  path: string | undefined,
  board: BoardSpec,
  options: Given["options"],
): Promise<Loaded> {
  const { scenario: other } = options;
  if (options["artefact"] === "true") return await loadArtefact(path, board, options);
  if (readCoroutines(options) === "native") {
    const module = await loadProgram(path, USAGE);
    const scenario = other === undefined
      ? ownScenario(module)
      : mainOf(await loadProgram(other, "--scenario FILE"), other) as Scenario;
    return { module, scenario, simulate, artefact: simulateArtefact };
  }
  const program = await findProgram(path, USAGE);
  const world = other === undefined ? program : await findProgram(other, "--scenario FILE");
  // The compiler takes a while to load.
  const { loadCompiled } = await import("../load_compiled.ts");
  const module = await loadCompiled(
    program,
    `import * as world from ${JSON.stringify(world)};
     export { default } from ${JSON.stringify(program)};
     export const scenario = world.${other === undefined ? "scenario" : "default"};
     export { simulate } from ${ownModule("targets/simulator/simulation.ts")};
     export { simulateArtefact } from ${ownModule("targets/simulator/espruino/artefact.ts")};`,
  );
  const scenario = other === undefined
    ? ownScenario(module)
    : mainOf({ default: module["scenario"] }, other) as Scenario;
  return {
    module,
    scenario,
    simulate: module["simulate"] as typeof simulate,
    artefact: module["simulateArtefact"] as typeof simulateArtefact,
  };
}

/** The artefact of a program, with the scenario of its module. */
async function loadArtefact(
  path: string | undefined,
  board: BoardSpec,
  { artefact: _, ...options }: Given["options"],
): Promise<Loaded> {
  const loaded = await load(path, board, options);
  const { artefactOf } = await import("./espruino/build.ts");
  const code = await artefactOf(await findProgram(path, USAGE), board);
  const run = loaded.artefact;
  return { ...loaded, simulate: (_program, scenario, how) => run(code, scenario ?? null, how) };
}

function ownScenario({ scenario }: Module): Scenario | null {
  return typeof scenario === "function" ? scenario as Scenario : null;
}
