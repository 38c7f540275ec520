/** What tests share that run an artefact on the real interpreter, on a board of their own. */

import { ConsoleDecoder } from "./console_text.ts";
import { ESPRUINO_BIN } from "./real_world_test.ts";

/** Something that comes from outside. */
export type Input =
  & {
    /** When, in milliseconds from the program's start. */
    readonly at: number;
    /** How many levels and duty cycles the program has set by then: where it is late, so is the input. */
    readonly after: number;
  }
  & (
    | { readonly pin: string; readonly level: 0 | 1 }
    | { readonly text: string }
    | { readonly end: true }
  );

/** What there is around the interpreter. */
export interface Surroundings {
  /** What the test types on the console while the program runs, for the board to do in time; the end last. */
  readonly inputs: readonly Input[];
  /** What each analog pin reads, one after the other. */
  readonly readings: { readonly [pin: string]: readonly number[] };
  /** Whether the interpreter's pins are files, so that it watches and reads them itself. */
  readonly pinsAreFiles: boolean;
}

/** Something seen outside: a level, a duty cycle, a line of text. */
export interface Seen {
  /** For example `"pin D5"`, `"pwm D1"`, `"Serial1"` or `"console"`. */
  readonly channel: string;
  readonly text: string;
  /** When, in milliseconds from the program's start; what comes on the console does not say. */
  readonly time: number | null;
}

/** What came of it. */
export interface Observed {
  /** In the order in which it came, what the artefact says of itself first. */
  readonly seen: readonly Seen[];
  /** When the program began, in milliseconds of the interpreter's clock. */
  readonly began: number;
  /** What the console answers to `6*7` when all is over, with the program still there. */
  readonly answer: string;
}

/**
 * The board in the interpreter's own language, run at boot before the program: it tells what the program
 * does to the pins, and does to them what is typed. All else is the interpreter's, also the serial line.
 */
function boardScript({ inputs, readings, pinsAreFiles }: Surroundings): string {
  const pins = new Set(inputs.flatMap((input) => "pin" in input ? [input.pin] : []));
  return `(function () {
  var readings = ${JSON.stringify(readings)}, driven = {}, changes = 0, ended = false;
  var inputs = [], began = 0, late = 0;
  var now = function () { return (getTime() - began) * 1000; };
  var tell = function (what) { if (!ended) print("#" + now() + " " + what); };
  var change = function (what) { changes++; tell(what); };
  var write = digitalWrite;
  global.digitalWrite = function (pin, level) {
    if ((driven[pin] || 0) !== level) change("pin " + pin + " " + level);
    driven[pin] = level;
    write(pin, level);
  };
  global.analogWrite = function (pin, duty, options) {
    change("pwm " + pin + " " + duty + " at " + options.freq + " Hz");
  };
  global.analogRead = function (pin) {
    return readings[pin].length > 1 ? readings[pin].shift() : readings[pin][0];
  };
  Serial1 = LoopbackA;
  LoopbackB.on("data", function (text) { tell("line " + JSON.stringify(text)); });
  var set = ${pinsAreFiles ? "write" : PINS};
  ${JSON.stringify([...pins])}.forEach(function (pin) { set(pin, 0); });
  var act = function (input) {
    if (input.end) { tell("end"); ended = true; }
    else if (input.pin) set(input.pin, input.level);
    else LoopbackB.write(input.text);
  };
  var play = function () {
    var input = inputs[0];
    if (!input) return;
    var over = now() - late - input.at;
    if (over < 0) setTimeout(play, -over);
    else if (changes < input.after && over < ${PATIENCE}) setTimeout(play, 10);
    else {
      late += over;
      act(inputs.shift());
      play();
    }
  };
  global.$input = function (input) {
    inputs.push(input);
    if (input.end) play();
  };
  setTimeout(function () { began = getTime(); tell("began " + began * 1000); }, 0);
})();
`;
}

/** Inputs where there are no pins: read and watched as the interpreter does it. Gives what sets one. */
const PINS = `(function () {
    var levels = {}, watches = {}, count = 0;
    global.digitalRead = function (pin) { return driven[pin] || levels[pin] || 0; };
    global.setWatch = function (fn, pin, options) {
      watches[++count] = {
        fn: fn, pin: pin, edge: options.edge, debounce: options.debounce,
        level: digitalRead(pin), deciding: undefined
      };
      return count;
    };
    global.clearWatch = function (id) {
      if (!watches[id]) throw new Error("Unknown Watch " + id);
      delete watches[id];
    };
    var decide = function (watch, level, time) {
      watch.deciding = undefined;
      if (watch.level === level) return;
      watch.level = level;
      if (watch.edge === "both" || watch.edge === (level ? "rising" : "falling")) {
        watch.fn({ state: level === 1, time: time, pin: watch.pin });
      }
    };
    return function (pin, level) {
      var time = getTime();
      levels[pin] = level;
      for (var id in watches) {
        var watch = watches[id];
        if (watch.pin !== pin) continue;
        if (watch.deciding !== undefined) clearTimeout(watch.deciding);
        if (watch.debounce) watch.deciding = setTimeout(decide, watch.debounce, watch, level, time);
        else decide(watch, level, time);
      }
    };
  })()`;

/** How long an input waits for what should come before it, in milliseconds. */
const PATIENCE = 2000;
/** At the beginning of a line: do not echo it. */
const DLE = "\x10";
/** How long the interpreter may take besides, in milliseconds. */
const LIMIT = 30_000;

/** Boots the real interpreter with an artefact in its flash, and looks on. */
export async function runOnBoard(code: string, around: Surroundings): Promise<Observed> {
  const folder = await Deno.makeTempDir({ prefix: "espruino-" });
  try {
    await Deno.writeTextFile(`${folder}/board.js`, boardScript(around));
    await Deno.writeTextFile(`${folder}/program.js`, code);
    await keepInFlash(folder);
    return await boot(folder, around);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Writes what runs at boot into the file that the interpreter takes for its flash. */
async function keepInFlash(folder: string): Promise<void> {
  const script = `${folder}/keep.js`;
  await Deno.writeTextFile(
    script,
    `var read = require("fs").readFileSync, storage = require("Storage");
     storage.write(".boot0", read("board.js"));
     storage.write(".bootcde", read("program.js"));`,
  );
  await new Deno.Command(ESPRUINO_BIN!, {
    args: [script],
    cwd: folder,
    stdin: "null",
    stdout: "null",
    stderr: "null",
  }).output();
}

async function boot(folder: string, { inputs }: Surroundings): Promise<Observed> {
  // On one processor, as InterpreterBoard has it and for its reasons.
  const process = new Deno.Command("taskset", {
    args: ["-c", "0", ESPRUINO_BIN!],
    cwd: folder,
    stdin: "piped",
    stdout: "piped",
    stderr: "null",
  }).spawn();
  const kill = (): void => {
    try {
      process.kill("SIGKILL"); // it takes no other
    } catch { /* it has ended by itself */ }
  };
  const limit = setTimeout(kill, inputs.at(-1)!.at + LIMIT);
  const keyboard = process.stdin.getWriter();
  const type = (text: string) => keyboard.write(new TextEncoder().encode(text));
  const seen: Seen[] = [];
  let whole = "";
  let began = 0;
  let ended = false;
  try {
    for await (const line of linesOf(process.stdout)) {
      whole += `${line}\n`;
      const [, at, kind, what = ""] = /^#([-\d.]+) (\w+) ?(.*)/.exec(line) ?? [];
      const time = at === undefined ? null : Number(at);
      if (ended) {
        if (line.startsWith("=")) return { seen, began, answer: line };
      } else if (kind === "began") {
        began = Number(what);
        for (const input of inputs) await type(`${DLE}$input(${JSON.stringify(input)})\n`);
      } else if (kind === "end") {
        ended = true;
        await type("6*7\n");
      } else if (kind === "line") seen.push({ time, channel: "Serial1", text: JSON.parse(what) });
      else if (kind !== undefined) {
        const [pin, ...text] = what.split(" ");
        seen.push({ time, channel: `${kind} ${pin}`, text: text.join(" ") });
      } else if (seen.length > 0 || line.includes("(awaitio ")) {
        seen.push({ time, channel: "console", text: line });
      }
    }
    throw new Error(`The interpreter ended before the program was done:\n${whole}`);
  } finally {
    clearTimeout(limit);
    kill();
    await keyboard.abort().catch(() => {});
    await process.status;
  }
}

/** Lines of the console, without the prompts and without those that say nothing. */
async function* linesOf(output: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  const decoder = new ConsoleDecoder();
  let rest = "";
  for await (const bytes of output) {
    const text = decoder.push(bytes);
    const lines = (rest + text).split("\n");
    rest = lines.pop()!;
    for (const line of lines) {
      // deno-lint-ignore no-control-regex -- the prompt clears its line
      const said = line.replace(/^(?:>|\r?\x1b\[J)+|\r$/g, "");
      if (said !== "") yield said;
    }
  }
}
