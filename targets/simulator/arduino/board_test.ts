import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { mega } from "../../../boards/mega.ts";
import { nano } from "../../../boards/nano.ts";
import { uno } from "../../../boards/uno.ts";
import type { BoardSpec } from "../../../runtime/io/spec.ts";
import { type ArduinoOptions, EmulatedArduino } from "./board.ts";

/** Firmata blinks its version before it says it; then it listens. */
const BOOTED = 2200;

/** A board, and what it has sent. */
class Wire {
  readonly board: EmulatedArduino;
  readonly times: number[] = [];
  #sent: number[] = [];

  constructor(options: ArduinoOptions = {}) {
    this.board = new EmulatedArduino(options);
    this.board.onSerial = (byte, time) => {
      this.#sent.push(byte);
      this.times.push(time);
    };
  }

  /** Runs for some ms. */
  run(milliseconds: number): void {
    this.board.runUntil(this.board.milliseconds + milliseconds);
  }

  /** Sends bytes, runs, and gives what comes back meanwhile. */
  ask(bytes: number[], milliseconds = 20): number[] {
    this.#sent = [];
    this.board.receive(bytes);
    this.run(milliseconds);
    return this.take();
  }

  take(): number[] {
    return this.#sent.splice(0);
  }
}

function booted(options: ArduinoOptions = {}): Wire {
  const wire = new Wire(options);
  wire.run(BOOTED);
  wire.take();
  return wire;
}

const VERSION = [0xf9, 2, 5];
const FIRMWARE = [
  ...[0xf0, 0x79, 2, 5],
  ...[..."node_pixel_firmata.ino"].flatMap((letter) => [letter.charCodeAt(0), 0]),
  0xf7,
];
const digitalRead = (mode: number): number[] => [0xf4, 2, mode, 0xd0, 1];

Deno.test("EmulatedArduino boots Firmata, which blinks its version and then says it and its name", () => {
  const wire = new Wire();
  const blinks: number[] = [];
  wire.board.onPin = (pin, { mode, level }, time) => {
    if (pin === "D13" && mode === "output" && level === 1) blinks.push(Math.round(time / 10) * 10);
  };
  wire.run(BOOTED);
  assertEquals(blinks, [210, 460, 960, 1210, 1460, 1710, 1960]); // twice, and five times
  assertEquals(wire.take(), [...VERSION, ...FIRMWARE]);
  assert(wire.times[0]! > 2100 && wire.times[0]! < 2150, `at ${wire.times[0]} ms`);
});

Deno.test("EmulatedArduino sends its bytes at 58,823 baud, as near to 57,600 as its clock allows", () => {
  const wire = booted();
  wire.ask([0xf9, 0xf0, 0x79, 0xf7]);
  const bytes = wire.times.slice(-20);
  assertAlmostEquals((bytes.at(-1)! - bytes[0]!) / 19, 0.17, 1e-3);
});

/** The modes that Firmata reports, by pin. */
function capabilities(wire: Wire): number[][] {
  const answer = wire.ask([0xf0, 0x6b, 0xf7], 60);
  assertEquals([answer[0], answer[1], answer.at(-1)], [0xf0, 0x6c, 0xf7]);
  const pins: number[][] = [[]];
  for (let i = 2; i < answer.length - 1; i++) {
    if (answer[i] === 127) pins.push([]);
    else pins.at(-1)!.push(answer[i++]!);
  }
  return pins.slice(0, -1);
}

for (const board of [uno, nano] as const satisfies BoardSpec[]) {
  Deno.test(`EmulatedArduino as ${board.id} reports the pins that boards/${board.id}.ts says`, () => {
    const pins = capabilities(booted({ board }));
    const modes = { 0: "input", 1: "output", 2: "analog", 3: "pwm", 4: "servo", 11: "pullup" };
    for (
      const [i, [name, spec]] of Object.entries<{ can: readonly string[] }>(board.pins).entries()
    ) {
      if (name === "D0" || name === "D1") {
        assertEquals(pins[i], [], name); // the serial line's
        continue;
      }
      const able = Object.entries(modes).filter(([mode]) => pins[i]!.includes(Number(mode)));
      assertEquals(able.map(([, mode]) => mode).sort(), [...spec.can].sort(), name);
    }
    assertEquals(pins.length, Object.keys(board.pins).length);
  });
}

Deno.test("EmulatedArduino: a digital write shows on the pin, within a millisecond of its last byte", () => {
  const wire = booted();
  const changes: string[] = [];
  wire.board.onPin = (pin, { mode, level }) => changes.push(`${pin} ${mode} ${level}`);
  wire.ask([0xf4, 13, 1, 0xf5, 13, 1], 2);
  assertEquals(changes, ["D13 output 1"]);
  assertEquals(wire.board.pin("D13"), { mode: "output", level: 1, wave: null });
  wire.ask([0xf5, 13, 0], 2);
  assertEquals(wire.board.pin("D13").level, 0);
});

Deno.test("EmulatedArduino: an edge on an input arrives as a digital message at once", () => {
  const wire = booted();
  wire.ask(digitalRead(11));
  assertEquals(wire.board.pin("D2"), { mode: "pullup", level: 1, wave: null });
  wire.board.setLevel("D2", 0);
  assertEquals(wire.ask([], 1), [0x90, 0, 0]);
  wire.board.setLevel("D2", undefined);
  assertEquals(wire.ask([], 1), [0x90, 4, 0]);
  assertEquals(wire.ask([], 100), []);
});

Deno.test("EmulatedArduino: an input that floats reads 0, one that is driven what drives it", () => {
  const wire = booted();
  assertEquals(wire.ask(digitalRead(0)), [0x90, 0, 0]);
  wire.board.setLevel("D2", 1);
  assertEquals(wire.ask([], 1), [0x90, 4, 0]);
  wire.board.setAnalog("D2", 0.5);
  assertEquals(wire.ask([], 1), []); // neither high nor low: it stays
  wire.board.setAnalog("D2", 0.2);
  assertEquals(wire.ask([], 1), [0x90, 0, 0]);
});

Deno.test("EmulatedArduino: an analog pin is reported at the sampling interval", () => {
  const wire = booted();
  wire.board.setAnalog("A0", 0.5);
  wire.ask([0xf4, 14, 2, 0xf0, 0x7a, 10, 0, 0xf7, 0xc0, 1], 50);
  wire.times.length = 0;
  assertEquals(wire.ask([], 200).slice(0, 3), [0xe0, 512 & 127, 512 >> 7]);
  const [first, last] = [wire.times[2]!, wire.times.at(-1)!];
  assertAlmostEquals((last - first) / (wire.times.length / 3 - 1), 10, 0.2);
  wire.board.setAnalog("A0", 1);
  assertEquals(wire.ask([], 100).slice(-3), [0xe0, 127, 1023 >> 7]);
});

Deno.test("EmulatedArduino: PWM shows its duty and frequency, and can be measured", () => {
  const wire = booted();
  // Timer 2 is phase-correct, timer 0 of Arduino fast: one count more.
  for (const [pin, duty, frequency] of [[3, 64 / 255, 490.2], [6, 65 / 256, 976.6]] as const) {
    wire.ask([0xf4, pin, 3, 0xe0 | pin, 64, 0], 10);
    const { mode, wave } = wire.board.pin(`D${pin}`);
    assertEquals(mode, "pwm");
    assertAlmostEquals(wave!.duty, duty, 1e-9);
    assertAlmostEquals(wave!.frequency, frequency, 0.1);
    const { high, period } = wire.board.pulse(`D${pin}`)!;
    assertAlmostEquals(high / period, duty, 1e-3);
    assertAlmostEquals(1000 / period, frequency, 1);
  }
  wire.ask([0xe3, 127, 1], 10);
  assertEquals(wire.board.pin("D3"), { mode: "output", level: 1, wave: null });
});

Deno.test("EmulatedArduino: a servo gets a pulse of its angle every 20 ms", () => {
  const wire = booted();
  for (const [angle, width] of [[0, 0.544], [90, 1.472], [180, 2.4]] as const) {
    wire.ask([0xf4, 9, 4, 0xe9, angle & 127, angle >> 7], 80);
    const { high, period } = wire.board.pulse("D9")!;
    assertAlmostEquals(high, width, 0.01);
    assertAlmostEquals(period, 20, 0.1);
  }
});

Deno.test("EmulatedArduino: Firmata writes to an I2C device and reads from it", () => {
  const wire = booted();
  const written: number[][] = [];
  wire.board.attachI2c(0x48, {
    write: (bytes) => void written.push([...bytes]),
    read: () => [0x19, 0x80],
  });
  wire.ask([0xf0, 0x78, 0, 0, 0xf7]);
  wire.ask([0xf0, 0x76, 0x48, 0, 5, 0, 0x7f, 1, 0xf7]);
  assertEquals(written, [[5, 0xff]]);
  const answer = wire.ask([0xf0, 0x76, 0x48, 8, 3, 0, 2, 0, 0xf7]);
  assertEquals(written[1], [3]);
  assertEquals(answer, [0xf0, 0x77, 0x48, 0, 3, 0, 0x19, 0, 0, 1, 0xf7]);
});

Deno.test("EmulatedArduino: where no I2C device answers, Firmata says so", () => {
  const wire = booted();
  wire.ask([0xf0, 0x78, 0, 0, 0xf7]);
  const answer = wire.ask([0xf0, 0x76, 0x48, 8, 3, 0, 2, 0, 0xf7]);
  const text = answer.filter((byte) => byte >= 32 && byte < 127).map((b) => String.fromCharCode(b));
  assertEquals(text.join("").replace("q", ""), "I2C: Too few bytes received" + "wH");
});

Deno.test("EmulatedArduino: the reset button starts the firmware anew, and time goes on", () => {
  const wire = booted();
  wire.ask([0xf4, 12, 1, 0xf5, 12, 1]);
  assertEquals(wire.board.pin("D12").level, 1);
  const before = wire.board.milliseconds;
  wire.board.reset();
  assertEquals(wire.board.pin("D12"), { mode: "input", level: 0, wave: null });
  assertEquals(wire.board.milliseconds, before);
  wire.run(BOOTED);
  assertEquals(wire.take(), [...VERSION, ...FIRMWARE]);
});

Deno.test("EmulatedArduino can be reset from a callback", () => {
  const wire = booted();
  let resets = 0;
  wire.board.onPin = (pin, { level }) => {
    if (pin === "D12" && level === 1 && resets++ === 0) wire.board.reset();
  };
  wire.ask([0xf4, 12, 1, 0xf5, 12, 1], 5);
  assertEquals(wire.board.pin("D12").mode, "input");
  wire.run(BOOTED);
  assertEquals(wire.take(), [...VERSION, ...FIRMWARE]);
});

Deno.test("EmulatedArduino loses what comes before the firmware listens, and counts it", () => {
  const wire = new Wire();
  wire.board.receive([0xf9, 0xf9]);
  wire.run(0.5);
  assertEquals(wire.board.lost, 2);
});

Deno.test("EmulatedArduino: a chip that does not read loses all but three bytes", () => {
  // LDI r16, 0x10; STS UCSR0B, r16; RJMP to itself: receives, and never reads.
  const program = [0xe100, 0x9300, 0x00c1, 0xcfff];
  const bytes = program.flatMap((word) => [word & 255, word >> 8]);
  const record = [bytes.length, 0, 0, 0, ...bytes];
  const line = [...record, -record.reduce((a, b) => a + b) & 255]
    .map((byte) => byte.toString(16).padStart(2, "0")).join("");
  const wire = new Wire({ firmware: `:${line}\n:00000001FF\n` });
  wire.run(1);
  wire.ask([1, 2, 3, 4, 5, 6, 7, 8], 10);
  assertEquals(wire.board.lost, 5);
});

Deno.test("EmulatedArduino does the same however its time is sliced", () => {
  const logs = [1, 7.3].map((slice) => {
    const wire = booted();
    const log: string[] = [];
    wire.board.onPin = (pin, { level }, time) => log.push(`${time} ${pin} ${level}`);
    const began = wire.times.length;
    const end = wire.board.milliseconds + 100;
    wire.board.receive([0xf4, 9, 4, 0xe9, 90, 0, 0xc0, 1, 0xf4, 3, 3, 0xe3, 64, 0]);
    while (wire.board.milliseconds < end) {
      wire.board.runUntil(Math.min(end, wire.board.milliseconds + slice));
    }
    return [...log, ...wire.times.slice(began)];
  });
  assertEquals(logs[0], logs[1]);
  assert(logs[0]!.length > 15);
});

Deno.test("EmulatedArduino says what it cannot be, and what pins there are", () => {
  assertThrows(
    () => new EmulatedArduino({ board: mega }),
    RangeError,
    'Cannot emulate the board "mega": there is uno, nano',
  );
  const board = new EmulatedArduino();
  assertThrows(
    () => board.setLevel("D99", 1),
    RangeError,
    'Cannot find the pin "D99": there is D0',
  );
  assertThrows(() => board.setAnalog("A0", 2), RangeError, "Cannot put 2 on A0");
});
