import type { BoardSpec } from "../runtime/io/spec.ts";

/** What an ordinary pin can do. */
const io = ["input", "output", "pullup", "pulldown", "pwm"] as const;

/**
 * BBC micro:bit, version 2.
 *
 * The chip is an nRF52833, which Espruino builds as an nRF52832. PWM works on every real pin: the chip
 * has three PWM units of four channels, and Espruino's `analogWrite` gives any pin a free channel.
 *
 * D5 and D11, the buttons, are inverted by the interpreter: they read 1 while pressed, and their
 * "down" pull is the chip's pull-up. The columns of the display (D3, D4, D6, D7, D10) are busy while
 * it shows something. The H pins are wired inside the board. V0 is no pin at all: writing it lights
 * or clears the whole display, and reading it always gives 0.
 */
export const microbit2 = {
  id: "microbit2",
  name: "BBC micro:bit 2",
  chip: "nRF52833",
  speedMHz: 64,
  targets: ["espruino", "simulator"],
  pins: {
    D0: { can: [...io, "analog"], also: ["P0"] },
    D1: { can: [...io, "analog"], also: ["P1"] },
    D2: { can: [...io, "analog"], also: ["P2"] },
    D3: { can: io, also: ["P3", "COL3"] },
    D4: { can: io, also: ["P4", "COL1"] },
    D5: { can: io, also: ["P5", "A"] },
    D6: { can: io, also: ["P6", "COL4"] },
    D7: { can: io, also: ["P7", "COL2"] },
    D8: { can: io, also: ["P8", "NFC2"] },
    D9: { can: io, also: ["P9", "NFC1"] },
    D10: { can: io, also: ["P10", "COL5"] },
    D11: { can: io, also: ["P11", "B"] },
    D12: { can: io, also: ["P12"] },
    D13: { can: io, also: ["P13"], peripherals: ["SPI1_SCK"] },
    D14: { can: io, also: ["P14"], peripherals: ["SPI1_MISO"] },
    D15: { can: io, also: ["P15"], peripherals: ["SPI1_MOSI"] },
    D16: { can: io, also: ["P16"] },
    // D17 and D18 are missing: the edge has 3 V there.
    D19: { can: io, also: ["P19"], peripherals: ["I2C1_SCL"] },
    D20: { can: io, also: ["P20"], peripherals: ["I2C1_SDA"] },
    H0: { can: io, also: ["UART RX"], peripherals: ["USART1_RX"] },
    H1: { can: io, also: ["UART TX"], peripherals: ["USART1_TX"] },
    H2: { can: io, also: ["LOGO"] },
    H3: { can: io, also: ["SPEAKER"] },
    // The microphone is read at high gain against 0.6 V.
    H4: { can: [...io, "analog"], also: ["MIC"] },
    H5: { can: io, also: ["MIC power"] },
    H6: { can: io, also: ["INT SDA"] },
    H7: { can: io, also: ["INT SCL"] },
    H8: { can: io, also: ["INT"] },
    V0: { can: ["output"], also: ["DISPLAY"] },
  },
  roles: {
    LED1: { pin: "V0" },
    LED2: { pin: "D2", external: true },
    LED3: { pin: "D16", external: true },
    BTN1: { pin: "D5", active: 1, pull: "down" }, // button A
    BTN2: { pin: "D11", active: 1, pull: "down" }, // button B
    SENSOR1: { pin: "D0", external: true },
    HEATER1: { pin: "D1", external: true },
  },
  serials: {
    Serial1: { tx: "H1", rx: "H0", note: "console, through the USB socket" },
  },
  i2cs: {
    I2C1: { sda: "D20", scl: "D19" },
  },
  spis: {
    SPI1: { sck: "D13", mosi: "D15", miso: "D14" },
  },
  memory: { ramKB: 128, flashKB: 512, jsVars: 6000, savedCodeKB: 40 },
  analogVolts: 3.3,
  console: { device: "EV_SERIAL1", baudRate: 9600 },
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
