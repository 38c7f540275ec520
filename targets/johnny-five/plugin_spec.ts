import type { BoardSpec, Capability, PinSpec } from "../../runtime/io/spec.ts";
import type { IoModes, IoPlugin } from "./io.ts";

const CAPABILITIES: readonly (readonly [mode: keyof IoModes, can: Capability])[] = [
  ["INPUT", "input"],
  ["OUTPUT", "output"],
  ["PULLUP", "pullup"],
  ["ANALOG", "analog"],
  ["PWM", "pwm"],
  ["SERVO", "servo"],
];

/** What an IO plugin tells of its board: pins by their numbers, without roles. */
export function pluginSpec(io: IoPlugin): BoardSpec {
  const pins: { [name: string]: PinSpec } = {};
  for (const [number, { supportedModes, analogChannel = NO_CHANNEL }] of io.pins.entries()) {
    const can = CAPABILITIES.filter(([mode]) => {
      const value = io.MODES[mode];
      return value !== undefined && supportedModes.includes(value);
    }).map(([, can]) => can);
    if (can.length === 0) continue;
    pins[`D${number}`] = { can };
    if (analogChannel !== NO_CHANNEL) pins[`A${analogChannel}`] = { can };
  }
  return {
    id: io.name,
    name: io.name,
    chip: "",
    targets: ["johnny-five"],
    pins,
    roles: {},
    serials: {},
    i2cs: { I2C1: { sda: "", scl: "" } },
    spis: {},
    memory: {},
    analogVolts: 5,
  };
}

/** Firmata's number for pins that are no analog channel. */
const NO_CHANNEL = 127;
