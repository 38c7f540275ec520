import type { BoardSpec } from "../runtime/io/spec.ts";

/** What an ordinary pin can do. */
const io = ["input", "output", "pullup", "pulldown", "pwm"] as const;

/**
 * Nordic's Thingy:52, a box of sensors.
 *
 * PWM works on every real pin. V0 to V15 are the pins of a port expander, which Espruino only
 * writes. The button and the LEDs are inverted by the interpreter: 1 is pressed and lit, and "down"
 * is the chip's pull-up. D18 is one of four outputs with a transistor (MOS1).
 */
export const thingy52 = {
  id: "thingy52",
  name: "Nordic Thingy:52",
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
    D6: { can: io },
    D7: { can: io },
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
    D18: { can: io, also: ["MOS1"] },
    D19: { can: io },
    D20: { can: io },
    D21: { can: io },
    D22: { can: io },
    D23: { can: io },
    D24: { can: io },
    D25: { can: io },
    D26: { can: io },
    D27: { can: io },
    D28: { can: [...io, "analog"] },
    D29: { can: [...io, "analog"] },
    D30: { can: [...io, "analog"] },
    D31: { can: [...io, "analog"] },
    V0: { can: ["output"] },
    V1: { can: ["output"] },
    V2: { can: ["output"] },
    V3: { can: ["output"] },
    V4: { can: ["output"] },
    V5: { can: ["output"] },
    V6: { can: ["output"] },
    V7: { can: ["output"] },
    V8: { can: ["output"] },
    V9: { can: ["output"] },
    V10: { can: ["output"] },
    V11: { can: ["output"] },
    V12: { can: ["output"] },
    V13: { can: ["output"] },
    V14: { can: ["output"] },
    V15: { can: ["output"] },
  },
  roles: {
    LED1: { pin: "V7" },
    LED2: { pin: "V5" },
    LED3: { pin: "V6" },
    BTN1: { pin: "D11", active: 1, pull: "down" },
    SENSOR1: { pin: "D4", external: true },
    HEATER1: { pin: "D18", external: true },
  },
  serials: {
    Serial1: { tx: "D2", rx: "D3", note: "console while Bluetooth is not connected" },
  },
  i2cs: {},
  spis: {},
  memory: { ramKB: 64, flashKB: 512, jsVars: 2500, savedCodeKB: 40 },
  analogVolts: 3.3,
  console: { device: "EV_SERIAL1", baudRate: 9600 },
} as const satisfies BoardSpec;
