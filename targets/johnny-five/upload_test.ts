import { assertEquals, assertRejects } from "@std/assert";
import { mega } from "../../boards/mega.ts";
import { nano } from "../../boards/nano.ts";
import { uno } from "../../boards/uno.ts";
import type { BoardSpec } from "../../runtime/io/spec.ts";
import { EmulatedArduino } from "../simulator/arduino/board.ts";
import { MEGA, OLD_NANO, OPTIBOOT } from "../simulator/arduino/real_bootloaders_test.ts";
import { UsageError } from "../usage_error.ts";
import { BoardPort, withBootloader } from "./boot_world_test.ts";
import { BOOTLOADERS } from "./bootloader.ts";
import { type Booted, findBootloader } from "./find_bootloader.ts";
import { FIRMATA } from "./firmata_images.ts";
import { hearFirmata } from "./hear_firmata.ts";
import { readImage } from "./intel_hex.ts";
import { BootingMega } from "./mega_world_test.ts";
import { upload } from "./upload.ts";

const KEPT = "The program that was on the board is still there.";
const GONE = "The program that was on the board is gone. Its bootloader is not: flash again.";

/** A board that is flashed, and what comes of it. */
class World {
  readonly #ending = new AbortController();
  readonly progress: string[] = [];
  /** Called at each step, before it is done. */
  onStep: (step: string) => void = () => {};

  constructor(readonly port: BoardPort, readonly board: BoardSpec = uno) {}

  async find(): Promise<Booted> {
    const { port, board } = this;
    return await findBootloader(port.open, "P", board, BOOTLOADERS[board.id]!, this.#ending.signal);
  }

  /** Flashes Firmata, or that many bytes of it, and says what then runs. */
  async flash(length = Infinity): Promise<string> {
    const { board } = this;
    const { line, boot } = await this.find();
    const spec = BOOTLOADERS[board.id]!;
    await upload(boot, {
      ...{ path: "P", board: board.id, spec, signal: this.#ending.signal },
      image: readImage(FIRMATA[board.id]!, spec.room).subarray(0, length),
      onProgress: (step, done, total) => {
        this.progress.push(`${step} ${done}/${total}`);
        this.onStep(this.progress.at(-1)!);
      },
    });
    return await hearFirmata(line, "P", this.#ending.signal);
  }

  interrupt(): void {
    this.#ending.abort();
  }

  /** Flashes, and gives how that fails. */
  async fail(): Promise<[exit: number, ...says: string[]]> {
    const error = await assertRejects(() => this.flash(), UsageError);
    return [error.exit, ...error.message.split("\n")];
  }
}

function onOptiboot(): World {
  return new World(new BoardPort(withBootloader(OPTIBOOT!), [115_200, 57_600]));
}

function test(name: string, fn: () => Promise<void>, bootloader: string | null = OPTIBOOT): void {
  Deno.test({ name: `upload ${name}`, ignore: bootloader === null, fn });
}

test("puts Firmata on an Uno through Optiboot, verifies and starts it", async () => {
  const world = onOptiboot();
  assertEquals(await world.flash(), "Firmata 2.5 (node_pixel_firmata.ino 2.5)");
  const { length } = world.progress;
  assertEquals(world.progress.slice(0, 2), ["send 0/14848", "send 128/14848"]);
  assertEquals(world.progress.slice(length / 2 - 1).slice(0, 2), [
    "send 14720/14848",
    "verify 0/14848",
  ]);
  assertEquals(world.progress.at(-1), "verify 14848/14848");
  assertEquals(world.port.log, ["open 115200", "reset", "speed 57600"]);
});

test("takes the other speed for a Nano's old bootloader", async () => {
  const board = withBootloader(OLD_NANO!, { baudRate: 57_600 });
  const world = new World(new BoardPort(board, [57_600]), nano);
  assertEquals(await world.flash(), "Firmata 2.5 (node_pixel_firmata.ino 2.5)");
  assertEquals(
    world.port.log,
    ["open 115200", "reset", "open 57600", "reset", "speed 57600"],
  );
}, OLD_NANO);

test("puts Firmata on a Mega through its bootloader, and starts it", async () => {
  const world = new World(new BoardPort(new BootingMega(MEGA!), [115_200, 57_600]), mega);
  assertEquals(await world.flash(), "Firmata 2.5 (node_pixel_firmata.ino 2.5)");
  assertEquals(world.progress.at(-1), "verify 18176/18176");
  assertEquals(world.port.log, ["open 115200", "reset", "speed 57600"]);
}, MEGA);

test("leaves a board alone whose chip is another", async () => {
  const world = onOptiboot();
  world.port.faults.fromBoard = (bytes) =>
    bytes.join() === [0x14, 0x1e, 0x95, 0x0f, 0x10].join()
      ? [0x14, 0x1e, 0x94, 0x06, 0x10] // an older Nano's
      : bytes;
  assertEquals(await world.fail(), [
    2,
    'Cannot flash "uno": on "P" is an ATmega168 (0x1e9406), not an ATmega328P (0x1e950f); give its ' +
    "--board or another --port",
    KEPT,
  ]);
  assertEquals(world.progress, []);
});

test("finds a byte that differs", async () => {
  const world = onOptiboot();
  world.port.faults.fromBoard = (bytes) => {
    // The answer to reading the page at 0x80.
    if (bytes.length === 130 && world.progress.at(-1) === "verify 128/14848") bytes[6]! ^= 0x40;
    return bytes;
  };
  const image = readImage(FIRMATA["uno"]!, 0x7e00);
  const hex = (byte: number): string => `0x${byte.toString(16)}`;
  assertEquals(await world.fail(), [
    1,
    `Cannot verify the firmware: at 0x85 the board has ${hex(image[0x85]! ^ 0x40)}, not ` +
    `${hex(image[0x85]!)}; flash again, with another cable if it stays so`,
    GONE,
  ]);
});

test("says that the program is gone when the cable is pulled, and that flashing again cures it", async () => {
  const { port } = onOptiboot();
  const world = new World(port);
  world.onStep = (step) => step.startsWith("send 2560/") && port.unplug();
  assertEquals(await world.fail(), [
    4,
    'Lost the board on "P": it was unplugged (unplugged); plug it in and try again',
    GONE,
  ]);
  // The bootloader is still there, and so it goes.
  assertEquals(
    await new World(port).flash(),
    "Firmata 2.5 (node_pixel_firmata.ino 2.5)",
  );
});

test("ends at Ctrl-C, before it writes with the old program there", async () => {
  const world = onOptiboot();
  world.port.faults.fromBoard = (bytes) => {
    if (bytes.length === 5) world.interrupt(); // the signature
    return bytes;
  };
  assertEquals(await world.fail(), [130, "Interrupted", KEPT]);
  const later = onOptiboot();
  later.onStep = (step) => step.startsWith("send 128/") && later.interrupt();
  assertEquals(await later.fail(), [130, "Interrupted", GONE]);
});

test("does not wait for a board that was reset half way", async () => {
  const world = onOptiboot();
  const { board } = world.port;
  world.onStep = (step) => {
    if (!step.startsWith("send 256/")) return;
    // The button, and the bootloader's wait.
    board.reset();
    board.runUntil(board.milliseconds + 1600);
  };
  assertEquals(await world.fail(), [
    42,
    'Cannot go on with the board on "P": no answer when asked for the address 0x100; was it reset? ' +
    "Try again",
    GONE,
  ]);
});

test("does not go on when the bootloader refuses", async () => {
  for (const refusal of [[0x15], [0x14, 0x11]]) { // out of sync, failed
    const world = onOptiboot();
    world.port.faults.fromBoard = (bytes) =>
      world.progress.at(-1) === "send 256/14848" ? refusal : bytes;
    assertEquals(await world.fail(), [
      1,
      'Cannot go on with the board on "P": a wrong answer when asked for the address 0x100; was ' +
      "it reset? Try again",
      GONE,
    ]);
  }
});

test("says that the program is still there when the cable is pulled before", async () => {
  const { port } = onOptiboot();
  port.faults.toBoard = (bytes) => {
    port.unplug();
    return bytes;
  };
  assertEquals(await new World(port).fail(), [
    4,
    'Lost the board on "P" (unplugged); plug it in and try again',
    KEPT,
  ]);
});

test("says that what is verified does not answer", async () => {
  const world = onOptiboot();
  world.port.faults.fromBoard = (bytes) => bytes[0] === 0x14 ? bytes : [];
  const [exit, says] = await world.fail();
  assertEquals([exit, says!.split(";")[0]], [
    1,
    'Cannot hear Firmata on "P": the firmware is on the board, verified, but does not answer',
  ]);
});

test("asks again when the first question comes to a board that does not listen yet", async () => {
  const world = onOptiboot();
  let asked = 0;
  world.port.faults.toBoard = (bytes) => asked++ === 0 ? new Uint8Array() : bytes;
  const { line } = await world.find();
  assertEquals([asked, world.port.log], [2, ["open 115200", "reset"]]);
  await line.close();
});

test("says that nothing answers when there is only a program", async () => {
  const world = new World(new BoardPort(new EmulatedArduino(), [57_600]));
  const [exit, says, fate] = await world.fail();
  assertEquals([exit, fate], [4, KEPT]);
  assertEquals(
    says!.split(";")[0],
    'Cannot reach the bootloader of Arduino Uno R3 on "P" at 115200 baud: it does not answer',
  );
  assertEquals(world.port.log, Array(3).fill(["open 115200", "reset"]).flat());
}, "");
