import { pad, seconds, visible } from "../view_text.ts";
import type { EmulatedArduino } from "./board.ts";
import { pinPanel } from "./pin_panel.ts";
import type { PinReport, PinReporter } from "./pin_report.ts";
import type { Prompt } from "./prompt.ts";
import type { PtyLink } from "./pty_link.ts";

/** Shows a board that runs in real time. */
export interface FirmwareView {
  /** The port is there. */
  begin(board: string, path: string): void;
  pin(report: PinReport): void;
  /** A program has opened or closed the port. */
  port(time: number, open: boolean): void;
  /** What answers a typed line. */
  answer(time: number, text: string): void;
  /** Time has gone on. */
  frame(): void;
  close(): void;
}

/** A line of JSON for each thing that happens. */
export function jsonView(write: (text: string) => void): FirmwareView {
  const line = (value: object): void => write(`${JSON.stringify(value)}\n`);
  return {
    begin: (board, path) => line({ board, path }),
    pin: line,
    port: (t, open) => line({ t, port: open ? "open" : "closed" }),
    answer: (t, answer) => line({ t, answer }),
    frame: () => {},
    close: () => {},
  };
}

/** A line of text for each thing that happens. */
export function plainView(write: (text: string) => void): FirmwareView {
  const line = (time: number, subject: string, what: string): void =>
    write(`${seconds(time).padStart(12)}  ${pad(subject, 10)}  ${what}\n`);
  return {
    begin: (board, path) => write(`${board} with Firmata on ${path}\n`),
    pin: (report) => line(report.t, `pin ${report.pin}`, describe(report)),
    port: (time, open) => line(time, "port", open ? "opened" : "closed"),
    answer: (_time, text) => write(`${text}\n`),
    frame: () => {},
    close: () => {},
  };
}

function describe({ mode, level, duty, frequency, high, period }: PinReport): string {
  if (duty !== undefined) return `${mode} ${Math.round(duty * 100)} % ${Math.round(frequency!)} Hz`;
  if (high !== undefined) return `${mode} pulses of ${high} ms every ${period} ms`;
  return `${mode} ${level === 1 ? "▔ 1" : "▁ 0"}`;
}

/** Only the port's path. */
export function quietView(write: (text: string) => void): FirmwareView {
  return {
    begin: (_board, path) => write(`${path}\n`),
    pin: () => {},
    port: () => {},
    answer: (_time, text) => write(`${text}\n`),
    frame: () => {},
    close: () => {},
  };
}

/** The size and colour of a terminal, asked for again at every redraw. */
export interface Screen {
  write(text: string): void;
  readonly columns: number;
  readonly color: boolean;
}

/** All pins in place at the bottom of a terminal, with the line that is being typed below them. */
export function panelView(
  screen: Screen,
  world: {
    readonly board: EmulatedArduino;
    readonly pins: PinReporter;
    readonly link: PtyLink;
    /** Null where nothing can be typed. */
    readonly prompt: Prompt | null;
  },
): FirmwareView {
  let drawn = "";
  let height = 0;
  const draw = (above: string): void => {
    const columns = Math.max(20, screen.columns - 1);
    const lines = pinPanel(world.board, world.pins, world.link, { columns, color: screen.color });
    if (world.prompt !== null) lines.push(`> ${visible(world.prompt.text)}`);
    const text = lines.join("\x1b[K\r\n");
    if (above === "" && text === drawn) return;
    const up = height > 1 ? `\x1b[${height - 1}A` : "";
    const scrolled = above === "" ? "" : `\x1b[J${above.replaceAll("\n", "\r\n")}\r\n`;
    screen.write(`\r${up}${scrolled}${text}\x1b[J`);
    [drawn, height] = [text, lines.length];
  };
  return {
    begin: (board, path) => {
      const how = world.prompt === null ? "" : '; type "help", Ctrl-C ends';
      draw(`${board} with Firmata on ${path}${how}`);
    },
    pin: () => {},
    port: (time, open) =>
      draw(`${seconds(time)}  ${path(world.link)} ${open ? "opened" : "closed"}`),
    answer: (_time, text) => draw(text),
    frame: () => draw(""),
    close: () => {
      draw("");
      screen.write("\r\n");
    },
  };
}

function path(link: PtyLink): string {
  return link.path;
}
