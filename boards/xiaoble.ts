import type { BoardSpec } from "../runtime/io/spec.ts";

/** What an ordinary pin can do. */
const io = ["input", "output", "pullup", "pulldown", "pwm"] as const;

/**
 * Seeed Studio's XIAO with an nRF52840.
 *
 * PWM works on every pin: the nRF52840 has PWM units of four channels, and Espruino's `analogWrite`
 * gives any pin a free channel. The LEDs are inverted by the interpreter: 1 is lit. There is no
 * button: Espruino looks at D1 when it starts.
 */
export const xiaoble = {
  id: "xiaoble",
  name: "Seeed XIAO nRF52840",
  chip: "nRF52840",
  speedMHz: 64,
  targets: ["espruino", "simulator"],
  pins: {
    D0: { can: [...io, "analog"] },
    D1: { can: [...io, "analog"] },
    D2: { can: [...io, "analog"] },
    D3: { can: [...io, "analog"] },
    D4: { can: [...io, "analog"] },
    D5: { can: [...io, "analog"] },
    D6: { can: io },
    D7: { can: io },
    D8: { can: io },
    D9: { can: io },
    D10: { can: io },
    D11: { can: io },
    D12: { can: io },
    D13: { can: [...io, "analog"] },
    D14: { can: io, also: ["CHARGE LED"] },
    D15: { can: io },
    D16: { can: io },
    D17: { can: io },
    D18: { can: io },
    D19: { can: io },
    D20: { can: io },
    D21: { can: io },
    D22: { can: io },
    D23: { can: io, also: ["CHARGING"] },
    D24: { can: io, also: ["FLASH SCK"] },
    D25: { can: io, also: ["FLASH CS"] },
    D26: { can: io, also: ["FLASH MOSI"] },
    D27: { can: io, also: ["FLASH MISO"] },
    D28: { can: io, also: ["FLASH WP"] },
    D29: { can: io, also: ["FLASH RST"] },
    D30: { can: io, also: ["NFC1"] },
    D31: { can: io, also: ["NFC2"] },
    D32: { can: [...io, "analog"], also: ["BATTERY"] },
  },
  roles: {
    LED1: { pin: "D11" },
    LED2: { pin: "D13" },
    LED3: { pin: "D12" },
    BTN1: { pin: "D1", active: 1, pull: "down", external: true },
    SENSOR1: { pin: "D0", external: true },
    HEATER1: { pin: "D2", external: true },
  },
  serials: {
    Serial1: { tx: "D6", rx: "D7" },
  },
  i2cs: {
    I2C1: { sda: "D4", scl: "D5" },
  },
  spis: {
    SPI1: { sck: "D8", mosi: "D10", miso: "D9" },
  },
  memory: { ramKB: 256, flashKB: 1024, jsVars: 14000, savedCodeKB: 2048 },
  analogVolts: 3.3,
  console: { device: "EV_USBSERIAL" },
  // USB at the top.
  pinout: [
    ["D0", "5V"],
    ["D1", "GND"],
    ["D2", "3V3"],
    ["D3", "D10"],
    ["D4", "D9"],
    ["D5", "D8"],
    ["D6", "D7"],
  ],
} as const satisfies BoardSpec;
