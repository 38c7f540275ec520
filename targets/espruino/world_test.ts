/** What the tests of this target share: its driver and platform on a virtual interpreter. */

import { createContext, runInContext } from "node:vm";
import { bundle } from "../../compiler/bundle.ts";
import { ownModule, ROOT } from "../../compiler/paths.ts";
import { Event } from "../../runtime/event.ts";
import type { Driver } from "../../runtime/io/driver.ts";
import type { BoardSpec } from "../../runtime/io/spec.ts";
import type { EventLoop } from "../../runtime/loop.ts";
import type { Platform } from "../../runtime/platform.ts";
import { VirtualInterpreter } from "../simulator/espruino/interpreter.ts";
import { hardwareOf } from "../simulator/hardware.ts";
import { simulate } from "../simulator/simulate.ts";
import type { Simulation } from "../simulator/simulation.ts";

/** What the code under test exports, in the interpreter's own world. */
interface Tested {
  readonly EspruinoDriver: new (spec: BoardSpec) => Driver;
  readonly EspruinoPlatform: new (loop: Pick<EventLoop, "turn">) => Platform;
}

/** A board with an interpreter. */
export interface World {
  readonly sim: Simulation;
  readonly driver: Driver;
  readonly interpreter: VirtualInterpreter;
  /** Makes a platform whose loop calls `turn`. */
  platform(turn: () => boolean): Platform;
  /** The interpreter's globals, which a test may replace before anything is opened. */
  // deno-lint-ignore no-explicit-any
  readonly globals: any;
  /** Calls of the interpreter's functions, as text: `"digitalWrite D5 1"`. */
  readonly calls: string[];
}

const RECORDED = ["pinMode", "digitalWrite", "analogWrite", "setWatch", "clearWatch"];

let code: Promise<string> | null = null;

/** The code under test as a script: as it is, since only the interpreter's globals matter here. */
function testedCode(): Promise<string> {
  return code ??= bundle({
    program: `${ROOT}targets/espruino/driver.ts`,
    entry: `
      import { EspruinoDriver } from ${ownModule("targets/espruino/driver.ts")};
      import { EspruinoPlatform } from ${ownModule("targets/espruino/platform.ts")};
      globalThis.tested = { EspruinoDriver, EspruinoPlatform };`,
    coroutines: "native",
  }).then((bundled) => bundled.code);
}

/** Runs a test on a simulated board with an interpreter, on virtual time. */
export async function onBoard(
  board: string,
  test: (world: World) => unknown,
): Promise<void> {
  const script = await testedCode();
  let world: World | null = null;
  await simulate(
    async (board) => {
      const interpreter = new VirtualInterpreter(hardwareOf(board));
      const context = createContext({ ...interpreter.globals });
      const calls: string[] = [];
      for (const name of RECORDED) record(context, name, calls);
      runInContext(script, context);
      const { EspruinoDriver, EspruinoPlatform } = context["tested"] as Tested;
      world = {
        sim: undefined as never,
        driver: new EspruinoDriver(board.spec),
        interpreter,
        platform: (turn) => new EspruinoPlatform({ turn }),
        globals: context,
        calls,
      };
      await new Event().wait();
    },
    async (sim) => {
      try {
        await test({ ...world!, sim: sim as Simulation });
      } finally {
        world!.interpreter.stop();
      }
    },
    { board },
  );
}

function record(globals: { [name: string]: unknown }, name: string, calls: string[]): void {
  const real = globals[name] as (...args: unknown[]) => unknown;
  globals[name] = (...args: unknown[]) => {
    const shown = args.filter((arg) => typeof arg !== "function")
      .map((arg) => typeof arg === "object" ? JSON.stringify(arg) : String(arg));
    calls.push([name, ...shown].join(" "));
    return real(...args);
  };
}
