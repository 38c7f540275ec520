import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { type Board, createTask, DeviceError, getRunningLoop, type Serial, sleep } from "awaitio";
import { type SerialPeer, simulate, type Simulation, type TraceEvent } from "awaitio/simulator";

const now = () => Math.round(getRunningLoop().time() * 1000) / 1000;

/** Runs a program with a line at 9600 baud, on which a byte takes 1.0417 ms. */
function withLine(
  program: (line: Serial, board: Board) => unknown,
  world: (peer: SerialPeer, sim: Simulation) => unknown = () => {},
  baudRate = 9600,
) {
  return simulate(async (board: Board) => {
    await program(board.serial("Serial1", { baudRate }), board);
  }, async (sim) => {
    await world(sim.serial("Serial1"), sim);
    await sim.sleep(1000);
  });
}

Deno.test("write: goes on at once while the line's 64 bytes have room", async () => {
  const log: string[] = [];
  await withLine(async (line) => {
    await line.write("x".repeat(40));
    log.push(`40 at ${now()}`);
    await line.write("x".repeat(24));
    log.push(`64 at ${now()}`);
    await line.write("x");
    log.push(`65 at ${now()}`);
    await line.drain();
    log.push(`drained at ${now()}`);
  });
  // One byte has to leave before the 65th fits; 65 bytes take 67.708 ms.
  assertEquals(log, ["40 at 0", "64 at 0", "65 at 1.042", "drained at 67.708"]);
});

Deno.test("write: of more than fits goes on when the rest fits", async () => {
  const log: string[] = [];
  await withLine(async (line) => {
    await line.write("x".repeat(100));
    log.push(`100 at ${now()}`);
    await line.write("x".repeat(10));
    log.push(`110 at ${now()}`);
    await line.drain();
    log.push(`drained at ${now()}`);
    await line.drain();
    log.push(`still at ${now()}`);
  });
  assertEquals(log, ["100 at 37.5", "110 at 47.917", "drained at 114.583", "still at 114.583"]);
});

Deno.test("write: writers go on in the order of their calls, and so do their bytes", async () => {
  const log: string[] = [];
  const sim = await withLine(async (line) => {
    const write = async (data: string) => {
      await line.write(data);
      log.push(`${data[0]} at ${now()}`);
    };
    createTask(write, "a".repeat(60));
    createTask(write, "b".repeat(60));
    createTask(write, "c".repeat(60));
    await sleep(500);
  });
  assertEquals(log, ["a at 0", "b at 58.333", "c at 120.833"]);
  assertEquals(
    sim.serial("Serial1").received,
    "a".repeat(60) + "b".repeat(60) + "c".repeat(60),
  );
});

Deno.test("write: of nothing goes on at once, and so does draining an idle line", async () => {
  const log: number[] = [];
  await withLine(async (line) => {
    await line.write("");
    log.push(now());
    await line.drain();
    log.push(now());
  });
  assertEquals(log, [0, 0]);
});

Deno.test("write: copies the bytes that it is given", async () => {
  const sim = await withLine(async (line) => {
    const bytes = Uint8Array.of(97, 98, 99);
    const written = line.write(bytes);
    bytes.fill(120);
    await written;
    await line.drain();
  });
  assertEquals(sim.serial("Serial1").received, "abc");
});

Deno.test("write: what was handed over is sent although its writer was cancelled", async () => {
  const log: string[] = [];
  const sim = await withLine(async (line) => {
    const writer = createTask(() => line.write("x".repeat(100)));
    await sleep(10);
    writer.cancel();
    await line.drain();
    log.push(`${writer.cancelled()} at ${now()}`);
  });
  assertEquals(log, ["true at 104.167"]);
  assertEquals(sim.serial("Serial1").received.length, 100);
});

Deno.test("write: text is sent as UTF-8, and read so at the far end however it is split", async () => {
  const sim = await withLine(async (line) => {
    await line.write("grüße 🙂 ");
    for (const byte of new TextEncoder().encode("é€🙂")) await line.write(Uint8Array.of(byte));
    await line.drain();
  });
  assertEquals(sim.serial("Serial1").received, "grüße 🙂 é€🙂");
});

Deno.test("write: a closed line refuses it; what was on its way still comes", async () => {
  const sim = await withLine(async (line) => {
    await line.write("bye\n");
    line.close();
    await assertRejects(
      async () => await line.write("more\n"),
      DeviceError,
      'Cannot use serial line "Serial1": it is closed',
    );
    await sleep(100);
  });
  assertEquals(sim.serial("Serial1").received, "bye\n");
});

Deno.test("write: a program that ends with bytes on their way is not at fault", async () => {
  const sim = await simulate(async (board: Board) => {
    await board.serial("Serial1").write("bye\n");
  });
  assertEquals([sim.outcome, sim.faults.length, sim.time], ["program", 0, 0]);
});

for (const [baudRate, at] of [[300, 200], [9600, 6.25], [115_200, 0.521]] as const) {
  Deno.test(`baud rate: six bytes at ${baudRate} baud take ${at} ms, either way`, async () => {
    const log: string[] = [];
    await withLine(
      async (line) => {
        log.push(`${await line.readLine()} in ${now()}`);
        const began = getRunningLoop().time();
        await line.write("ready\n");
        await line.drain();
        log.push(`sent in ${Math.round((getRunningLoop().time() - began) * 1000) / 1000}`);
      },
      (peer) => peer.type("hello\n"),
      baudRate,
    );
    assertEquals(log, [`hello in ${at}`, `sent in ${at}`]);
  });
}

Deno.test("baud rate: bytes are handed to the program sixteen at a time, as a UART's FIFO does", async () => {
  const events: string[] = [];
  await simulate(async (board: Board) => {
    await board.serial("Serial1", { baudRate: 10_000 }).readExactly(40);
  }, async (sim) => {
    sim.serial("Serial1").type("a".repeat(39) + "\n");
    await sim.sleep(100);
  }, {
    onEvent: (event: TraceEvent) => {
      if (event.kind === "serial") events.push(`${event.dir} ${event.text.length} at ${event.t}`);
    },
  });
  assertEquals(events, ["rx 16 at 16", "rx 16 at 32", "rx 8 at 40"]);
});

Deno.test("the far end: expect gives what was written up to the wanted text, and goes on behind it", async () => {
  const log: string[] = [];
  await withLine(async (line) => {
    await line.write("one two ");
    await sleep(50);
    await line.write("three two!");
    await line.drain();
  }, async (peer) => {
    log.push(await peer.expect("two"));
    log.push(await peer.expect("two"));
    log.push(await peer.expect("!"));
  });
  assertEquals(log, ["one two", " three two", "!"]);
});

Deno.test("the far end: expect says what came instead of what was wanted", async () => {
  await assertRejects(
    () =>
      withLine(async (line) => {
        await line.write("no\n");
        await sleep(1000);
      }, (peer) => peer.expect("yes", 50)),
    Error,
    'Expected "yes" on Serial1 within 50 ms; got "no\\n"',
  );
});

Deno.test("the far end: noise flips bits of what is sent, the same ones for the same seed", async () => {
  const garbled = async (seed: number) => {
    let read = new Uint8Array();
    await simulate(async (board: Board) => {
      const line = board.serial("Serial1", { baudRate: 115_200, bufferSize: 4096 });
      read = await line.readExactly(4000) as Uint8Array<ArrayBuffer>;
    }, async (sim) => {
      const peer = sim.serial("Serial1");
      peer.noise(0.01);
      peer.send(new Uint8Array(4000));
      await sim.sleep(1000);
    }, { seed });
    return read;
  };
  const first = await garbled(1);
  assertEquals(await garbled(1), first);
  const flipped = first.reduce((sum, byte) => sum + byte.toString(2).replaceAll("0", "").length, 0);
  assert(flipped > 250 && flipped < 390, `${flipped} of 32000`);
  assert((await garbled(2)).some((byte, i) => byte !== first[i]));
});

Deno.test("the far end: a line that the board does not have is refused with a list", async () => {
  await simulate(() => {}, (sim) => {
    assertThrows(
      () => sim.serial("Serial9"),
      RangeError,
      'Cannot find serial line "Serial9"; the board has Serial1',
    );
  });
});
