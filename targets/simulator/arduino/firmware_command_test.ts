import { assertEquals, assertStringIncludes } from "@std/assert";
import { closePort, openPort } from "../../serial/mod.ts";
import { FirmataClient } from "./firmata_io.ts";

const ROOT = new URL("../../../", import.meta.url);
const ignore = Deno.build.os === "windows";

function sim(...args: string[]): Deno.Command {
  return new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--quiet", "build.ts", "sim", ...args],
    cwd: ROOT,
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  });
}

async function refused(...args: string[]): Promise<string> {
  const process = sim(...args).spawn();
  await process.stdin.close();
  const { code, stderr } = await process.output();
  assertEquals(code, 2);
  return new TextDecoder().decode(stderr);
}

Deno.test("sim --firmware says what goes with it, and what does not", async () => {
  const cure = "write for example sim --board uno --firmware --pty";
  const said = await Promise.all([
    refused("--no-auto-reset"),
    refused("--pty"),
    refused("--firmware", "--pty", "examples/blink.ts"),
    refused("--firmware", "--pty", "--seed", "3"),
    refused("--firmware", "--pty", "--board", "mega"),
  ]);
  assertStringIncludes(said[0]!, `Cannot use "--no-auto-reset" without "--pty": ${cure}`);
  assertStringIncludes(said[1]!, `Cannot use "--pty" without "--firmware": ${cure}`);
  assertStringIncludes(said[2]!, 'Cannot run "examples/blink.ts" with "--pty"');
  assertStringIncludes(said[3]!, 'Cannot use "--seed" with "--pty"');
  assertStringIncludes(said[4]!, 'Cannot emulate the board "mega": there is uno, nano');
});

Deno.test({
  name: "sim --firmware --pty runs a board for any program, in real time, until Ctrl-C",
  ignore,
  async fn() {
    const process = sim("--board", "uno", "--firmware", "--pty", "--json").spawn();
    const lines: { [name: string]: unknown }[] = [];
    const reading = (async () => {
      let rest = "";
      for await (const text of process.stdout.pipeThrough(new TextDecoderStream())) {
        const parts = (rest + text).split("\n");
        rest = parts.pop()!;
        lines.push(...parts.map((part) => JSON.parse(part)));
      }
    })();
    const line = async (matches: (line: { [name: string]: unknown }) => boolean) => {
      for (let tries = 0; tries < 3000; tries++) {
        const found = lines.find(matches);
        if (found !== undefined) return found;
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
      throw new Error(`Never printed: ${matches}`);
    };
    const keyboard = process.stdin.getWriter();
    const type = (text: string): Promise<void> => keyboard.write(new TextEncoder().encode(text));

    const { board, path } = await line((line) => "path" in line);
    assertEquals(board, "Arduino Uno R3");
    const port = await openPort(String(path), { baudRate: 57_600 });
    const client = new FirmataClient(port);
    await new Promise((resolve) => client.once("ready", resolve));
    client.pinMode(12, client.MODES["OUTPUT"]!);
    client.digitalWrite(12, 1);
    await line((line) => line["pin"] === "D12" && line["level"] === 1);

    const pressed = new Promise((resolve) => {
      client.pinMode(2, client.MODES["INPUT"]!);
      client.digitalRead(2, (value) => value === 1 && resolve(value));
    });
    await line((line) => line["pin"] === "D2" && line["mode"] === "input");
    await type("D2 1\n");
    await pressed;
    await type("D77 1\n");
    const { answer } = await line((line) => "answer" in line);
    assertEquals(answer, 'Cannot do "D77 1": type for example D2 1, A0 0.5, reset or help');

    await closePort(port);
    await line((line) => line["port"] === "closed");
    process.kill("SIGINT");
    assertEquals((await process.status).code, 0);
    await reading;
    await keyboard.close().catch(() => {});
    await process.stderr.cancel();
  },
});
