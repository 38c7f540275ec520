import { assertEquals, assertThrows } from "@std/assert";
import { endBundlerAtTheEnd } from "../../compiler/world_test.ts";
import type { Level } from "../../runtime/io/driver.ts";
import { onBoard } from "./world_test.ts";

endBundlerAtTheEnd();

/** Collects edges as text: `"1 at 900"`. */
function edges(): { list: string[]; onEdge: (level: Level, time: number) => void } {
  const list: string[] = [];
  return { list, onEdge: (level, time) => list.push(`${level} at ${time}`) };
}

Deno.test("an output gets its level before it becomes an output, so that it never shows another", () =>
  onBoard("puckjs", ({ driver, calls, sim }) => {
    driver.openDigital("D1", "output", 1);
    assertEquals(calls, ["digitalWrite D1 1", "pinMode D1 output"]);
    assertEquals(sim.history("D1").map(({ level }) => level), [1]);
  }));

Deno.test("an open drain is one before it gets its level, so that it never drives a line high", () =>
  onBoard("puckjs", ({ driver, calls, sim }) => {
    sim.drive("D1", 0);
    const port = driver.openDigital("D1", "outputOpenDrain", 1);
    assertEquals(calls, ["pinMode D1 opendrain", "digitalWrite D1 1"]);
    assertEquals(port.level, 0);
  }));

Deno.test("every mode of an input has its name, and none can be written to", () =>
  onBoard("puckjs", ({ driver, calls, globals }) => {
    for (const mode of ["input", "inputPullUp", "inputPullDown"] as const) {
      const port = driver.openDigital("D1", mode);
      const why = "Cannot write to D1: it is an input";
      assertThrows(() => port.write(1), globals.Error, why);
    }
    assertEquals(calls, [
      "pinMode D1 input",
      "pinMode D1 input_pullup",
      "pinMode D1 input_pulldown",
    ]);
  }));

Deno.test("levels are read and written at once", () =>
  onBoard("puckjs", ({ driver, sim }) => {
    const output = driver.openDigital("D1", "output", 0);
    output.write(1);
    assertEquals([output.level, sim.level("D1")], [1, 1]);
    const input = driver.openDigital("D2", "inputPullUp");
    sim.drive("D2", 0);
    let read: Level | undefined;
    input.read((_error, level) => read = level);
    assertEquals([input.level, read], [0, 0]);
  }));

Deno.test("edges come with the time at which they were, in milliseconds", () =>
  onBoard("puckjs", async ({ driver, sim }) => {
    const { list, onEdge } = edges();
    driver.openDigital("D1", "input").watch("both", 0, onEdge);
    await sim.sleep(12.5);
    sim.drive("D1", 1);
    await sim.sleep(0.125);
    sim.drive("D1", 0);
    await sim.sleep(1);
    assertEquals(list, ["1 at 12.5", "0 at 12.625"]);
  }));

Deno.test("only the edges that were asked for come", () =>
  onBoard("puckjs", async ({ driver, sim }) => {
    const [rising, falling] = [edges(), edges()];
    driver.openDigital("D1", "input").watch("rising", 0, rising.onEdge);
    driver.openDigital("D2", "input").watch("falling", 0, falling.onEdge);
    for (const level of [1, 0, 1] as const) {
      await sim.sleep(10);
      sim.drive("D1", level);
      sim.drive("D2", level);
    }
    await sim.sleep(1);
    assertEquals(rising.list, ["1 at 10", "1 at 30"]);
    assertEquals(falling.list, ["0 at 20"]);
  }));

Deno.test("a button is not debounced unless it was asked for, although the interpreter would", () =>
  onBoard("puckjs", async ({ driver, sim, calls }) => {
    const { list, onEdge } = edges();
    driver.openDigital("D0", "inputPullDown").watch("both", 0, onEdge);
    await sim.press("BTN1", 5);
    await sim.sleep(1);
    assertEquals(calls.at(-1), 'setWatch D0 {"repeat":true,"edge":"both","debounce":0}');
    assertEquals(list, ["1 at 0", "0 at 5"]);
  }));

Deno.test("a debounced edge comes when the level has been stable, with the time of the edge that began it", () =>
  onBoard("puckjs", async ({ driver, sim }) => {
    const told: number[] = [];
    const { list, onEdge } = edges();
    driver.openDigital("D0", "inputPullDown").watch("both", 25, (level, time) => {
      told.push(sim.time);
      onEdge(level, time);
    });
    for (const level of [1, 0, 1, 0, 1] as const) {
      sim.drive("D0", level);
      await sim.sleep(10);
    }
    await sim.sleep(100);
    // A glitch that is over before the level was stable is none.
    sim.drive("D0", 0);
    await sim.sleep(24);
    sim.drive("D0", 1);
    await sim.sleep(100);
    assertEquals(list, ["1 at 40"]);
    assertEquals(told, [65]);
  }));

Deno.test("the watch is cleared once, whoever ends it and however often", () =>
  onBoard("puckjs", ({ driver, calls }) => {
    const port = driver.openDigital("D1", "input");
    port.unwatch();
    port.watch("rising", 0, () => {});
    port.watch("both", 0, () => {});
    port.unwatch();
    port.close();
    port.close();
    assertEquals(calls.filter((call) => call.startsWith("clear")), [
      "clearWatch 1",
      "clearWatch 1", // the second watch: ids are used again
    ]);
  }));

Deno.test("an edge that was still being debounced for an ended watch does not come to the next", () =>
  onBoard("puckjs", async ({ driver, sim }) => {
    const [first, second] = [edges(), edges()];
    const port = driver.openDigital("D0", "inputPullDown");
    port.watch("both", 25, first.onEdge);
    sim.drive("D0", 1);
    await sim.sleep(10);
    port.unwatch();
    port.watch("both", 25, second.onEdge);
    await sim.sleep(100);
    assertEquals([first.list, second.list], [[], []]);
  }));

Deno.test("a pin that cannot be watched is an error, and not a wait without end", () =>
  onBoard("puckjs", ({ driver, globals }) => {
    globals.setWatch = () => undefined;
    const port = driver.openDigital("D1", "input");
    assertThrows(() => port.watch("both", 0, () => {}), globals.Error, "Cannot watch D1");
    port.close();
  }));
