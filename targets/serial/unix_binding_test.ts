import { Buffer } from "node:buffer";
import { assertEquals, assertNotEquals, assertRejects } from "@std/assert";
import { SerialError } from "./error.ts";
import { PseudoTerminal } from "./pseudo_terminal.ts";
import { UnixBinding } from "./unix_binding.ts";
import type { UnixPort } from "./unix_port.ts";

const ignore = Deno.build.os === "windows";

function test(name: string, run: () => Promise<void>): void {
  Deno.test({ name: `UnixBinding ${name}`, ignore, fn: run });
}

async function withPort(
  run: (port: UnixPort, wire: PseudoTerminal) => Promise<void>,
  options: object = {},
): Promise<void> {
  using wire = new PseudoTerminal();
  const port = await UnixBinding.open({ path: wire.path, baudRate: 9600, ...options });
  try {
    await run(port, wire);
  } finally {
    if (port.isOpen) await port.close();
  }
}

function send(wire: PseudoTerminal, text: string): void {
  assertEquals(wire.write(new TextEncoder().encode(text)), text.length);
}

/** Reads `length` bytes from the wire, as they come. */
async function receive(wire: PseudoTerminal, length: number): Promise<string> {
  let text = "";
  while (text.length < length) {
    text += new TextDecoder("latin1").decode(wire.read(length - text.length));
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  return text;
}

async function readText(port: UnixPort, length: number): Promise<string> {
  const { buffer, bytesRead } = await port.read(Buffer.alloc(length), 0, length);
  return buffer.toString("latin1", 0, bytesRead);
}

async function settingsOf(wire: PseudoTerminal): Promise<string> {
  const { stdout } = await new Deno.Command("stty", {
    args: [Deno.build.os === "linux" ? "-F" : "-f", wire.path, "-a"],
  }).output();
  return new TextDecoder().decode(stdout);
}

test("open rejects for what is no options, no path, no baud rate", async () => {
  await assertRejects(() => UnixBinding.open(null as never), TypeError, '"options"');
  await assertRejects(() => UnixBinding.open({ baudRate: 9600 } as never), TypeError, '"path"');
  await assertRejects(
    () => UnixBinding.open({ path: "/dev/null" } as never),
    TypeError,
    "baudRate",
  );
});

test("open says that a port is not there, and that a file is none", async () => {
  const missing = await assertRejects(
    () => UnixBinding.open({ path: "/dev/ttyNOPE9", baudRate: 9600 }),
    SerialError,
    'Cannot open the serial port "/dev/ttyNOPE9": no such device',
  );
  assertEquals(missing.code, "ENOENT");
  const file = await assertRejects(
    () => UnixBinding.open({ path: "/dev/null", baudRate: 9600 }),
    SerialError,
    "it is not one",
  );
  assertEquals(file.code, "EINVAL");
});

test("open takes fast rates", async () => {
  await withPort(async (port) => {
    assertEquals(await port.getBaudRate(), { baudRate: 1_000_000 });
  }, { baudRate: 1_000_000 });
});

test("open refuses a baud rate that the system does not know", async () => {
  using wire = new PseudoTerminal();
  const error = await assertRejects(
    () => UnixBinding.open({ path: wire.path, baudRate: 25_000_001 }),
    SerialError,
  );
  assertEquals(error.code, "EINVAL");
});

test("open locks the port, and close unlocks it", async () => {
  await withPort(async (port, wire) => {
    const again = { path: wire.path, baudRate: 115_200 };
    const error = await assertRejects(
      () => UnixBinding.open(again),
      SerialError,
      "another program",
    );
    assertEquals(error.code, "EBUSY");
    assertEquals(await port.getBaudRate(), { baudRate: 9600 });
    await port.close();
    await (await UnixBinding.open(again)).close();
  });
});

test("open without lock shares the port", async () => {
  await withPort(async (_port, wire) => {
    await (await UnixBinding.open({ path: wire.path, baudRate: 9600, lock: false })).close();
  });
});

test("open gives the port its settings", async () => {
  await withPort(async (port, wire) => {
    assertEquals([port.openOptions.dataBits, port.openOptions.hupcl], [8, true]);
    const settings = (await settingsOf(wire)).split(/[\s;]+/);
    for (
      const each of ["cs8", "-parenb", "cstopb", "ixon", "-ixoff", "-echo", "-icanon"]
    ) {
      assertEquals(settings.includes(each), true, each);
    }
  }, { stopBits: 2, xon: true });
});

test("read gives what is there, and waits where nothing is", async () => {
  await withPort(async (port, wire) => {
    send(wire, "hello");
    assertEquals(await readText(port, 3), "hel");
    assertEquals(await readText(port, 100), "lo");
    const later = readText(port, 100);
    await new Promise((resolve) => setTimeout(resolve, 250)); // longer than one read of the system
    send(wire, "later");
    assertEquals(await later, "later");
  });
});

test("read puts bytes where it is told, any byte", async () => {
  await withPort(async (port, wire) => {
    const all = Uint8Array.from({ length: 256 }, (_, i) => i);
    wire.write(all);
    const buffer = Buffer.alloc(300, 0xaa);
    let at = 10;
    while (at < 266) at += (await port.read(buffer, at, 266 - at)).bytesRead;
    assertEquals(new Uint8Array(buffer.subarray(10, 266)), all);
    assertEquals([buffer[9], buffer[266]], [0xaa, 0xaa]);
  });
});

test("read rejects for a buffer that is none or too small", async () => {
  await withPort(async (port) => {
    await assertRejects(() => port.read("no" as never, 0, 1), TypeError, "Buffer");
    await assertRejects(() => port.read(Buffer.alloc(1), Number.NaN, 1), TypeError, "offset");
    await assertRejects(() => port.read(Buffer.alloc(1), 0, Number.NaN), TypeError, "length");
    await assertRejects(() => port.read(Buffer.alloc(4), 2, 3), Error, "too small");
  });
});

test("close rejects the read and the write under way as cancelled", async () => {
  await withPort(async (port) => {
    const reading = assertRejects(() => readText(port, 1), SerialError);
    // More than a pseudo-terminal holds while nobody reads.
    const writing = assertRejects(() => port.write(Buffer.alloc(100_000)), SerialError);
    await new Promise((resolve) => setTimeout(resolve, 20));
    const closed = port.close();
    assertEquals((await reading).canceled, true);
    assertEquals((await writing).canceled, true);
    assertEquals(port.isOpen, false);
    // The write's thread: a pseudo-terminal that nobody reads keeps it until it hangs up.
    await closed;
  });
});

test("after close everything rejects", async () => {
  await withPort(async (port) => {
    await port.close();
    for (
      const use of [
        () => port.close(),
        () => port.read(Buffer.alloc(1), 0, 1),
        () => port.write(Buffer.alloc(1)),
        () => port.update({ baudRate: 9600 }),
        () => port.set({}),
        async () => await port.get(),
        () => port.getBaudRate(),
        () => port.flush(),
        () => port.drain(),
      ]
    ) await assertRejects(use, Error, "Port is not open");
  });
});

test("write gives the system all of it, more than it holds at once", async () => {
  await withPort(async (port, wire) => {
    const text = "0123456789".repeat(2000);
    const [got] = await Promise.all([receive(wire, text.length), port.write(Buffer.from(text))]);
    assertEquals(got, text);
    await port.write(Buffer.alloc(0));
    await assertRejects(() => port.write("no" as never), TypeError, "Buffer");
  });
});

test("write waits while XOFF is in force, and goes on after XON", async () => {
  await withPort(async (port, wire) => {
    send(wire, "\x13");
    await new Promise((resolve) => setTimeout(resolve, 50));
    let written = false;
    const writing = port.write(Buffer.from("held")).then(() => written = true);
    await new Promise((resolve) => setTimeout(resolve, 50));
    assertEquals([written, wire.read().length], [false, 0]);
    send(wire, "\x11");
    assertEquals(await receive(wire, 4), "held");
    await writing;
  }, { xon: true });
});

test("close lets go of a write that XOFF holds", async () => {
  await withPort(async (port, wire) => {
    send(wire, "\x13");
    await new Promise((resolve) => setTimeout(resolve, 50));
    const writing = assertRejects(() => port.write(Buffer.from("held")), SerialError);
    await new Promise((resolve) => setTimeout(resolve, 20));
    await port.close();
    assertEquals((await writing).canceled, true);
  }, { xon: true });
});

test("update changes the speed", async () => {
  await withPort(async (port) => {
    await port.update({ baudRate: 57_600 });
    assertEquals(await port.getBaudRate(), { baudRate: 57_600 });
    await assertRejects(() => port.update({} as never), TypeError, "baudRate");
    await assertRejects(() => port.update({ baudRate: 25_000_001 }), SerialError);
  });
});

test("set lowers and raises DTR by the speed, and refuses breaks", async () => {
  await withPort(async (port) => {
    await port.set({ dtr: false, rts: false });
    assertEquals(await port.getBaudRate(), { baudRate: 0 });
    await port.set({ dtr: true, rts: true });
    assertEquals(await port.getBaudRate(), { baudRate: 9600 });
    await assertRejects(() => port.set((() => {}) as never), TypeError, "options");
    await assertRejects(() => port.set({ brk: true }), SerialError, "break");
    await assertRejects(() => port.get(), SerialError, "CTS");
  });
});

test("flush discards what was received", async () => {
  await withPort(async (port, wire) => {
    send(wire, "read");
    assertEquals(await readText(port, 100), "read");
    send(wire, "rubbish");
    await new Promise((resolve) => setTimeout(resolve, 50));
    await port.flush();
    send(wire, "good");
    assertEquals(await readText(port, 100), "good");
  });
});

test("drain resolves when what was written has left", async () => {
  await withPort(async (port, wire) => {
    const [got] = await Promise.all([receive(wire, 5), port.write(Buffer.from("hello"))]);
    await port.drain();
    assertEquals(got, "hello");
  });
});

test("drain waits for the write under way", async () => {
  await withPort(async (port, wire) => {
    let written = false;
    const writing = port.write(Buffer.alloc(30_000)).then(() => written = true);
    const drained = port.drain().then(() => written);
    await receive(wire, 30_000);
    assertEquals(await drained, true);
    await writing;
  });
});

test("a hung-up port fails the read, the write and the settings", async () => {
  await withPort(async (port, wire) => {
    const reading = assertRejects(() => readText(port, 1), SerialError, "is gone");
    wire.close();
    const error = await reading;
    assertEquals([error.code, error.canceled, error.disconnect], ["EIO", false, true]);
    await assertRejects(() => readText(port, 1), SerialError, "is gone");
    await assertRejects(() => port.write(Buffer.from("x")), SerialError, "is gone");
    await assertRejects(() => port.drain(), SerialError);
  });
});

test("list gives ports with a path", async () => {
  for (const port of await UnixBinding.list()) {
    assertEquals(port.path.startsWith("/dev/"), true);
    for (const value of Object.values(port)) assertNotEquals(value, "");
  }
});

Deno.test({
  name: "UnixBinding open leaves a process that leads a session without a terminal without one",
  ignore: Deno.build.os !== "linux",
  async fn() {
    using wire = new PseudoTerminal();
    // The fifth field after the name is the controlling terminal; hanging up would end its leader.
    const script = `
      import { UnixBinding } from ${JSON.stringify(import.meta.resolve("./unix_binding.ts"))};
      const port = await UnixBinding.open({ path: Deno.args[0], baudRate: 9600 });
      const [, , , session, terminal] = Deno.readTextFileSync("/proc/self/stat")
        .split(") ")[1].split(" ");
      console.log(session === String(Deno.pid), terminal);
      await port.close();`;
    const { stdout } = await new Deno.Command("setsid", {
      args: ["-w", Deno.execPath(), "eval", "--ext=ts", script, wire.path],
    }).output();
    assertEquals(new TextDecoder().decode(stdout), "true 0\n");
  },
});
