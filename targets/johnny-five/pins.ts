import { DeviceError } from "../../runtime/errors.ts";
import type { IoModes, IoPlugin } from "./io.ts";

/** Finds pins by the names printed on the board, as Arduino numbers them: `"D13"`, `"A0"`. */
export class IoPins {
  constructor(private readonly io: IoPlugin) {}

  /**
   * The plugin's number of a pin.
   *
   * @throws `DeviceError` where there is none, or where it lacks the mode: the firmware knows better than a board's data.
   */
  number(name: string, mode: keyof IoModes, purpose: string): number {
    const number = this.find(name);
    if (number !== undefined && this.can(name, mode)) return number;
    const known = number !== undefined && this.io.pins[number] !== undefined;
    const why = known ? `it does not offer ${mode} there` : "it has no such pin";
    throw new DeviceError(
      `Cannot open "${name}" ${purpose}: the board runs ${this.io.name}, and ${why}`,
    );
  }

  /** Whether a pin is there and has a mode. */
  can(name: string, mode: keyof IoModes): boolean {
    const number = this.find(name);
    const wanted = this.io.MODES[mode];
    const modes = number === undefined ? undefined : this.io.pins[number]?.supportedModes;
    return wanted !== undefined && modes?.includes(wanted) === true;
  }

  /** The plugin's number of an analog channel. */
  channel(name: string): number {
    const number = this.number(name, "ANALOG", "for analog input");
    const channel = this.io.analogPins.indexOf(number);
    return channel >= 0 ? channel : number;
  }

  private find(name: string): number | undefined {
    const { io } = this;
    const [, kind, digits] = /^([DA])(\d+)$/.exec(name) ?? [];
    if (kind === "D") return Number(digits);
    if (kind === "A") return io.analogPins[Number(digits)];
    const number = /^\d+$/.test(name) ? Number(name) : io.normalize?.(name);
    return typeof number === "number" && number >= 0 ? number : undefined;
  }
}
