import { assertAlmostEquals, assertEquals, assertRejects } from "@std/assert";
import { sleep } from "awaitio";
import { EmulatedArduino } from "../simulator/arduino/board.ts";
import { RealTime } from "../simulator/arduino/real_time.ts";
import { EmulatedCable } from "../simulator/firmware/cable.ts";
import { Random } from "../simulator/random.ts";
import type { JohnnyFiveBoard } from "./board.ts";
import type { IoPlugin } from "./io.ts";
import { libraries } from "./libraries.ts";
import { loadPlugin, readSerials } from "./options.ts";
import { runOnBoard } from "./run_board.ts";

/** How often the board is run, in milliseconds. */
const TICK = 2;

function noPort(): never {
  throw new Error("No port is opened where the plugin reaches the board");
}

Deno.test("a program runs on the board of another IO plugin, with the pins that this tells", async () => {
  const arduino = new EmulatedArduino();
  const cable = new EmulatedCable(arduino, new Random(0));
  arduino.onSerial = (byte) => cable.deliver(Uint8Array.of(byte));
  const time = new RealTime(arduino, () => performance.now());
  const timer = setInterval(() => time.advance(), TICK);
  const plugin = async (): Promise<IoPlugin> => {
    const io = new libraries.firmata.Firmata(await cable.open(), {});
    await new Promise<void>((resolve) => io.once("ready", () => resolve()));
    return io;
  };
  const log: string[] = [];
  const main = async (board: JohnnyFiveBoard): Promise<void> => {
    log.push(`${board.link} ${"D13" in board.spec.pins} ${"A0" in board.spec.pins}`);
    const led = board.output("D13");
    led.on();
    await sleep(50);
    log.push(`D13 ${arduino.pin("D13").level}`);
    arduino.setAnalog("A0", 0.75);
    assertAlmostEquals(await board.analog("A0").read(), 0.75, 0.01);
    arduino.setLevel("D2", 1);
    await board.input("D2").high();
    log.push("D2 is high");
  };
  try {
    assertEquals(await runOnBoard(main, null, libraries, noPort, { plugin }), 0);
    // The pins that were used drive nothing any more.
    const released = () => arduino.pin("D13").mode === "input";
    for (let i = 0; i < 500 && !released(); i++) {
      await new Promise((resolve) => setTimeout(resolve, TICK));
    }
    assertEquals(arduino.pin("D13").mode, "input");
  } finally {
    clearInterval(timer);
  }
  assertEquals(log, ["null true true", "D13 1", "D2 is high"]);
});

Deno.test("a package that is not there, or that is no IO plugin, is refused with the cure", async () => {
  await assertRejects(
    () => loadPlugin("raspi-io-of-nobody"),
    Error,
    'Cannot load the IO plugin "raspi-io-of-nobody"',
  );
  await assertRejects(
    () => loadPlugin("node:path"),
    Error,
    'Cannot use the IO plugin "node:path": it exports no class',
  );
});

Deno.test("ports for serial lines are read as pairs", () => {
  assertEquals(readSerials(["Serial1=/dev/ttyUSB1", "Serial2=COM3"]), {
    Serial1: "/dev/ttyUSB1",
    Serial2: "COM3",
  });
  let message = "";
  try {
    readSerials(["Serial1"]);
  } catch (error) {
    message = (error as Error).message;
  }
  assertEquals(message, 'Cannot read "--serial Serial1": write for example Serial1=/dev/ttyUSB1');
});
