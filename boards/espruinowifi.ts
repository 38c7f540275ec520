import type { BoardSpec } from "../runtime/io/spec.ts";

/** What an ordinary pin can do. */
const io = ["input", "output", "pullup", "pulldown"] as const;

/**
 * Espruino WiFi: an STM32 with an ESP8266 for the network.
 *
 * A pin has PWM where a timer of the chip reaches it. Serial2 leads to the ESP8266. I2C2 and I2C3
 * share B3 and B4 with SPI3.
 */
export const espruinowifi = {
  id: "espruinowifi",
  name: "Espruino WiFi",
  chip: "STM32F411CEU6",
  speedMHz: 100,
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
    A13: { can: io, also: ["ESP8266 GPIO0"] },
    A14: { can: io, also: ["ESP8266 CH_PD"] },
    A15: { can: [...io, "pwm"], also: ["ESP8266 CTS"], peripherals: ["SPI1_NSS", "SPI3_NSS"] },
    B0: { can: [...io, "analog", "pwm"] },
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
    H0: { can: [], also: ["OSC IN"] },
    H1: { can: [], also: ["OSC OUT"] },
  },
  roles: {
    LED1: { pin: "B2" },
    LED2: { pin: "B12" },
    LED3: { pin: "B1", external: true },
    BTN1: { pin: "C13", active: 1, pull: "down" },
    SENSOR1: { pin: "A0", external: true },
    HEATER1: { pin: "A1", external: true },
  },
  serials: {
    Serial1: { tx: "B6", rx: "B7", note: "console while USB is not connected" },
    Serial2: { tx: "A2", rx: "A3", note: "the ESP8266" },
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
  memory: { ramKB: 128, flashKB: 512, jsVars: 8190, savedCodeKB: 64 },
  analogVolts: 3.3,
  console: { device: "EV_SERIAL1" },
  // USB at the bottom.
  pinout: [
    ["A0", "B0"],
    ["A1", "B9"],
    ["A4", "B8"],
    ["A5", "B7"],
    ["A6", "B6"],
    ["A7", "B5"],
    ["B1", "B4"],
    ["B10", "B3"],
    ["B13", "3V3"],
    ["B14", "VBUS"],
    ["B15", "GND"],
  ],
} as const satisfies BoardSpec;
