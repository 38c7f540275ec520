import { ownModule } from "../../compiler/paths.ts";
import type { BoardSpec } from "../../runtime/io/spec.ts";
import { type Given, mainOf, UsageError } from "../command.ts";
import { findProgram, loadProgram, type Module, readCoroutines } from "../load.ts";
import { simulateArtefact } from "./espruino/artefact.ts";
import { firmwareOf } from "./firmware/boot.ts";
import type { FirmwareKit } from "./firmware/emulated.ts";
import type { Firmware } from "./hardware.ts";
import { simulate } from "./simulate.ts";
import type { Scenario } from "./simulation.ts";

const USAGE = "for example sim examples/button.ts --board uno";

/** A program with its world. */
export interface Loaded {
  readonly module: Module;
  /** The scenario that was asked for, or the one that the program's module brings. */
  readonly scenario: Scenario | null;
  readonly simulate: typeof simulate;
  /** Simulates the artefact of one. */
  readonly artefact: typeof simulateArtefact;
  /** The firmware on the board, where that was asked for. */
  readonly firmware: Firmware | null;
}

/** Loads a program with its world, as the options of `sim` say. */
export async function load(
  path: string | undefined,
  board: BoardSpec,
  options: Given["options"],
): Promise<Loaded> {
  const { scenario: other } = options;
  if (options["artefact"] === "true") return await loadArtefact(path, board, options);
  const kit = options["firmware"] === "true" ? await loadKit(board) : null;
  if (readCoroutines(options) === "native") {
    const module = await loadProgram(path, USAGE);
    const scenario = other === undefined
      ? ownScenario(module)
      : mainOf(await loadProgram(other, "--scenario FILE"), other) as Scenario;
    const firmware = kit === null ? null : firmwareOf(kit);
    return { module, scenario, simulate, artefact: simulateArtefact, firmware };
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
     export { simulate } from ${ownModule("targets/simulator/simulate.ts")};
     export { simulateArtefact } from ${ownModule("targets/simulator/espruino/artefact.ts")};
     ${kit === null ? "" : `export { firmwareOf } from ${ownModule(BOOT)};`}`,
  );
  const scenario = other === undefined
    ? ownScenario(module)
    : mainOf({ default: module["scenario"] }, other) as Scenario;
  return {
    module,
    scenario,
    simulate: module["simulate"] as typeof simulate,
    artefact: module["simulateArtefact"] as typeof simulateArtefact,
    firmware: kit === null ? null : (module["firmwareOf"] as typeof firmwareOf)(kit),
  };
}

const BOOT = "targets/simulator/firmware/boot.ts";

/** What firmware runs with, which takes a while to load. */
async function loadKit(board: BoardSpec): Promise<FirmwareKit> {
  const { kit } = await import("./firmware/kit.ts");
  const { EMULATED } = await import("./arduino/board.ts");
  if (EMULATED.some(({ id }) => id === board.id)) return kit;
  throw new UsageError(
    `Cannot run firmware on the board "${board.id}": there is some for ` +
      `${EMULATED.map(({ id }) => id).join(", ")}`,
  );
}

/** The artefact of a program, with the scenario of its module. */
async function loadArtefact(
  path: string | undefined,
  board: BoardSpec,
  { artefact: _, ...options }: Given["options"],
): Promise<Loaded> {
  if (options["firmware"] === "true") {
    throw new UsageError("Cannot use --artefact and --firmware together: choose one");
  }
  const loaded = await load(path, board, options);
  const { artefactOf } = await import("./espruino/build.ts");
  const code = await artefactOf(await findProgram(path, USAGE), board);
  const run = loaded.artefact;
  return { ...loaded, simulate: (_program, scenario, how) => run(code, scenario ?? null, how) };
}

function ownScenario({ scenario }: Module): Scenario | null {
  return typeof scenario === "function" ? scenario as Scenario : null;
}
