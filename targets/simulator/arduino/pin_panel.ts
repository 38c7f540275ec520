import { fit, hertz, paint, percent, seconds } from "../view_text.ts";
import type { EmulatedArduino } from "./board.ts";
import type { PinReporter } from "./pin_report.ts";
import type { PtyLink } from "./pty_link.ts";

/** How wide a pin is shown, in cells. */
const CELL = 19;

/** A running board in a few lines: its clock, its line, and what is at each pin. */
export function pinPanel(
  board: EmulatedArduino,
  pins: PinReporter,
  link: PtyLink,
  { columns, color }: { readonly columns: number; readonly color: boolean },
): string[] {
  const { received, sent } = link.bytes;
  const port = link.isOpen ? "open" : "closed";
  const head = `${link.path} ${port}  ${
    seconds(board.milliseconds)
  }  in ${received}  out ${sent} bytes`;
  const perLine = Math.max(1, Math.floor(columns / CELL));
  const cells = board.pins.map((pin) => cell(pin, board, pins, color));
  const lines = [fit(head, columns).trimEnd()];
  for (let i = 0; i < cells.length; i += perLine) lines.push(cells.slice(i, i + perLine).join(""));
  return lines;
}

function cell(pin: string, board: EmulatedArduino, pins: PinReporter, color: boolean): string {
  const { mode, level, wave } = board.pin(pin);
  const pulse = pins.pulse(pin);
  const sign = level === 1 ? "▔" : "▁";
  const what = wave !== null
    ? `${percent(wave.duty)} ${hertz(Math.round(wave.frequency))}`
    : pulse !== null
    ? `${pulse.high.toFixed(2)} ms pulse`
    : `${sign} ${mode}`;
  const style = mode === "input" || mode === "pullup" ? "input" : "output";
  return `${pin.padEnd(4)}${paint(fit(what, CELL - 5), style, color)} `;
}
