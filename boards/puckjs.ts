import type { BoardSpec } from "../runtime/io/spec.ts";

/** What an ordinary pin can do. */
const io = ["input", "output", "pullup", "pulldown", "pwm"] as const;

/**
 * Espruino Puck.js: a button, three LEDs and Bluetooth on a coin cell.
 *
 * PWM works on every pin: the nRF52 has three PWM units of four channels, and Espruino's `analogWrite`
 * gives any pin a free channel (up to twelve at once, one frequency a unit). I2C and SPI can be put on
 * any pins too; none are wired to the edge, so no bus has a name here.
 *
 * `also` says what a pin is wired to inside, as on version 2 of the board.
 */
export const puckjs = {
  id: "puckjs",
  name: "Puck.js",
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
    D6: { can: io, also: ["TEMP SCL"] },
    D7: { can: io, also: ["TEMP SDA"] },
    D8: { can: io, also: ["TEMP power"] },
    D9: { can: io, also: ["NFC1"] },
    D10: { can: io, also: ["NFC2"] },
    D11: { can: io, also: ["CAPSENSE RX"] },
    D12: { can: io, also: ["CAPSENSE TX"] },
    D13: { can: io, also: ["ACCEL INT"] },
    D14: { can: io, also: ["ACCEL SDA"] },
    D15: { can: io, also: ["ACCEL SCL"] },
    D16: { can: io },
    D17: { can: io, also: ["MAG INT"] },
    D18: { can: io, also: ["MAG power"] },
    D19: { can: io, also: ["MAG SCL"] },
    D20: { can: io, also: ["MAG SDA"] },
    D21: { can: io, also: ["MAG DRDY"] },
    D22: { can: io },
    D23: { can: io },
    D24: { can: io },
    D25: { can: io, also: ["IR"] },
    D26: { can: io, also: ["FET"] },
    D27: { can: io },
    D28: { can: [...io, "analog"], peripherals: ["USART1_TX"] },
    D29: { can: [...io, "analog"], peripherals: ["USART1_RX"] },
    D30: { can: [...io, "analog"] },
    D31: { can: [...io, "analog"] },
  },
  roles: {
    LED1: { pin: "D5" }, // red
    LED2: { pin: "D4" }, // green
    LED3: { pin: "D3" }, // blue
    BTN1: { pin: "D0", active: 1, pull: "down" },
    SENSOR1: { pin: "D2", external: true },
    HEATER1: { pin: "D1", external: true },
  },
  serials: {
    Serial1: {
      tx: "D28",
      rx: "D29",
      note: "console if the other side holds the line high at start",
    },
  },
  i2cs: {},
  spis: {},
  memory: { ramKB: 64, flashKB: 512, jsVars: 2630, savedCodeKB: 40 },
  // Full scale is the supply: about 3 V with a fresh cell.
  analogVolts: 3,
  console: { device: "EV_SERIAL1", baudRate: 9600 },
  // As Espruino's picture of version 2 has it; D28 to D31 are the bottom edge.
  pinout: [
    [null, "D11"],
    [null, "GND"],
    ["D24", "3V"],
    ["D23", "D2"],
    ["D26", "D1"],
    ["D28", null],
    ["D29", null],
    ["D30", null],
    ["D31", null],
  ],
} as const satisfies BoardSpec;
