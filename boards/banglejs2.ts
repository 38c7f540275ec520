import type { BoardSpec } from "../runtime/io/spec.ts";

/** What an ordinary pin can do. */
const io = ["input", "output", "pullup", "pulldown", "pwm"] as const;

/**
 * Bangle.js 2, the watch: all of its pins lead to parts inside.
 *
 * The button is inverted by the interpreter: it reads 1 while pressed, and "down" is the chip's
 * pull-up. LED1 is the display's light.
 */
export const banglejs2 = {
  id: "banglejs2",
  name: "Bangle.js 2",
  chip: "nRF52840",
  speedMHz: 64,
  targets: ["espruino", "simulator"],
  pins: {
    D0: { can: io },
    D1: { can: io },
    D2: { can: [...io, "analog"] },
    D3: { can: [...io, "analog"], also: ["BATTERY"] },
    D4: { can: [...io, "analog"] },
    D5: { can: [...io, "analog"], also: ["LCD CS"] },
    D6: { can: io, also: ["LCD EXTCOMIN"] },
    D7: { can: io, also: ["LCD DISP"] },
    D8: { can: io },
    D9: { can: io },
    D10: { can: io },
    D11: { can: io },
    D12: { can: io },
    D13: { can: io },
    D14: { can: io },
    D15: { can: io },
    D16: { can: io },
    D17: { can: io },
    D18: { can: io },
    D19: { can: io, also: ["VIBRATE"] },
    D20: { can: io },
    D21: { can: io, also: ["HEART power"] },
    D22: { can: io, also: ["HEART INT"] },
    D23: { can: io, also: ["CHARGING"] },
    D24: { can: io, also: ["HEART SDA"] },
    D25: { can: io },
    D26: { can: io, also: ["LCD SCK"] },
    D27: { can: io, also: ["LCD MOSI"] },
    D28: { can: [...io, "analog"] },
    D29: { can: [...io, "analog"], also: ["GPS power"] },
    D30: { can: [...io, "analog"], also: ["GPS RX"] },
    D31: { can: [...io, "analog"], also: ["GPS TX"] },
    D32: { can: io, also: ["HEART SCL"] },
    D33: { can: io, also: ["TOUCH SDA"] },
    D34: { can: io, also: ["TOUCH SCL"] },
    D35: { can: io, also: ["TOUCH RST"] },
    D36: { can: io, also: ["TOUCH INT"] },
    D37: { can: io, also: ["ACCEL SCL"] },
    D38: { can: io, also: ["ACCEL SDA"] },
    D39: { can: io },
    D40: { can: io },
    D41: { can: io },
    D42: { can: io },
    D43: { can: io },
    D44: { can: io, also: ["MAG SDA"] },
    D45: { can: io, also: ["MAG SCL"] },
    D46: { can: io },
    D47: { can: io },
  },
  roles: {
    LED1: { pin: "D8" },
    BTN1: { pin: "D17", active: 1, pull: "down" },
  },
  serials: {},
  i2cs: {},
  spis: {},
  memory: { ramKB: 256, flashKB: 1024, jsVars: 12000, savedCodeKB: 8192 },
  analogVolts: 3.3,
  console: { device: "EV_TERMINAL" },
} as const satisfies BoardSpec;
