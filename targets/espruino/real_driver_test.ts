import { assert, assertEquals } from "@std/assert";
import { bundle } from "../../compiler/bundle.ts";
import { ownModule, ROOT } from "../../compiler/paths.ts";
import { endBundlerAtTheEnd } from "../../compiler/world_test.ts";
import { ESPRUINO_BIN, ESPRUINO_GPIO, interpret } from "./real_world_test.ts";

endBundlerAtTheEnd();

/** The platform and the ports as a script: they are written so that the interpreter takes them as they are. */
async function parts(
  ...names: readonly (readonly [name: string, file: string])[]
): Promise<string> {
  const imports = names.map(([name, file]) =>
    `import { ${name} } from ${
      ownModule(`targets/espruino/${file}`)
    }; globalThis.${name} = ${name};`
  );
  const { code } = await bundle({
    program: `${ROOT}targets/espruino/driver.ts`,
    entry: imports.join("\n"),
    coroutines: "native",
  });
  // A class cannot extend `Error` there; what lowers that is not under test here.
  return code.replace(
    /var (\w+) = class extends Error \{[^]*?\n\};/g,
    "function $1(m) { this.message = m; }",
  );
}

Deno.test({
  name:
    "real interpreter: the platform wakes the loop at its deadlines, not before, and keeps to its clock",
  ignore: ESPRUINO_BIN === undefined,
  async fn() {
    const code = await parts(["EspruinoPlatform", "platform.ts"]);
    const [woken, shifted] = await interpret(`${code}
      var turns = [], start, tested = new EspruinoPlatform({ turn: function() {
        turns.push(tested.now() - start);
        if (turns.length === 1) tested.wakeAt(start + 60, tested.now());
        if (turns.length === 2) tested.wakeSoon();
        if (turns.length === 3) tested.wakeAt(Infinity, tested.now());
        return false;
      } });
      start = tested.now();
      tested.wakeAt(start + 50, tested.now());
      tested.wakeAt(start + 20, tested.now());
      setTimeout(function() {
        say(turns.join());
        var before = tested.now();
        setTime(getTime() + 5000);
        say(tested.now() - before);
        done();
      }, 200);`);
    const times = woken!.split(",").map(Number);
    assertEquals(times.length, 3);
    assert(times[0]! >= 20 && times[1]! >= 60 && times[2]! >= times[1]!, woken);
    assert(Number(shifted) < 1000, shifted);
  },
});

Deno.test({
  name: "real interpreter: the serial port passes every byte both ways, and none when it is closed",
  ignore: ESPRUINO_BIN === undefined,
  async fn() {
    const code = await parts(["EspruinoSerial", "driver_serial.ts"]);
    const said = await interpret(`${code}
      var got = [], none = function() {};
      var a = new EspruinoSerial("LoopbackA", {}, { baudRate: 115200 }, none, none);
      var b = new EspruinoSerial("LoopbackB", {}, { baudRate: 115200 }, function(bytes) {
        got = got.concat([].slice.call(bytes));
        if (got.length !== 256) return;
        say(got.join());
        b.close();
        a.write(new Uint8Array([1, 2, 3]), none);
        a.drain(function() { setTimeout(function() { say(got.length); done(); }, 50); });
      }, none);
      var all = new Uint8Array(256);
      for (var i = 0; i < 256; i++) all[i] = i;
      a.write(all, none);`);
    assertEquals(said, [Array.from({ length: 256 }, (_, i) => i).join(), "256"]);
  },
});

Deno.test({
  name: "real interpreter: buses and pulses take what the ports hand over",
  ignore: ESPRUINO_BIN === undefined,
  async fn() {
    const code = await parts(
      ["EspruinoI2c", "driver_i2c.ts"],
      ["EspruinoSpi", "driver_spi.ts"],
      ["EspruinoPwm", "driver_pwm.ts"],
    );
    // There is no hardware, so that only what comes back at all can be seen.
    const said = await interpret(`${code}
      var answer = function(error, bytes) { say(error === null ? bytes.length : error.message); };
      var i2c = new EspruinoI2c("I2C1", { scl: "D1", sda: "D2" }, {});
      i2c.transfer(72, new Uint8Array([1]), 0, answer);
      i2c.transfer(72, new Uint8Array([1]), 2, answer);
      var pins = { sck: "D3", miso: "D4", mosi: "D5" };
      new EspruinoSpi("SPI1", pins, {}).transfer(new Uint8Array([1, 2]), answer);
      new EspruinoSpi("SPI1", pins, { select: "D6", mode: 3 })
        .transfer(new Uint8Array([1, 2, 3]), answer);
      var pwm = new EspruinoPwm("D7", 500);
      pwm.write(0.5);
      pwm.close();
      done();`);
    assertEquals(said, ["0", "2", "2", "3"]);
  },
});

Deno.test({
  name:
    "real interpreter: pins are driven and read, and edges come debounced, once, with their time",
  ignore: ESPRUINO_BIN === undefined || ESPRUINO_GPIO === undefined,
  async fn() {
    const wire = (pin: number): string => `${ESPRUINO_GPIO}/gpio${pin}/value`;
    const set = (level: string): void => {
      const file = Deno.openSync(wire(6), { write: true });
      file.writeSync(new TextEncoder().encode(level));
      file.close();
    };
    set("0");
    const code = await parts(
      ["EspruinoOutput", "driver_output.ts"],
      ["EspruinoInput", "driver_input.ts"],
    );
    const said = await interpret(
      `${code}
      var output = new EspruinoOutput("D5", "output", 1);
      var input = new EspruinoInput("D6", "input");
      var ended = function() { say("ended"); };
      input.watch("both", 1000, ended);
      input.watch("both", 200, function(level, time) {
        say([level, getTime() * 1000 - time >= 200].join());
        input.close();
        output.write(0);
        setTimeout(done, 1500);
      });
      setTimeout(function() {}, 9000);
      say(output.level);`,
      (line) => line === "1" && set("1"),
    );
    assertEquals(said, ["1", "1,true"]);
    assertEquals((await Deno.readTextFile(wire(5))).trim(), "0");
  },
});
