import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import {
  type Board,
  CancelledError,
  createTask,
  DeviceError,
  getRunningLoop,
  IncompleteReadError,
  LimitOverrunError,
  RuntimeError,
  type Serial,
  type SerialOptions,
  sleep,
  type Task,
  timeout,
  TimeoutError,
} from "awaitio";
import { type SerialPeer, simulate, type Simulation } from "awaitio/simulator";

const now = () => Math.round(getRunningLoop().time() * 1000) / 1000;
const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

/** Runs a program with a line on which a byte takes a millisecond. */
function withLine(
  program: (line: Serial, board: Board) => unknown,
  world: (peer: SerialPeer, sim: Simulation) => unknown,
  options: SerialOptions = {},
) {
  return simulate(async (board: Board) => {
    await program(board.serial("Serial1", { baudRate: 10_000, ...options }), board);
  }, async (sim) => {
    await world(sim.serial("Serial1"), sim);
    await sim.sleep(1000);
  });
}

/** Notes what a read gives, or how it fails, and when. */
async function noted(log: string[], read: () => PromiseLike<Uint8Array | string>) {
  let what: string;
  try {
    const data = await read();
    what = JSON.stringify(typeof data === "string" ? data : text(data));
  } catch (error) {
    if (error instanceof IncompleteReadError) {
      what = `incomplete ${JSON.stringify(text(error.partial))}, expected ${error.expected}`;
    } else if (error instanceof LimitOverrunError) what = `overrun, ${error.consumed} may be read`;
    else if (error instanceof DeviceError) what = `broken: ${error.message}`;
    else throw error;
  }
  log.push(`${what} at ${now()}`);
}

Deno.test("read: gives what is there, else waits for it; at most as much as asked for", async () => {
  const log: string[] = [];
  await withLine(async (line) => {
    await noted(log, () => line.read());
    await sleep(50);
    assertEquals(line.available, 5);
    await noted(log, () => line.read(2));
    await noted(log, () => line.read(2));
    await noted(log, () => line.read());
  }, async (peer, sim) => {
    peer.type("abc");
    await sim.sleep(20);
    peer.type("defgh");
  });
  assertEquals(log, ['"abc" at 3', '"de" at 53', '"fg" at 53', '"h" at 53']);
});

Deno.test("read: refuses to read nothing", async () => {
  await withLine((line) => {
    assertThrows(() => line.read(0), RangeError, "Cannot read 0 bytes: pass at least 1");
    assertThrows(() => line.read(NaN), RangeError);
    assertThrows(() => line.readExactly(-1), RangeError, "pass a whole number from 0");
    assertThrows(() => line.readExactly(1.5), RangeError);
    assertThrows(() => line.readUntil(""), RangeError, "Cannot read up to nothing");
    assertThrows(() => line.readUntilIdle(0), RangeError, "Cannot wait 0 ms: pass more than 0");
  }, () => {});
});

Deno.test("readLine: gives lines without their ends, empty ones too", async () => {
  const log: string[] = [];
  await withLine(async (line) => {
    for (let i = 0; i < 6; i++) log.push(await line.readLine());
  }, (peer) => peer.type("one\ntwo\r\n\n\r\nr\rs\n\r\r\n"));
  assertEquals(log, ["one", "two", "", "", "r\rs", "\r"]);
});

Deno.test("readLine: puts together what comes in pieces, also characters", async () => {
  const log: string[] = [];
  await withLine(async (line) => {
    await noted(log, () => line.readLine());
    await noted(log, () => line.readLine());
  }, async (peer, sim) => {
    const bytes = new TextEncoder().encode("grüße 🙂\r\nund mehr\n");
    for (const byte of bytes) {
      peer.send(Uint8Array.of(byte));
      await sim.sleep(10);
    }
  });
  assertEquals(log, ['"grüße 🙂" at 131', '"und mehr" at 221']);
});

Deno.test("readExactly: gives as many bytes as asked for, when they are there", async () => {
  const log: string[] = [];
  await withLine(async (line) => {
    await noted(log, () => line.readExactly(4));
    await noted(log, () => line.readExactly(0));
    await noted(log, () => line.readExactly(3));
  }, async (peer, sim) => {
    peer.type("abc");
    await sim.sleep(10);
    peer.type("defg");
  });
  assertEquals(log, ['"abcd" at 14', '"" at 14', '"efg" at 14']);
});

Deno.test("readExactly: makes room for more than the buffer holds", async () => {
  const log: string[] = [];
  await withLine(
    async (line) => {
      await noted(log, () => line.readExactly(20));
      assertEquals(line.dropped, 0);
    },
    (peer) => peer.type("abcdefghijklmnopqrst"),
    { bufferSize: 8 },
  );
  assertEquals(log, ['"abcdefghijklmnopqrst" at 20']);
});

Deno.test("readUntil: gives what came up to the separator and with it, wherever that is split", async () => {
  for (let split = 1; split < 9; split++) {
    const log: string[] = [];
    await withLine(async (line) => {
      await noted(log, () => line.readUntil("END"));
      await noted(log, () => line.readUntil(Uint8Array.of(69, 78, 68)));
      await noted(log, () => line.readUntil("?"));
    }, async (peer, sim) => {
      peer.type("EEENEND!END?".slice(0, split));
      await sim.sleep(100);
      peer.type("EEENEND!END?".slice(split));
    });
    const at = split < 7 ? 112 - split : split;
    assertEquals(log, [
      `"EEENEND" at ${at}`,
      `"!END" at ${112 - split}`,
      `"?" at ${112 - split}`,
    ], `split ${split}`);
  }
});

Deno.test("readUntilIdle: gives what has come once the line has been silent for that long", async () => {
  const log: string[] = [];
  await withLine(async (line) => {
    await noted(log, () => line.readUntilIdle(10));
    await sleep(30);
    await noted(log, () => line.readUntilIdle(10));
  }, async (peer, sim) => {
    await sim.sleep(50); // silence before the first byte does not count
    peer.type("ab");
    await sim.sleep(9);
    peer.type("cd");
    await sim.sleep(20);
    peer.type("ef");
  });
  assertEquals(log, ['"abcd" at 71', '"ef" at 111']);
});

Deno.test("readUntilIdle: leaves no deadline behind when it is cancelled", async () => {
  const deadlines: number[] = [];
  await simulate(async (board: Board) => {
    const line = board.serial("Serial1", { baudRate: 10_000 });
    await timeout(50, () => line.readUntilIdle(100)).catch(() => {});
    assertEquals(text(await line.read()), "abc");
  }, async (sim) => {
    sim.serial("Serial1").type("abc");
    await sim.sleep(1000);
  }, {
    onEvent: (event) => {
      if (event.kind === "timer") deadlines.push(event.at);
    },
  });
  assertEquals(deadlines, [3, 50, 1000]); // none at 103
});

Deno.test("for await: gives the lines, and what came after the last one when the line ends", async () => {
  const log: string[] = [];
  await withLine(async (line) => {
    getRunningLoop().callLater(50, () => line.close());
    for await (const each of line) log.push(`${each} at ${now()}`);
    log.push(`end at ${now()}`);
  }, (peer) => peer.type("one\n\ntwo\nrest"));
  assertEquals(log, ["one at 13", " at 13", "two at 13", "rest at 50", "end at 50"]);
});

Deno.test("for await: a loop that is left and begun again goes on with the next line", async () => {
  const log: string[] = [];
  await withLine(async (line) => {
    for await (const each of line) {
      log.push(each);
      break;
    }
    for await (const each of line) if (log.push(each) === 3) break;
  }, (peer) => peer.type("one\ntwo\nthree\n"));
  assertEquals(log, ["one", "two", "three"]);
});

Deno.test("the end of the line: reads give what is left, then nothing; the others say what was missing", async () => {
  const log: string[] = [];
  const after = async (read: (line: Serial) => PromiseLike<Uint8Array | string>) => {
    await withLine(async (line) => {
      getRunningLoop().callLater(10, () => line.close());
      await noted(log, () => read(line));
      await noted(log, () => line.read());
    }, (peer) => peer.type("abc"));
  };
  await after((line) => line.readExactly(5));
  await after((line) => line.readLine());
  await after((line) => line.readUntil(";"));
  await after((line) => line.readUntilIdle(100));
  await after((line) => line.readExactly(3));
  assertEquals(log, [
    'incomplete "abc", expected 5 at 10',
    '"" at 10',
    'incomplete "abc", expected null at 10',
    '"" at 10',
    'incomplete "abc", expected null at 10',
    '"" at 10',
    '"abc" at 10',
    '"" at 10',
    '"abc" at 3',
    '"" at 10',
  ]);
});

Deno.test("the end of the line: a reader that is cancelled in its turn leaves the rest", async () => {
  const log: string[] = [];
  let reader: Task<unknown> | undefined;
  let line: Serial | undefined;
  await simulate(async (board: Board) => {
    line = board.serial("Serial1", { baudRate: 10_000 });
    reader = createTask(() => line!.readLine());
    await assertRejects(async () => await reader!, CancelledError);
    await noted(log, () => line!.read());
  }, async (sim) => {
    sim.serial("Serial1").type("abc");
    await sim.sleep(10);
    line!.close();
    reader!.cancel();
    await sim.sleep(10);
  });
  assertEquals(log, ['"abc" at 10']);
});

Deno.test("overrun: a full buffer without a separator says so, takes nothing, and counts what it drops", async () => {
  const log: string[] = [];
  await withLine(async (line) => {
    await noted(log, () => line.readLine());
    await noted(log, () => line.readUntil("--"));
    await sleep(50);
    assertEquals([line.available, line.dropped], [8, 5]);
    await noted(log, () => line.read(7));
    await noted(log, () => line.readLine());
  }, async (peer, sim) => {
    peer.type("abcdefghijklm"); // comes at once: thirteen bytes are less than a FIFO full
    await sim.sleep(100);
    peer.type("x\n");
  }, { bufferSize: 8 });
  assertEquals(log, [
    "overrun, 8 may be read at 13",
    "overrun, 7 may be read at 13",
    '"abcdefg" at 63',
    '"hx" at 102',
  ]);
});

Deno.test("one reader at a time: the second is told what the first waits in", async () => {
  await withLine(async (line) => {
    const first = createTask(() => line.readLine());
    await sleep(1);
    const message = 'Cannot read from "Serial1": another task waits in Serial1.readLine()';
    assertThrows(() => line.read(), RuntimeError, message);
    assertThrows(() => line.readUntilIdle(5), RuntimeError, message);
    first.cancel();
    await sleep(0);
    assertEquals(text(await line.read()), "x");
  }, async (peer, sim) => {
    await sim.sleep(10);
    peer.type("x");
  });
});

Deno.test("a cancelled read loses no byte, also in the turn in which its bytes came", async () => {
  const log: string[] = [];
  await withLine(async (line) => {
    // The fourth millisecond brings the bytes and the end of the limit alike.
    for (const limit of [2, 4, 6]) {
      const read = timeout(limit, () => line.readExactly(4));
      await read.then((bytes) => log.push(text(bytes)), (error) => {
        if (!(error instanceof TimeoutError)) throw error;
        log.push(`nothing by ${now()}`);
      });
    }
    await noted(log, () => line.read());
  }, async (peer, sim) => {
    await sim.sleep(2);
    peer.type("abcd");
    await sim.sleep(10);
    peer.type("e");
  });
  assertEquals(log.at(-1), '"e" at 13');
  assertEquals(log.slice(0, -1).filter((entry) => entry === "abcd").length, 1);
});

Deno.test("break: the reader hears why, and reads on if the line comes back", async () => {
  const log: string[] = [];
  await withLine(async (line) => {
    await noted(log, () => line.readLine());
    await noted(log, () => line.readLine());
  }, async (peer, sim) => {
    peer.type("abc");
    await sim.sleep(20);
    peer.break("the cable was pulled");
    await sim.sleep(20);
    peer.type("def\n");
  });
  assertEquals(log, ["broken: the cable was pulled at 20", '"abcdef" at 44']);
});

Deno.test("break: while nobody reads, it waits for the next reader and comes after the bytes", async () => {
  const log: string[] = [];
  await withLine(async (line) => {
    await sleep(50);
    await noted(log, () => line.read());
    await noted(log, () => line.read());
    await noted(log, () => line.read());
  }, async (peer, sim) => {
    peer.type("abc");
    await sim.sleep(20);
    peer.break("framing error");
    await sim.sleep(60);
    peer.type("def");
  });
  assertEquals(log, ['"abc" at 50', "broken: framing error at 50", '"def" at 83']);
});

Deno.test("what comes while the line is closed is lost, as on a board", async () => {
  const log: string[] = [];
  await withLine(async (line, board) => {
    line.close();
    await sleep(20);
    const again = board.serial("Serial1", { baudRate: 10_000 });
    await noted(log, () => again.readLine());
  }, async (peer, sim) => {
    await sim.sleep(10);
    assertEquals(peer.isOpen, false);
    peer.type("lost\n");
    await sim.sleep(20);
    assertEquals(peer.isOpen, true);
    peer.type("found\n");
  });
  assertEquals(log, ['"found" at 36']);
});
