import type { BoardSpec } from "../runtime/io/spec.ts";

/** What an ordinary pin can do. */
const io = ["input", "output", "pullup", "pwm"] as const;

/**
 * ESP8266 with Espruino's build for 512 KB of flash, as on an ESP-01.
 *
 * PWM is done in software, on every output but D16. D6 to D11 belong to the flash chip. There is no
 * pull-down. A0 reads 1 at 1 V; many boards divide 3.3 V down to that.
 */
export const esp8266 = {
  id: "esp8266",
  name: "ESP8266 (512 KB)",
  chip: "ESP8266",
  speedMHz: 160,
  targets: ["espruino", "simulator"],
  pins: {
    D0: { can: io },
    D1: { can: io, peripherals: ["USART1_TX"] },
    D2: { can: io, peripherals: ["USART2_TX"] },
    D3: { can: io, peripherals: ["USART1_RX"] },
    D4: { can: io },
    D5: { can: io },
    D6: { can: [] },
    D7: { can: [] },
    D8: { can: [] },
    D9: { can: [] },
    D10: { can: [] },
    D11: { can: [] },
    D12: { can: io },
    D13: { can: io },
    D14: { can: io },
    D15: { can: io },
    D16: { can: ["input", "output"] },
    A0: { can: ["analog"] },
  },
  roles: {
    LED1: { pin: "D2", external: true },
    LED2: { pin: "D4", external: true },
    LED3: { pin: "D5", external: true },
    BTN1: { pin: "D14", active: 0, pull: "up", external: true },
    SENSOR1: { pin: "A0", external: true },
    HEATER1: { pin: "D13", external: true },
  },
  serials: {
    Serial1: { tx: "D1", rx: "D3", note: "console, through the USB socket" },
  },
  i2cs: {},
  spis: {},
  memory: { ramKB: 80, jsVars: 1700, savedCodeKB: 16 },
  analogVolts: 1,
  console: { device: "EV_SERIAL1", baudRate: 115200 },
} as const satisfies BoardSpec;
