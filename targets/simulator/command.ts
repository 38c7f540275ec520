import { findBoard } from "../../boards/mod.ts";
import type { BoardSpec } from "../../runtime/io/spec.ts";
import {
  type Command,
  fromCaller,
  type Given,
  mainOf,
  readDuration,
  readNumber,
  UsageError,
  wantsColor,
} from "../command.ts";
import { describeError } from "../describe_error.ts";
import { EXIT } from "../exit.ts";
import { coroutineOptions } from "../load.ts";
import { load } from "./load.ts";
import { DEFAULT_LENGTH } from "./play.ts";
import type { Program, Simulation } from "./simulation.ts";
import { type TraceEvent, traceLine } from "./trace.ts";
import { LiveView, PlainView, Statistics, summary, summaryJson } from "./view.ts";

/** How often the picture may change, in milliseconds. */
const FRAME = 66;

/** `sim`: runs a program on a simulated board and shows its pins and tasks. */
export const simCommand: Command = {
  name: "sim",
  summary: "Run a program on a simulated board and watch its pins and tasks",
  args: "<program>",
  options: {
    board: { value: "ID", help: "the board (see `boards`); uno unless given" },
    for: { value: "TIME", help: "how much virtual time: 500ms, 10s, 2m, 1h" },
    speed: { value: "N", help: "virtual seconds a real second; 1 on a terminal, else unlimited" },
    seed: { value: "N", help: "shuffle the order within a turn, to find races; 0 does not" },
    scenario: {
      value: "FILE",
      help: "what the world does: a module whose default export takes the simulation",
    },
    bounce: { value: "TIME", help: "how long contacts bounce" },
    noise: { value: "X", help: "how much analog readings scatter, 0 to 1" },
    trace: { value: "FILE", help: "write everything that happens, a line of JSON each" },
    artefact: { help: "run the file that would be flashed, against Espruino's API" },
    firmware: { help: "run Firmata in an emulated chip (uno, nano), and the program through it" },
    pty: {
      help: "with --firmware and no program: its serial line on a pseudo-terminal, in real time",
    },
    "no-auto-reset": { help: "with --pty: do not reset the board when its port is opened" },
    ...coroutineOptions,
    json: { help: "print the summary as JSON and nothing else" },
    quiet: { help: "print only what the program prints" },
  },
  examples: [
    ["sim examples/button.ts --board uno", "play the program's own scenario"],
    ["sim examples/blink.ts --for 1h --speed Infinity", "an hour in a moment"],
    ["sim examples/blink.ts --board puckjs --artefact", "run what would be flashed"],
    ["sim examples/button.ts --board uno --firmware", "through Firmata on an emulated Uno"],
    ["sim --board uno --firmware --pty", "an Arduino with Firmata on a port, for any program"],
    ["sim examples/traffic_light.ts --seed 7 --trace out.ndjson", "look for races, keep the trace"],
  ],
  run,
};

async function run({ args, options }: Given): Promise<number> {
  const [path] = args;
  const board = chooseBoard(options["board"] ?? "uno");
  if (behindPty({ args, options })) {
    const { runFirmware } = await import("./arduino/firmware_run.ts");
    return await runFirmware(board, { args, options });
  }
  const length = options["for"] === undefined ? null : readDuration("for", options["for"]);
  const quiet = options["quiet"] === "true";
  const json = options["json"] === "true";
  const live = Deno.stdout.isTerminal() && !quiet && !json;
  const speed = options["speed"] === undefined
    ? (live ? 1 : Infinity)
    : readNumber("speed", options["speed"], (n) => n > 0);
  const seed = readNumber("seed", options["seed"] ?? "0", Number.isSafeInteger);
  const bounce = readDuration("bounce", options["bounce"] ?? "0");
  const noise = readNumber("noise", options["noise"] ?? "0", (n) => n >= 0 && n <= 1);
  const loaded = await load(path, board, options);
  const program = mainOf(loaded.module, path) as Program;
  const { scenario } = loaded;
  const trace = options["trace"] === undefined ? null : new TraceFile(options["trace"]);

  const statistics = new Statistics();
  const screen = live ? new LiveScreen(speed) : null;
  const plain = live || quiet || json
    ? null
    : new PlainView({ write: (text) => writeAll(Deno.stdout, text) });
  const output: string[] = [];
  const name = json ? (event: TraceEvent) => event : roleNames(board);
  const onEvent = (event: TraceEvent): void => {
    trace?.write(event);
    const named = name(event);
    statistics.event(named);
    screen?.event(named);
    plain?.event(named);
    if (event.kind === "print") {
      output.push(event.text);
      if (quiet) writeAll(Deno.stdout, `${event.text}\n`);
    } else if (event.kind === "fault" && (quiet || json)) {
      writeAll(Deno.stderr, `${event.message}\n`);
    }
  };

  const began = performance.now();
  let sim: Simulation | null = null;
  let failure: unknown = null;
  try {
    sim = await loaded.simulate(program, scenario, {
      board,
      speed,
      capture: true,
      onEvent,
      for: length ?? (scenario === null ? DEFAULT_LENGTH : Infinity),
      seed,
      bounce,
      noise,
      ...(loaded.firmware === null ? {} : { firmware: loaded.firmware }),
    });
  } catch (error) {
    failure = error ?? new Error("The program failed with nothing");
  } finally {
    screen?.close();
    trace?.close();
  }
  const time = sim?.time ?? statistics.time;
  const run = { time, wall: performance.now() - began };
  if (json) {
    const outcome = failure === null ? sim!.outcome : "failure";
    const error = failure === null ? {} : { error: describeError(failure) };
    const result = { outcome, ...error, output, ...summaryJson(statistics, run) };
    writeAll(Deno.stdout, `${JSON.stringify(result)}\n`);
  } else if (!quiet) writeAll(Deno.stdout, `${summary(statistics, run)}\n`);
  if (failure !== null) {
    writeAll(Deno.stderr, `${describeError(failure)}\n`);
    return EXIT.failed;
  }
  if (sim!.outcome === "interrupt") return EXIT.interrupted;
  // With a scenario, running out of time means that it did not come to its end.
  return sim!.outcome === "time" && options["scenario"] !== undefined ? EXIT.timeLimit : EXIT.fine;
}

/** Options of a board with real firmware behind a pseudo-terminal. */
const PTY_OPTIONS = ["board", "for", "firmware", "pty", "no-auto-reset", "json", "quiet"];

/** Whether the board's own firmware is to run alone, on a pseudo-terminal. */
function behindPty({ args, options }: Given): boolean {
  const cure = "write for example sim --board uno --firmware --pty";
  if (options["pty"] === undefined) {
    if (options["no-auto-reset"] === undefined) return false;
    throw new UsageError(`Cannot use "--no-auto-reset" without "--pty": ${cure}`);
  }
  if (options["firmware"] === undefined) {
    throw new UsageError(`Cannot use "--pty" without "--firmware": ${cure}`);
  }
  if (args.length > 0) {
    throw new UsageError(
      `Cannot run "${args[0]}" with "--pty": the board runs its firmware alone; ${cure}`,
    );
  }
  const odd = Object.keys(options).find((name) => !PTY_OPTIONS.includes(name));
  if (odd === undefined) return true;
  throw new UsageError(
    `Cannot use "--${odd}" with "--pty": there is ` +
      PTY_OPTIONS.map((name) => `--${name}`).join(", "),
  );
}

function chooseBoard(id: string): ReturnType<typeof findBoard> {
  try {
    return findBoard(id);
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

/** Shows pins with their roles: who looks knows `LED1` better than `D13`. */
function roleNames(board: BoardSpec): (event: TraceEvent) => TraceEvent {
  const names = new Map<string, string>();
  for (const [role, { pin }] of Object.entries(board.roles)) {
    if (!names.has(pin)) names.set(pin, `${role} ${pin}`);
  }
  return (event) => "pin" in event ? { ...event, pin: names.get(event.pin) ?? event.pin } : event;
}

/** The live picture on a terminal. */
class LiveScreen {
  private readonly view: LiveView;
  private readonly timer: ReturnType<typeof setInterval>;
  private readonly began = performance.now();
  private latest = 0;

  constructor(private readonly speed: number) {
    const size = (): { columns: number; rows: number } => {
      try {
        return Deno.consoleSize();
      } catch {
        return { columns: 80, rows: 24 };
      }
    };
    const terminal = {
      write: (text: string) => writeAll(Deno.stdout, text),
      get columns() {
        return size().columns;
      },
      get rows() {
        return size().rows;
      },
      color: wantsColor(),
    };
    this.view = new LiveView(terminal, { now: () => performance.now() });
    this.timer = setInterval(() => this.advance(), FRAME);
  }

  event(event: TraceEvent): void {
    this.latest = event.t;
    this.view.event(event);
  }

  close(): void {
    clearInterval(this.timer);
    this.view.close();
  }

  private advance(): void {
    const elapsed = (performance.now() - this.began) * this.speed;
    this.view.advance(Number.isFinite(elapsed) ? Math.max(this.latest, elapsed) : this.latest);
  }
}

/** The trace, written in large pieces. */
class TraceFile {
  private readonly file: Deno.FsFile;
  private lines: string[] = [];

  constructor(path: string) {
    try {
      this.file = Deno.openSync(fromCaller(path), { write: true, create: true, truncate: true });
    } catch (error) {
      throw new UsageError(`Cannot write the trace to "${path}": ${(error as Error).message}`);
    }
  }

  write(event: TraceEvent): void {
    this.lines.push(traceLine(event));
    if (this.lines.length >= 1000) this.flush();
  }

  close(): void {
    this.flush();
    this.file.close();
  }

  private flush(): void {
    if (this.lines.length > 0) writeAll(this.file, `${this.lines.join("\n")}\n`);
    this.lines = [];
  }
}

const encoder = new TextEncoder();

function writeAll(to: { writeSync(bytes: Uint8Array): number }, text: string): void {
  for (let bytes = encoder.encode(text); bytes.length > 0;) {
    bytes = bytes.subarray(to.writeSync(bytes));
  }
}
