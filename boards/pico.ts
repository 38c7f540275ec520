import type { BoardSpec } from "../runtime/io/spec.ts";

/** What an ordinary pin can do. */
const io = ["input", "output", "pullup", "pulldown"] as const;

/**
 * Espruino Pico, revision 1.3 and 1.4.
 *
 * A pin has PWM where a timer of the chip reaches it. I2C2 and I2C3 share B3 and B4 with SPI3. A11 and
 * A12 are the wires of the USB plug, so Serial6 is left out.
 */
export const pico = {
  id: "pico",
  name: "Espruino Pico",
  chip: "STM32F401CDU6",
  speedMHz: 84,
  targets: ["espruino", "simulator"],
  pins: {
    A0: { can: [...io, "analog", "pwm"], peripherals: ["USART2_CTS"] },
    A1: { can: [...io, "analog", "pwm"], peripherals: ["USART2_RTS"] },
    A2: { can: [...io, "analog", "pwm"], peripherals: ["USART2_TX"] },
    A3: { can: [...io, "analog", "pwm"], peripherals: ["USART2_RX"] },
    A4: { can: [...io, "analog"], peripherals: ["SPI1_NSS", "SPI3_NSS", "USART2_CK"] },
    A5: { can: [...io, "analog", "pwm"], peripherals: ["SPI1_SCK"] },
    A6: { can: [...io, "analog", "pwm"], peripherals: ["SPI1_MISO"] },
    A7: { can: [...io, "analog", "pwm"], peripherals: ["SPI1_MOSI"] },
    A8: { can: [...io, "pwm"], peripherals: ["I2C3_SCL", "USART1_CK"] },
    // A9 senses the 5 V of the USB plug and must never be an output.
    A9: { can: ["input"], also: ["USB 5V"], peripherals: ["I2C3_SMBA", "USART1_TX"] },
    A10: { can: [...io, "pwm"], peripherals: ["USART1_RX"] },
    A11: { can: [...io, "pwm"], also: ["USB D-"], peripherals: ["USART1_CTS", "USART6_TX"] },
    A12: { can: io, also: ["USB D+"], peripherals: ["USART1_RTS", "USART6_RX"] },
    A13: { can: io, also: ["SWDIO"] },
    A14: { can: io, also: ["SWCLK"] },
    A15: { can: [...io, "pwm"], peripherals: ["SPI1_NSS", "SPI3_NSS"] },
    B0: { can: [...io, "analog", "pwm"], also: ["FET"] },
    B1: { can: [...io, "analog", "pwm"] },
    B2: { can: io },
    B3: { can: [...io, "pwm"], peripherals: ["I2C2_SDA", "SPI1_SCK", "SPI3_SCK"] },
    B4: { can: [...io, "pwm"], peripherals: ["I2C3_SDA", "SPI1_MISO", "SPI3_MISO"] },
    B5: { can: [...io, "pwm"], peripherals: ["I2C1_SMBA", "SPI1_MOSI", "SPI3_MOSI"] },
    B6: { can: [...io, "pwm"], peripherals: ["I2C1_SCL", "USART1_TX"] },
    B7: { can: [...io, "pwm"], peripherals: ["I2C1_SDA", "USART1_RX"] },
    B8: { can: [...io, "pwm"], peripherals: ["I2C1_SCL"] },
    B9: { can: [...io, "pwm"], peripherals: ["I2C1_SDA", "SPI2_NSS"] },
    B10: { can: [...io, "pwm"], peripherals: ["I2C2_SCL", "SPI2_SCK"] },
    B12: { can: io, peripherals: ["I2C2_SMBA", "SPI2_NSS"] },
    B13: { can: [...io, "pwm"], peripherals: ["SPI2_SCK"] },
    B14: { can: [...io, "pwm"], peripherals: ["SPI2_MISO"] },
    B15: { can: [...io, "pwm"], peripherals: ["SPI2_MOSI"] },
    C13: { can: io },
    C14: { can: io, also: ["OSC32 IN"] },
    C15: { can: io, also: ["OSC32 OUT"] },
    // H0 and H1 carry the crystal the chip runs on.
    H0: { can: [], also: ["OSC IN"] },
    H1: { can: [], also: ["OSC OUT"] },
  },
  roles: {
    LED1: { pin: "B2" }, // red
    LED2: { pin: "B12" }, // green
    LED3: { pin: "B1", external: true },
    BTN1: { pin: "C13", active: 1, pull: "down" },
    SENSOR1: { pin: "A0", external: true },
    HEATER1: { pin: "A1", external: true },
  },
  serials: {
    Serial1: { tx: "B6", rx: "B7", note: "console while USB is not connected" },
    Serial2: { tx: "A2", rx: "A3" },
  },
  i2cs: {
    I2C1: { sda: "B9", scl: "B8" },
    I2C2: { sda: "B3", scl: "B10" },
    I2C3: { sda: "B4", scl: "A8" },
  },
  spis: {
    SPI1: { sck: "A5", mosi: "A7", miso: "A6" },
    SPI2: { sck: "B13", mosi: "B15", miso: "B14" },
    SPI3: { sck: "B3", mosi: "B5", miso: "B4" },
  },
  memory: { ramKB: 96, flashKB: 384, jsVars: 5100, savedCodeKB: 48 },
  analogVolts: 3.3,
  console: { device: "EV_SERIAL1" },
  // USB at the top; the last four rows are the end edge, read from its corners inwards.
  pinout: [
    ["GND", "BAT_IN"],
    ["VBAT", "B15"],
    ["3V3", "B14"],
    ["B3", "B13"],
    ["B4", "B10"],
    ["B5", "B1"],
    ["B6", "A7"],
    ["B7", "A6"],
    ["A8", "A5"],
    [null, null],
    ["B8", "A4"],
    ["B9", "A3"],
    ["A10", "A2"],
    ["A0", "A1"],
  ],
} as const satisfies BoardSpec;
