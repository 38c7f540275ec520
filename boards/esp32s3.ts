import type { BoardSpec } from "../runtime/io/spec.ts";

/** What an ordinary pin can do. */
const io = ["input", "output", "pullup", "pulldown", "pwm"] as const;

/**
 * ESP32-S3 with Espruino.
 *
 * PWM works on every output. D26 to D32 belong to the flash chip; the chip has no D22 to D25.
 * Espruino does not read analog values on it.
 */
export const esp32s3 = {
  id: "esp32s3",
  name: "ESP32-S3",
  chip: "ESP32-S3",
  speedMHz: 240,
  targets: ["espruino", "simulator"],
  pins: {
    D0: { can: io },
    D1: { can: io },
    D2: { can: io },
    D3: { can: io },
    D4: { can: io, peripherals: ["SPI2_SCK"] },
    D5: { can: io },
    D6: { can: io, peripherals: ["SPI2_MISO"] },
    D7: { can: io, peripherals: ["SPI2_MOSI"] },
    D8: { can: io, peripherals: ["I2C1_SDA"] },
    D9: { can: io, peripherals: ["I2C1_SCL"] },
    D10: { can: io },
    D11: { can: io, peripherals: ["SPI1_MOSI"] },
    D12: { can: io, peripherals: ["SPI1_SCK"] },
    D13: { can: io, peripherals: ["SPI1_MISO"] },
    D14: { can: io },
    D15: { can: io },
    D16: { can: io },
    D17: { can: io, peripherals: ["USART2_TX"] },
    D18: { can: io, peripherals: ["I2C2_SDA", "USART2_RX"] },
    D19: { can: io, also: ["USB D-"], peripherals: ["I2C2_SCL"] },
    D20: { can: io, also: ["USB D+"] },
    D21: { can: io },
    D26: { can: [] },
    D27: { can: [] },
    D28: { can: [] },
    D29: { can: [] },
    D30: { can: [] },
    D31: { can: [] },
    D32: { can: [] },
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
    D43: { can: io, peripherals: ["USART1_TX"] },
    D44: { can: io, peripherals: ["USART1_RX"] },
    D45: { can: io },
    D46: { can: io },
    D47: { can: io },
    D48: { can: io },
  },
  roles: {
    LED1: { pin: "D2" },
    LED2: { pin: "D5", external: true },
    LED3: { pin: "D15", external: true },
    BTN1: { pin: "D0", active: 0, pull: "up" },
    HEATER1: { pin: "D16", external: true },
  },
  serials: {
    Serial1: { tx: "D43", rx: "D44", note: "console, through the USB socket" },
    Serial2: { tx: "D17", rx: "D18" },
  },
  i2cs: {
    I2C1: { sda: "D8", scl: "D9" },
    I2C2: { sda: "D18", scl: "D19" },
  },
  spis: {
    SPI1: { sck: "D12", mosi: "D11", miso: "D13" },
    SPI2: { sck: "D4", mosi: "D7", miso: "D6" },
  },
  memory: { ramKB: 512, jsVars: 16383, savedCodeKB: 896 },
  analogVolts: 3.3,
  console: { device: "EV_SERIAL1", baudRate: 115200 },
} as const satisfies BoardSpec;
