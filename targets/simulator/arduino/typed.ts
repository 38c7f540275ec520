import { UsageError } from "../../command.ts";
import type { EmulatedArduino } from "./board.ts";

/** What can be typed while a board runs. */
const HELP = [
  "D2 1       connect D2 to the supply; D2 0: to ground; D2 -: let go of it",
  "A0 0.5     put half of the supply on A0; A0 -: let go of it",
  "D2         show what is at D2",
  "reset      push the reset button",
  "help       show this",
].join("\n");

/**
 * Does what was typed, and gives the answer.
 *
 * @throws {UsageError} If it cannot be understood.
 */
export function typed(line: string, board: EmulatedArduino): string {
  const [word = "", value, ...more] = line.trim().split(/\s+/);
  if (word === "") return "";
  if (word === "help" && value === undefined) return HELP;
  if (word === "reset" && value === undefined) {
    board.reset();
    return "";
  }
  const pin = word.toUpperCase();
  if (!board.pins.includes(pin) || more.length > 0) {
    throw new UsageError(
      `Cannot do "${line.trim()}": type for example D2 1, A0 0.5, reset or help`,
    );
  }
  if (value === undefined) return describePin(pin, board);
  if (value === "-") board.setAnalog(pin, undefined);
  else {
    const share = Number(value);
    if (!(share >= 0 && share <= 1)) {
      throw new UsageError(`Cannot put "${value}" on ${pin}: type 0, 1, a share such as 0.5, or -`);
    }
    board.setAnalog(pin, share);
  }
  return "";
}

function describePin(pin: string, board: EmulatedArduino): string {
  const { mode, level, wave } = board.pin(pin);
  if (wave === null) return `${pin} ${mode} ${level}`;
  return `${pin} ${mode} ${Math.round(wave.duty * 100)} % ${Math.round(wave.frequency)} Hz`;
}
