import { assertEquals } from "@std/assert";
import { endBundlerAtTheEnd } from "../../compiler/world_test.ts";
import { onBoard } from "./world_test.ts";

endBundlerAtTheEnd();

Deno.test("an analog reading is there at once, and never below 0", () =>
  onBoard("puckjs", ({ driver, sim, globals }) => {
    const values: (number | undefined)[] = [];
    const port = driver.openAnalog("D2");
    for (const value of [0.25, 0]) {
      sim.analog("D2", value);
      port.read((_error, read) => values.push(read));
    }
    globals.analogRead = () => -0.004;
    port.read((_error, read) => values.push(read));
    assertEquals(values, [0.25, 0, 0]);
  }));

Deno.test("pulses keep their frequency until another is given", () =>
  onBoard("puckjs", ({ driver, calls }) => {
    const port = driver.openPwm("D1", 500);
    port.write(0.5);
    port.write(0.25, 1000);
    port.write(1);
    assertEquals(calls, [
      'analogWrite D1 0.5 {"freq":500}',
      'analogWrite D1 0.25 {"freq":1000}',
      'analogWrite D1 1 {"freq":1000}',
    ]);
  }));

Deno.test("a closed PWM pin is an output at 0 again, also where pinMode has been called before", () =>
  onBoard("puckjs", ({ driver, sim, calls }) => {
    driver.openDigital("D1", "output", 1).close();
    const port = driver.openPwm("D1", 500);
    port.write(0.5);
    port.close();
    assertEquals(calls.slice(-2), ["pinMode D1 output", "digitalWrite D1 0"]);
    assertEquals([sim.level("D1"), sim.duty("D1")], [0, 0]);
  }));
