import { assertEquals } from "@std/assert";
import fs from "node:fs";
import { PseudoTerminal } from "./pseudo_terminal.ts";

function test(name: string, run: (wire: PseudoTerminal) => unknown): void {
  Deno.test({
    name: `PseudoTerminal ${name}`,
    ignore: Deno.build.os === "windows",
    async fn() {
      using wire = new PseudoTerminal();
      await run(wire);
    },
  });
}

const { O_RDWR, O_NOCTTY, O_NONBLOCK } = fs.constants;
const open = (wire: PseudoTerminal): number =>
  fs.openSync(wire.path, O_RDWR | O_NOCTTY | O_NONBLOCK);

test("knows whether its port is open, from the start and again and again", (wire) => {
  const seen = [wire.isOpen];
  for (let i = 0; i < 2; i++) {
    const [first, second] = [open(wire), open(wire)];
    seen.push(wire.isOpen);
    fs.closeSync(first);
    seen.push(wire.isOpen);
    fs.closeSync(second);
    seen.push(wire.isOpen);
  }
  assertEquals(seen, [false, true, true, false, true, true, false]);
});

test("reads what was written before its port was closed", (wire) => {
  const port = open(wire);
  fs.writeSync(port, "last words");
  fs.closeSync(port);
  assertEquals(new TextDecoder().decode(wire.read()), "last words");
});

test("discards what a port left that was closed", (wire) => {
  const before = open(wire);
  wire.write(new Uint8Array([1, 2, 3]));
  fs.closeSync(before);
  wire.discard();
  assertEquals(wire.isOpen, false);
  const port = open(wire);
  wire.write(new Uint8Array([4]));
  const bytes = new Uint8Array(10);
  assertEquals([fs.readSync(port, bytes), bytes[0]], [1, 4]);
  fs.closeSync(port);
});

test("hangs up although a program that was started meanwhile still runs", async (wire) => {
  const port = open(wire);
  const child = new Deno.Command("sh", {
    args: ["-c", "echo; exec sleep 60"],
    stdout: "piped",
  }).spawn();
  const reader = child.stdout.getReader();
  await reader.read();
  wire.close();
  const came = (): number => fs.readSync(port, new Uint8Array(1));
  try {
    assertEquals(came(), 0);
  } finally {
    fs.closeSync(port);
    child.kill();
    await child.status;
    await reader.cancel();
  }
});
