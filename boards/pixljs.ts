import type { BoardSpec } from "../runtime/io/spec.ts";

/** What an ordinary pin can do. */
const io = ["input", "output", "pullup", "pulldown", "pwm"] as const;

/**
 * Espruino Pixl.js: a display, four buttons and Bluetooth in the shape of an Arduino.
 *
 * PWM works on every pin: the nRF52 has three PWM units of four channels, and Espruino's
 * `analogWrite` gives any pin a free channel. H0, the display's light, and H1 to H4, the buttons,
 * are inverted by the interpreter: 1 is lit and pressed, and "down" is the chip's pull-up.
 */
export const pixljs = {
  id: "pixljs",
  name: "Pixl.js",
  chip: "nRF52832",
  speedMHz: 64,
  targets: ["espruino", "simulator"],
  pins: {
    D0: { can: io },
    D1: { can: io },
    D2: { can: io },
    D3: { can: [...io, "analog"] },
    D4: { can: [...io, "analog"] },
    D5: { can: io },
    D6: { can: io },
    D7: { can: io },
    D8: { can: io },
    D9: { can: io },
    D10: { can: io },
    D11: { can: io },
    D12: { can: io },
    D13: { can: io },
    A0: { can: [...io, "analog"] },
    A1: { can: [...io, "analog"] },
    A2: { can: [...io, "analog"] },
    A3: { can: [...io, "analog"] },
    A4: { can: [...io, "analog"], also: ["SDA"] },
    A5: { can: [...io, "analog"], also: ["SCL"] },
    H0: { can: io },
    H1: { can: io },
    H2: { can: io },
    H3: { can: io },
    H4: { can: io },
    H5: { can: io, also: ["LCD DC"] },
    H6: { can: io, also: ["LCD CS"] },
    H7: { can: io, also: ["LCD RST"] },
    H8: { can: io, also: ["LCD SCK"] },
    H9: { can: io, also: ["LCD MOSI"] },
  },
  roles: {
    LED1: { pin: "H0" },
    LED2: { pin: "D2", external: true },
    LED3: { pin: "D3", external: true },
    BTN1: { pin: "H1", active: 1, pull: "down" },
    BTN2: { pin: "H2", active: 1, pull: "down" },
    BTN3: { pin: "H3", active: 1, pull: "down" },
    BTN4: { pin: "H4", active: 1, pull: "down" },
    SENSOR1: { pin: "A0", external: true },
    HEATER1: { pin: "D5", external: true },
  },
  serials: {
    Serial1: { tx: "D1", rx: "D0", note: "console while Bluetooth is not connected" },
  },
  i2cs: {
    I2C1: { sda: "A4", scl: "A5" },
  },
  spis: {},
  memory: { ramKB: 64, flashKB: 512, jsVars: 2950, savedCodeKB: 36 },
  analogVolts: 3.3,
  console: { device: "EV_SERIAL1", baudRate: 9600 },
} as const satisfies BoardSpec;
