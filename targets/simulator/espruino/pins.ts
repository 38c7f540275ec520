import type { DigitalMode, Level, PwmPort } from "../../../runtime/io/driver.ts";
import type { VirtualDriver } from "../driver.ts";
import type { VirtualPin } from "../pin.ts";

const MODES: { readonly [name: string]: DigitalMode } = {
  analog: "input",
  input: "input",
  input_pullup: "inputPullUp",
  input_pulldown: "inputPullDown",
  output: "output",
  opendrain: "outputOpenDrain",
};

interface PinState {
  /** Whether `pinMode` has said what it is; else reading and writing do. */
  manual: boolean;
  /** What it was last written to. */
  latch: Level;
  mode: DigitalMode | null;
  pwm: PwmPort | null;
}

/** The interpreter's pins: a pin becomes what it is used for, until `pinMode` has said what it is. */
export class VirtualPins {
  private readonly states = new Map<string, PinState>();

  constructor(private readonly driver: VirtualDriver) {}

  /** The wire of a pin, or of a role. */
  wire(name: unknown): VirtualPin {
    try {
      return this.driver.pin(this.driver.resolve(String(name)));
    } catch {
      throw new Error("Invalid pin");
    }
  }

  readonly pinMode = (name: unknown, mode: unknown): void => {
    const wire = this.wire(name);
    const state = this.state(wire);
    if (mode === "auto" || mode === undefined) {
      state.manual = false;
      return;
    }
    const known = MODES[String(mode)];
    if (known === undefined) throw new Error("Unknown pin mode");
    state.manual = true;
    this.configure(wire, state, known);
  };

  readonly digitalWrite = (name: unknown, value: unknown): void => {
    const wire = this.wire(name);
    const state = this.state(wire);
    state.latch = value ? 1 : 0;
    if (!state.manual && state.mode !== "output") this.configure(wire, state, "output");
    else if (state.mode?.startsWith("output")) wire.write(state.latch);
  };

  readonly digitalRead = (name: unknown): Level => {
    const wire = this.wire(name);
    this.use(wire, "input");
    return wire.level;
  };

  readonly analogRead = (name: unknown): number => {
    const wire = this.wire(name);
    this.use(wire, "input");
    let value = 0;
    // A reading is always less than 1.
    this.driver.openAnalog(wire.name).read((_error, read) => value = Math.min(read!, 4095 / 4096));
    return value;
  };

  readonly analogWrite = (name: unknown, value: unknown, options?: unknown): void => {
    const wire = this.wire(name);
    const state = this.state(wire);
    const frequency = (options as { freq?: number } | undefined)?.freq ?? 1000;
    state.pwm ??= this.driver.openPwm(wire.name, frequency);
    state.pwm.write(Math.min(Math.max(Number(value), 0), 1), frequency);
  };

  /** A watch on a pin that nobody has configured makes it an input. */
  use(wire: VirtualPin, mode: DigitalMode): void {
    const state = this.state(wire);
    if (!state.manual && state.mode === null) this.configure(wire, state, mode);
  }

  private state(wire: VirtualPin): PinState {
    let state = this.states.get(wire.name);
    if (state === undefined) {
      state = { manual: false, latch: 0, mode: null, pwm: null };
      this.states.set(wire.name, state);
    }
    return state;
  }

  private configure(wire: VirtualPin, state: PinState, mode: DigitalMode): void {
    state.pwm?.close();
    state.pwm = null;
    state.mode = mode;
    wire.open(mode, state.latch);
  }
}
