import type { BoardSpec } from "../runtime/io/spec.ts";

/** What an ordinary pin can do. */
const io = ["input", "output", "pullup", "pulldown", "pwm"] as const;

/**
 * Nordic's nRF52840 DK (PCA10056).
 *
 * PWM works on every pin: the nRF52840 has PWM units of four channels, and Espruino's `analogWrite`
 * gives any pin a free channel. LEDs and buttons are inverted by the interpreter: 1 is lit and
 * pressed, and "down" is the chip's pull-up.
 */
export const nrf52840dk = {
  id: "nrf52840dk",
  name: "nRF52840 DK",
  chip: "nRF52840",
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
    D32: { can: io },
    D33: { can: io },
    D34: { can: io },
    D35: { can: io },
    D36: { can: io },
    D37: { can: io },
    D38: { can: io },
    D39: { can: io },
    D40: { can: io },
    D41: { can: io },
    D42: { can: io },
    D43: { can: io },
    D44: { can: io },
    D45: { can: io },
    D46: { can: io },
    D47: { can: io },
  },
  roles: {
    LED1: { pin: "D13" },
    LED2: { pin: "D14" },
    LED3: { pin: "D15" },
    LED4: { pin: "D16" },
    BTN1: { pin: "D11", active: 1, pull: "down" },
    BTN2: { pin: "D12", active: 1, pull: "down" },
    BTN3: { pin: "D24", active: 1, pull: "down" },
    BTN4: { pin: "D25", active: 1, pull: "down" },
    SENSOR1: { pin: "D3", external: true },
    HEATER1: { pin: "D4", external: true },
  },
  serials: {
    Serial1: { tx: "D6", rx: "D8", rts: "D5", cts: "D7", note: "console, through the USB socket" },
  },
  i2cs: {},
  spis: {},
  memory: { ramKB: 256, flashKB: 1024, jsVars: 12500, savedCodeKB: 40 },
  analogVolts: 3.3,
  console: { device: "EV_SERIAL1", baudRate: 9600 },
} as const satisfies BoardSpec;
