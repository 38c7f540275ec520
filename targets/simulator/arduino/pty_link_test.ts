import { assert, assertEquals } from "@std/assert";
import { closePort, openPort, type Port } from "../../serial/mod.ts";
import { EmulatedArduino } from "./board.ts";
import { type FirmataBoard, FirmataClient } from "./firmata_io.ts";
import { PtyLink } from "./pty_link.ts";

interface World {
  readonly board: EmulatedArduino;
  readonly link: PtyLink;
  /** Lets the board run, not in real time, until something is so. */
  until(what: () => boolean): Promise<void>;
}

function test(name: string, autoReset: boolean, run: (world: World) => Promise<void>): void {
  Deno.test({
    name: `PtyLink ${name}`,
    ignore: Deno.build.os === "windows",
    async fn() {
      const board = new EmulatedArduino();
      using link = new PtyLink(board, { autoReset });
      await run({
        board,
        link,
        async until(what) {
          for (let turns = 0; !what(); turns++) {
            if (turns > 20_000) throw new Error(`Never came: ${what}`);
            link.exchange();
            board.runUntil(board.milliseconds + 8);
            link.exchange();
            await new Promise((resolve) => setTimeout(resolve));
          }
        },
      });
    },
  });
}

/** Opens the link's port while the board runs. */
async function open({ link, until }: World): Promise<Port> {
  let port: Port | undefined;
  const opening = openPort(link.path, { baudRate: 57_600 }).then((opened) => port = opened);
  await until(() => port !== undefined);
  return await opening;
}

async function connect(world: World): Promise<{ client: FirmataBoard; port: Port }> {
  const port = await open(world);
  const client = new FirmataClient(port);
  let ready = false;
  client.once("ready", () => ready = true);
  await world.until(() => ready);
  return { client, port };
}

test(
  "is a serial port on which firmata-io finds the board, turns on its LED and sees its button",
  true,
  async (world) => {
    const { board, until } = world;
    const { client, port } = await connect(world);
    client.pinMode(13, client.MODES["OUTPUT"]!);
    client.digitalWrite(13, 1);
    await until(() => board.pin("D13").level === 1);
    const seen: number[] = [];
    client.pinMode(2, client.MODES["PULLUP"]!);
    client.digitalRead(2, (value) => seen.push(value));
    await until(() => seen.length === 1);
    board.setLevel("D2", 0);
    await until(() => seen.length === 2);
    assertEquals(seen, [1, 0]);
    await closePort(port);
  },
);

test("resets the board whenever its port is opened, as an Uno's DTR does", true, async (world) => {
  const { board, link, until } = world;
  for (let i = 0; i < 2; i++) {
    const { client, port } = await connect(world);
    assertEquals(board.pin("D12").level, 0);
    client.pinMode(12, client.MODES["OUTPUT"]!);
    client.digitalWrite(12, 1);
    await until(() => board.pin("D12").level === 1);
    await closePort(port);
    await until(() => !link.isOpen);
    assertEquals(board.pin("D12").level, 1); // closing does nothing to it
  }
});

test(
  "leaves the board alone if it is told to, and says nothing to nobody",
  false,
  async (world) => {
    const { board, link, until } = world;
    await until(() => board.milliseconds > 2200);
    assertEquals(link.bytes.sent, 0);
    assert(link.bytes.dropped > 40); // version and name
    const port = await open(world);
    const bytes: number[] = [];
    port.on("data", (chunk: Uint8Array) => bytes.push(...chunk));
    port.write(Uint8Array.of(0xf9));
    await until(() => bytes.length >= 3);
    assertEquals(bytes, [0xf9, 2, 5]);
    await closePort(port);
  },
);

test("takes no more from a program than a serial line carries", true, async (world) => {
  const { board, link, until } = world;
  const { port } = await connect(world);
  port.write(new Uint8Array(3000));
  const [began, before] = [board.milliseconds, link.bytes.received];
  await until(() => link.bytes.received - before === 3000);
  assert(board.milliseconds - began > 480, `${board.milliseconds - began} ms`);
  assertEquals(board.lost, 0);
  await closePort(port);
});
