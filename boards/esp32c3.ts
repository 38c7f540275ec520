import type { BoardSpec } from "../runtime/io/spec.ts";

/** What an ordinary pin can do. */
const io = ["input", "output", "pullup", "pulldown", "pwm"] as const;

/**
 * ESP32-C3 with Espruino.
 *
 * PWM works on every output. D11 to D17 belong to the flash chip.
 */
export const esp32c3 = {
  id: "esp32c3",
  name: "ESP32-C3",
  chip: "ESP32-C3",
  speedMHz: 160,
  targets: ["espruino", "simulator"],
  pins: {
    D0: { can: [...io, "analog"] },
    D1: { can: [...io, "analog"] },
    D2: { can: [...io, "analog"], peripherals: ["SPI1_MISO"] },
    D3: { can: [...io, "analog"] },
    D4: { can: [...io, "analog"] },
    D5: { can: io },
    D6: { can: io, peripherals: ["SPI1_SCK"] },
    D7: { can: io, peripherals: ["SPI1_MOSI"] },
    D8: { can: io, peripherals: ["I2C1_SDA"] },
    D9: { can: io, peripherals: ["I2C1_SCL"] },
    D10: { can: io },
    D11: { can: [] },
    D12: { can: [] },
    D13: { can: [] },
    D14: { can: [] },
    D15: { can: [] },
    D16: { can: [] },
    D17: { can: [] },
    D18: { can: io, also: ["USB D-"] },
    D19: { can: io, also: ["USB D+"] },
    D20: { can: io, peripherals: ["USART1_RX"] },
    D21: { can: io, peripherals: ["USART1_TX"] },
  },
  roles: {
    LED1: { pin: "D2" },
    LED2: { pin: "D4", external: true },
    LED3: { pin: "D5", external: true },
    BTN1: { pin: "D0", active: 0, pull: "up" },
    SENSOR1: { pin: "D1", external: true },
    HEATER1: { pin: "D3", external: true },
  },
  serials: {
    Serial1: { tx: "D21", rx: "D20", note: "console, through the USB socket" },
  },
  i2cs: {
    I2C1: { sda: "D8", scl: "D9" },
  },
  spis: {
    SPI1: { sck: "D6", mosi: "D7", miso: "D2" },
  },
  memory: { ramKB: 400, jsVars: 4095, savedCodeKB: 896 },
  analogVolts: 3.3,
  console: { device: "EV_SERIAL1", baudRate: 115200 },
} as const satisfies BoardSpec;
