import { ownModule } from "../../compiler/paths.ts";
import { type Given, mainOf, readDuration, UsageError } from "../command.ts";
import { findProgram, loadProgram, readCoroutines } from "../load.ts";
import { chooseBoard } from "../choose_board.ts";
import { findPort } from "../serial/find_port.ts";
import type { JohnnyFiveBoard } from "./board.ts";
import { loadPlugin, readSerials } from "./options.ts";
import { type BoardOptions, runOnBoard } from "./run_board.ts";
import { openWire } from "./open_wire.ts";

const USAGE = "for example run examples/button.ts --target johnny-five --board uno";

/** Runs a program on a board that Johnny-Five drives from here. */
export async function runOnJohnnyFive({ args, options }: Given): Promise<number> {
  const [path] = args;
  const program = await findProgram(path, USAGE);
  const { board, io } = options;
  if (io !== undefined && options["port"] !== undefined) {
    throw new UsageError(
      "Cannot use --port together with --io: the IO plugin finds its board itself",
    );
  }
  const spec = io === undefined ? chooseBoard("run on", "johnny-five", board) : null;
  const { limit, reconnect, serial, port } = options;
  const boardOptions: BoardOptions = {
    limit: limit === undefined ? null : readDuration("limit", limit),
    reconnect: reconnect === "true",
    serials: readSerials(serial === undefined ? [] : serial.split(",")),
    ...(io === undefined ? { port: await findPort(port) } : { plugin: () => loadPlugin(io) }),
  };
  // Both take a while to load.
  const [{ libraries }, loaded] = await Promise.all([
    import("./libraries.ts"),
    load(program, options),
  ]);
  return await loaded.run(
    mainOf(loaded, path) as (board: JohnnyFiveBoard) => unknown,
    spec,
    libraries,
    openWire,
    boardOptions,
  );
}

/** A program, and what runs it with the same coroutines. */
interface Loaded {
  readonly run: typeof runOnBoard;
  readonly default: unknown;
  readonly [name: string]: unknown;
}

async function load(program: string, options: Given["options"]): Promise<Loaded> {
  if (readCoroutines(options) === "native") {
    return { ...await loadProgram(program, USAGE), run: runOnBoard } as unknown as Loaded;
  }
  // The compiler takes a while to load.
  const { loadCompiled } = await import("../load_compiled.ts");
  return await loadCompiled(
    program,
    `export { default } from ${JSON.stringify(program)};
     export { runOnBoard as run } from ${ownModule("targets/johnny-five/run_board.ts")};`,
  ) as unknown as Loaded;
}
