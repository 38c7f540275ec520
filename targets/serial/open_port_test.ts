import { assertEquals } from "@std/assert";
import { ReadlineParser } from "@serialport/parser-readline";
import { closePort, openPort } from "./open_port.ts";
import { PseudoTerminal } from "./pseudo_terminal.ts";

const ignore = Deno.build.os === "windows";

Deno.test({
  name: "openPort gives serialport's stream: lines through a parser, writes, close",
  ignore,
  async fn() {
    using wire = new PseudoTerminal();
    const port = await openPort(wire.path, { baudRate: 9600 });
    const lines: string[] = [];
    const parser = port.pipe(new ReadlineParser({ delimiter: "\r\n" }));
    const two = new Promise<void>((resolve) => {
      parser.on("data", (line: string) => lines.push(line) === 2 && resolve());
    });
    wire.write(new TextEncoder().encode("one\r\ntw"));
    wire.write(new TextEncoder().encode("o\r\n"));
    await two;
    assertEquals(lines, ["one", "two"]);
    port.write("answer");
    await new Promise<void>((resolve) => port.drain(() => resolve()));
    assertEquals(new TextDecoder().decode(wire.read()), "answer");
    await closePort(port);
    assertEquals(port.isOpen, false);
  },
});

Deno.test({
  name: "openPort closes the stream with an error when the cable is pulled",
  ignore,
  async fn() {
    using wire = new PseudoTerminal();
    const port = await openPort(wire.path, { baudRate: 9600 });
    const closed = new Promise<Error | null>((resolve) => port.on("close", resolve));
    port.on("error", () => {});
    port.resume();
    wire.close();
    const error = await closed;
    assertEquals(error?.message.includes("is gone"), true);
    assertEquals("disconnected" in error!, true);
  },
});
