import type { BoardSpec } from "../runtime/io/spec.ts";

/** What every digital pin can do. */
const digital = ["input", "output", "pullup"] as const;

/**
 * Arduino Nano (the classic one), driven through Firmata.
 *
 * An Uno on a smaller board with two more analog inputs: A6 and A7 have no digital port behind them.
 * Firmata leaves D0 and D1 alone, since it talks over them. The Servo library takes the PWM of D9 and
 * D10 away, so no role sits there.
 */
export const nano = {
  id: "nano",
  name: "Arduino Nano",
  chip: "ATmega328P",
  speedMHz: 16,
  targets: ["johnny-five", "simulator"],
  pins: {
    D0: { can: digital, also: ["PD0", "RX"] },
    D1: { can: digital, also: ["PD1", "TX"] },
    D2: { can: [...digital, "servo"], also: ["PD2"] },
    D3: { can: [...digital, "pwm", "servo"], also: ["PD3"] },
    D4: { can: [...digital, "servo"], also: ["PD4"] },
    D5: { can: [...digital, "pwm", "servo"], also: ["PD5"] },
    D6: { can: [...digital, "pwm", "servo"], also: ["PD6"] },
    D7: { can: [...digital, "servo"], also: ["PD7"] },
    D8: { can: [...digital, "servo"], also: ["PB0"] },
    D9: { can: [...digital, "pwm", "servo"], also: ["PB1"] },
    D10: { can: [...digital, "pwm", "servo"], also: ["PB2", "SS"] },
    D11: { can: [...digital, "pwm", "servo"], also: ["PB3", "MOSI"] },
    D12: { can: [...digital, "servo"], also: ["PB4", "MISO"] },
    D13: { can: [...digital, "servo"], also: ["PB5", "SCK"] },
    A0: { can: [...digital, "analog", "servo"], also: ["PC0", "D14"] },
    A1: { can: [...digital, "analog", "servo"], also: ["PC1", "D15"] },
    A2: { can: [...digital, "analog", "servo"], also: ["PC2", "D16"] },
    A3: { can: [...digital, "analog", "servo"], also: ["PC3", "D17"] },
    A4: { can: [...digital, "analog", "servo"], also: ["PC4", "D18", "SDA"] },
    A5: { can: [...digital, "analog", "servo"], also: ["PC5", "D19", "SCL"] },
    A6: { can: ["analog"], also: ["ADC6"] },
    A7: { can: ["analog"], also: ["ADC7"] },
  },
  roles: {
    LED1: { pin: "D13" },
    LED2: { pin: "D5", external: true },
    LED3: { pin: "D6", external: true },
    BTN1: { pin: "D2", active: 0, pull: "up", external: true },
    SENSOR1: { pin: "A0", external: true },
    HEATER1: { pin: "D3", external: true },
  },
  serials: {
    Serial1: {
      tx: "D1",
      rx: "D0",
      note: "Arduino's Serial, the USB line: Firmata talks over it",
    },
  },
  i2cs: { I2C1: { sda: "A4", scl: "A5" } },
  spis: { SPI1: { sck: "D13", mosi: "D11", miso: "D12" } },
  memory: { ramKB: 2, flashKB: 32 },
  analogVolts: 5,
  // USB at the top.
  pinout: [
    ["D13", "D12"],
    ["3V3", "D11"],
    ["AREF", "D10"],
    ["A0", "D9"],
    ["A1", "D8"],
    ["A2", "D7"],
    ["A3", "D6"],
    ["A4", "D5"],
    ["A5", "D4"],
    ["A6", "D3"],
    ["A7", "D2"],
    ["5V", "GND"],
    ["RESET", "RESET"],
    ["GND", "D0"],
    ["VIN", "D1"],
  ],
} as const satisfies BoardSpec;
