import type { BoardSpec } from "../runtime/io/spec.ts";

/** What an ordinary pin can do. */
const io = ["input", "output", "pullup", "pulldown", "pwm"] as const;

/**
 * BBC micro:bit, version 1: the smallest interpreter there is, without promises, arrow functions,
 * classes and more (`saveOnFlash`).
 *
 * PWM is done in software, on every real pin. D5 and D11, the buttons, are inverted by the
 * interpreter: they read 1 while pressed, and their "down" pull is the chip's pull-up. V0 is no pin
 * at all: writing it lights or clears the whole display.
 */
export const microbit1 = {
  id: "microbit1",
  name: "BBC micro:bit 1",
  chip: "nRF51822",
  speedMHz: 16,
  targets: ["espruino", "simulator"],
  pins: {
    D0: { can: [...io, "analog"], also: ["P0"] },
    D1: { can: [...io, "analog"], also: ["P1"] },
    D2: { can: [...io, "analog"], also: ["P2"] },
    D3: { can: [...io, "analog"], also: ["P3", "COL1"] },
    D4: { can: [...io, "analog"], also: ["P4", "COL2"] },
    D5: { can: io, also: ["P5", "A"] },
    D6: { can: io, also: ["P6", "COL9"] },
    D7: { can: io, also: ["P7", "COL8"] },
    D8: { can: io, also: ["P8"] },
    D9: { can: io, also: ["P9", "COL7"] },
    D10: { can: [...io, "analog"], also: ["P10", "COL3"] },
    D11: { can: [...io, "analog"], also: ["P11", "B"] },
    D12: { can: io, also: ["P12"] },
    D13: { can: io, also: ["P13"], peripherals: ["SPI1_SCK"] },
    D14: { can: io, also: ["P14"], peripherals: ["SPI1_MISO"] },
    D15: { can: io, also: ["P15"], peripherals: ["SPI1_MOSI"] },
    D16: { can: io, also: ["P16"] },
    D17: { can: io },
    D18: { can: io },
    D19: { can: [...io, "analog"], also: ["P19"], peripherals: ["I2C1_SCL"] },
    D20: { can: io, also: ["P20"], peripherals: ["I2C1_SDA"] },
    H0: { can: io },
    H1: { can: io },
    V0: { can: ["output"] },
  },
  roles: {
    LED1: { pin: "V0" },
    LED2: { pin: "D8", external: true },
    LED3: { pin: "D16", external: true },
    BTN1: { pin: "D5", active: 1, pull: "down" },
    BTN2: { pin: "D11", active: 1, pull: "down" },
    SENSOR1: { pin: "D0", external: true },
    HEATER1: { pin: "D1", external: true },
  },
  serials: {
    Serial1: { tx: "H0", rx: "H1", note: "console, through the USB socket" },
  },
  i2cs: {
    I2C1: { sda: "D20", scl: "D19" },
  },
  spis: {},
  memory: { ramKB: 16, flashKB: 256, jsVars: 350, savedCodeKB: 4 },
  analogVolts: 3.3,
  console: { device: "EV_SERIAL1", baudRate: 9600 },
  saveOnFlash: true,
  // The edge connector from left to right, its first half in the left column.
  pinout: [
    ["D3", "D13"],
    ["D0", "D14"],
    ["D4", "D15"],
    ["D5", "D16"],
    ["D6", "3V"],
    ["D7", "3V"],
    ["D1", "3V"],
    ["D8", "D19"],
    ["D9", "D20"],
    ["D10", "GND"],
    ["D11", "GND"],
    ["D12", "GND"],
    ["D2", null],
  ],
} as const satisfies BoardSpec;
