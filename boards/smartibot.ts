import type { BoardSpec } from "../runtime/io/spec.ts";

/** What an ordinary pin can do. */
const io = ["input", "output", "pullup", "pulldown", "pwm"] as const;

/**
 * Smartibot, a robot of cardboard.
 *
 * PWM works on every pin: the nRF52 has three PWM units of four channels, and Espruino's
 * `analogWrite` gives any pin a free channel. The buttons are inverted by the interpreter: they read
 * 1 while pressed, and "down" is the chip's pull-up.
 */
export const smartibot = {
  id: "smartibot",
  name: "Smartibot",
  chip: "nRF52832",
  speedMHz: 64,
  targets: ["espruino", "simulator"],
  pins: {
    D0: { can: io },
    D1: { can: io },
    D2: { can: [...io, "analog"] },
    D3: { can: [...io, "analog"] },
    D4: { can: [...io, "analog"] },
    D5: { can: [...io, "analog"] },
    D6: { can: io },
    D7: { can: io },
    D8: { can: io },
    D9: { can: io },
    D10: { can: io },
    D11: { can: io },
    D12: { can: io },
    D13: { can: io },
    D14: { can: io },
    D15: { can: io },
    D16: { can: io },
    D17: { can: io },
    D18: { can: io },
    D19: { can: io },
    D20: { can: io },
    D21: { can: io },
    D22: { can: io },
    D23: { can: io },
    D24: { can: io },
    D25: { can: io },
    D26: { can: io },
    D27: { can: io },
    D28: { can: [...io, "analog"] },
    D29: { can: [...io, "analog"] },
    D30: { can: [...io, "analog"] },
    D31: { can: [...io, "analog"] },
  },
  roles: {
    LED1: { pin: "D20" },
    BTN1: { pin: "D29", active: 1, pull: "down" },
    BTN2: { pin: "D13", active: 1, pull: "down" },
  },
  serials: {
    Serial1: { tx: "D22", rx: "D23", note: "console while Bluetooth is not connected" },
  },
  i2cs: {},
  spis: {},
  memory: { ramKB: 64, flashKB: 512, jsVars: 2250, savedCodeKB: 40 },
  analogVolts: 3.3,
  console: { device: "EV_SERIAL1", baudRate: 9600 },
} as const satisfies BoardSpec;
