import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import type { BoardSpec } from "../runtime/io/spec.ts";
import { boards, mega, nano, uno } from "./mod.ts";
import { boardJson, boardPinout, boardTable } from "./show.ts";

const all: readonly BoardSpec[] = Object.values(boards);
const plain = { color: false };

/** A board small enough to write its drawing out. */
const tiny: BoardSpec = {
  id: "tiny",
  name: "Tiny",
  chip: "ATtiny85",
  targets: ["simulator"],
  pins: {
    D0: { can: ["input", "output", "pwm"], also: ["PB0"] },
    D1: { can: ["input", "output", "pwm"] },
    D2: { can: ["input", "output"] },
    D3: { can: [] },
    A1: { can: ["analog"], also: ["PB2"] },
  },
  roles: {
    LED1: { pin: "D0" },
    LED2: { pin: "D2", external: true },
    BTN1: { pin: "D1", active: 0, pull: "up", external: true },
  },
  serials: { Serial1: { tx: "D1", rx: "D2", note: "slow" } },
  i2cs: { I2C1: { sda: "D0", scl: "D1" } },
  spis: {},
  memory: { flashKB: 8 },
  analogVolts: 5,
  pinout: [["D0", "5V"], [null, "A1"], ["D1", "PB0"], ["GND", null]],
};

function stripped(text: string): string {
  return text.split("\x1b").map((part, i) => i === 0 ? part : part.replace(/^\[\d+m/, "")).join("");
}

Deno.test("boardPinout draws the edges, the names, the roles and the lines", () => {
  assertEquals(
    boardPinout(tiny, plain),
    `
Tiny (tiny)
ATtiny85, 8 KB flash

                                   ┌──────────────────┐
       PB0, I2C1 sda  LED1 ●   ~D0 ┤                  ├  5V
                                   │       Tiny       ├  A1   analog only, PB2
Serial1 tx, I2C1 scl  BTN1 ○   ~D1 ┤     ATtiny85     ├  PB0  = D0
                               GND ┤                  │
                                   └──────────────────┘

~ PWM   ● part on the board   ○ part to be wired

Inside  D2 ○ LED2, Serial1 rx   D3
Parts   LED1  D0  ● on the board
        LED2  D2  ○ to be wired
        BTN1  D1  ○ to be wired, active low, pull-up
Serial  Serial1  tx D1  rx D2  (slow)
I2C     I2C1  sda D0  scl D1
Can     input, output  D0..D2
        pwm            D0, D1
        analog         A1 (0 to 5 V)
`.trim(),
  );
});

Deno.test("boardPinout and boardTable fit in 100 columns", () => {
  for (const board of all) {
    for (const line of boardPinout(board, plain).split("\n")) {
      assert(line.length <= 100, `${board.id}: ${line}`);
    }
  }
  for (const line of boardTable(all, plain).split("\n")) assert(line.length <= 100, line);
});

Deno.test("boardPinout shows every pin", () => {
  for (const board of all) {
    const drawn = boardPinout(board, plain).split("\nParts")[0] ?? "";
    for (const pin of Object.keys(board.pins)) {
      assert(new RegExp(`\\b${pin}\\b`).test(drawn), `${board.id}: ${pin}`);
    }
  }
});

Deno.test("boardPinout marks PWM and shows a role at its pin", () => {
  const drawn = boardPinout(uno, plain);
  assertStringIncludes(drawn, "├ ~D3    ○ HEATER1  PD3\n");
  assertStringIncludes(drawn, "├  D13   ● LED1  PB5, SPI1 sck\n");
  assertStringIncludes(drawn, "analog, PC0, D14  SENSOR1 ○      A0 ┤");
  assertStringIncludes(drawn, "analog, PC1, D15      A1 ┤");
});

Deno.test("boardPinout says which pin an edge name repeats", () => {
  assertStringIncludes(boardPinout(uno, plain), "├  SDA   = A4");
  assertStringIncludes(boardPinout(mega, plain), "├  SDA   = D20");
});

Deno.test("boardPinout says where a pin is restricted", () => {
  assertStringIncludes(boardPinout(nano, plain), "analog only, ADC6");
  assertStringIncludes(boardPinout(boards.esp32, plain), "in use, SD2");
  assertStringIncludes(boardPinout(boards.esp32, plain), "input only, analog, VP");
});

Deno.test("boardPinout puts neighbouring pins together", () => {
  const drawn = boardPinout(uno, plain);
  assertStringIncludes(drawn, "pwm                    D3, D5, D6, D9..D11\n");
  assertStringIncludes(drawn, "analog                 A0..A5 (0 to 5 V)");
});

Deno.test("boardPinout of a board without a drawn edge still lists its pins", () => {
  const { pinout: _, ...edgeless } = tiny;
  const drawn = boardPinout(edgeless, plain);
  assert(!drawn.includes("┌"));
  assertStringIncludes(drawn, "Inside  D0 ● LED1, PB0, I2C1 sda   D1 ○ BTN1, Serial1 tx, I2C1 scl");
});

Deno.test("boardTable has a row a board", () => {
  assertEquals(
    boardTable([tiny, uno], plain),
    `
ID    BOARD           CHIP        LEDS  BTNS  CONSOLE  RAM  FLASH  SAVED  JSVARS
tiny  Tiny            ATtiny85    ●○    ○     -          -     8K      -       -
uno   Arduino Uno R3  ATmega328P  ●○○   ○     -         2K    32K      -       -

● on the board   ○ to be wired
`.trim(),
  );
});

Deno.test("a console is named as a program would, its speed beneath the drawing", () => {
  const { banglejs2, esp32, joltjs, rp2040 } = boards;
  const [, ...rows] = boardTable([banglejs2, esp32, joltjs, rp2040], plain).split("\n");
  const names = ["screen", "Serial1", "Bluetooth", "USB"];
  for (const [i, name] of names.entries()) assert(rows[i]?.includes(` ${name} `), name);
  assertStringIncludes(boardPinout(esp32, plain), "console Serial1 115200");
});

Deno.test("boardPinout says where the interpreter leaves things out", () => {
  assertStringIncludes(boardPinout(boards.microbit1, plain), "saveOnFlash");
  assert(!boardPinout(boards.microbit2, plain).includes("saveOnFlash"));
});

Deno.test("boardTable shows what a board has for programs", () => {
  const [, row] = boardTable([boards.esp32], plain).split("\n");
  assert(row?.endsWith("512K     4M   896K   16383"), row);
});

Deno.test("colour changes nothing but the colours", () => {
  for (const board of all) {
    const colored = boardPinout(board, { color: true });
    assert(colored.includes("\x1b["), board.id);
    assertEquals(stripped(colored), boardPinout(board, plain));
    assert(!boardPinout(board, plain).includes("\x1b"));
  }
  assertEquals(stripped(boardTable(all, { color: true })), boardTable(all, plain));
});

Deno.test("boardJson holds the whole board", () => {
  for (const board of all) assertEquals(JSON.parse(boardJson(board)), board);
});
