import type { BoardSpec } from "../runtime/io/spec.ts";

/** What an ordinary pin can do. */
const io = ["input", "output", "pullup", "pulldown", "pwm"] as const;

/**
 * Raspberry Pi Pico 2 (RP2350) with Espruino.
 *
 * PWM works on every pin, in hardware; GPn and GPn+16 share a channel. The console is Serial1.
 */
export const rp2350 = {
  id: "rp2350",
  name: "Raspberry Pi Pico 2",
  chip: "RP2350",
  speedMHz: 150,
  targets: ["espruino", "simulator"],
  pins: {
    D0: { can: io, also: ["GP0"], peripherals: ["I2C1_SDA", "SPI1_MISO", "USART1_TX"] },
    D1: { can: io, also: ["GP1"], peripherals: ["I2C1_SCL", "USART1_RX"] },
    D2: { can: io, also: ["GP2"], peripherals: ["I2C2_SDA", "SPI1_SCK"] },
    D3: { can: io, also: ["GP3"], peripherals: ["I2C2_SCL", "SPI1_MOSI"] },
    D4: { can: io, also: ["GP4"], peripherals: ["I2C1_SDA", "SPI1_MISO", "USART2_TX"] },
    D5: { can: io, also: ["GP5"], peripherals: ["I2C1_SCL", "USART2_RX"] },
    D6: { can: io, also: ["GP6"], peripherals: ["I2C2_SDA", "SPI1_SCK"] },
    D7: { can: io, also: ["GP7"], peripherals: ["I2C2_SCL", "SPI1_MOSI"] },
    D8: { can: io, also: ["GP8"], peripherals: ["I2C1_SDA", "SPI2_MISO", "USART2_TX"] },
    D9: { can: io, also: ["GP9"], peripherals: ["I2C1_SCL", "USART2_RX"] },
    D10: { can: io, also: ["GP10"], peripherals: ["I2C2_SDA", "SPI2_SCK"] },
    D11: { can: io, also: ["GP11"], peripherals: ["I2C2_SCL", "SPI2_MOSI"] },
    D12: { can: io, also: ["GP12"], peripherals: ["I2C1_SDA", "SPI2_MISO", "USART1_TX"] },
    D13: { can: io, also: ["GP13"], peripherals: ["I2C1_SCL", "USART1_RX"] },
    D14: { can: io, also: ["GP14"], peripherals: ["I2C2_SDA", "SPI2_SCK"] },
    D15: { can: io, also: ["GP15"], peripherals: ["I2C2_SCL", "SPI2_MOSI"] },
    D16: { can: io, also: ["GP16"], peripherals: ["I2C1_SDA", "SPI1_MISO", "USART1_TX"] },
    D17: { can: io, also: ["GP17"], peripherals: ["I2C1_SCL", "USART1_RX"] },
    D18: { can: io, also: ["GP18"], peripherals: ["I2C2_SDA", "SPI1_SCK"] },
    D19: { can: io, also: ["GP19"], peripherals: ["I2C2_SCL", "SPI1_MOSI"] },
    D20: { can: io, also: ["GP20"], peripherals: ["I2C1_SDA", "USART2_TX"] },
    D21: { can: io, also: ["GP21"], peripherals: ["I2C1_SCL", "USART2_RX"] },
    D22: { can: io, also: ["GP22"], peripherals: ["I2C2_SDA"] },
    D23: { can: io, also: ["GP23", "SMPS mode"], peripherals: ["I2C2_SCL"] },
    D24: { can: io, also: ["GP24", "VBUS sense"], peripherals: ["I2C1_SDA", "USART2_TX"] },
    D25: { can: io, also: ["GP25"], peripherals: ["I2C1_SCL", "USART2_RX"] },
    D26: { can: [...io, "analog"], also: ["GP26"] },
    D27: { can: [...io, "analog"], also: ["GP27"] },
    D28: { can: [...io, "analog"], also: ["GP28"] },
    D29: { can: [...io, "analog"], also: ["GP29", "VSYS/3"] },
  },
  roles: {
    LED1: { pin: "D25" },
    LED2: { pin: "D14", external: true },
    LED3: { pin: "D15", external: true },
    BTN1: { pin: "D13", active: 0, pull: "up", external: true },
    SENSOR1: { pin: "D26", external: true },
    HEATER1: { pin: "D12", external: true },
  },
  serials: {
    Serial1: { tx: "D0", rx: "D1", note: "console" },
    Serial2: { tx: "D4", rx: "D5" },
  },
  i2cs: {
    I2C1: { sda: "D8", scl: "D9" },
    I2C2: { sda: "D10", scl: "D11" },
  },
  spis: {
    SPI1: { sck: "D18", mosi: "D19", miso: "D16" },
    SPI2: { sck: "D10", mosi: "D11", miso: "D8" },
  },
  memory: { ramKB: 520, flashKB: 4096, jsVars: 16000, savedCodeKB: 3072 },
  analogVolts: 3.3,
  console: { device: "EV_SERIAL1", baudRate: 115200 },
  // USB at the top.
  pinout: [
    ["D0", "VBUS"],
    ["D1", "VSYS"],
    ["GND", "GND"],
    ["D2", "3V3_EN"],
    ["D3", "3V3"],
    ["D4", "ADC_VREF"],
    ["D5", "D28"],
    ["GND", "AGND"],
    ["D6", "D27"],
    ["D7", "D26"],
    ["D8", "RUN"],
    ["D9", "D22"],
    ["GND", "GND"],
    ["D10", "D21"],
    ["D11", "D20"],
    ["D12", "D19"],
    ["D13", "D18"],
    ["GND", "GND"],
    ["D14", "D17"],
    ["D15", "D16"],
  ],
} as const satisfies BoardSpec;
