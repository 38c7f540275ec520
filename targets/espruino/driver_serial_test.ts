import { assertEquals, assertThrows } from "@std/assert";
import { endBundlerAtTheEnd } from "../../compiler/world_test.ts";
import type { SerialOptions, SerialPort } from "../../runtime/io/driver.ts";
import { onBoard, type World } from "./world_test.ts";

endBundlerAtTheEnd();

const ALL_BYTES = Uint8Array.from({ length: 256 }, (_, i) => i);

/** Opens Serial1 and collects what comes. */
function open(
  { driver }: World,
  options: SerialOptions = {},
): { port: SerialPort; bytes: number[]; errors: string[] } {
  const bytes: number[] = [];
  const errors: string[] = [];
  const port = driver.openSerial(
    "Serial1",
    options,
    (more) => bytes.push(...more),
    (error) => errors.push(error.message),
  );
  return { port, bytes, errors };
}

Deno.test("every byte there is arrives, though the interpreter has characters", () =>
  onBoard("puckjs", async (world) => {
    const { bytes } = open(world, { baudRate: 115200 });
    world.sim.serial("Serial1").send(ALL_BYTES);
    await world.sim.sleep(100);
    assertEquals(bytes, [...ALL_BYTES]);
  }));

Deno.test("every byte there is goes out as it is", () =>
  onBoard("puckjs", async (world) => {
    const sent: number[] = [];
    const real = world.globals.Serial1.write;
    world.globals.Serial1.write = function (bytes: Uint8Array) {
      sent.push(...bytes);
      real.call(this, bytes);
    };
    const { port } = open(world, { baudRate: 115200 });
    port.write(ALL_BYTES, () => {});
    await world.sim.sleep(100);
    assertEquals(sent, [...ALL_BYTES]);
  }));

Deno.test("the line is set up with the board's pins and what was asked for", () =>
  onBoard("nrf52840dk", (world) => {
    const setups: unknown[] = [];
    world.globals.Serial1.setup = (baud: number, options: unknown) => setups.push([baud, options]);
    open(world);
    open(world, {
      baudRate: 19200,
      dataBits: 7,
      parity: "even",
      stopBits: 2,
      flowControl: "xon-xoff",
    });
    open(world, { flowControl: "rts-cts" });
    const words = { parity: null, flow: null };
    const plain = { rx: "D8", tx: "D6", bytesize: 8, stopbits: 1, errors: true, ...words };
    assertEquals(JSON.parse(JSON.stringify(setups)), [
      [9600, plain],
      [19200, { ...plain, bytesize: 7, parity: "even", stopbits: 2, flow: "xon" }],
      [9600, { ...plain, cts: "D5" }], // the interpreter drives its "cts"
    ]);
  }));

Deno.test("hardware flow control on a board that names no pin for it is refused", () =>
  onBoard("puckjs", (world) => {
    assertThrows(
      () => open(world, { flowControl: "rts-cts" }),
      world.globals.Error,
      "Cannot open Serial1: it has no RTS pin",
    );
  }));

Deno.test("the line that the console is on is refused: the program would get none of its bytes", () =>
  onBoard("esp32", (world) => {
    world.globals.E.getConsole = () => "Serial1";
    assertThrows(
      () => open(world),
      world.globals.Error,
      "Cannot open Serial1: it is the console",
    );
  }));

Deno.test("framing and parity errors are told", () =>
  onBoard("puckjs", (world) => {
    const listeners: { [event: string]: () => void } = {};
    world.globals.Serial1.on = (event: string, listener: () => void) => listeners[event] = listener;
    const { errors } = open(world);
    listeners["framing"]!();
    listeners["parity"]!();
    assertEquals(errors, ["Framing error on Serial1", "Parity error on Serial1"]);
  }));

Deno.test("a write is done when the interpreter's buffer has room, drain when the line is silent", () =>
  onBoard("puckjs", async (world) => {
    const times: string[] = [];
    const note = (what: string) => () => times.push(`${what} ${world.sim.time}`);
    const { port } = open(world, { baudRate: 10_000 }); // a character a millisecond
    port.write(new Uint8Array(60), note("short"));
    port.write(new Uint8Array(40), note("long"));
    port.drain(note("silent"));
    await world.sim.sleep(200);
    port.drain(note("silent still"));
    assertEquals(times, ["short 0", "long 36", "silent 100", "silent still 200"]);
  }));

Deno.test("a parity bit and a second stop bit take their time", () =>
  onBoard("puckjs", async (world) => {
    let time = 0;
    const { port } = open(world, { baudRate: 12_000, parity: "odd", stopBits: 2 });
    port.write(new Uint8Array(10), () => {});
    port.drain(() => time = world.sim.time);
    await world.sim.sleep(100);
    assertEquals(time, 10);
  }));

Deno.test("a closed line is given back: nobody listens, nothing comes", () =>
  onBoard("puckjs", async (world) => {
    const { port, bytes } = open(world);
    assertEquals(world.sim.serial("Serial1").isOpen, true);
    port.close();
    assertEquals(world.sim.serial("Serial1").isOpen, false);
    const again = open(world);
    world.sim.serial("Serial1").type("x");
    await world.sim.sleep(10);
    assertEquals([bytes, again.bytes], [[], [120]]);
  }));

Deno.test("a closed line of an interpreter that cannot give it back keeps nothing, as on the micro:bit 1", () =>
  onBoard("microbit1", async (world) => {
    const { port, bytes } = open(world);
    port.close();
    world.sim.serial("Serial1").type("x");
    await world.sim.sleep(10);
    assertEquals([bytes, world.globals.Serial1.available()], [[], 0]);
  }));
