import { assertEquals, assertNotStrictEquals, assertStrictEquals, assertThrows } from "@std/assert";
import { type Board, type BoardSpec, DeviceError } from "awaitio";
import { uno } from "awaitio/boards";
import { simulate } from "awaitio/simulator";

/** Runs `use` with a board: the Arduino Uno unless told. */
const withBoard = (use: (board: Board) => unknown, board: BoardSpec | string = uno) =>
  simulate(use, null, { board });

/** The message of the `RangeError` that `open` throws. */
function refusal(open: () => unknown): string {
  return assertThrows(open, RangeError).message;
}

Deno.test("open: a pin that the board does not have is refused with a list of those that work", async () => {
  await withBoard((board) => {
    assertEquals(
      refusal(() => board.analog("A6")),
      'Cannot open "A6" of Arduino Uno R3 for analog input: the board has no such pin; ' +
        "these can: SENSOR1, A0, A1, A2, A3, A4, A5",
    );
  });
});

Deno.test("open: a pin that cannot do it is refused with a list of those that can", async () => {
  await withBoard((board) => {
    assertEquals(
      refusal(() => board.pwm("D2")),
      'Cannot open "D2" of Arduino Uno R3 for PWM: the pin cannot do that; ' +
        "these can: LED2, LED3, HEATER1, D3, D5, D6, D9, D10, D11",
    );
    assertEquals(
      refusal(() => board.analog("LED1")),
      'Cannot open "LED1" of Arduino Uno R3 for analog input: the pin cannot do that; ' +
        "these can: SENSOR1, A0, A1, A2, A3, A4, A5",
    );
    assertEquals(
      refusal(() => board.input("D4", { pull: "down" })),
      'Cannot open "D4" of Arduino Uno R3 with a pull-down: the pin cannot do that; none can',
    );
  });
  const only = { ...uno, pins: { D2: { can: ["input"] } }, roles: {} } as const;
  await withBoard((board) => {
    assertEquals(
      refusal(() => board.output("D2")),
      'Cannot open "D2" of Arduino Uno R3 for output: the pin cannot do that; none can',
    );
  }, only);
});

Deno.test("open: lines and buses are refused with a list of those there are", async () => {
  await withBoard((board) => {
    assertEquals(
      refusal(() => board.serial("Serial2")),
      'Cannot open "Serial2" of Arduino Uno R3: the board has no such serial line; ' +
        "it has Serial1",
    );
    assertEquals(
      refusal(() => board.i2c("I2C2")),
      'Cannot open "I2C2" of Arduino Uno R3: the board has no such I2C bus; it has I2C1',
    );
    assertEquals(
      refusal(() => board.spi("SPI1", { select: "D99" })).split(";")[0],
      'Cannot open "D99" of Arduino Uno R3 to select a device: the board has no such pin',
    );
  });
  await withBoard((board) => {
    assertEquals(
      refusal(() => board.spi("SPI1")),
      'Cannot open "SPI1" of Puck.js: the board has no such SPI bus; it has none',
    );
  }, "puckjs");
});

Deno.test("open: numbers that make no sense are refused before the hardware is touched", async () => {
  const sim = await withBoard((board) => {
    const refused: { readonly [message: string]: () => unknown } = {
      'Cannot open "Serial1" at 0 baud: pass bits a second': () =>
        board.serial("Serial1", { baudRate: 0 }),
      "Cannot buffer 1.5 bytes: pass a whole number from 1": () =>
        board.serial("Serial1", { bufferSize: 1.5 }),
      "Cannot drive D3 at 0 Hz: pass more than 0": () => board.pwm("D3", { frequency: 0 }),
      "Cannot drive D3 with a duty of 2: pass 0 to 1": () => board.pwm("D3", { duty: 2 }),
      "Cannot drive I2C1 at -1 Hz: pass more than 0": () => board.i2c("I2C1", { frequency: -1 }),
      "Cannot drive SPI1 at NaN Hz: pass more than 0": () => board.spi("SPI1", { frequency: NaN }),
    };
    for (const [message, open] of Object.entries(refused)) assertEquals(refusal(open), message);
  });
  assertEquals(sim.serial("Serial1").isOpen, false);
});

Deno.test("open: the same use of a pin gives the same thing, by its name and by its role", async () => {
  await withBoard((board) => {
    assertStrictEquals(board.output("LED1"), board.output("D13"));
    assertStrictEquals(board.input("D4"), board.input("D4"));
    assertStrictEquals(board.button("BTN1"), board.button("D2"));
    assertStrictEquals(board.analog("SENSOR1"), board.analog("A0"));
    assertStrictEquals(board.pwm("HEATER1"), board.pwm("D3"));
    assertStrictEquals(board.serial("Serial1"), board.serial("Serial1"));
    assertStrictEquals(board.i2c("I2C1"), board.i2c("I2C1"));
    assertStrictEquals(board.spi("SPI1"), board.spi("SPI1"));
  });
});

Deno.test("open: an SPI bus is a thing of its own for each device that is selected", async () => {
  await withBoard((board) => {
    const flash = board.spi("SPI1", { select: "D10" });
    assertStrictEquals(board.spi("SPI1", { select: "D10" }), flash);
    assertNotStrictEquals(board.spi("SPI1", { select: "D9" }), flash);
  });
});

Deno.test("open: a pin in use for something else is refused until that is closed", async () => {
  await withBoard((board) => {
    const uses = [
      ["an input", () => board.input("D3")],
      ["a button", () => board.button("D3")],
      ["an output", () => board.output("D3")],
      ["a PWM output", () => board.pwm("D3")],
    ] as const;
    for (const [kind, open] of uses) {
      const thing = open();
      for (const [other, again] of uses) {
        if (other === kind) continue;
        assertEquals(
          assertThrows(again, Error).message,
          `Cannot open "D3" of Arduino Uno R3 as ${other}: it is open as ${kind}; ` +
            "close that first",
        );
      }
      thing.close();
    }
    board.analog("A0");
    assertThrows(() => board.input("SENSOR1"), Error, "it is open as an analog input");
  });
});

Deno.test("open: what was closed is opened anew", async () => {
  await withBoard(async (board) => {
    const input = board.input("D4");
    input.close();
    assertNotStrictEquals(board.input("D4"), input);

    const line = board.serial("Serial1");
    line.close();
    line.close();
    const again = board.serial("Serial1");
    assertNotStrictEquals(again, line);
    await again.write("still there\n");

    const bus = board.i2c("I2C1");
    bus.close();
    assertThrows(() => bus.read(0x48, 1), DeviceError, 'Cannot use I2C bus "I2C1": it is closed');
    assertNotStrictEquals(board.i2c("I2C1"), bus);
  });
});

Deno.test("open: a refusal leaves nothing behind", async () => {
  await withBoard((board) => {
    assertThrows(() => board.pwm("D3", { duty: -1 }), RangeError);
    assertEquals(board.output("D3").value, 0);
  });
});

Deno.test("close: closes all that is open, and the board can be used again", async () => {
  await withBoard((board) => {
    const things = [
      board.input("D4"),
      board.output("LED1"),
      board.pwm("HEATER1"),
      board.analog("SENSOR1"),
      board.serial("Serial1"),
      board.i2c("I2C1"),
      board.spi("SPI1"),
    ];
    board.close();
    const again = [
      board.output("D4"),
      board.input("LED1"),
      board.output("HEATER1"),
      board.input("SENSOR1"),
      board.serial("Serial1"),
      board.i2c("I2C1"),
      board.spi("SPI1"),
    ];
    for (const [i, thing] of things.entries()) assertNotStrictEquals(again[i], thing as unknown);
  });
});

Deno.test("a board's names are checked when the program is compiled", async () => {
  await simulate(
    (board) => {
      board.pwm("D3");
      // @ts-expect-error: D2 has no PWM
      assertThrows(() => board.pwm("D2"), RangeError);
      // @ts-expect-error: there is no D99
      assertThrows(() => board.input("D99"), RangeError);
      // @ts-expect-error: there is one serial line
      assertThrows(() => board.serial("Serial2"), RangeError);
    },
    null,
    { board: uno },
  );
});

Deno.test("board: what is open with other options is not handed out for these", async () => {
  await simulate((board) => {
    const button = board.button("BTN1", { debounce: 20 });
    assertEquals(board.button("BTN1") === button, true);
    assertThrows(
      () => board.button("BTN1", { debounce: 5 }),
      Error,
      'Cannot open "D2" of Arduino Uno R3 as a button with debounce 5: it is open as a button with ' +
        "debounce 20; close that first",
    );
    board.serial("Serial1");
    assertThrows(() => board.serial("Serial1", { baudRate: 115200 }), Error, "baudRate 9600");
  });
});
