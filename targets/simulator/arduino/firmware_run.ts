import type { BoardSpec } from "../../../runtime/io/spec.ts";
import { type Given, readDuration, UsageError, wantsColor } from "../../command.ts";
import { EXIT } from "../../exit.ts";
import { EmulatedArduino } from "./board.ts";
import { type FirmwareView, jsonView, panelView, plainView, quietView } from "./firmware_view.ts";
import { PinReporter } from "./pin_report.ts";
import { Prompt } from "./prompt.ts";
import { PtyLink } from "./pty_link.ts";
import { RealTime } from "./real_time.ts";
import { typed } from "./typed.ts";

/** How often the board is run, and drawn, in ms. */
const TICK = 4;
const FRAME = 100;

/** Runs an Arduino with Firmata in it behind a pseudo-terminal, in real time, until Ctrl-C. */
export async function runFirmware(board: BoardSpec, { options }: Given): Promise<number> {
  if (Deno.build.os === "windows") {
    throw new UsageError("Cannot open a pseudo-terminal: Windows has none; use Linux or macOS");
  }
  const length = options["for"] === undefined ? Infinity : readDuration("for", options["for"]);
  const arduino = makeBoard(board);
  const views: { view?: FirmwareView } = {};
  using link = new PtyLink(arduino, {
    autoReset: options["no-auto-reset"] === undefined,
    onPort: (open) => views.view?.port(arduino.milliseconds, open),
  });
  const pins = new PinReporter(arduino, (report) => views.view?.pin(report));
  const quiet = options["json"] === "true" || options["quiet"] === "true";
  const live = Deno.stdout.isTerminal() && !quiet;
  const raw = live && Deno.stdin.isTerminal();
  const prompt = raw ? new Prompt() : null;
  const view = views.view = live
    ? panelView(screen(), { board: arduino, pins, link, prompt })
    : options["json"] === "true"
    ? jsonView(print)
    : options["quiet"] === "true"
    ? quietView(print)
    : plainView(print);

  const ending = new AbortController();
  const end = (): void => ending.abort();
  for (const signal of ["SIGINT", "SIGTERM"] as const) Deno.addSignalListener(signal, end);
  if (raw) Deno.stdin.setRaw(true);
  try {
    view.begin(board.name, link.path);
    readTyped(prompt, arduino, view, end);
    const time = new RealTime(arduino, () => performance.now());
    const began = performance.now();
    let drawn = -Infinity;
    let told = false;
    while (!ending.signal.aborted && performance.now() - began < length) {
      link.exchange();
      time.advance();
      link.exchange();
      if (time.tooSlow && !told) {
        told = true;
        view.answer(arduino.milliseconds, "This machine is too slow: the board's time lags behind");
      }
      if (performance.now() - drawn >= FRAME) {
        pins.look();
        view.frame();
        drawn = performance.now();
      }
      await new Promise((resolve) => setTimeout(resolve, TICK));
    }
  } catch (error) {
    // Who read what is printed has had enough.
    if (!(error instanceof Deno.errors.BrokenPipe)) throw error;
  } finally {
    view.close();
    if (raw) Deno.stdin.setRaw(false);
    for (const signal of ["SIGINT", "SIGTERM"] as const) Deno.removeSignalListener(signal, end);
  }
  return EXIT.fine;
}

function makeBoard(board: BoardSpec): EmulatedArduino {
  try {
    return new EmulatedArduino({ board });
  } catch (error) {
    if (error instanceof RangeError) throw new UsageError(error.message);
    throw error;
  }
}

/** Does what is typed, as it comes. Its end is no reason to stop: there may be no keyboard at all. */
async function readTyped(
  prompt: Prompt | null,
  board: EmulatedArduino,
  view: FirmwareView,
  end: () => void,
): Promise<void> {
  const reader = new TextDecoder();
  let rest = "";
  for await (const bytes of Deno.stdin.readable) {
    const text = reader.decode(bytes, { stream: true });
    let lines: string[] | null;
    if (prompt === null) {
      lines = (rest + text).split("\n");
      rest = lines.pop()!;
    } else lines = prompt.type(text);
    if (lines === null) return end();
    for (const line of lines) obey(line, board, view);
    view.frame();
  }
}

function obey(line: string, board: EmulatedArduino, view: FirmwareView): void {
  try {
    const answer = typed(line, board);
    if (answer !== "") view.answer(board.milliseconds, answer);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    view.answer(board.milliseconds, error.message);
  }
}

function print(text: string): void {
  const bytes = new TextEncoder().encode(text);
  for (let done = 0; done < bytes.length;) done += Deno.stdout.writeSync(bytes.subarray(done));
}

function screen(): Parameters<typeof panelView>[0] {
  return {
    write: print,
    color: wantsColor(),
    get columns() {
      try {
        return Deno.consoleSize().columns;
      } catch {
        return 80;
      }
    },
  };
}
