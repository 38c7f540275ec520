import { assert, assertEquals } from "@std/assert";
import { endBundlerAtTheEnd } from "../../compiler/world_test.ts";
import { onBoard } from "./world_test.ts";

endBundlerAtTheEnd();

Deno.test("a deadline is one timer of the interpreter, and a later one replaces it", () =>
  onBoard("puckjs", async ({ platform, interpreter, sim }) => {
    const turns: number[] = [];
    const tested = platform(() => {
      turns.push(sim.time);
      return false;
    });
    for (const time of [300, 100, 200]) {
      tested.wakeAt(time, tested.now());
      assertEquals(interpreter.timerCount, 1);
    }
    await sim.sleep(1000);
    assertEquals(turns, [200]);
    assertEquals(interpreter.timerCount, 0);
  }));

Deno.test("without a deadline there is no timer: the board can sleep", () =>
  onBoard("puckjs", ({ platform, interpreter }) => {
    const tested = platform(() => false);
    tested.wakeAt(100, tested.now());
    tested.wakeAt(Infinity, tested.now());
    assertEquals(interpreter.timerCount, 0);
    tested.wakeAt(1e300, tested.now()); // above what a timer takes
    assertEquals(interpreter.timerCount, 0);
  }));

Deno.test("a timer of somebody else is never cleared, although ids are used again", () =>
  onBoard("puckjs", async ({ platform, globals, sim }) => {
    const tested = platform(() => false);
    tested.wakeAt(10, tested.now());
    await sim.sleep(20);
    let fired = false;
    const id = globals.setTimeout(() => fired = true, 10);
    assertEquals(id, 1); // the one that the platform had
    tested.wakeAt(Infinity, tested.now());
    await sim.sleep(20);
    assert(fired);
  }));

Deno.test("turns follow each other, but the interpreter gets its turn in between", () =>
  onBoard("puckjs", async ({ platform, globals, sim }) => {
    let turns = 0;
    let seen = 0;
    const tested = platform(() => ++turns < 1000);
    tested.wakeSoon();
    globals.setTimeout(() => seen = turns, 0);
    await sim.sleep(0);
    await sim.sleep(1);
    assertEquals(turns, 1000);
    assert(seen > 0 && seen < 1000, `${seen}`);
  }));

Deno.test("the clock goes on evenly while setTime moves the wall clock, forwards and back", () =>
  onBoard("puckjs", async ({ platform, globals, sim }) => {
    const turns: number[] = [];
    const tested = platform(() => {
      turns.push(tested.now());
      return false;
    });
    const start = tested.now();
    tested.wakeAt(start + 1000, tested.now());
    await sim.sleep(250);
    globals.setTime(1_800_000_000);
    assertEquals(tested.now() - start, 250);
    await sim.sleep(250);
    globals.setTime(5);
    assertEquals(tested.now() - start, 500);
    assertEquals(globals.getTime(), 5);
    await sim.sleep(1000);
    assertEquals(turns, [start + 1000]);
  }));

Deno.test("edges keep to the loop's clock after setTime", () =>
  onBoard("puckjs", async ({ driver, globals, sim }) => {
    const times: number[] = [];
    driver.openDigital("D1", "input").watch("both", 0, (_level, time) => times.push(time));
    globals.setTime(1_800_000_000);
    await sim.sleep(10);
    sim.drive("D1", 1);
    await sim.sleep(1);
    assertEquals(times, [10]);
  }));
