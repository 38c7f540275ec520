import { assertEquals, assertStringIncludes } from "@std/assert";
import { EmulatedArduino } from "../simulator/arduino/board.ts";
import { PtyLink } from "../simulator/arduino/pty_link.ts";
import { OPTIBOOT } from "../simulator/arduino/real_bootloaders_test.ts";
import { RealTime } from "../simulator/arduino/real_time.ts";
import { closePort, openPort } from "../serial/mod.ts";
import { withBootloader } from "./boot_world_test.ts";

interface Ended {
  readonly code: number;
  readonly stderr: string;
}

function start(...args: string[]): Deno.ChildProcess {
  return new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--quiet", "build.ts", "flash", ...args],
    ...{ cwd: new URL("../../", import.meta.url), stdin: "null", stdout: "null", stderr: "piped" },
  }).spawn();
}

async function end(child: Deno.ChildProcess): Promise<Ended> {
  const { code, stderr } = await child.output();
  return { code, stderr: new TextDecoder().decode(stderr) };
}

/** Runs a board in real time behind a port until `ended`; `during` is called over and over. */
async function whileRunning<T>(
  board: EmulatedArduino,
  use: (link: PtyLink) => Promise<T>,
  during: (link: PtyLink) => void = () => {},
): Promise<T> {
  using link = new PtyLink(board, { autoReset: true });
  const time = new RealTime(board, () => performance.now());
  let running = true;
  const ended = use(link).finally(() => running = false);
  while (running) {
    link.exchange();
    time.advance();
    link.exchange();
    during(link);
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  return await ended;
}

const ON_UNO = ["--board", "uno", "--firmware", "firmata", "--port"];

function test(name: string, fn: () => Promise<void>): void {
  const ignore = OPTIBOOT === null || Deno.build.os === "windows";
  Deno.test({ name: `the command flash --firmware ${name}`, ignore, fn });
}

test("puts Firmata on an Uno and says what runs there", async () => {
  const { code, stderr } = await whileRunning(
    withBootloader(OPTIBOOT!),
    ({ path }) => end(start(...ON_UNO, path)),
  );
  const path = /on (\S+):/.exec(stderr)?.[1];
  assertEquals(
    stderr,
    "Sending 14.8 kB\nVerifying\n" +
      `Arduino Uno R3 on ${path}: 14.8 kB, verified; runs Firmata 2.5 (node_pixel_firmata.ino 2.5)\n`,
  );
  assertEquals(code, 0);
});

test("stops at Ctrl-C with 130, and says that the old program is gone", async () => {
  let child: Deno.ChildProcess | undefined;
  let interrupted = false;
  const { code, stderr } = await whileRunning(
    withBootloader(OPTIBOOT!),
    ({ path }) => end(child = start(...ON_UNO, path)),
    ({ bytes }) => {
      if (interrupted || bytes.received < 3000) return;
      interrupted = true;
      child!.kill("SIGINT");
    },
  );
  assertEquals(code, 130, stderr);
  assertStringIncludes(stderr, "Stopping; Ctrl-C again ends at once");
  assertStringIncludes(stderr, "is gone. Its bootloader is not: flash again.");
});

test("ends with 4 when the cable is pulled half way", async () => {
  const { code, stderr } = await whileRunning(
    withBootloader(OPTIBOOT!),
    ({ path }) => end(start(...ON_UNO, path)),
    (link) => link.bytes.received > 3000 && link[Symbol.dispose](),
  );
  assertEquals(code, 4, stderr);
  assertStringIncludes(stderr, 'Lost the board on "/dev/pts/');
  assertStringIncludes(stderr, "is gone. Its bootloader is not: flash again.");
});

test("ends with 5 while another program has the port", async () => {
  const { code, stderr } = await whileRunning(withBootloader(OPTIBOOT!), async ({ path }) => {
    const port = await openPort(path, { baudRate: 9600 });
    const ended = await end(start(...ON_UNO, path));
    await closePort(port);
    return ended;
  });
  assertEquals(code, 5, stderr);
  assertStringIncludes(stderr, "has it open");
});

Deno.test("the command flash says what goes with --firmware, and what an Arduino takes", async () => {
  const firmware = ["--firmware", "firmata"];
  const cases: readonly (readonly [code: number, says: string, ...args: string[]])[] = [
    [2, "run examples/blink.ts --target", "examples/blink.ts", "--board", "uno", ...firmware],
    [2, 'did you mean "firmata"', "--board", "uno", "--firmware", "firmatta"],
    [2, "there is firmata", "--board", "uno", "--firmware", "blink"],
    [2, "without --board: name one of uno, nano, mega", ...firmware],
    [2, "flash examples/blink.ts --board puckjs", "--board", "puckjs", ...firmware],
    [2, 'did you mean "uno"', "--board", "un", ...firmware],
    [2, "Cannot use --ram together with --firmware", "--board", "uno", "--ram", ...firmware],
    [2, "--baud x", "--board", "uno", "--baud", "x", ...firmware],
    [2, "write --firmware NAME", "--board", "uno", "--firmware="],
    [4, "no such device", "--board", "uno", "--port", "/dev/ttyNOPE", ...firmware],
    [2, "flash --board uno --firmware firmata", "examples/blink.ts", "--board", "uno"],
  ];
  await Promise.all(cases.map(async ([code, says, ...args]) => {
    const ended = await end(start(...args));
    assertStringIncludes(ended.stderr, says);
    assertEquals(ended.code, code, args.join(" "));
  }));
});
