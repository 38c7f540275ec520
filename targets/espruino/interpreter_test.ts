import { assert, assertEquals } from "@std/assert";
import { createContext, runInContext } from "node:vm";
import { Event } from "../../runtime/event.ts";
import { VirtualInterpreter } from "../simulator/espruino/interpreter.ts";
import { hardwareOf } from "../simulator/hardware.ts";
import { simulate } from "../simulator/simulate.ts";
import { ESPRUINO_BIN, ESPRUINO_GPIO, interpret } from "./real_world_test.ts";

/** What this target relies on: a script and what it says, on the real interpreter and on the virtual one. */
const ASSUMPTIONS: { readonly [sentence: string]: readonly [script: string, says: string] } = {
  "ids of timers count up, and begin at 1 when none is left": [
    `var f = function() {};
     var a = setTimeout(f, 1000), b = setTimeout(f, 1000);
     clearTimeout(a);
     var c = setTimeout(f, 1000);
     clearTimeout(b); clearTimeout(c);
     say([a, b, c, setTimeout(f, 1000)].join());
     done();`,
    "1,2,3,1",
  ],
  "an id that is not there is cleared without a word, also null and 0": [
    `clearTimeout(77); clearTimeout(null); clearTimeout(0); say("fine"); done();`,
    "fine",
  ],
  "clearTimeout refuses undefined": [
    `say(attempt(function() { clearTimeout(undefined); })); done();`,
    "clearTimeout(undefined) not allowed. Use clearTimeout() instead",
  ],
  "clearTimeout without an id clears every timer": [
    `setTimeout(function() { say("still there"); }, 5);
     clearTimeout();
     setTimeout(function() { say("end"); done(); }, 20);`,
    "end",
  ],
  "a timer of more than 100 years throws": [
    `say(attempt(function() { setTimeout(function() {}, Infinity); })); done();`,
    "Interval is too long (>100 years)",
  ],
  "a negative time is at once, and arguments are handed over": [
    `setTimeout(function(a, b) { say(a + b); done(); }, -5, "x", "y");`,
    "xy",
  ],
  "a timer that is set meanwhile comes after those that were due": [
    `var order = [];
     setTimeout(function() { order.push(1); setTimeout(function() { order.push(3); }, 0); }, 5);
     setTimeout(function() { order.push(2); }, 5);
     setTimeout(function() { say(order.join()); done(); }, 50);`,
    "1,2,3",
  ],
  "ids of watches count up from 1": [
    `var f = function() {}, o = { repeat: true, edge: "both", debounce: 0 };
     var a = setWatch(f, "D1", o), b = setWatch(f, "D2", o);
     clearWatch(a);
     say([a, b, setWatch(f, "D3", o)].join());
     done();`,
    "1,2,3",
  ],
  "clearWatch refuses undefined, and an id that is not there": [
    `say(attempt(function() { clearWatch(undefined); }));
     say(attempt(function() { clearWatch(77); }));
     done();`,
    "clearWatch(undefined) not allowed. Use clearWatch() instead; Unknown Watch 77",
  ],
  "setWatch refuses an edge that is none": [
    `say(attempt(function() { setWatch(function() {}, "D1", { edge: "up" }); })); done();`,
    "'edge' in setWatch should be 1, -1, 0, 'rising', 'falling' or 'both'",
  ],
  "a mode or a pin that there is not is refused": [
    `say(attempt(function() { pinMode("D1", "weird"); }));
     say(attempt(function() { digitalWrite("Q9", 1); }));
     done();`,
    "Unknown pin mode; Invalid pin",
  ],
  "a serial line refuses a speed and a flow control that there are not": [
    `say(attempt(function() { Serial1.setup(1); }));
     say(attempt(function() { Serial1.setup(9600, { flow: "rts" }); }));
     done();`,
    'Invalid baud rate 1; Invalid flow control: "rts"',
  ],
  "setTime can be replaced by a function of ours, which who calls it then gets": [
    `var real = setTime, got = 0;
     globalThis.setTime = function(seconds) { got = seconds; };
     setTime(5);
     say([typeof real, got].join());
     done();`,
    "function,5",
  ],
  "a line is found by its name on the global object": [
    `say([globalThis["Serial1"] === Serial1, typeof globalThis["Serial99"]].join()); done();`,
    "true,undefined",
  ],
  "a character of a binary string is a byte": [
    `var bytes = E.toUint8Array("\\x00\\x7f\\x80\\xff");
     say([bytes.length, [].slice.call(bytes).join()].join());
     done();`,
    "4,0,127,128,255",
  ],
};

const LIMIT = 1000;

/** Runs a script on the virtual interpreter. */
async function pretend(script: string): Promise<string[]> {
  const said: string[] = [];
  await simulate(
    async (board) => {
      const interpreter = new VirtualInterpreter(hardwareOf(board));
      const done = new Event();
      const context = createContext({
        ...interpreter.globals,
        say: (what: unknown) => said.push(String(what)),
        attempt: (what: () => unknown) => {
          try {
            return String(what());
          } catch (error) {
            return (error as Error).message;
          }
        },
        done: () => done.set(),
      });
      runInContext(script, context);
      await done.wait();
      interpreter.stop();
    },
    null,
    { board: "puckjs", for: LIMIT },
  );
  return said;
}

for (const [sentence, [script, says]] of Object.entries(ASSUMPTIONS)) {
  Deno.test(`virtual interpreter: ${sentence}`, async () => {
    assertEquals((await pretend(script)).join("; "), says);
  });

  Deno.test({
    name: `real interpreter: ${sentence}`,
    ignore: ESPRUINO_BIN === undefined,
    async fn() {
      assertEquals((await interpret(script)).join("; "), says);
    },
  });
}

Deno.test({
  name:
    "real interpreter: bytes pass a serial line as the characters of a binary string, none lost",
  ignore: ESPRUINO_BIN === undefined,
  async fn() {
    const [bytes] = await interpret(`
      var got = [];
      LoopbackB.on("data", function(text) {
        got = got.concat([].slice.call(E.toUint8Array(text)));
        if (got.length === 256) { say(got.join()); done(); }
      });
      var all = new Uint8Array(256);
      for (var i = 0; i < 256; i++) all[i] = i;
      LoopbackA.write(all);`);
    assertEquals(bytes, Array.from({ length: 256 }, (_, i) => i).join());
  },
});

Deno.test({
  name: "real interpreter: getTime is in seconds, to the microsecond",
  ignore: ESPRUINO_BIN === undefined,
  async fn() {
    const before = Date.now() / 1000;
    const [time] = await interpret(`say(getTime()); done();`);
    assert(Number(time) >= before - 0.001 && Number(time) <= Date.now() / 1000 + 0.001, time);
  },
});

/** Needs an interpreter whose pins are files. */
function withPins(
  name: string,
  test: (set: (pin: number, level: number) => void) => Promise<void>,
) {
  Deno.test({
    name: `real interpreter: ${name}`,
    ignore: ESPRUINO_BIN === undefined || ESPRUINO_GPIO === undefined,
    async fn() {
      const set = (pin: number, level: number): void => {
        const file = Deno.openSync(`${ESPRUINO_GPIO}/gpio${pin}/value`, { write: true });
        file.writeSync(new TextEncoder().encode(`${level}`)); // in one go: an empty file reads 0
        file.close();
      };
      set(6, 0);
      await test(set);
    },
  });
}

withPins("a watch tells the level, and the time in seconds of getTime", async (set) => {
  const [told] = await interpret(
    `pinMode("D6", "input");
     setWatch(function(e) {
       say([e.state, getTime() - e.time >= 0, getTime() - e.time < 1].join());
       done();
     }, "D6", { repeat: true, edge: "both", debounce: 0 });
     setTimeout(function() {}, 9000); // with nothing but watches it ends
     say("ready");`,
    () => set(6, 1),
  ).then((lines) => lines.slice(1));
  assertEquals(told, "true,true,true");
});

withPins("a debounced watch tells the time of the edge, not that of its decision", async (set) => {
  const [, told] = await interpret(
    `pinMode("D6", "input");
     setWatch(function(e) { say(getTime() - e.time >= 0.299); done(); }, "D6",
       { repeat: true, edge: "both", debounce: 300 });
     setTimeout(function() {}, 9000); // with nothing but watches it ends
     say("ready");`,
    () => set(6, 1),
  );
  assertEquals(told, "true");
});

withPins("clearWatch leaves a decision pending, which is told all the same", async (set) => {
  const said = await interpret(
    `pinMode("D6", "input");
     var id = setWatch(function(e) { say("told " + e.state); }, "D6",
       { repeat: true, edge: "both", debounce: 1000 });
     setWatch(function() { clearWatch(id); say("cleared"); }, "D6",
       { repeat: false, edge: "both", debounce: 0 });
     setTimeout(function() { done(); }, 2500);
     say("ready");`,
    (line) => line === "ready" && set(6, 1),
  );
  assertEquals(said, ["ready", "cleared", "told true"]);
});
