import { assert, assertEquals } from "@std/assert";
import type { BoardSpec, Capability } from "../runtime/io/spec.ts";
import { boards } from "./mod.ts";

const all: readonly BoardSpec[] = Object.values(boards);

/** What a board's edge carries besides pins. */
const POWER = [
  ..."NC IOREF RESET RUN EN AREF ADC_VREF GND AGND".split(" "),
  ..."3V 3V3 3V3_EN 5V VIN VBAT BAT_IN VBUS VSYS".split(" "),
];

function capabilities(board: BoardSpec, pin: string): readonly Capability[] {
  return board.pins[pin]?.can ?? [];
}

function pinsOf(line: object): string[] {
  return Object.entries(line).filter(([wire]) => wire !== "note").map(([, pin]) => pin);
}

Deno.test("boards are stored under their ids, in order", () => {
  assertEquals(Object.keys(boards), all.map(({ id }) => id));
  assertEquals(Object.keys(boards), Object.keys(boards).toSorted());
});

/** What examples rely on. */
const ROLES = ["LED1", "LED2", "LED3", "BTN1", "SENSOR1", "HEATER1"];

/** Boards that have no pins left to wire the rest to. */
const LACKING: { readonly [id: string]: readonly string[] } = {
  banglejs2: ["LED2", "LED3", "SENSOR1", "HEATER1", "Serial1"],
  esp32s3: ["SENSOR1"], // the interpreter reads no analog values there
  ruuvitag: ["LED3"],
  smartibot: ["LED2", "LED3", "SENSOR1", "HEATER1"],
};

Deno.test("every board offers the roles and the serial line that examples rely on, or is known to lack some", () => {
  for (const { id, roles, serials } of all) {
    const there = { ...roles, ...serials };
    const missing = [...ROLES, "Serial1"].filter((name) => !(name in there));
    assertEquals(missing, LACKING[id] ?? [], id);
  }
});

Deno.test("a role's pin can do what the role needs", () => {
  const needs: readonly (readonly [RegExp, Capability])[] = [
    [/^LED\d$/, "output"],
    [/^BTN\d$/, "input"],
    [/^SENSOR\d$/, "analog"],
    [/^HEATER\d$/, "pwm"],
  ];
  for (const board of all) {
    for (const [role, { pin }] of Object.entries(board.roles)) {
      const need = needs.find(([pattern]) => pattern.test(role))?.[1];
      const fits = need !== undefined && capabilities(board, pin).includes(need);
      assert(fits, `${board.id}: ${role} needs ${need ?? "a kind that is listed here"}`);
    }
  }
});

Deno.test("a button's pull is one that its pin has, and leads away from the pressed level", () => {
  for (const board of all) {
    for (const [role, { pin, pull, active = 1 }] of Object.entries(board.roles)) {
      if (pull === undefined) continue;
      assert(capabilities(board, pin).includes(`pull${pull}`), `${board.id}: ${role}`);
      assertEquals(pull, active === 1 ? "down" : "up", `${board.id}: ${role}`);
    }
  }
});

Deno.test("roles share no pin with each other or with Serial1", () => {
  for (const { id, roles, serials } of all) {
    const taken = [
      ...Object.values(roles).map(({ pin }) => pin),
      ...pinsOf(serials["Serial1"] ?? {}),
    ];
    assertEquals(new Set(taken).size, taken.length, id);
  }
});

Deno.test("lines run over pins that exist and are free, each pin once a line", () => {
  for (const board of all) {
    const { id, serials, i2cs, spis } = board;
    for (const [name, line] of Object.entries({ ...serials, ...i2cs, ...spis })) {
      const pins = pinsOf(line);
      assert(pins.length >= 2, `${id}: ${name}`);
      assertEquals(new Set(pins).size, pins.length, `${id}: ${name}`);
      for (const pin of pins) {
        assert(capabilities(board, pin).includes("input"), `${id}: ${name} on ${pin}`);
        assert(capabilities(board, pin).includes("output"), `${id}: ${name} on ${pin}`);
      }
    }
  }
});

Deno.test("lines count from 1 without gaps", () => {
  for (const { id, serials, i2cs, spis } of all) {
    for (const [prefix, lines] of Object.entries({ Serial: serials, I2C: i2cs, SPI: spis })) {
      const names = Object.keys(lines);
      assertEquals(names, names.map((_, i) => `${prefix}${i + 1}`), id);
    }
  }
});

Deno.test("a pin's capabilities, other names and peripherals are each listed once", () => {
  for (const { id, pins } of all) {
    for (const [name, { can, also = [], peripherals = [] }] of Object.entries(pins)) {
      for (const list of [can, also, peripherals]) {
        assertEquals(new Set(list).size, list.length, `${id}: ${name}`);
      }
    }
  }
});

Deno.test("no other name is used by two pins", () => {
  for (const { id, pins } of all) {
    const names = Object.values(pins).flatMap(({ also = [] }) => also);
    assertEquals(new Set(names).size, names.length, id);
  }
});

Deno.test("a pinout shows pins, other names of pins and power, and no pin twice", () => {
  for (const { id, pins, pinout } of all) {
    if (pinout === undefined) continue;
    const names = pinout.flat().filter((name) => name !== null);
    const others = Object.values(pins).flatMap(({ also = [] }) => also);
    for (const name of names) {
      const known = name in pins || others.includes(name) || POWER.includes(name);
      assert(known, `${id}: ${name}`);
    }
    const shown = names.filter((name) => name in pins);
    assert(shown.length >= 9, id);
    assertEquals(new Set(shown).size, shown.length, id);
  }
});

Deno.test("a part to be wired sits on a pin that the edge shows", () => {
  for (const { id, roles, pinout } of all) {
    const shown: readonly (string | null)[] | undefined = pinout?.flat();
    if (shown === undefined) continue;
    for (const [role, { pin, external }] of Object.entries(roles)) {
      if (external) assert(shown.includes(pin), `${id}: ${role}`);
    }
  }
});

Deno.test("the boards that were drawn by hand have kept their drawings", () => {
  const drawn = all.filter(({ pinout }) => pinout !== undefined).map(({ id }) => id);
  for (const id of "esp32 mega microbit2 nano pico puckjs rp2040 uno".split(" ")) {
    assert(drawn.includes(id), id);
  }
});

Deno.test("an Arduino is driven by johnny-five, the others by espruino, all by the simulator", () => {
  for (const { id, targets } of all) {
    const arduino = ["uno", "mega", "nano"].includes(id);
    assertEquals(targets, [arduino ? "johnny-five" : "espruino", "simulator"]);
  }
});
