import { assert, assertEquals } from "@std/assert";
import type { BoardSpec, Capability } from "../runtime/io/spec.ts";
import { boards, esp32, microbit2, pico, puckjs, rp2040 } from "./mod.ts";

/** Boards whose lines all have pins of their own; on others any pins can be taken. */
const all: readonly BoardSpec[] = [esp32, microbit2, pico, puckjs, rp2040];

/** Every board with Espruino. */
const espruinos = Object.values<BoardSpec>(boards).filter(({ targets }) =>
  targets.includes("espruino")
);

/** The names of the pins that can do something, in the board's order. */
function pinsThat(board: BoardSpec, capability: Capability): string[] {
  return Object.keys(board.pins).filter((pin) => board.pins[pin]?.can.includes(capability));
}

/** The pins that cannot do something. */
function pinsWithout(board: BoardSpec, capability: Capability): string[] {
  return Object.keys(board.pins).filter((pin) => !board.pins[pin]?.can.includes(capability));
}

function numbered(prefix: string, first: number, last: number): string[] {
  return Array.from({ length: last - first + 1 }, (_, i) => `${prefix}${first + i}`);
}

function words(text: string): string[] {
  return text.split(" ");
}

Deno.test("a line runs over pins that have its peripheral, USART1_TX for Serial1's tx", () => {
  for (const { id, pins, serials, i2cs, spis } of all) {
    for (const [name, line] of Object.entries({ ...serials, ...i2cs, ...spis })) {
      for (const [wire, pin] of Object.entries(line)) {
        if (wire === "note") continue;
        const peripheral = `${name.replace("Serial", "USART")}_${wire.toUpperCase()}`;
        assert(pins[pin]?.peripherals?.includes(peripheral), `${id}: ${peripheral} on ${pin}`);
      }
    }
  }
});

Deno.test("a serial console is Serial1", () => {
  const consoles = all.map(({ id, console }) => [id, console?.device, console?.baudRate]);
  assertEquals(consoles, [
    ["esp32", "EV_SERIAL1", 115200],
    ["microbit2", "EV_SERIAL1", 9600],
    ["pico", "EV_SERIAL1", undefined],
    ["puckjs", "EV_SERIAL1", 9600],
    ["rp2040", "EV_USBSERIAL", undefined],
  ]);
  const wires = all.map(({ id, serials }) => [id, serials["Serial1"]?.tx, serials["Serial1"]?.rx]);
  assertEquals(wires, [
    ["esp32", "D1", "D3"],
    ["microbit2", "H1", "H0"],
    ["pico", "B6", "B7"],
    ["puckjs", "D28", "D29"],
    ["rp2040", "D0", "D1"],
  ]);
});

Deno.test("memory and speed are what Espruino's board definitions give", () => {
  const sizes = espruinos.map(({ id, memory, speedMHz }) => [
    id,
    memory.ramKB,
    memory.flashKB,
    memory.jsVars,
    memory.savedCodeKB,
    speedMHz,
  ]);
  assertEquals(sizes, [
    ["banglejs2", 256, 1024, 12000, 8192, 64],
    ["esp32", 512, 4096, 16383, 896, 240], // the definition leaves the flash out; 0x320000 + 896 KB is 4 MB
    ["esp32c3", 400, undefined, 4095, 896, 160],
    ["esp32s3", 512, undefined, 16383, 896, 240],
    ["esp8266", 80, undefined, 1700, 16, 160],
    ["esp8266_4mb", 80, undefined, 1600, 192, 160],
    ["espruinowifi", 128, 512, 8190, 64, 100],
    ["f4discovery", 192, 1024, 5450, undefined, 168],
    ["joltjs", 256, 1024, 12000, 400, 64],
    ["mdbt42q", 64, 512, 2950, 40, 64],
    ["microbit1", 16, 256, 350, 4, 16],
    ["microbit2", 128, 512, 6000, 40, 64],
    ["nrf52832dk", 64, 512, 2630, 40, 64],
    ["nrf52840dk", 256, 1024, 12500, 40, 64],
    ["nucleof401re", 96, 512, 5376, 128, 84],
    ["nucleof411re", 128, 512, 7423, 128, 100],
    ["original", 48, 256, 2756, 20, 72],
    ["pico", 96, 384, 5100, 48, 84],
    ["pixljs", 64, 512, 2950, 36, 64],
    ["puckjs", 64, 512, 2630, 40, 64],
    ["rp2040", 264, 2048, 12000, 256, 133],
    ["rp2350", 520, 4096, 16000, 3072, 150],
    ["ruuvitag", 64, 512, 2250, 40, 64],
    ["smartibot", 64, 512, 2250, 40, 64],
    ["thingy52", 64, 512, 2500, 40, 64],
    ["xiaoble", 256, 1024, 14000, 2048, 64],
  ]);
});

Deno.test("one interpreter is the cut-down kind: the micro:bit's of version 1", () => {
  assertEquals(espruinos.filter(({ saveOnFlash }) => saveOnFlash).map(({ id }) => id), [
    "microbit1",
  ]);
});

Deno.test("the parts that Espruino knows sit on the pins where it has them", () => {
  const parts = espruinos.map(({ id, roles }) => {
    const own = Object.entries(roles).filter(([, { external }]) => external !== true);
    return `${id}: ${own.map(([role, { pin }]) => `${role} ${pin}`).join(", ")}`;
  });
  assertEquals(parts, [
    "banglejs2: LED1 D8, BTN1 D17",
    "esp32: LED1 D2, BTN1 D0",
    "esp32c3: LED1 D2, BTN1 D0",
    "esp32s3: LED1 D2, BTN1 D0",
    "esp8266: ",
    "esp8266_4mb: ",
    "espruinowifi: LED1 B2, LED2 B12, BTN1 C13",
    "f4discovery: LED1 D13, LED2 D12, LED3 D14, LED4 D15, BTN1 A0",
    "joltjs: LED1 D6, LED2 D8, LED3 D41, BTN1 D0",
    "mdbt42q: LED1 D1, LED2 D2, BTN1 D0",
    "microbit1: LED1 V0, BTN1 D5, BTN2 D11",
    "microbit2: LED1 V0, BTN1 D5, BTN2 D11",
    "nrf52832dk: LED1 D17, LED2 D18, LED3 D19, LED4 D20, BTN1 D13, BTN2 D14, BTN3 D15, BTN4 D16",
    "nrf52840dk: LED1 D13, LED2 D14, LED3 D15, LED4 D16, BTN1 D11, BTN2 D12, BTN3 D24, BTN4 D25",
    "nucleof401re: LED1 A5, BTN1 C13",
    "nucleof411re: LED1 A5, BTN1 C13",
    "original: LED1 A13, LED2 A14, LED3 A15, BTN1 B12",
    "pico: LED1 B2, LED2 B12, BTN1 C13",
    "pixljs: LED1 H0, BTN1 H1, BTN2 H2, BTN3 H3, BTN4 H4",
    "puckjs: LED1 D5, LED2 D4, LED3 D3, BTN1 D0",
    "rp2040: LED1 D25",
    "rp2350: LED1 D25",
    "ruuvitag: LED1 D17, LED2 D19, BTN1 D13",
    "smartibot: LED1 D20, BTN1 D29, BTN2 D13",
    "thingy52: LED1 V7, LED2 V5, LED3 V6, BTN1 D11",
    "xiaoble: LED1 D11, LED2 D13, LED3 D12",
  ]);
});

Deno.test("puckjs has D0 to D31, every one with both pulls and PWM, eight analog", () => {
  assertEquals(Object.keys(puckjs.pins), numbered("D", 0, 31));
  for (const capability of ["input", "output", "pullup", "pulldown", "pwm"] as const) {
    assertEquals(pinsWithout(puckjs, capability), []);
  }
  assertEquals(pinsThat(puckjs, "analog"), words("D2 D3 D4 D5 D28 D29 D30 D31"));
});

Deno.test("puckjs has three LEDs and a button that pulls its pin up when pressed", () => {
  const { LED1, LED2, LED3, BTN1 } = puckjs.roles;
  assertEquals([LED1, LED2, LED3], [{ pin: "D5" }, { pin: "D4" }, { pin: "D3" }]);
  assertEquals(BTN1, { pin: "D0", active: 1, pull: "down" });
});

Deno.test("pico has the 36 pins of its package", () => {
  assertEquals(Object.keys(pico.pins), [
    ...numbered("A", 0, 15),
    ...numbered("B", 0, 10),
    ...numbered("B", 12, 15),
    ...words("C13 C14 C15 H0 H1"),
  ]);
});

Deno.test("pico has PWM where a timer reaches, ten analog inputs and no converter", () => {
  const noPwm = words("A4 A9 A12 A13 A14 B2 B12 C13 C14 C15 H0 H1");
  assertEquals(pinsWithout(pico, "pwm"), noPwm);
  assertEquals(pinsThat(pico, "analog"), [...numbered("A", 0, 7), "B0", "B1"]);
  assertEquals(pinsThat(pico, "dac"), []);
});

Deno.test("pico's USB sense pin is input only, and its crystal's pins are no use", () => {
  assertEquals(pinsWithout(pico, "output"), ["A9", "H0", "H1"]);
  assertEquals(pinsWithout(pico, "input"), ["H0", "H1"]);
});

Deno.test("pico has two LEDs and a button on the board", () => {
  const { LED1, LED2, BTN1 } = pico.roles;
  assertEquals([LED1, LED2], [{ pin: "B2" }, { pin: "B12" }]);
  assertEquals(BTN1, { pin: "C13", active: 1, pull: "down" });
});

Deno.test("pico has two serial lines, three I2C buses and three SPI buses off the console", () => {
  assertEquals(Object.keys(pico.serials), ["Serial1", "Serial2"]);
  assertEquals(Object.keys(pico.i2cs), ["I2C1", "I2C2", "I2C3"]);
  assertEquals(Object.keys(pico.spis), ["SPI1", "SPI2", "SPI3"]);
  const buses = [...Object.values(pico.i2cs), ...Object.values(pico.spis)];
  const pins: string[] = buses.flatMap((bus) => Object.values(bus));
  assert(!pins.includes(pico.serials.Serial1.tx));
  assert(!pins.includes(pico.serials.Serial1.rx));
});

Deno.test("rp2040 has D0 to D29, every one with both pulls and PWM, four analog", () => {
  assertEquals(Object.keys(rp2040.pins), numbered("D", 0, 29));
  for (const capability of ["input", "output", "pullup", "pulldown", "pwm"] as const) {
    assertEquals(pinsWithout(rp2040, capability), []);
  }
  assertEquals(pinsThat(rp2040, "analog"), ["D26", "D27", "D28", "D29"]);
});

Deno.test("rp2040's functions repeat along the chip as in its data sheet", () => {
  const pins: BoardSpec["pins"] = rp2040.pins;
  for (const [name, pin] of Object.entries(pins)) {
    const gpio = Number(name.slice(1));
    const bus = `I2C${(gpio >> 1) % 2 + 1}_${gpio % 2 === 0 ? "SDA" : "SCL"}`;
    assert(pin.peripherals?.includes(bus), `${name}: ${bus}`);
    assertEquals(pin.also?.[0], `GP${gpio}`);
  }
});

Deno.test("rp2040 has its LED on D25 and no button", () => {
  assertEquals(rp2040.roles.LED1, { pin: "D25" });
  assertEquals(rp2040.roles.BTN1, { pin: "D13", active: 0, pull: "up", external: true });
});

Deno.test("esp32 has the chip's 34 pins, six of them lost to the flash", () => {
  const missing = words("D20 D24 D28 D29 D30 D31");
  const pins = numbered("D", 0, 39).filter((pin) => !missing.includes(pin));
  assertEquals(Object.keys(esp32.pins), pins);
  assertEquals(pinsWithout(esp32, "input"), numbered("D", 6, 11));
  assertEquals(pinsWithout(esp32, "output"), [...numbered("D", 6, 11), ...numbered("D", 34, 39)]);
  assertEquals(pinsWithout(esp32, "pulldown"), pinsWithout(esp32, "output"));
});

Deno.test("esp32 has analog inputs on D32 to D39, converters on D25 and D26, PWM elsewhere", () => {
  assertEquals(pinsThat(esp32, "analog"), numbered("D", 32, 39));
  assertEquals(pinsThat(esp32, "dac"), ["D25", "D26"]);
  const outputs = pinsThat(esp32, "output");
  assertEquals(pinsThat(esp32, "pwm"), outputs.filter((pin) => pin !== "D25" && pin !== "D26"));
});

Deno.test("esp32 has an LED on D2 and a button on D0, which the interpreter inverts", () => {
  assertEquals(esp32.roles.LED1, { pin: "D2" });
  assertEquals(esp32.roles.BTN1, { pin: "D0", active: 1 });
});

Deno.test("esp32 has three serial lines, two I2C buses and two SPI buses", () => {
  assertEquals(Object.keys(esp32.serials), ["Serial1", "Serial2", "Serial3"]);
  assertEquals(esp32.i2cs.I2C1, { sda: "D21", scl: "D22" });
  assertEquals(esp32.spis.SPI2, { sck: "D18", mosi: "D23", miso: "D19" });
});

Deno.test("microbit2 has the edge's pins, nine inner ones and the display", () => {
  assertEquals(Object.keys(microbit2.pins), [
    ...numbered("D", 0, 16),
    ...words("D19 D20"), // the edge has 3 V at 17 and 18
    ...numbered("H", 0, 8),
    "V0",
  ]);
  assertEquals(pinsThat(microbit2, "analog"), ["D0", "D1", "D2", "H4"]);
});

Deno.test("microbit2's real pins have both pulls and PWM; the display is an output only", () => {
  for (const capability of ["input", "pullup", "pulldown", "pwm"] as const) {
    assertEquals(pinsWithout(microbit2, capability), ["V0"]);
  }
  assertEquals(pinsWithout(microbit2, "output"), []);
});

Deno.test("microbit2's buttons read 1 while pressed, as the interpreter inverts them", () => {
  const { LED1, BTN1, BTN2 } = microbit2.roles;
  assertEquals(LED1, { pin: "V0" });
  assertEquals(BTN1, { pin: "D5", active: 1, pull: "down" });
  assertEquals(BTN2, { pin: "D11", active: 1, pull: "down" });
});

Deno.test("microbit2 has one I2C bus and one SPI bus on its edge", () => {
  assertEquals(microbit2.i2cs, { I2C1: { sda: "D20", scl: "D19" } });
  assertEquals(microbit2.spis, { SPI1: { sck: "D13", mosi: "D15", miso: "D14" } });
});
