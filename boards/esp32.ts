import type { BoardSpec } from "../runtime/io/spec.ts";

/** What an ordinary pin can do. */
const io = ["input", "output", "pullup", "pulldown"] as const;

/**
 * ESP32 with Espruino, as on Espressif's ESP32-DevKitC V4.
 *
 * PWM works on every output except D25 and D26, where `analogWrite` drives the converter (DAC)
 * instead. D34 to D39 only read, and have no pulls. D6 to D11 belong to the flash chip. The chip has
 * no D20, D24 or D28 to D31.
 *
 * D0, the BOOT button, is inverted by the interpreter: it reads 1 while pressed. The LED on D2 is on
 * most boards sold as ESP32 DevKit, though not on Espressif's own.
 */
export const esp32 = {
  id: "esp32",
  name: "ESP32",
  chip: "ESP32",
  speedMHz: 240,
  targets: ["espruino", "simulator"],
  pins: {
    D0: { can: [...io, "pwm"], also: ["BOOT"] },
    D1: { can: [...io, "pwm"], also: ["TX"], peripherals: ["USART1_TX"] },
    D2: { can: [...io, "pwm"] },
    D3: { can: [...io, "pwm"], also: ["RX"], peripherals: ["USART1_RX"] },
    D4: { can: [...io, "pwm"], peripherals: ["USART2_TX"] },
    D5: { can: [...io, "pwm"], peripherals: ["USART2_RX"] },
    D6: { can: [], also: ["CLK"] },
    D7: { can: [], also: ["SD0"] },
    D8: { can: [], also: ["SD1"] },
    D9: { can: [], also: ["SD2"] },
    D10: { can: [], also: ["SD3"] },
    D11: { can: [], also: ["CMD"] },
    D12: { can: [...io, "pwm"], peripherals: ["SPI1_MISO"] },
    D13: { can: [...io, "pwm"], peripherals: ["SPI1_MOSI"] },
    D14: { can: [...io, "pwm"], peripherals: ["SPI1_SCK"] },
    D15: { can: [...io, "pwm"] },
    D16: { can: [...io, "pwm"], peripherals: ["I2C2_SCL", "USART3_RX"] },
    D17: { can: [...io, "pwm"], peripherals: ["I2C2_SDA", "USART3_TX"] },
    D18: { can: [...io, "pwm"], peripherals: ["SPI2_SCK"] },
    D19: { can: [...io, "pwm"], peripherals: ["SPI2_MISO"] },
    D21: { can: [...io, "pwm"], peripherals: ["I2C1_SDA"] },
    D22: { can: [...io, "pwm"], peripherals: ["I2C1_SCL"] },
    D23: { can: [...io, "pwm"], peripherals: ["SPI2_MOSI"] },
    D25: { can: [...io, "dac"] },
    D26: { can: [...io, "dac"] },
    D27: { can: [...io, "pwm"] },
    D32: { can: [...io, "analog", "pwm"] },
    D33: { can: [...io, "analog", "pwm"] },
    D34: { can: ["input", "analog"] },
    D35: { can: ["input", "analog"] },
    D36: { can: ["input", "analog"], also: ["VP"] },
    D37: { can: ["input", "analog"] },
    D38: { can: ["input", "analog"] },
    D39: { can: ["input", "analog"], also: ["VN"] },
  },
  roles: {
    LED1: { pin: "D2" },
    LED2: { pin: "D32", external: true },
    LED3: { pin: "D33", external: true },
    BTN1: { pin: "D0", active: 1 },
    SENSOR1: { pin: "D34", external: true },
    HEATER1: { pin: "D27", external: true },
  },
  serials: {
    Serial1: { tx: "D1", rx: "D3", note: "console, through the USB socket" },
    Serial2: { tx: "D4", rx: "D5" },
    Serial3: { tx: "D17", rx: "D16" },
  },
  i2cs: {
    I2C1: { sda: "D21", scl: "D22" },
    I2C2: { sda: "D17", scl: "D16" }, // the pins of Serial3
  },
  spis: {
    SPI1: { sck: "D14", mosi: "D13", miso: "D12" },
    SPI2: { sck: "D18", mosi: "D23", miso: "D19" },
  },
  // The saved code is the last 896 KB of 4 MB of flash.
  memory: { ramKB: 512, flashKB: 4096, jsVars: 16383, savedCodeKB: 896 },
  analogVolts: 3.3,
  console: { device: "EV_SERIAL1", baudRate: 115200 },
  // USB at the bottom.
  pinout: [
    ["3V3", "GND"],
    ["EN", "D23"],
    ["D36", "D22"],
    ["D39", "D1"],
    ["D34", "D3"],
    ["D35", "D21"],
    ["D32", "GND"],
    ["D33", "D19"],
    ["D25", "D18"],
    ["D26", "D5"],
    ["D27", "D17"],
    ["D14", "D16"],
    ["D12", "D4"],
    ["GND", "D0"],
    ["D13", "D2"],
    ["D9", "D15"],
    ["D10", "D8"],
    ["D11", "D7"],
    ["5V", "D6"],
  ],
} as const satisfies BoardSpec;
