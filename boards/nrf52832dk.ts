import type { BoardSpec } from "../runtime/io/spec.ts";

/** What an ordinary pin can do. */
const io = ["input", "output", "pullup", "pulldown", "pwm"] as const;

/**
 * Nordic's nRF52 DK (PCA10040).
 *
 * PWM works on every pin: the nRF52 has three PWM units of four channels, and Espruino's
 * `analogWrite` gives any pin a free channel. LEDs and buttons are inverted by the interpreter: 1 is
 * lit and pressed, and "down" is the chip's pull-up.
 */
export const nrf52832dk = {
  id: "nrf52832dk",
  name: "nRF52 DK",
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
    LED1: { pin: "D17" },
    LED2: { pin: "D18" },
    LED3: { pin: "D19" },
    LED4: { pin: "D20" },
    BTN1: { pin: "D13", active: 1, pull: "down" },
    BTN2: { pin: "D14", active: 1, pull: "down" },
    BTN3: { pin: "D15", active: 1, pull: "down" },
    BTN4: { pin: "D16", active: 1, pull: "down" },
    SENSOR1: { pin: "D3", external: true },
    HEATER1: { pin: "D4", external: true },
  },
  serials: {
    Serial1: { tx: "D6", rx: "D8", note: "console, through the USB socket" },
  },
  i2cs: {},
  spis: {},
  memory: { ramKB: 64, flashKB: 512, jsVars: 2630, savedCodeKB: 40 },
  analogVolts: 3.3,
  console: { device: "EV_SERIAL1", baudRate: 9600 },
} as const satisfies BoardSpec;
