import { assertEquals, assertRejects } from "@std/assert";
import {
  type BoardSpec,
  createTask,
  DeviceError,
  type Driver,
  run,
  Serial,
  waitFor,
} from "awaitio";
import { PseudoTerminal } from "../serial/pseudo_terminal.ts";
import { ComputerSerial } from "./computer_serial.ts";
import { openWire } from "./open_wire.ts";

const ignore = Deno.build.os === "windows";
const LINES = 1000;
/** How long all that may take, in milliseconds. */
const LIMIT = 60_000;

/** A line that is the port at `path`. */
function serial(path: string): Serial {
  const driver = {
    openSerial: (name, options, onData, onError) =>
      new ComputerSerial(name, openWire(path, options), onData, onError),
  } as Partial<Driver> as Driver;
  const settings = { baudRate: 115_200, bufferSize: 65_536 };
  return new Serial("Serial1" satisfies keyof BoardSpec["serials"], driver, settings, () => {});
}

Deno.test({
  name: `a port of this computer carries ${LINES} lines each way, and loses none`,
  ignore,
  async fn() {
    using wire = new PseudoTerminal();
    let heard = "";
    let toSend = Array.from({ length: LINES }, (_, i) => `to the program ${i}\n`).join("");
    const timer = setInterval(() => {
      heard += new TextDecoder().decode(wire.read());
      if (!wire.isOpen) return;
      toSend = toSend.slice(wire.write(new TextEncoder().encode(toSend.slice(0, 4000))));
    }, 1);
    try {
      await run(() =>
        waitFor(async () => {
          const line = serial(wire.path);
          const writer = createTask(async () => {
            for (let i = 0; i < LINES; i++) await line.write(`from the program ${i}\n`);
            await line.drain();
          });
          for (let i = 0; i < LINES; i++) {
            assertEquals(await line.readLine(), `to the program ${i}`);
          }
          await writer;
          assertEquals(line.dropped, 0);
          while (heard.split("\n").length <= LINES) {
            await new Promise((resolve) => setTimeout(resolve, 1));
          }
          line.close();
        }, LIMIT)
      );
    } finally {
      clearInterval(timer);
    }
    assertEquals(
      heard,
      Array.from({ length: LINES }, (_, i) => `from the program ${i}\n`).join(""),
    );
  },
});

Deno.test("a port that is not there fails the first read, with why", async () => {
  await run(async () => {
    const line = serial("/dev/ttyNone");
    await assertRejects(
      async () => await line.readLine(),
      DeviceError,
      'Cannot use serial line "Serial1": Cannot open the serial port "/dev/ttyNone": no such device',
    );
  });
});

Deno.test({
  name: "a port that is pulled out fails who reads and who writes",
  ignore,
  async fn() {
    await run(async () => {
      using wire = new PseudoTerminal();
      const line = serial(wire.path);
      await line.write("hello");
      const read = createTask(() =>
        assertRejects(async () => await line.readLine(), DeviceError, "Cannot use serial line")
      );
      await new Promise((resolve) => setTimeout(resolve, 20));
      wire.close();
      await read;
      await assertRejects(async () => await line.write("anybody?"), DeviceError);
    });
  },
});
