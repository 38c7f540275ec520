import { assertEquals, assertThrows } from "@std/assert";
import { boards, findBoard, puckjs } from "./mod.ts";

const ALL = `Boards: ${Object.keys(boards).join(", ")}`;

Deno.test("findBoard finds every board by its id", () => {
  for (const [id, board] of Object.entries(boards)) assertEquals(findBoard(id), board);
  assertEquals(findBoard("puckjs"), puckjs);
});

Deno.test("findBoard suggests the nearest id", () => {
  const suggestions = {
    unoo: "uno",
    puck: "puckjs",
    Mega: "mega",
    ESP23: "esp32",
    microbit: "microbit1",
    banglejs: "banglejs2",
  };
  for (const [wrong, right] of Object.entries(suggestions)) {
    assertThrows(
      () => findBoard(wrong),
      RangeError,
      `Cannot find board "${wrong}": did you mean "${right}"? ${ALL}`,
    );
  }
});

Deno.test("findBoard suggests nothing for an id that is like none", () => {
  assertThrows(() => findBoard("toaster"), RangeError, `Cannot find board "toaster": ${ALL}`);
  assertThrows(() => findBoard(""), RangeError, `Cannot find board "": ${ALL}`);
});

Deno.test("findBoard is not fooled by what every object has", () => {
  assertThrows(() => findBoard("toString"), RangeError, `Cannot find board "toString": ${ALL}`);
  assertThrows(() => findBoard("__proto__"), RangeError, `Cannot find board "__proto__": ${ALL}`);
});
