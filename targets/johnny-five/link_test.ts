import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { createTask, type Edge, sleep, waitFor } from "awaitio";
import { LinkError } from "awaitio/johnny-five";
import { onFirmware, type World } from "./world_test.ts";

/** How a call fails once the link is broken. */
async function fault(call: () => PromiseLike<unknown>): Promise<string> {
  const error = await assertRejects(async () => await call(), LinkError);
  return `${error.fault}: ${error.message}`;
}

/** The ways in which a link breaks, with what an await says of it. */
const BREAKS: readonly (readonly [string, (world: World) => void, string])[] = [
  [
    "a cable that is pulled",
    ({ cable }) => cable.unplug(),
    "lost: the line to the board on the emulated board is gone (unplugged); " +
    "with reconnect it would come back",
  ],
  [
    "a board that restarts",
    ({ arduino }) => arduino.reset(),
    "restarted: the board on the emulated board has restarted; with reconnect it would come back",
  ],
  [
    "a byte that is lost",
    ({ cable }) => {
      cable.deliver(Uint8Array.of(0x91, 4));
      cable.deliver(Uint8Array.of(0xe0, 1, 1));
    },
    "damaged: bytes from the board on the emulated board were lost or garbled " +
    "(0xe0 within a message of 0x91); with reconnect it would come back",
  ],
];

for (const [what, breakIt, told] of BREAKS) {
  Deno.test(`${what} ends every wait with an error that says so, and what is asked later`, async () => {
    await onFirmware(async (world) => {
      const { board } = world;
      const button = board.input("D2", { pull: "up" });
      const led = board.output("LED1");
      await button.read();
      const edges = button.edges();
      const falling = createTask(() => fault(() => button.falling()));
      const next = createTask(() => fault(() => edges.next()));
      const sysex = createTask(() => fault(() => board.sysex(0x33, [], { limit: 10_000 })));
      await sleep(10);
      breakIt(world);
      await sleep(3000);
      assertEquals(await falling, told);
      assertEquals(await next, told);
      const [kind, message] = told.split(/: (.*)/);
      assertEquals(await sysex, `${kind}: Cannot get an answer to sysex(0x33): ${message}`);
      assertThrows(() => led.on(), LinkError, `Cannot write to "D13": ${message}`);
      await assertRejects(async () => await button.falling(), LinkError, `Cannot watch "D2"`);
      await assertRejects(async () => await button.read(), LinkError, `Cannot read "D2"`);
      assertThrows(() => board.output("D4"), LinkError, `Cannot open "D4": ${message}`);
      assertEquals([board.link!.state, board.link!.gaps], ["broken", 1]);
    });
  });

  Deno.test(`with reconnect, ${what} is a gap: everything is as before, and waits go on`, async () => {
    await onFirmware(async (world) => {
      const { board, arduino, cable } = world;
      const button = board.input("D2", { pull: "up" });
      const led = board.output("LED1", { initial: 1 });
      const lamp = board.pwm("D3", { duty: 0.5 });
      board.servo("D9").angle = 90;
      await button.read();
      const found: Edge[] = [];
      const reader = createTask(async () => {
        for await (const edge of button.edges("both", { gaps: true })) found.push(edge);
      });
      const falling = createTask(() => button.falling());
      await sleep(50);
      breakIt(world);
      // The button is pressed while nobody can hear it.
      arduino.setLevel("D2", 0);
      led.on();
      await sleep(500);
      cable.plug();
      await sleep(4000);
      assertEquals((await falling).gap, true);
      assertEquals(found.map(({ level, gap }) => `${level} ${gap}`), ["0 true"]);
      assertEquals(board.link!.state, "up");
      assertEquals(arduino.pin("D13").level, 1);
      assertEquals(Math.round(arduino.pin("D3").wave!.duty * 100), 50);
      assertEquals(Math.round(arduino.pulse("D9")!.high * 100), 147);
      // And it goes on as before.
      const rising = createTask(() => button.rising());
      await sleep(5);
      arduino.setLevel("D2", 1);
      const edge = await waitFor(rising, 50);
      assertEquals([edge.level, edge.gap], [1, undefined]);
      led.off();
      lamp.duty = 1;
      await sleep(10);
      assertEquals([arduino.pin("D13").level, arduino.pin("D3").level], [0, 1]);
      reader.cancel();
    }, { reconnect: true });
  });
}

Deno.test("with reconnect, a board that is away is waited for as long as it takes", async () => {
  await onFirmware(async ({ board, cable, arduino }) => {
    const led = board.output("LED1");
    cable.unplug();
    for (let i = 0; i < 61; i++) {
      led.toggle();
      await sleep(1000);
    }
    assertEquals([board.link!.state, arduino.pin("D13").level], ["broken", 0]);
    cable.plug();
    await sleep(2000);
    assertEquals([board.link!.state, arduino.pin("D13").level], ["up", 1]);
  }, { reconnect: true });
});

Deno.test("an edge whose level is the same after a gap is one only for who asks for gaps", async () => {
  await onFirmware(async ({ board, cable }) => {
    const button = board.input("D2", { pull: "up" });
    await button.read();
    const edges = button.edges();
    const all = button.edges("both", { gaps: true });
    await sleep(5);
    cable.unplug();
    cable.plug();
    await sleep(2000);
    const { value } = await all.next();
    assertEquals([value!.level, value!.gap], [1, true]);
    edges.close();
    assertEquals((await edges.next()).done, true);
    all.close();
  }, { reconnect: true });
});

for (const seed of [1, 2, 3]) {
  Deno.test(`whatever bytes get lost, nothing hangs and every loss is told (seed ${seed})`, async () => {
    await onFirmware(async ({ board, arduino, cable }) => {
      arduino.attachI2c(0x48, { read: (length) => new Array(length).fill(5) });
      const button = board.input("D2", { pull: "up" });
      await button.read();
      const bus = board.i2c("I2C1");
      cable.loss = { toBoard: 0.02, toHost: 0.02 };
      let answered = 0;
      let failed = 0;
      for (let i = 0; i < 60; i++) {
        if (i % 15 === 14) {
          cable.unplug();
          await sleep(300);
          cable.plug();
        }
        try {
          const bytes = await waitFor(() => bus.read(0x48, 4), 20_000);
          assertEquals(bytes.length, 4);
          answered++;
        } catch (error) {
          assert(error instanceof LinkError || /0x48/.test(String(error)), String(error));
          failed++;
        }
      }
      assert(answered > 20 && failed > 3, `${answered} answered, ${failed} failed`);
      assert(board.link!.gaps >= 4);
      // With a good line again, all is well.
      cable.loss = { toBoard: 0, toHost: 0 };
      arduino.reset();
      await sleep(4000);
      assertEquals(await bus.read(0x48, 2), Uint8Array.of(5, 5));
      arduino.setLevel("D2", 0);
      await waitFor(() => button.low(), 100);
    }, { reconnect: true, seed });
  });
}
