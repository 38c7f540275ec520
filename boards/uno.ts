import type { BoardSpec } from "../runtime/io/spec.ts";

/** What every digital pin can do. */
const digital = ["input", "output", "pullup"] as const;

/**
 * Arduino Uno R3, driven through Firmata.
 *
 * `also` gives the port of the ATmega328P and, for an analog pin, its number as a digital one.
 * Firmata leaves D0 and D1 alone, since it talks over them. The Servo library takes the PWM of D9 and
 * D10 away, so no role sits there.
 */
export const uno = {
  id: "uno",
  name: "Arduino Uno R3",
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
  // USB at the top; SCL and SDA are A5 and A4 once more.
  pinout: [
    [null, "SCL"],
    [null, "SDA"],
    [null, "AREF"],
    [null, "GND"],
    ["NC", "D13"],
    ["IOREF", "D12"],
    ["RESET", "D11"],
    ["3V3", "D10"],
    ["5V", "D9"],
    ["GND", "D8"],
    ["GND", null],
    ["VIN", "D7"],
    [null, "D6"],
    ["A0", "D5"],
    ["A1", "D4"],
    ["A2", "D3"],
    ["A3", "D2"],
    ["A4", "D1"],
    ["A5", "D0"],
  ],
} as const satisfies BoardSpec;
